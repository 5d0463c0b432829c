package sim

import "math/bits"

// overcrowd takes in a key whose segment is full for good.
func (x *Index) overcrowd(key Key, id uint32) {
	if x.crowd == nil {
		x.crowd = make(map[Key]uint32)
	}
	x.crowd[key] = id
}

// grow makes room in a segment. It returns the segment that a spread key of the old one now belongs to, nil if slots have no
// further bit to tell keys apart.
func (x *Index) grow(s *segment, hash uint64) *segment {
	for s.room == 0 {
		switch {
		case s.bits == x.most && s.depth == maxDepth:
			return nil
		case s.bits < x.most:
			larger := newSegment(s.bits+1, s.depth)
			s.pour(larger)
			x.replace(s, hash, larger)
		default:
			parts := make([]*segment, 1<<x.splitBits(s.depth))
			x.split(s, parts, hash)
		}
		s = x.segment(hash)
	}
	return s
}

// splitBits returns into how many parts a full segment of the largest size is split, as a power of two: two or four. It
// leaves an even number of bits for later splits, since the last one moves the most keys.
func (x *Index) splitBits(depth uint) uint {
	needed := bits.Len(uint(max(x.Expected-x.Expected/5-1, 0) / roomOf(1<<x.most))) // depth of segments for four fifths of these keys
	missing := max(min(uint(needed), maxDepth), depth+1) - depth
	return 2 - missing%2
}

// split distributes the keys of a full segment of the largest size, to which the spread key hash belongs, to several.
func (x *Index) split(s *segment, parts []*segment, hash uint64) {
	depth := s.depth + uint(bits.Len(uint(len(parts)-1)))
	for i := range parts {
		parts[i] = x.empty(depth)
	}
	s.pour(parts...)
	x.replace(s, hash, parts...)
	clear(s.tags)
	x.spare = s
}

// empty returns an empty segment of the largest size.
func (x *Index) empty(depth uint) *segment {
	s := x.spare
	if s == nil {
		return newSegment(x.most, depth)
	}
	x.spare = nil
	s.reset(depth)
	return s
}

// replace puts segments in the place of one, in the order of their first bits. hash is a spread key that belongs to it.
func (x *Index) replace(s *segment, hash uint64, parts ...*segment) {
	for parts[0].depth > 64-x.shift {
		double := make([]*segment, 2*len(x.segments))
		for i := range double {
			double[i] = x.segments[i/2]
		}
		x.segments = double
		x.shift--
	}
	n := len(x.segments) >> s.depth // how often it is there
	first := int(hash>>(x.shift%64)) &^ (n - 1)
	for i := range n {
		x.segments[first+i] = parts[i*len(parts)/n]
	}
}
