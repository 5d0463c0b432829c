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
		ids := s.idsByRank()
		stamp := -1
		if s.ages != nil {
			stamp = len(s.ages.stamps) - 1
		}
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
				if !yield(c) {
					return
				}
			}
		}
	}
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
