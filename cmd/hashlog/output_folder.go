package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/log"
	"hashlog/log/s3"
)

// checkFolderName refuses -, which stands for stdout, as the name of a folder.
func checkFolderName(command, dir string) error {
	if dir != "-" {
		return nil
	}
	return usageError{fmt.Errorf("-o -: %s writes a folder, which cannot go to stdout: name a folder (./- for one called -)", command)}
}

// checkLogFolder refuses names of folders that logs cannot be written to.
func checkLogFolder(command, dir string) error {
	if s3.Is(dir) {
		return usageError{fmt.Errorf("-o %s: %s writes logs, which it appends to, and an object store cannot do that: name a folder, and upload it", log.Quoted(dir), command)}
	}
	return checkFolderName(command, dir)
}

// inFolder returns the path or URL of a file in an output folder.
func inFolder(dir, name string) string {
	if u, err := s3.Parse(dir); err == nil {
		return u.Join(name).String()
	}
	return filepath.Join(dir, name)
}

// removeEmptyFolders removes the output folders that a failed command has made and left empty. missing are those that were
// not there before. Defer it before they are made.
func removeEmptyFolders(missing atomicfile.Folders, err *error) {
	if *err != nil && !errors.Is(*err, errPartial) {
		missing.RemoveEmpty()
	}
}

// refuseLogs fails if a folder already holds logs: nobody wants synthetic traffic among real logs.
func refuseLogs(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for logs in the output folder: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), log.SegmentPrefix) {
			return fmt.Errorf("%s holds logs already (%s): name another folder", log.Quoted(dir), e.Name())
		}
	}
	return nil
}
