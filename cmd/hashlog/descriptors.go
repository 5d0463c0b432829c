package main

import (
	"fmt"

	"hashlog/analyze/units"
	"hashlog/log"
)

// needDescriptors is the number of files that every command needs to open beside standard input, output and error. Two of
// them are for the Go runtime, which crashes without them; a plot with tiers in three formats holds thirteen open at once.
// Below a limit of 8 the runtime crashes before this is checked, since packages behind parquet-go open a file as they are
// initialized.
const needDescriptors = 20

// checkDescriptors fails if too few files can be opened.
func checkDescriptors() error {
	free := log.FreeDescriptors(needDescriptors)
	if free == needDescriptors {
		return nil
	}
	return fmt.Errorf("only %s can be opened, and %d are needed: raise the limit (ulimit -n 64)", units.Count(int64(free), "more file"), needDescriptors)
}
