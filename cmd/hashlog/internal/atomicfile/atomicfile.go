// Package atomicfile writes a set of files into a folder so that each is complete under its final name or absent.
package atomicfile

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Set is a set of files being written. Each is written beside its final name, and all are renamed together.
type Set struct {
	dir     string
	made    bool // the folder did not exist before
	pending []pending
}

type pending struct{ temporary, final string }

// NewSet prepares a folder, which is made if it does not exist, and checks that files can be written there. The caller
// must Commit or Abort.
func NewSet(dir string) (*Set, error) {
	s := &Set{dir: dir}
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		s.made = true
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("making the output folder: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".hashlog-*.tmp")
	if err != nil {
		return nil, fmt.Errorf("the output folder %s cannot be written: %w", dir, err)
	}
	probe.Close()
	return s, os.Remove(probe.Name())
}

// Write writes one file of the set under a temporary name.
func (s *Set) Write(name string, render func(io.Writer) error) error {
	final := filepath.Join(s.dir, name)
	f, err := os.CreateTemp(s.dir, "."+name+"-*.tmp")
	if err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	s.pending = append(s.pending, pending{f.Name(), final})
	buffered := bufio.NewWriterSize(f, 1<<16)
	if err = render(buffered); err == nil {
		err = cmp.Or(buffered.Flush(), f.Chmod(0o644), f.Sync())
	}
	if err = cmp.Or(err, f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	return nil
}

// Commit gives all files their final names and returns these.
func (s *Set) Commit() (paths []string, err error) {
	for len(s.pending) > 0 {
		p := s.pending[0]
		if err := os.Rename(p.temporary, p.final); err != nil {
			s.Abort()
			return nil, fmt.Errorf("writing %s: %w", p.final, err)
		}
		paths = append(paths, p.final)
		s.pending = s.pending[1:]
	}
	s.made = false
	return paths, nil
}

// Abort removes what has not been committed, the folder too if NewSet made it and nothing is in it.
func (s *Set) Abort() {
	for _, p := range s.pending {
		os.Remove(p.temporary)
	}
	s.pending = nil
	if s.made {
		os.Remove(s.dir)
	}
}
