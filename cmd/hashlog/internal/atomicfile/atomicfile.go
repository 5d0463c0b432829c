// Package atomicfile writes a set of files into a folder so that each is complete under its final name or absent.
package atomicfile

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Set is a set of files being written. Each is written beside its final name, and all are renamed together.
type Set struct {
	dir     string
	made    []string // folders that did not exist before, outermost last
	pending []pending
}

type pending struct{ temporary, final string }

// NewSet prepares a folder, which is made if it does not exist, and checks that files can be written there. The caller
// must Commit or Abort.
func NewSet(dir string) (*Set, error) {
	s := &Set{dir: dir}
	for up := filepath.Clean(dir); ; up = filepath.Dir(up) {
		if _, err := os.Stat(up); !errors.Is(err, os.ErrNotExist) {
			break
		}
		s.made = append(s.made, up)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		s.Abort()
		return nil, fmt.Errorf("making the output folder: %w", err)
	}
	probe, err := s.temporary("probe")
	if err != nil {
		s.Abort()
		return nil, fmt.Errorf("the output folder %s cannot be written: %w", dir, err)
	}
	return s, cmp.Or(probe.Close(), os.Remove(probe.Name()))
}

// temporary makes a file beside the final one of that name.
func (s *Set) temporary(name string) (*os.File, error) {
	for {
		path := filepath.Join(s.dir, fmt.Sprintf(".%s-%x.tmp", name, rand.Uint64()))
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
}

// Write writes one file of the set under a temporary name.
func (s *Set) Write(name string, render func(io.Writer) error) error {
	final := filepath.Join(s.dir, name)
	f, err := s.temporary(name)
	if err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	s.pending = append(s.pending, pending{f.Name(), final})
	buffered := bufio.NewWriterSize(f, 1<<16)
	if err = render(buffered); err == nil {
		err = cmp.Or(buffered.Flush(), f.Sync())
	}
	if err = cmp.Or(err, f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	return nil
}

// Commit gives all files their final names.
func (s *Set) Commit() error {
	for len(s.pending) > 0 {
		p := s.pending[0]
		if err := os.Rename(p.temporary, p.final); err != nil {
			s.Abort()
			return fmt.Errorf("writing %s: %w", p.final, err)
		}
		s.pending = s.pending[1:]
	}
	s.made = nil
	return nil
}

// Abort removes what has not been committed, and the folders that NewSet made if nothing else is in them.
func (s *Set) Abort() {
	for _, p := range s.pending {
		os.Remove(p.temporary)
	}
	for _, dir := range s.made {
		os.Remove(dir)
	}
	s.pending, s.made = nil, nil
}
