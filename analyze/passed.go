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

	known [3]map[string]bool // what is in paths, sources and remarks; nil before the first addition
}

// newPassed returns the outcome of a pass that has ended.
func newPassed(files *log.Files, from *reading) *passed {
	return &passed{paths: files.Paths(), sources: files.Sources(), remarks: files.Notes(), sieve: from.sieve, stats: from.reader.Stats(),
		earlier: from.reader.Earlier(), held: from.reader.Held(), behind: from.reader.Behind()}
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
	p.addTexts(0, &p.paths, later.paths)
	p.addTexts(1, &p.sources, later.sources)
	p.addTexts(2, &p.remarks, later.remarks)
	p.sieve.add(later.sieve)
	p.stats.Merge(&later.stats)
	p.stats.BeforeState = later.stats.BeforeState // which logs say again each time
	p.held = max(p.held, later.held)
	p.behind = later.behind
}

// addTexts adds texts to a list that are not in it, in order. What is in the list is remembered: there may be thousands of parts. A log may
// have been compressed in between.
func (p *passed) addTexts(which int, list *[]string, more []string) {
	known := p.known[which]
	if known == nil {
		known = make(map[string]bool)
		p.known[which] = known
		*list, more = nil, slices.Concat(*list, more)
	}
	for _, s := range more {
		name := s
		if which == 0 {
			name = log.Name(s)
		}
		if !known[name] {
			known[name] = true
			*list = append(*list, s)
		}
	}
}
