package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxSeal is the maximum number of bytes that are read of a seal.
const maxSeal = 64 << 20

// aside is the name of the earlier set's seal while that set is being replaced.
func aside(seal string) string {
	dir, name := filepath.Split(seal)
	return filepath.Join(dir, "."+name+".replaced")
}

// Former returns the contents of the earlier set's seal: the one in the folder and, if a run was killed while replacing the
// set, the one it had put aside. Anybody may have written them.
func (s *Set) Former() [][]byte {
	if s.objects != nil {
		return s.objects.former(s.Seal)
	}
	var out [][]byte
	path := filepath.Join(s.dir, s.Seal)
	for _, p := range []string{path, aside(path)} {
		if info, err := os.Lstat(p); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if text, err := readSome(p); err == nil {
			out = append(out, text)
		}
	}
	return out
}

func readSome(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSeal))
}

// breakSeal finds the seal among the files, nil if there is none, and puts the earlier set's seal aside. restore brings it
// back.
func (s *Set) breakSeal() (seal *pending, restore func(), err error) {
	for _, p := range s.pending {
		if p.name == s.Seal {
			seal = p
		}
	}
	if seal == nil {
		return nil, func() {}, nil
	}
	switch err := os.Rename(seal.final, aside(seal.final)); {
	case errors.Is(err, os.ErrNotExist):
		return seal, func() {}, nil
	case err != nil:
		return nil, nil, fmt.Errorf("replacing %s: %w", seal.final, err)
	}
	return seal, func() { os.Rename(aside(seal.final), seal.final) }, nil
}
