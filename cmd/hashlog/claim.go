package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"hashlog/log"
)

// errBusy says that another run holds a folder.
var errBusy = errors.New("another run writes to it")

// claimFolder makes a folder and keeps it for the logs of this run, until it is released or the process ends. It fails if
// the folder holds logs, or if another run has claimed it: both must not find it empty and go on.
func claimFolder(dir string) (release func(), err error) {
	const attempts = 10 // each takes another run that removes the folder between our making and our locking it
	for range attempts {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, fmt.Errorf("making the output folder: %w", err)
		}
		f, err := os.Open(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("locking the output folder: %w", err)
		}
		if err := lockFolder(f); err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w: name another folder", log.Quoted(dir), err)
		}
		if !isAt(f, dir) {
			f.Close()
			continue
		}
		if err := refuseLogs(dir); err != nil {
			f.Close()
			return nil, err
		}
		return func() { f.Close() }, nil
	}
	return nil, fmt.Errorf("%s is removed again and again", log.Quoted(dir))
}

// isAt reports whether an open file is still what a path leads to.
func isAt(f *os.File, path string) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
}
