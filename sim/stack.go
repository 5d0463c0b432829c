package sim

// How the stack works, for those who change it.
//
// Each touch takes the next place in a row of bits (marks). Its bit stays set as long as the touch is the latest of its
// chunk. So a chunk's need is the number of set bits from its place on. What makes the stack fast is that it counts them
// once a run, not once a chunk.
//
// Between requests every id that has been touched has a place of its own, exactly these places are marked, and all are
// below next, which is at most the length of the row. All other ids are nowhere. A request touches nothing before it has
// looked up all its chunks.
//
// TestStackEqualsPlainLRU and FuzzStack compare every need, distance and number of residents with a plain cache.
// TestPoliciesEqualPlainLRU and FuzzPolicy do so with touches that come later and chunks that expire,
// TestMaxAgesEqualPlainLRU compares hit prefixes at many TTLs, and TestAllEqualsPlainLRU the order. TestKeepEqualsPlainLRU and
// FuzzKeep compare a stack that forgets, TestMergeEqualsPlainStack and FuzzMerge stacks that are joined. TestRuns holds that
// there are few runs, TestRowLength that places fit into 32 bits, TestNoGarbage that known chunks allocate nothing.
// BenchmarkStack measures the speed.

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// MaxChunks is the largest number of unique chunks in a stack, and of chunks in a request, unique or not: places are 32 bits
// wide.
const MaxChunks = 1<<31 - 1024

// ErrTooManyChunks means that there are more unique chunks than a stack can hold.
var ErrTooManyChunks = errors.New("too many unique chunks")

// minPlaces and maxPlaces are the lengths of the shortest and of the longest row of touches. The longest consists of whole
// blocks, ends below nowhere, and has room for MaxChunks chunks and for a request that touches as many, known or new. So a
// renumbered row always has room for the touches that it was renumbered for.
const (
	minPlaces = 64
	maxPlaces = 1<<32 - 1024
)

// nowhere is the place of a chunk that has been looked up but not touched.
const nowhere = math.MaxUint32

// Stack is the LRU stack: all chunks ever touched, in order of their latest touch. It is made with NewStack and not safe
// for concurrent use. Its memory grows with the number of unique chunks, not with the number of requests.
type Stack struct {
	order Order
	place pages[uint32] // by id: where the latest touch of the chunk is marked, or nowhere
	marks marks
	next  uint32 // place of the next touch
	row   int    // counts the rows of touches, from 1; a new one begins when places are renumbered

	size        int64    // bytes of every chunk while weights is nil; 0 is unknown
	weights     *weights // nil while all chunks have one size
	sizeUnknown bool     // a chunk was first seen without a size
	smallest    int64    // size of the smallest chunk
	bytes       int64    // sizes of all chunks

	again []uint64 // by id, a bit: touched more than once; with an admission, looked up more than once
	once  int64    // chunks touched exactly once; with an admission, looked up exactly once

	ages *ages // nil unless chunks expire or their ages are kept

	admission *admission // nil unless chunks are admitted late

	lookups, touched int // requests so far

	kept      []uint32 // what Keep returned last
	rows      []Row    // the request at hand, in prefix order
	runs      []Run
	distances []Distance
	disagrees bool // in size

	most int64 // length that the row may have: maxPlaces, less in tests
}

// NewStack returns an empty stack. It panics if there is no such order.
func NewStack(order Order) *Stack {
	if order > TailFirst {
		panic(fmt.Sprintf("sim: no touch order %d", order))
	}
	return &Stack{order: order, marks: newMarks(minPlaces), row: 1, most: maxPlaces}
}

// Touches are those of one request, made by its lookup for [Stack.Touch]. They refer to the rows of the lookup and, with
// an admission, are valid until the next one.
type Touches struct {
	rows   []Row
	n      int   // chunks in them
	size   int64 // of those that are new
	number int   // of the lookup, from 1

	disagrees bool // in size, as far as the lookup has found
}

// Len returns the number of touches.
func (t Touches) Len() int { return t.n }

// Rows returns the chunks to touch, which the caller must not change: the rows of the lookup or, with an admission, those
// that are admitted. [Order.IDs] puts them in touch order.
func (t Touches) Rows() []Row { return t.rows }

// Clone returns touches with rows of their own. They can wait for further lookups, and while the caller uses the memory of the
// lookup's rows again.
func (t Touches) Clone() Touches {
	t.rows = slices.Clone(t.rows)
	return t
}

// WithRows returns touches of the same lookup that are those of rows alone: of chunks that have been looked up, in the
// order of the request. It is for a request some of whose chunks are not to be touched, or not as often as it has them.
func (t Touches) WithRows(rows []Row) Touches {
	t.rows, t.n = rows, chunksOf(rows)
	return t
}

// LookUp looks up the chunks of a request, in prefix order, and touches none of them. rows are those of [Index.Number], and
// requests are looked up in the order in which they were numbered. size is the bytes of each chunk as this request has it,
// 0 if unknown; a key that was seen before keeps the size that it had then. If the sizes of all keys add up to more than an
// int64 holds, the rest are taken for unknown.
//
// The runs are valid until the next lookup. The touches are for [Stack.Touch].
//
// LookUp panics if size is negative, if a row skips an id that was never looked up or has no ids, and if there is a TTL or
// ages are kept, but no [Stack.Advance] has told the time.
func (s *Stack) LookUp(rows []Row, size int64) ([]Run, Touches) {
	if size < 0 {
		panic(fmt.Sprintf("sim: a chunk of %d bytes", size))
	}
	n := chunksOf(rows)
	size = s.affordable(n, size)
	s.rows = rows
	s.learn(size)
	s.lookUp()
	if s.ages != nil {
		s.ages.lookUp(s)
	}
	s.lookups++
	touches := Touches{rows: rows, n: n, size: size, number: s.lookups}
	if s.admission != nil {
		s.admit(&touches)
	}
	return s.runs, touches
}

