package analyze

import (
	"slices"

	"hashlog/log"
)

// passed is what a pass over the logs has met, apart from the requests.
type passed struct {
	paths   []string // of the logs
	sources []string // arguments that led to them
	remarks []string // on the choice of logs
	sieve   *Sieve
	stats   log.Stats
	held    int64 // peak bytes held by the reader
	behind  *log.Behind
}

// newPassed returns the outcome of a pass that has ended.
func newPassed(files *log.Files, from *reading) *passed {
	return &passed{files.Paths(), files.Sources(), files.Notes(), from.sieve, from.reader.Stats(), from.reader.Held(), from.reader.Behind()}
}

// add adds what a pass over later logs has met.
func (p *passed) add(later *passed) {
	p.paths = union(p.paths, later.paths)
	p.sources = union(p.sources, later.sources)
	p.remarks = union(p.remarks, later.remarks)
	p.sieve.add(later.sieve)
	p.stats.Merge(&later.stats)
	p.stats.BeforeState = later.stats.BeforeState // which logs say again each time
	p.held = max(p.held, later.held)
	p.behind = later.behind
}

// union returns the elements of two lists, each once, in order.
func union(list, more []string) []string {
	seen := make(map[string]bool, len(list))
	out := make([]string, 0, len(list))
	for _, s := range slices.Concat(list, more) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
