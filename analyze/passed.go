package analyze

import "hashlog/log"

// passed is what a pass over the logs has met, apart from the requests.
type passed struct {
	paths   []string // of the logs
	sources []string // arguments that led to them
	remarks []string // on the choice of logs
	sieve   *Sieve
	stats   log.Stats
	held    int64 // peak bytes held by the reader
}

// newPassed returns the outcome of a pass that has ended.
func newPassed(files *log.Files, from *reading) *passed {
	return &passed{files.Paths(), files.Sources(), files.Notes(), from.sieve, from.reader.Stats(), from.reader.Held()}
}
