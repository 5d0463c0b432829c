package main

import (
	"errors"
	"fmt"

	"hashlog/cmd/hashlog/internal/atomicfile"
)

// makesFolder fails if -o can't be meant as the name of a folder.
func makesFolder(command, dir string) error {
	if dir != "-" {
		return nil
	}
	return usageError{fmt.Errorf("-o -: %s writes a folder, which cannot go to stdout: name a folder (./- for one called -)", command)}
}

// removeMade removes what a command has made of the folders that were missing for its output and left empty, if it has
// failed. It is to be deferred before they are made.
func removeMade(missing atomicfile.Folders, err *error) {
	if *err != nil && !errors.Is(*err, errPartial) {
		missing.RemoveEmpty()
	}
}
