package sim

// How the index works, for those who change it.
//
// The chunk after id x in a request is nearly always id x+1. This guess is checked first, in a flat list (follow), and the
// table is searched only for the first chunk of a run and for new chunks. A search costs the wait for memory. Most of the
// chunks that the table is searched for are new, so it is laid out to make these wait little:
//
//   - A slot has a tag of one byte, and the tags are stored apart from the slots. The tags nearly always tell that a chunk is
//     new, and they are small enough for the processor's caches. The slot is then written without being read.
//   - A slot holds the upper half of the spread key beside the id. So the key itself, which is stored elsewhere again, is
//     read only to confirm what is almost certainly a hit.
//   - After a new chunk nearly all are new, so the memory of many is requested at once (prefetch). Merely reading it early
//     makes no difference. A processor reads ahead by itself, but only some hundred instructions, and a read that waits
//     holds up those after them.
//   - The table consists of segments of at most 2^segmentBits slots. The first bits of the spread key choose the segment, the
//     next ones the slot (extendible hashing: Fagin et al., ACM Transactions on Database Systems 4(3), 1979). A segment that
//     is full is split in two, or in four where many more keys are expected (no more: fewer may come). So the table grows in
//     small steps, without a pause and without garbage.
//   - The parts keep the order of the segment they come from, and the slots alone tell where each key goes. So a split
//     reads and writes memory front to back.
//   - The lookups of several requests take turns: see NumberAll.
//
// TestIndex compares the index with a Go map around every point of growth, with tables so small and keys so alike that the
// rare cases happen often. TestStackEqualsPlainLRU and FuzzStack test it together with the stack.

import (
	"fmt"
	"iter"
	"math/bits"
)

// Index numbers keys in order of first sight: 0, 1, 2 and so on. This half of the replay has nothing to do with recency, so
// it can run ahead of a [Stack], in a goroutine of its own. Keys should be evenly spread, as hashes are; others make it
// slow. It is made with NewIndex and not safe for concurrent use.
type Index struct {
	// Limit is how many keys there may be, and how many chunks a request may have. NewIndex sets it to MaxChunks, and a larger
	// Limit counts as that.
	Limit int

	// Expected is about how many keys there will be in the end, 0 if unknown. It may change at any time, and affects only speed
	// and memory: the table grows in larger steps, up to what four fifths of these keys need.
	Expected int

	keys     pages[Key] // by id
	segments []*segment // by the first bits of the spread key; a segment of fewer bits is there repeatedly
	shift    uint       // from a spread key to its segment
	most     uint       // slots in the largest segment, as a power of two
	spare    *segment   // memory that the last split left, for the next one

	probes []probe // of the requests at hand

	// crowd holds the keys that found no room in segments that cannot be split, since too many keys share all bits of a
	// slot. There are none if keys are evenly spread.
	crowd map[Key]uint32
}

const (
	segmentBits    = 16 // 576 KiB
	minSegmentBits = 6
	maxDepth       = 16 // so that the list of segments stays small, and a slot knows its place: maxDepth + segmentBits ≤ 32

	// insertedTogether is how many keys are listed before it is known whether they are new.
	insertedTogether = 32
)

// NewIndex returns an index without keys.
func NewIndex() *Index { return newIndex(segmentBits) }

// newIndex returns an index with segments of at most 2^most slots, most ≥ 3.
func newIndex(most uint) *Index {
	first := newSegment(min(minSegmentBits, most), 0)
	return &Index{segments: []*segment{first, first}, shift: 63, most: most, Limit: MaxChunks}
}

// Len returns how many keys have been seen.
func (x *Index) Len() int { return x.keys.len() }

// Key returns the key of an id, which must be one that Number has given: 0 ≤ id < Len.
func (x *Index) Key(id uint32) Key { return x.keys.at(id) }

// Keys returns all keys, in order of first sight: that of id 0 first.
func (x *Index) Keys() iter.Seq[Key] {
	return func(yield func(Key) bool) {
		for _, page := range x.keys.list {
			for _, key := range page {
				if !yield(key) {
					return
				}
			}
		}
	}
}

// limit returns how many keys there may be.
func (x *Index) limit() int { return min(x.Limit, MaxChunks) }

// roomFor returns an error if a request cannot be numbered.
func (x *Index) roomFor(keys []Key) error {
	switch limit := x.limit(); {
	case x.Len()+len(keys) <= limit:
		return nil
	case len(keys) > limit:
		return fmt.Errorf("%w: a request has %d, and more than %d have no room", ErrTooManyChunks, len(keys), limit)
	case x.Len()+x.unknown(keys) > limit:
		return fmt.Errorf("%w: more than %d", ErrTooManyChunks, limit)
	}
	return nil
}

// unknown returns how many of the keys have no id.
func (x *Index) unknown(keys []Key) (n int) {
	for _, key := range keys {
		if _, ok := x.find(key); !ok {
			n++
		}
	}
	return n
}

// segment returns the segment of a spread key.
func (x *Index) segment(hash uint64) *segment { return x.segments[hash>>(x.shift%64)] }

// Row is a number of chunks with consecutive ids.
type Row struct {
	First uint32 // the lowest id
	N     int    // number of chunks, ≥ 1
}

