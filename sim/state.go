package sim

import (
	"fmt"
	"iter"
	"slices"
)

// How a stack is saved and made again, with all that caches as servers run them need, is a walk of what there is: the keys of the index,
// the chunks of All, and what this file shows. A new stack, with the same settings, is told the time (Advance), learns the
// chunks in order of their ids (Learn or LearnLookedUp), puts those of All on top (Reorder), and takes in the touches that wait
// (Await).

// Waiting is what there is to know about touches that wait.
type Waiting struct {
	Rows      []Row // the chunks to touch
	Size      int64 // of those that are new, in bytes; 0 if unknown
	Disagrees bool  // in size, as far as the lookup has found
}

// Waiting returns what there is to know about the touches. The rows are those of Rows.
func (t Touches) Waiting() Waiting { return Waiting{t.rows, t.size, t.disagrees} }

// Await returns touches for [Stack.Touch] as they were in a stack that this one is a copy of. They come in the order of their
// lookups, before any further lookup. Await panics if a chunk is unknown, or if the size is negative.
func (s *Stack) Await(w Waiting) Touches {
	if w.Size < 0 {
		panic(fmt.Sprintf("sim: a chunk of %d bytes", w.Size))
	}
	n := chunksOf(w.Rows)
	for _, r := range w.Rows {
		if int64(r.end()) > s.UniqueChunks() {
			panic(fmt.Sprintf("sim: Await of id %d, beside %d chunks", r.end()-1, s.UniqueChunks()))
		}
	}
	s.lookups++
	return Touches{rows: slices.Clone(w.Rows), n: n, size: w.Size, number: s.lookups, disagrees: w.Disagrees}
}

// LookedUp is a number of chunks with consecutive ids that have been looked up alike, in a stack with an admission.
type LookedUp struct {
	N       int   // number of chunks, ≥ 1
	Size    int64 // bytes of each, 0 if unknown
	Lookups int   // requests that have had the chunk, at most the number that SetAdmission has set
	Once    bool  // exactly one lookup; a request may have a chunk twice
}

// LookedUp returns how all chunks have been looked up, in order of their ids. It panics without an admission.
func (s *Stack) LookedUp() iter.Seq[LookedUp] {
	if s.admission == nil {
		panic("sim: LookedUp without an admission")
	}
	return func(yield func(LookedUp) bool) {
		var run LookedUp
		for id := range uint32(s.place.len()) {
			chunk := LookedUp{1, s.firstSize(id), int(s.admission.counts.at(id)), !s.touchedAgain(id)}
			if chunk.N = run.N; chunk == run {
				run.N++
				continue
			}
			if run.N > 0 && !yield(run) {
				return
			}
			run, run.N = chunk, 1
		}
		if run.N > 0 {
			yield(run)
		}
	}
}

// LearnLookedUp is [Stack.Learn] in a stack with an admission. It panics if a field is out of range, or without an admission.
func (s *Stack) LearnLookedUp(c LookedUp) {
	a := s.admission
	switch {
	case a == nil:
		panic("sim: LearnLookedUp without an admission")
	case c.N < 1 || c.Lookups < 1 || c.Lookups > int(a.from):
		panic(fmt.Sprintf("sim: LearnLookedUp of %+v", c))
	}
	first := s.place.len()
	s.learnMore(c.N, c.Size)
	for id := first; id < s.place.len(); id++ {
		a.counts.set(uint32(id), uint8(c.Lookups))
	}
	s.once += int64(c.N)
	if !c.Once {
		s.seenAgain(uint32(first), c.N)
	}
}

// BatchedState is what a [Batched] has counted.
type BatchedState struct {
	Chunks    int64   // in the cache
	Bytes     int64   // of them; 0 unless the capacity is in bytes
	LastBatch float64 // in seconds, −Inf before the first
	Now       float64 // of the last Evict, in seconds, −Inf before the first
}

// State returns what the cache has counted.
func (b *Batched) State() BatchedState {
	s := BatchedState{Chunks: b.chunks, LastBatch: b.lastBatch, Now: b.now}
	if b.inBytes {
		s.Bytes = b.bytes
	}
	return s
}

// InBytes reports whether the capacity is in bytes.
func (b *Batched) InBytes() bool { return b.inBytes }

// Restore makes a new cache one that has counted so much, beside a stack that is a copy of the one it counted. It panics if
// a number is negative.
func (b *Batched) Restore(s BatchedState) {
	if s.Chunks < 0 || s.Bytes < 0 {
		panic(fmt.Sprintf("sim: Restore of a cache with %d chunks of %d bytes", s.Chunks, s.Bytes))
	}
	b.chunks, b.bytes, b.lastBatch, b.now = s.Chunks, s.Bytes, s.LastBatch, s.Now
	b.row = 0 // the bottom is yet to be found
}
