package sim

import "math/bits"

// index numbers keys in order of first sight.
//
// Keys are taken for evenly spread, as hashes are. The chunk that follows id x in a request is nearly always id x+1, so
// that guess is checked in a flat array first, and the table is asked for the first chunk of a run and for new chunks
// alone. What a lookup in it costs is one wait for memory: a slot holds half of the key beside the id, so the key itself,
// which lies elsewhere, is read only to confirm a hit. And waits for memory that do not depend on one another overlap: see
// warm.
type index struct {
	keys  []Key    // by id
	slots []uint64 // upper half of the key, id + 1; 0 is empty. Their number is a power of two.
	shift uint     // of a spread key to its home slot
}

// minSlots is the size of the smallest table, as a power of two.
const minSlots = 6

func newIndex() index {
	return index{slots: make([]uint64, 1<<minSlots), shift: 64 - minSlots}
}

func (x *index) len() int { return len(x.keys) }

// home returns the slot where the search for a key begins.
func (x *index) home(key Key) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio: spreads keys that are not as even as they should be
	return uint64(key) * odd >> x.shift
}

// follow returns how many of the keys have the ids from guess on, one after another.
func (x *index) follow(keys []Key, guess uint32) int {
	known := x.keys[min(int(guess), len(x.keys)):]
	n := min(len(keys), len(known))
	for i, key := range keys[:n] {
		if known[i] != key {
			return i
		}
	}
	return n
}

// find returns the id of key, and whether it is new. A new key gets the next id.
func (x *index) find(key Key) (id uint32, isNew bool) {
	mask := uint64(len(x.slots) - 1)
	tag := uint64(key) &^ (1<<32 - 1)
	at := x.home(key)
	for ; x.slots[at] != 0; at = (at + 1) & mask {
		if s := x.slots[at]; s&^(1<<32-1) == tag {
			if id := uint32(s) - 1; x.keys[id] == key {
				return id, false
			}
		}
	}
	id = uint32(len(x.keys))
	x.keys = append(x.keys, key)
	x.slots[at] = tag | uint64(id+1)
	if 3*len(x.slots) < 4*len(x.keys)+4 {
		x.grow()
	}
	return id, true
}

// warm reads the home slots of keys that are about to be looked up. The reads do not depend on one another, so the
// processor waits for all of them at once, and finds them near when they are needed. It returns something made of what
// it read, so that the reading cannot be left out.
func (x *index) warm(keys []Key) (sum uint64) {
	for _, key := range keys {
		sum += x.slots[x.home(key)]
	}
	return sum
}

// grow doubles the table.
func (x *index) grow() {
	size := bits.Len(uint(len(x.slots))) // of the new table, as a power of two
	x.slots = make([]uint64, 1<<size)
	x.shift = uint(64 - size)
	mask := uint64(len(x.slots) - 1)
	for id, key := range x.keys {
		at := x.home(key)
		for x.slots[at] != 0 {
			at = (at + 1) & mask
		}
		x.slots[at] = uint64(key)&^(1<<32-1) | uint64(id+1)
	}
}
