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
	logs    []log.LogRead

	known [3]map[string]bool // what is in paths, sources and remarks; nil before the first addition
}

// newPassed returns the outcome of a pass that has ended.
func newPassed(files *log.Files, from *reading) *passed {
	return &passed{paths: files.Paths(), sources: files.Sources(), remarks: files.Notes(), sieve: from.sieve, stats: from.reader.Stats(),
		held: from.reader.Held(), logs: from.reader.Logs()}
}

// add adds what a pass over later logs has met.
func (p *passed) add(later *passed) {
	p.addTexts(0, &p.paths, later.paths)
	p.addTexts(1, &p.sources, later.sources)
	p.addTexts(2, &p.remarks, later.remarks)
	p.sieve.Read += later.sieve.Read
	p.sieve.Passed += later.sieve.Passed
	p.sieve.Empty += later.sieve.Empty
	p.stats.Merge(&later.stats)
	p.held = max(p.held, later.held)
}

// addTexts adds texts to a list that are not in it, in order. What is in the list is remembered: there may be thousands of parts.
func (p *passed) addTexts(which int, list *[]string, more []string) {
	known := p.known[which]
	if known == nil {
		known = make(map[string]bool)
		p.known[which] = known
		*list, more = nil, slices.Concat(*list, more)
	}
	for _, s := range more {
		if !known[s] {
			known[s] = true
			*list = append(*list, s)
		}
	}
}
