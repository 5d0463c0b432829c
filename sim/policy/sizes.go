package policy

import (
	"math"
	"slices"
)

// sizes are the bytes of chunks, whose ids are given in order of first sight. A chunk keeps the size of its first sight.
type sizes struct {
	n       int     // chunks
	each    []int64 // by id; nil as long as all have the size one
	one     int64
	sum     int64
	unknown bool // the size of some chunk is unknown
}

// affordable returns the size of a request's chunks, or 0, unknown, if n of them could take the sum of all sizes beyond an int64.
func (s *sizes) affordable(n int, size int64) int64 {
	if size > (math.MaxInt64-s.sum)/int64(max(1, n)) {
		return 0
	}
	return size
}

// learn takes in n new chunks of one size; none if n ≤ 0.
func (s *sizes) learn(n int, size int64) {
	if n <= 0 {
		return
	}
	if s.n == 0 {
		s.one = size
	}
	if size == 0 {
		s.unknown = true
	}
	if s.each == nil && size != s.one {
		s.each = slices.Repeat([]int64{s.one}, s.n)
	}
	if s.each != nil {
		for range n {
			s.each = append(s.each, size)
		}
	}
	s.sum += int64(n) * size
	s.n += n
}

// of returns the bytes of a chunk.
func (s *sizes) of(id uint32) int64 {
	if s.each == nil {
		return s.one
	}
	return s.each[id]
}

// uniform returns the bytes that every chunk has. ok is false if sizes differ or are unknown, or if there is no chunk.
func (s *sizes) uniform() (size int64, ok bool) { return s.one, s.each == nil && s.one > 0 }
