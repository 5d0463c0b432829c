package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"hashlog/log"
	"hashlog/log/flock"
)

// claimFolder makes a folder and reserves it for the logs of this run, until the run releases it or the process ends. It
// fails if the folder holds logs or another run has claimed it: otherwise both could find it empty and go on. Package
// writer takes the same lock to delete old logs, but a run that claims a folder deletes none.
func claimFolder(dir string) (release func(), err error) {
	const attempts = 10 // each fails only if another run removes the folder just before we lock it
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
		if errors.Is(flock.Lock(f), flock.ErrHeld) { // without locks, two runs that start together may share a folder
			f.Close()
			return nil, fmt.Errorf("%s: another run is writing to it: name another folder", log.Quoted(dir))
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
	return nil, fmt.Errorf("%s keeps being removed", log.Quoted(dir))
}

// isAt reports whether a path still leads to an open file.
func isAt(f *os.File, path string) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
}
