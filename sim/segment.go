package sim

import (
	"encoding/binary"
	"math/bits"
)

// segment is a hash table with linear probing. Home slots are in the order of the spread keys.
type segment struct {
	tags  []byte   // by slot, 0 if it is empty; the first groupSize again at the end, so that a group can be read anywhere
	slots []uint64 // upper half of a spread key, id + 1
	bits  uint     // number of slots, as a power of two
	shift uint     // 64 − bits
	depth uint     // number of first bits that all its spread keys share
	room  int      // number of keys that it still takes before it grows
}

const (
	groupSize = 8 // tags that are compared at once
	everyTag  = 0x0101010101010101
	highBits  = 0x80 * everyTag

	upperHalf = ^uint64(1<<32 - 1)
)

func newSegment(bits, depth uint) *segment {
	s := &segment{tags: make([]byte, 1<<bits+groupSize), slots: make([]uint64, 1<<bits), bits: bits, shift: 64 - bits}
	s.reset(depth)
	return s
}

// reset empties a segment all of whose tags are 0.
func (s *segment) reset(depth uint) {
	s.depth = depth
	s.room = roomOf(len(s.slots))
}

// roomOf returns how many keys a segment takes. A quarter of the slots stay empty, so that the first group of a search nearly
// always has an empty one.
func roomOf(slots int) int { return slots - slots/4 }

// spread makes the upper bits of a key depend on all of its bits, for keys that are less evenly spread than they should be.
func spread(key Key) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio
	return key * odd
}

// tagOf returns the tag of a spread key, which is never 0. It consists of bits that do not decide about the slot.
func tagOf(hash uint64) byte {
	tag := byte(hash >> 24)
	return tag | (tag-1)>>7&^(tag>>7) // 0 becomes 1
}

// home returns the slot where the search for a spread key begins. The shifts are taken modulo 64, which changes nothing, so
// that each compiles to one instruction.
func (s *segment) home(hash uint64) uint64 { return hash << (s.depth % 64) >> (s.shift % 64) }

// group returns the tags of the slots from at on.
func (s *segment) group(at uint64) uint64 { return binary.LittleEndian.Uint64(s.tags[at:]) }

// zeros sets the high bit of each byte that is 0, and sometimes that of a byte above such a byte.
func zeros(w uint64) uint64 { return (w - everyTag) &^ w & highBits }

// probable returns the first slot, from at on, of a key with the same tag and the same upper half when spread: nearly always the
// same key. ok is false if there is none; then slot is the empty one that ends the search.
func (s *segment) probable(hash, at uint64) (slot uint64, ok bool) {
	mask := uint64(len(s.slots) - 1)
	tags := everyTag * uint64(tagOf(hash))
	for ; ; at = (at + groupSize) & mask {
		group := s.group(at)
		empty := zeros(group)
		alike := zeros(group ^ tags)
		if empty != 0 {
			alike &= empty&-empty - 1 // the search ends at an empty slot
		}
		for ; alike != 0; alike &= alike - 1 {
			slot := (at + uint64(bits.TrailingZeros64(alike)/8)) & mask
			if s.slots[slot]^hash < 1<<32 {
				return slot, true
			}
		}
		if empty != 0 {
			return (at + uint64(bits.TrailingZeros64(empty)/8)) & mask, false
		}
	}
}

// idAt returns the id in a slot that is not empty.
func (s *segment) idAt(slot uint64) uint32 { return uint32(s.slots[slot]) - 1 }

func (s *segment) put(at uint64, tag byte, slot uint64) {
	s.slots[at] = slot
	s.setTag(at, tag)
	s.room--
}

// setTag sets the tag of a slot, at both of its places if it has two.
func (s *segment) setTag(at uint64, tag byte) {
	s.tags[at] = tag
	if at < groupSize {
		s.tags[uint64(len(s.slots))+at] = tag
	}
}

// pour distributes the slots of a segment to others, by their next bits. The number of others is a power of two.
func (s *segment) pour(parts ...*segment) {
	mask := uint64(len(s.slots) - 1)
	next := uint(64 - bits.Len(uint(len(parts)-1))) // from the next bits, at the top, to a part
	start := uint64(0)
	for s.tags[start] != 0 { // an empty slot is in front of each stretch that belongs together
		start++
	}
	for i := range uint64(len(s.slots)) {
		at := (start + i) & mask
		tag := s.tags[at]
		if tag == 0 {
			continue
		}
		slot := s.slots[at]
		to := parts[slot<<s.depth>>next]
		to.put(to.gap(to.home(slot)), tag, slot)
	}
}

// gap returns the first empty slot from at on.
func (s *segment) gap(at uint64) uint64 {
	mask := uint64(len(s.slots) - 1)
	for s.tags[at] != 0 {
		at = (at + 1) & mask
	}
	return at
}