// Peek returns what a lookup would find for chunks that have all been looked up before, and leaves the stack as it is. Without
// a lookup there are no touches, and chunks that admission has refused are like those whose first touch has yet to take effect.
// The runs are valid until the next lookup or peek.
func (s *Stack) Peek(rows []Row) []Run {
	s.rows = rows
	s.lookUp()
	if s.ages != nil {
		s.ages.lookUp(s)
	}
	return s.runs
}

// Touch makes the touches of a lookup take effect now, in the stack's order. Each lookup is touched once, in the order of
// the lookups; further lookups may come in between. The distances are valid until the next touch. disagrees reports that
// the size of a chunk differs from the one that its key was first seen with.
//
// Touch panics if t is not what the first lookup that has not been touched returned.
func (s *Stack) Touch(t Touches) (_ []Distance, disagrees bool) {
	if t.number != s.touched+1 {
		panic(fmt.Sprintf("sim: Touch of lookup %d after %d of %d lookups were touched: each is touched once, in order",
			t.number, s.touched, s.lookups))
	}
	s.touched++
	s.makeRoom(t.n)
	s.rows = t.rows
	if s.ages != nil {
		s.ages.stamp(s.next, &s.marks)
	}
	disagrees = s.touch(t.size)
	return s.distances, disagrees || t.disagrees
}

// chunksOf returns how many chunks the rows hold.
func chunksOf(rows []Row) (n int) {
	for _, r := range rows {
		if r.N < 1 || int64(r.First)+int64(r.N) > MaxChunks {
			panic(fmt.Sprintf("sim: no index numbers %d chunks from id %d on", r.N, r.First))
		}
		n += r.N
	}
	return n
}

// UniqueChunks returns how many keys have been looked up.
func (s *Stack) UniqueChunks() int64 { return int64(s.place.len()) }

// Resident returns how many chunks an unlimited cache holds now: those that have been touched and have not expired.
func (s *Stack) Resident() int64 {
	if s.ages != nil {
		return s.ages.unexpired(s)
	}
	return s.marks.total
}

// SeenOnce returns how many keys have been touched exactly once or, with an admission, looked up exactly once.
func (s *Stack) SeenOnce() int64 { return s.once }

// SizesKnown reports whether the size of every chunk is known. If not, no chunk has a depth in bytes.
func (s *Stack) SizesKnown() bool { return !s.sizeUnknown }

// UniformSize returns the size in bytes that all chunks have. ok is false if sizes differ or are unknown, or if there is no
// chunk.
func (s *Stack) UniformSize() (size int64, ok bool) {
	if s.weights != nil || s.size == 0 {
		return 0, false
	}
	return s.size, true
}

// SmallestSize returns the bytes of the smallest chunk, 0 if a size is unknown or if there is no chunk.
func (s *Stack) SmallestSize() int64 { return s.smallest }

// UniqueBytes returns the sum of the sizes of all keys looked up. It is too small unless SizesKnown.
func (s *Stack) UniqueBytes() int64 { return s.bytes }

// ResidentInChunks returns how many chunks a cache of that many chunks holds now. It panics if capacity < 1.
func (s *Stack) ResidentInChunks(capacity int64) int64 {
	needsCapacity(capacity)
	return min(capacity, s.Resident())
}

// Reaching returns how few chunks from the top of the stack down have at least so many bytes together, expired ones included.
// It is all of them if they have less. So all others need more bytes, and [Stack.Keep] may forget them: see there. Reaching panics if
// bytes < 1, and if a size is unknown.
func (s *Stack) Reaching(bytes int64) int64 {
	needsCapacity(bytes)
	s.needsSizes()
	return min(s.fitting(bytes-1)+1, s.marks.total)
}

// ResidentInBytes returns how many chunks a cache of that many bytes holds now. It panics if capacity < 1, or if a size is
// unknown.
func (s *Stack) ResidentInBytes(capacity int64) int64 {
	needsCapacity(capacity)
	s.needsSizes()
	return min(s.fitting(capacity), s.Resident())
}

func needsCapacity(capacity int64) {
	if capacity < 1 {
		panic(fmt.Sprintf("sim: a cache with a capacity of %d", capacity))
	}
}

func (s *Stack) needsSizes() {
	if s.sizeUnknown {
		panic("sim: a capacity in bytes, but chunks of unknown size")
	}
}

// fitting returns how many chunks from the top of the stack down fit into capacity bytes together.
func (s *Stack) fitting(capacity int64) int64 {
	switch {
	case s.weights != nil:
		return s.weights.fitting(&s.marks, capacity)
	case s.size > 0:
		return capacity / s.size
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

// learn takes in the new chunks, whose ids follow the known ones. size is theirs.
func (s *Stack) learn(size int64) {
	if s.admission != nil {
		s.seen(s.rows)
	}
	known := s.place.len()
	for _, r := range s.rows {
		if n := int(r.First) + r.N - s.place.len(); n > 0 {
			if n > r.N {
				panic(fmt.Sprintf("sim: LookUp of id %d before id %d", r.First, s.place.len()))
			}
			s.place.appendN(nowhere, n)
		}
	}
	if n := s.place.len() - known; n > 0 {
		s.learnSizes(n, size)
	}
}

// learnSizes takes note of the size of n new chunks, which are nowhere yet.
func (s *Stack) learnSizes(n int, size int64) {
	if s.size == 0 && !s.sizeUnknown { // the first chunks ever
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
	if s.admission != nil {
		s.learnAdmission(n, size)
	}
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
