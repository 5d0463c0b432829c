package analyze

import (
	"math"
	"math/bits"

	"hashlog/analyze/internal/section"
)

// How the sums of a summary are saved, for those who change this: each counter is a part of the file, in the order of sums.all. The options
// say which counters there are, and how many capacities, tiers, TTLs and dimensions they have. The comment of a counter's save gives the
// values of its part. They are part of the format, not to be changed.
//
// Values are what [section.Writer.Uint] writes unless their type is given. A load bounds each by that of which it is a share, so that
// what has been loaded can be added and multiplied as what has been counted.

// savedCounter is a counter that a summary has.
type savedCounter interface {
	counter
	// tag names the part of the file.
	tag() string
	// save writes the counts.
	save(w *section.Writer)
	// load adds saved counts to an empty counter of sums with the same options, whose counters before this one are loaded. The reader has
	// the error, if there is one.
	load(r *section.Reader, of *sums)
}

// save writes the counts of all counters of a summary, which [sums.load] reads.
func (s *sums) save(w *section.Writer) {
	for _, c := range s.all {
		saved := c.(savedCounter)
		w.Begin(saved.tag(), true)
		saved.save(w)
	}
}

// load adds the counts that save has written to empty sums with the same options. The reader has the error, if there is one.
func (s *sums) load(r *section.Reader) {
	for _, c := range s.all {
		saved := c.(savedCounter)
		r.Begin(saved.tag())
		saved.load(r, s)
	}
	s.checkLoaded(r)
}

// checkLoaded requires that histograms in chunks can be converted to bytes while all chunks have one size.
func (s *sums) checkLoaded(r *section.Reader) {
	y := s.tally
	hits, deepest := y.chunks.Total(int(chunkHits)), y.chunks.Deepest()
	switch {
	case s.writes.sizes != y.sizes:
		r.Fail("chunk sizes %v and %v", s.writes.sizes, y.sizes)
	case y.sizes == sizes{known: true} && deepest > 0:
		r.Fail("a depth of %d chunks of no size", deepest)
	case exceeds(deepest, y.sizes.one, math.MaxInt64):
		r.Fail("a depth of %d chunks of %d bytes", deepest, y.sizes.one)
	case !s.writes.tooMany && exceeds(hits, y.sizes.one, s.writes.touched):
		r.Fail("%d hits of chunks of %d bytes, of %d bytes touched", hits, y.sizes.one, s.writes.touched)
	}
}

// exceeds reports whether a × b > most; none is below 0.
func exceeds(a, b, most int64) bool {
	over, product := bits.Mul64(uint64(a), uint64(b))
	return over > 0 || product > uint64(most)
}

// deepest returns the depth in chunks of the deepest hit that has been loaded. The stack must be that deep, which has to be checked before
// the sums are read or merged: they take memory for every depth then.
func (s *sums) deepest() int64 { return s.tally.chunks.Deepest() }
