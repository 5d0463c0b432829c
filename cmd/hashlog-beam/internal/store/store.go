// Package store keeps files in a folder that several machines share: one of a file system, or a prefix in an object store
// (s3://bucket/prefix). A file is there as a whole or not at all, and whoever writes it again replaces it at once, so work that is
// repeated or done twice at the same time does no harm.
package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"hashlog/log/s3"
)

// Folder holds files by name. A name may have slashes. A Folder is safe for concurrent use.
type Folder interface {
	// Has reports whether there is a file of this name.
	Has(ctx context.Context, name string) (bool, error)
	// Open opens a file for reading from its beginning to its end. The error is an fs.ErrNotExist if there is none.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// Write writes what render does to a file, which appears under its name once it is whole.
	Write(ctx context.Context, name string, render func(io.Writer) error) error
	// Check fails if no file can be written.
	Check(ctx context.Context) error
	// Path returns the name of a file outside of the folder.
	Path(name string) string
	// Close closes connections that are not in use.
	Close()
}

// Open returns a folder. It makes no request, and nothing on the disk.
func Open(ctx context.Context, name string) (Folder, error) {
	if !s3.Is(name) {
		return local(name), nil
	}
	u, err := s3.Parse(name)
	if err != nil {
		return nil, err
	}
	s, err := s3.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &objects{s, u}, nil
}

// has is Has for a folder whose look finds a file.
func has(look func() error) (bool, error) {
	err := look()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// render writes to a file in large blocks until the context ends.
func render(ctx context.Context, to io.Writer, write func(io.Writer) error) error {
	out := bufio.NewWriterSize(&until{ctx, to}, 1<<18)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}

// until writes until its context ends.
type until struct {
	ctx context.Context
	w   io.Writer
}

func (u *until) Write(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(p)
}
