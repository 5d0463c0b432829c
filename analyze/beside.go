package analyze

import (
	"errors"
	"math"

	"hashlog/analyze/units"
)

// beside is what is left of the stacks of several caches beside one another, each of the capacity that is asked: sums over all of them.
type beside struct {
	caches int // whose sums these are; set for a report
	seen   seenChunks
	after  *residency // at the end
	// The largest capacity that any of them needs to reach its ceiling, in each unit; math.MaxInt64 in bytes if sizes are unknown.
	chunks, bytes int64
}

// Beside adds the summary of another cache, of the capacity that is asked, and closes both. The order of caches does not matter. Then can
// join neither with anything any more. The other summary must not be used any more.
func (s *Summary) Beside(other *Summary) error {
	if s.caches == 0 || other.caches == 0 {
		return errors.New("a summary of no cache")
	}
	if err := s.opts.CheckSummary(); err != nil { // a state may be of other caches
		return err
	}
	if err := s.standsBeside(other); err != nil {
		return err
	}
	for _, each := range []*Summary{s, other} {
		if err := each.standAlone(); err != nil {
			return err
		}
	}
	r, more := s.replay, other.replay
	if err := r.sums.beside(more.sums); err != nil {
		return err
	}
	r.beside.add(more.beside)
	r.before.add(more.before)
	r.sizes = r.sizes.and(more.sizes)
	r.requests += more.requests
	r.counting = r.counting || more.counting
	r.now, r.told = max(r.now, more.now), max(r.told, more.told)
	s.read.beside(other.read)
	s.behind = nil
	s.caches += other.caches
	return nil
}

// standAlone closes a summary, and leaves of its stack what Beside adds.
func (s *Summary) standAlone() error {
	if s.replay.beside != nil {
		return nil
	}
	if err := s.close(); err != nil {
		return err
	}
	r := s.replay
	end := r.end(s.read)
	hits := end.curve.ceilingTokens()
	b := &beside{seen: r.seen(), after: r.residency(), bytes: math.MaxInt64}
	b.after.several = true
	b.chunks, _ = end.chunks.Reach(hits)
	if end.sizesKnown {
		b.bytes, _ = end.bytes.Reach(hits)
	}
	before := *end.before
	before.several = true
	r.before = &before
	r.beside, r.nodes, r.node, r.index = b, nil, nil, nil
	return nil
}

func (b *beside) add(more *beside) {
	b.seen.add(more.seen)
	b.after.add(more.after)
	b.chunks, b.bytes = max(b.chunks, more.chunks), max(b.bytes, more.bytes)
}

// add adds what was resident in other caches.
func (s *residency) add(more *residency) {
	s.all += more.all
	for c, n := range more.at {
		s.at[c] += n
	}
}

// ceiling returns the capacity that reaches the ceiling of each cache.
func (b *beside) ceiling(unit units.Unit) int64 {
	if unit == units.Bytes {
		return b.bytes
	}
	return b.chunks
}
