package sim

import (
	"iter"
	"math/bits"
)

// Chunk is one chunk of a stack, as [Stack.All] shows it.
type Chunk struct {
	ID   uint32
	Size int64 // bytes, 0 if unknown
	Once bool  // touched exactly once; with an admission, looked up exactly once
	// Touched is the time of the last touch, as [Stack.Advance] told it. It is 0 without a TTL and without KeepAges, and for
	// a chunk that has expired, since that time is no longer known.
	Touched float64
	Expired bool // the last touch is longer ago than the TTL
}

// All returns the chunks of the stack, the most recently touched first. A cache holds the first of them, as many as fit;
// with a TTL, those that have not expired, which come before those that have. Chunks that have been looked up but not yet
// touched are not in the stack.
//
// All does not change the stack, which must not be used until the walk ends. A walk takes time in proportion to the number
// of unique chunks, and about 5 bytes of memory for each.
func (s *Stack) All() iter.Seq[Chunk] {
	return func(yield func(Chunk) bool) {
		for l := range s.Layers() {
			step := l.step()
			for range l.N {
				if !yield(l.Chunk) {
					return
				}
				l.ID += step
			}
		}
	}
}

// Layers is [Stack.All] in layers of chunks, as long ones as there are.
func (s *Stack) Layers() iter.Seq[Layer] {
	return func(yield func(Layer) bool) {
		ids := s.idsByRank()
		stamp := -1
		if s.ages != nil {
			stamp = len(s.ages.stamps) - 1
		}
		var l Layer
		for w := len(s.marks.words) - 1; w >= 0; w-- {
			for word := s.marks.words[w]; word != 0; {
				bit := bits.Len64(word) - 1
				word ^= 1 << bit
				place, id := uint32(w*64+bit), ids[len(ids)-1]
				ids = ids[:len(ids)-1]
				c := Chunk{ID: id, Size: s.sizeAt(place), Once: !s.touchedAgain(id)}
				if s.ages != nil {
					for stamp >= 0 && s.ages.stamps[stamp].first > place {
						stamp--
					}
					if c.Expired = place < s.ages.oldest; !c.Expired {
						c.Touched = s.ages.stamps[stamp].time
					}
				}
				if l.extend(&c) {
					continue
				}
				if l.N > 0 && !yield(l) {
					return
				}
				l = Layer{Chunk: c, N: 1}
			}
		}
		if l.N > 0 {
			yield(l)
		}
	}
}

// Layer is a number of chunks that lie below one another in a stack and have consecutive ids. They are alike in all else.
type Layer struct {
	Chunk       // the first from the top down
	N      int  // number of chunks, ≥ 1
	Rising bool // the ids rise from the top of the stack down
}

// extend adds the chunk below if it continues the layer.
func (l *Layer) extend(c *Chunk) bool {
	if l.N == 0 || c.Size != l.Size || c.Once != l.Once || c.Touched != l.Touched || c.Expired != l.Expired {
		return false
	}
	n := uint32(l.N)
	switch rises, falls := c.ID == l.ID+n, c.ID == l.ID-n; {
	case rises && (n == 1 || l.Rising):
		l.Rising = true
	case !falls || l.Rising:
		return false
	}
	l.N++
	return true
}

// step returns the difference between the ids of two chunks, which wraps around.
func (l *Layer) step() uint32 {
	if l.Rising {
		return 1
	}
	return ^uint32(0) // −1
}

// lowest returns the lowest id.
func (l *Layer) lowest() uint32 {
	if l.Rising {
		return l.ID
	}
	return l.ID - uint32(l.N-1)
}

// idsByRank returns the ids of the chunks in the stack, the least recently touched first.
func (s *Stack) idsByRank() []uint32 {
	ids := make([]uint32, s.marks.total)
	ranks := s.marks.ranks()
	for p, page := range s.place.list {
		for i, at := range page {
			if at != nowhere {
				ids[ranks[at/64]+onesBelow(s.marks.words[at/64], at%64)] = uint32(p<<pageBits + i)
			}
		}
	}
	return ids
}
