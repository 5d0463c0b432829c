// Package atomicfile writes a set of files into a folder so that each is complete under its final name or absent.
package atomicfile

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"
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

// File is one file of a set.
type File struct {
	Name   string
	Render func(io.Writer) error // writes its content
}

// Write writes files of the set under temporary names, several at once. It fails with the error of the first of them that
// fails, or with that of the context, which is looked at between files.
func (s *Set) Write(ctx context.Context, files ...File) error {
	errs := make([]error, len(files))
	written := make([]pending, len(files))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		group.Go(func() error {
			if errs[i] = ctx.Err(); errs[i] == nil {
				written[i], errs[i] = s.write(f)
			}
			return nil
		})
	}
	_ = group.Wait()
	for _, p := range written {
		if p.temporary != "" {
			s.pending = append(s.pending, p)
		}
	}
	return cmp.Or(errs...)
}

// write writes one file. It may leave one behind on failure.
func (s *Set) write(file File) (pending, error) {
	final := filepath.Join(s.dir, file.Name)
	f, err := s.temporary(file.Name)
	if err != nil {
		return pending{}, fmt.Errorf("writing %s: %w", final, err)
	}
	p := pending{f.Name(), final}
	buffered := bufio.NewWriterSize(f, 1<<16)
	if err = file.Render(buffered); err == nil {
		err = cmp.Or(buffered.Flush(), f.Sync())
	}
	if err = cmp.Or(err, f.Close()); err != nil {
		return p, fmt.Errorf("writing %s: %w", final, err)
	}
	return p, nil
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
