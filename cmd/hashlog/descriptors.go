package main

import (
	"fmt"

	"hashlog/analyze/units"
	"hashlog/log"
)

// needDescriptors is how many files every command can do with beside standard input, output and error: two of them are Go's
// own, and without these it crashes; a plot with tiers in three formats holds thirteen until all are written.
const needDescriptors = 20

// checkDescriptors refuses to begin where too few files can be opened.
func checkDescriptors() error {
	free := log.FreeDescriptors(needDescriptors)
	if free == needDescriptors {
		return nil
	}
	return fmt.Errorf("only %s can be opened, and %d are needed: raise the limit (ulimit -n 64)", units.Count(int64(free), "more file"), needDescriptors)
}
