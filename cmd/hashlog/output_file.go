package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/log"
	"hashlog/log/s3"
)

// checkFile refuses an output that cannot be replaced by a regular file. what is what it will hold, and instead is what to do
// where something else is in its place.
func checkFile(path, what, instead string) error {
	if s3.Is(path) {
		return checkURL(path, what)
	}
	info, err := os.Stat(path)
	folder := os.IsPathSeparator(path[len(path)-1])
	if err != nil && !folder {
		return nil
	}
	if folder || info.IsDir() {
		return usageError{fmt.Errorf("-o %s is a folder: name a file for %s", log.Quoted(path), what)}
	}
	if !info.Mode().IsRegular() {
		return usageError{fmt.Errorf("-o %s is not a regular file: %s", log.Quoted(path), instead)}
	}
	return nil
}

// checkURL refuses an output that names no object.
func checkURL(name, what string) error {
	u, err := s3.Parse(name)
	if err == nil && u.IsFolder() {
		err = fmt.Errorf("is a folder: name an object for %s", what)
	}
	if err != nil {
		return usageError{fmt.Errorf("-o %s: %w", log.Quoted(name), err)}
	}
	return nil
}

// newFile begins a set for one file, in the folder to which its path leads. The caller must Commit or Abort.
func newFile(path string) (set *atomicfile.Set, target string, err error) {
	if u, err := s3.Parse(path); err == nil {
		folder, _ := u.Split()
		set, err := atomicfile.NewSet(folder.String())
		return set, path, err
	}
	if target, err = filepath.EvalSymlinks(path); err != nil {
		target = path
	}
	if set, err = atomicfile.NewSet(filepath.Dir(target)); err != nil {
		return nil, "", err
	}
	set.Sweep(filepath.Base(target))
	return set, target, nil
}

// writeFile writes a file, which gets its name once it is complete.
func writeFile(ctx context.Context, path string, render func(io.Writer) error) error {
	set, path, err := newFile(path)
	if err != nil {
		return err
	}
	defer set.Abort()
	var failed error // has its context already
	err = set.Write(ctx, atomicfile.File{Name: filepath.Base(path), Render: func(out io.Writer) error {
		failed = render(out)
		return failed
	}})
	if failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	return set.Commit(ctx)
}
