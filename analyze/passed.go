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
	earlier log.Stats // what the logs have before the period of a part
	held    int64     // peak bytes held by the reader
	behind  *log.Behind
}

// newPassed returns the outcome of a pass that has ended.
func newPassed(files *log.Files, from *reading) *passed {
	return &passed{files.Paths(), files.Sources(), files.Notes(), from.sieve, from.reader.Stats(), from.reader.Earlier(), from.reader.Held(), from.reader.Behind()}
}

// whole returns p with what the logs have before the period, as a pass over that period alone counts it.
func (p *passed) whole() *passed {
	all, sieve := *p, *p.sieve
	all.sieve, all.earlier = &sieve, log.Stats{}
	all.sieve.Finish(p.earlier)
	all.stats = log.Stats{}
	all.stats.Merge(&p.earlier)
	all.stats.Merge(&p.stats)
	return &all
}

// beside adds what a pass over other logs has met.
func (p *passed) beside(other *passed) {
	p.add(other)
	p.earlier.Merge(&other.earlier)
}

// add adds what a pass over the next part of the logs has met. What that part has found before it belongs to p.
func (p *passed) add(later *passed) {
	p.paths = unionOfLogs(p.paths, later.paths)
	p.sources = union(p.sources, later.sources)
	p.remarks = union(p.remarks, later.remarks)
	p.sieve.add(later.sieve)
	p.stats.Merge(&later.stats)
	p.stats.BeforeState = later.stats.BeforeState // which logs say again each time
	p.held = max(p.held, later.held)
	p.behind = later.behind
}

// unionOfLogs returns the paths of two lists of logs. A log may have been compressed in between.
func unionOfLogs(paths, more []string) []string {
	known := make(map[string]bool, len(paths))
	for _, path := range paths {
		known[log.Name(path)] = true
	}
	out := slices.Clone(paths)
	for _, path := range more {
		if !known[log.Name(path)] {
			out = append(out, path)
		}
	}
	return out
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