// Number appends the ids of a request's chunks to rows, in prefix order. The only error is [ErrTooManyChunks]: the request
// has more than Limit chunks, or it could raise the number of keys above Limit (a new key counts as often as the request
// has it). None of its keys has been numbered then.
func (x *Index) Number(keys []Key, rows []Row) ([]Row, error) {
	if err := x.roomFor(keys); err != nil {
		return rows, err
	}
	return x.numberRest(keys, rows, len(rows)), nil
}

// numberRest is Number for the keys after those whose ids are rows[own:].
func (x *Index) numberRest(keys []Key, rows []Row, own int) []Row {
	guess := uint32(0)
	if len(rows) > own {
		guess = rows[len(rows)-1].end()
	}
	for len(keys) > 0 {
		n := x.follow(keys, guess)
		if n == 0 {
			if id, ok := x.find(keys[0]); ok {
				guess, n = id, 1
			} else {
				guess, n = uint32(x.Len()), x.learn(keys)
			}
		}
		rows = appendIDs(rows, own, guess, n)
		guess += uint32(n)
		keys = keys[n:]
	}
	return rows
}

// end returns the id after the last one.
func (r Row) end() uint32 { return r.First + uint32(r.N) }

// appendIDs appends n ids from first on to rows, of which a request has those from own on.
func appendIDs(rows []Row, own int, first uint32, n int) []Row {
	if last := len(rows) - 1; last >= own && rows[last].end() == first {
		rows[last].N += n
		return rows
	}
	return append(rows, Row{first, n})
}

// follow returns how many leading keys have the ids guess, guess+1 and so on. It may stop early, at the end of a page.
func (x *Index) follow(keys []Key, guess uint32) int {
	if int(guess) >= x.Len() {
		return 0
	}
	known := x.keys.from(guess, len(keys))
	keys = keys[:len(known)]
	for i, key := range known {
		if keys[i] != key {
			return i
		}
	}
	return len(known)
}

// find returns the id of a key; ok is false if there is none.
func (x *Index) find(key Key) (id uint32, ok bool) {
	hash := spread(key)
	if id, _, ok = x.search(x.segment(hash), key, hash); !ok && x.crowd != nil {
		id, ok = x.crowd[key]
	}
	return id, ok
}

// search looks for a key in its segment. If the key is not there, end is the slot for it.
func (x *Index) search(s *segment, key Key, hash uint64) (id uint32, end uint64, ok bool) {
	for at := s.home(hash); ; at = (at + 1) & uint64(len(s.slots)-1) {
		if at, ok = s.probable(hash, at); !ok {
			return 0, at, false
		}
		if id := s.idAt(at); x.keys.at(id) == key {
			return id, 0, true
		}
	}
}

// learn gives the leading keys the next ids, up to one that is known, and returns their number.
func (x *Index) learn(keys []Key) (n int) {
	for n < len(keys) {
		now := keys[n:min(n+insertedTogether, len(keys))]
		if canPrefetch {
			x.prefetch(now)
		}
		k := x.insert(now)
		if n += k; k < len(now) {
			break
		}
	}
	return n
}

// prefetch requests the memory of keys that are about to be numbered.
func (x *Index) prefetch(keys []Key) {
	for _, key := range keys {
		hash := spread(key)
		s := x.segment(hash)
		at := s.home(hash)
		prefetch(&s.tags[at], &s.slots[at])
	}
}

// insert is learn for a few keys. It writes little for each key, since writes wait for memory in a short queue: the keys are
// appended to the list all at once, and those that are not new are cut off again.
func (x *Index) insert(keys []Key) (n int) {
	first := x.Len()
	x.keys.append(keys...)
	for i, key := range keys {
		if id := uint32(first + i); !x.numberQuickly(key, id) && !x.number(key, id) {
			x.keys.truncate(first + i)
			return i
		}
	}
	return len(keys)
}

// numberQuickly is number for a key that the tags near its home show to be new, as they nearly always do if it is.
func (x *Index) numberQuickly(key Key, id uint32) (done bool) {
	hash := spread(key)
	s, tag := x.segment(hash), tagOf(hash)
	at := s.home(hash)
	group := s.group(at)
	empty := zeros(group)
	if empty == 0 || s.room == 0 || zeros(group^everyTag*uint64(tag))&(empty&-empty-1) != 0 {
		return false
	}
	at = (at + uint64(bits.TrailingZeros64(empty)/8)) & uint64(len(s.slots)-1)
	s.put(at, tag, hash&upperHalf|uint64(id+1))
	return true
}

// number gives a key the id that it has been listed with, unless it is known.
func (x *Index) number(key Key, id uint32) (isNew bool) {
	hash := spread(key)
	s := x.segment(hash)
	_, end, known := x.search(s, key, hash)
	if known {
		return false
	}
	if x.crowd != nil {
		if _, known := x.crowd[key]; known {
			return false
		}
	}
	if s.room == 0 {
		if s = x.grow(s, hash); s == nil {
			x.overcrowd(key, id)
			return true
		}
		_, end, _ = x.search(s, key, hash)
	}
	s.put(end, tagOf(hash), hash&upperHalf|uint64(id+1))
	return true
}
