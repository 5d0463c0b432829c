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

// readAhead is for how many new chunks the table is read at once.
const readAhead = 32

// nowhere is the place of a chunk that has been looked up but not touched.
const nowhere = math.MaxUint32

// Stack is the LRU stack: all chunks ever seen, in order of their latest touch. It is made with NewStack and not safe
// for concurrent use. Its memory follows the number of unique chunks, not the number of requests.
type Stack struct {
	order Order
	index index
	place []uint32 // by id: where the chunk's latest touch is marked, or nowhere
	marks marks
	next  uint32 // place of the next touch

	size        int64    // bytes of every chunk while weights is nil; 0 is unknown
	weights     *weights // nil while all chunks have one size
	sizeUnknown bool     // a chunk was first seen without a size
	smallest    int64    // size of the smallest chunk
	bytes       int64    // sizes of all chunks

	read uint64 // what index.warm returned; nobody looks at it

	again []uint64 // by id, a bit: touched more than once
	once  int64    // chunks touched exactly once

	ids       []uint32 // of the request at hand, in prefix order
	runs      []Run
	distances []Distance
}

// NewStack returns an empty stack.
func NewStack(order Order) *Stack {
	return &Stack{order: order, index: newIndex(), marks: newMarks(minPlaces)}
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
	s.ids = s.ids[:0]
	guess := uint32(0)
	allNew, warm := false, 0 // behind a new chunk nearly all are new; those up to warm have been read ahead
	for i := 0; i < len(keys); {
		if n := s.index.follow(keys[i:], guess); n > 0 {
			for range n {
				s.ids = append(s.ids, guess)
				guess++
			}
			i += n
			continue
		}
		if allNew && i >= warm {
			warm = min(i+readAhead, len(keys))
			s.read += s.index.warm(keys[i:warm])
		}
		id, isNew := s.index.find(keys[i])
		if isNew {
			allNew = true
			s.admit(size)
			s.place = append(s.place, nowhere)
		}
		s.ids = append(s.ids, id)
		guess = id + 1
		i++
	}
	return size > 0 && (s.weights != nil || s.size != size) && s.disagrees(size)
}

// disagrees reports whether a chunk of the request that was touched before has another known size than this.
func (s *Stack) disagrees(size int64) bool {
	for _, id := range s.ids {
		if at := s.place[id]; at != nowhere {
			if had := s.sizeAt(at); had > 0 && had != size {
				return true
			}
		}
	}
	return false
}

// admit takes note of the size of one more chunk, which is in the index already but not yet marked.
func (s *Stack) admit(size int64) {
	if s.index.len() == 1 {
		s.size, s.smallest = size, size
	}
	if size == 0 {
		s.sizeUnknown = true
	}
	if s.weights == nil && size != s.size {
		s.weights = newWeights(&s.marks, s.size)
	}
	s.smallest = min(s.smallest, size)
	s.bytes += size
}

func (s *Stack) sizeAt(place uint32) int64 {
	if s.weights == nil {
		return s.size
	}
	return s.weights.at[place]
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

// lookUp finds the needs of the request's chunks before any of them is touched.
func (s *Stack) lookUp() {
	s.runs = s.runs[:0]
	for i := 0; i < len(s.ids); {
		var run Run
		if s.place[s.ids[i]] == nowhere {
			run = Run{N: s.lenNew(i), Need: never}
		} else {
			run = s.runFrom(i)
		}
		s.runs = append(s.runs, run)
		i += run.N
	}
}

// lenNew returns how many never-seen chunks follow one another from chunk i on.
func (s *Stack) lenNew(i int) int {
	n := 1
	for i+n < len(s.ids) && s.place[s.ids[i+n]] == nowhere {
		n++
	}
	return n
}

// runFrom returns the longest run that begins with chunk i, which has been seen. Neighbours in the request must be
// neighbours in the row of touches, all in one direction, and of one size.
func (s *Stack) runFrom(i int) Run {
	at := s.place[s.ids[i]]
	run := Run{N: 1, Need: s.depth(at), Size: s.sizeAt(at)}
	if i+1 == len(s.ids) {
		return run
	}
	var up uint32 // 1, or −1 modulo 2^32
	switch next := s.place[s.ids[i+1]]; {
	case next == at+1:
		run.Step, up = -1, 1
	case next == at-1:
		run.Step, up = 1, math.MaxUint32
	default:
		return run
	}
	for i+run.N < len(s.ids) {
		next := s.place[s.ids[i+run.N]]
		if next == nowhere || next != at+up || s.sizeAt(next) != run.Size {
			break
		}
		at = next
		run.N++
	}
	if run.N == 1 {
		run.Step = 0
	}
	return run
}
