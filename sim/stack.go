package sim

import (
	"fmt"
	"math"
)

// MaxChunks is how many unique chunks a stack can hold: places are 32 bits wide, and a renumbered row has two a chunk.
const MaxChunks = 1<<31 - 64

// ErrTooManyChunks says that a log has more unique chunks than a stack can hold.
var ErrTooManyChunks = fmt.Errorf("more than %d unique chunks", MaxChunks)

// minPlaces is the length of the shortest row of touches.
const minPlaces = 64

// nowhere is the place of a chunk that has been looked up but not touched.
const nowhere = math.MaxUint32

// Stack is the LRU stack: all chunks ever seen, in order of their latest touch. It is made with NewStack and not safe
// for concurrent use. Its memory follows the number of unique chunks, not the number of requests.
type Stack struct {
	order Order
	index index
	place pages[uint32] // by id: where the chunk's latest touch is marked, or nowhere
	marks marks
	next  uint32 // place of the next touch

	size        int64    // bytes of every chunk while weights is nil; 0 is unknown
	weights     *weights // nil while all chunks have one size
	sizeUnknown bool     // a chunk was first seen without a size
	smallest    int64    // size of the smallest chunk
	bytes       int64    // sizes of all chunks

	again []uint64 // by id, a bit: touched more than once
	once  int64    // chunks touched exactly once

	rows      []row // the request at hand, in prefix order
	runs      []Run
	distances []Distance
}

// NewStack returns an empty stack.
func NewStack(order Order) *Stack {
	return &Stack{order: order, index: newIndex(segmentBits), marks: newMarks(minPlaces)}
}

// Request looks up the chunks of one request, then touches them in the stack's order. size is the bytes of each chunk
// as this request has it, 0 if unknown; a key that was seen before keeps the size that it had then. Sizes that add up to
// more than an int64 holds are unknown from there on. The only error is [ErrTooManyChunks].
func (s *Stack) Request(keys []Key, size int64) (Steps, error) {
	if s.index.len()+len(keys) > MaxChunks {
		return Steps{}, ErrTooManyChunks
	}
	s.makeRoom(len(keys))
	size = s.affordable(len(keys), size)
	disagrees := s.resolve(keys, size)
	s.lookUp()
	s.touch(size)
	return Steps{Runs: s.runs, Distances: s.distances, SizeDisagrees: disagrees}, nil
}

// UniqueChunks returns how many keys have been seen.
func (s *Stack) UniqueChunks() int64 { return int64(s.index.len()) }

// SeenOnce returns how many keys have been touched exactly once.
func (s *Stack) SeenOnce() int64 { return s.once }

// SizesKnown reports whether every chunk has a known size, so that depths in bytes mean something.
func (s *Stack) SizesKnown() bool { return !s.sizeUnknown }

// UniformSize returns the one known size that all chunks have, in bytes; ok is false where there is none, or no chunk.
func (s *Stack) UniformSize() (size int64, ok bool) {
	if s.weights != nil || s.size == 0 {
		return 0, false
	}
	return s.size, true
}

// SmallestSize returns the size of the smallest chunk, 0 if there is none or a size is unknown.
func (s *Stack) SmallestSize() int64 { return s.smallest }

// UniqueBytes returns the sum of the sizes of all keys seen; it means something only if SizesKnown.
func (s *Stack) UniqueBytes() int64 { return s.bytes }

// ResidentChunks returns how many chunks a cache of that many chunks holds now.
func (s *Stack) ResidentChunks(capacity int64) int64 { return min(capacity, s.UniqueChunks()) }

// ResidentInBytes returns how many chunks a cache of that many bytes holds now. All sizes must be known.
func (s *Stack) ResidentInBytes(capacity int64) int64 {
	switch {
	case s.weights != nil:
		return s.weights.fitting(&s.marks, capacity)
	case s.size > 0:
		return s.ResidentChunks(capacity / s.size)
	}
	return 0 // no chunk, or none with a size
}

// affordable returns the size of a request's chunks, or 0 if n of them could take the sum of all sizes beyond an int64.
func (s *Stack) affordable(n int, size int64) int64 {
	if size > (math.MaxInt64-s.bytes)/int64(max(n, 1)) {
		return 0
	}
	return size
}

// resolve numbers the request's chunks, in prefix order, and takes note of their size.
func (s *Stack) resolve(keys []Key, size int64) (disagrees bool) {
	s.rows = s.rows[:0]
	guess := uint32(0)
	for len(keys) > 0 {
		n := s.index.follow(keys, guess)
		if n == 0 {
			if id, ok := s.index.find(keys[0]); ok {
				guess, n = id, 1
			} else {
				guess, n = uint32(s.index.len()), s.learn(keys, size)
			}
		}
		s.rows = appendRow(s.rows, row{guess, n})
		guess += uint32(n)
		keys = keys[n:]
	}
	return size > 0 && (s.weights != nil || s.size != size) && s.disagrees(size)
}

// row is n chunks whose ids follow one another.
type row struct {
	first uint32
	n     int
}

// appendRow makes the last row longer if r follows it.
func appendRow(rows []row, r row) []row {
	if last := len(rows) - 1; last >= 0 && rows[last].first+uint32(rows[last].n) == r.first {
		rows[last].n += r.n
		return rows
	}
	return append(rows, r)
}

// learn takes in the new chunks at the head of keys, and returns their number.
func (s *Stack) learn(keys []Key, size int64) int {
	n := s.index.learn(keys)
	s.place.appendN(nowhere, n)
	s.admit(n, size)
	return n
}

// disagrees reports whether a chunk of the request that was touched before has another known size than this.
func (s *Stack) disagrees(size int64) bool {
	for _, r := range s.rows {
		for i := range uint32(r.n) {
			if at := s.place.at(r.first + i); at != nowhere {
				if had := s.sizeAt(at); had > 0 && had != size {
					return true
				}
			}
		}
	}
	return false
}

// admit takes note of the size of n more chunks, which are in the index already but not yet marked.
func (s *Stack) admit(n int, size int64) {
	if s.index.len() == n {
		s.size, s.smallest = size, size
	}
	if size == 0 {
		s.sizeUnknown = true
	}
	if s.weights == nil && size != s.size {
		s.weights = newWeights(&s.marks, s.size)
	}
	s.smallest = min(s.smallest, size)
	s.bytes += int64(n) * size
}

func (s *Stack) sizeAt(place uint32) int64 {
	if s.weights == nil {
		return s.size
	}
	return s.weights.sizeAt(place)
}

// depth returns the need of the chunk that is marked at place.
func (s *Stack) depth(place uint32) Depth {
	d := Depth{Chunks: s.marks.from(place), Bytes: Never}
	switch {
	case s.sizeUnknown:
	case s.weights != nil:
		d.Bytes = s.weights.from(&s.marks, place)
	default:
		d.Bytes = d.Chunks * s.size
	}
	return d
}
