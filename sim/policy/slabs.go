package policy

import (
	"math"
	"slices"
)

// What memcached 1.6.18 adds to a value on a machine of 64 bits (memcached.h, items.c, slabs.c, read 2026-11-28).
const (
	slabPage     = 1 << 20      // settings.slab_page_size
	slabChunkMax = slabPage / 2 // settings.slab_chunk_size_max
	slabSmallest = 48 + 48      // sizeof(item) + settings.chunk_size
	slabFactor   = 1.25         // settings.factor
	itemBytes    = 48 + 8 + 65  // sizeof(item), the CAS number, and a key of 64 bytes with its NUL
	pieceBytes   = 48           // sizeof(item_chunk)
	lineEnd      = 2            // "\r\n", stored behind a value
)

// slabBytes returns the memory of memcached, as -m limits it, that a value takes with its key and headers: a slab chunk of the class that
// is the next larger one. A value above half a mebibyte, which needs a larger -I than the default, is a header that a chain of pieces
// follows; each is a slab chunk of its own, the last one of the class that fits the rest (do_item_alloc, do_item_alloc_chunk). What is
// left over of a page that its class divides counts for the chunks on it.
func slabBytes(size int64) int64 {
	const most = slabChunkMax - pieceBytes // of a value in a piece
	switch {
	case size > math.MaxInt64/slabPage*most:
		return math.MaxInt64
	case itemBytes+size+lineEnd <= slabChunkMax:
		return slabChunk(itemBytes + size + lineEnd)
	}
	pieces, rest := (size+lineEnd)/most, (size+lineEnd)%most
	sum := slabChunk(itemBytes+pieceBytes) + pieces*slabChunkMax
	if rest > 0 {
		sum += slabChunk(rest + pieceBytes)
	}
	return sum
}

// slabChunk returns what a chunk of a slab takes that holds n bytes, up to slabChunkMax: its part of the page, rounded.
func slabChunk(n int64) int64 {
	at, _ := slices.BinarySearch(slabClasses, n)
	perPage := slabPage / slabClasses[at]
	return (slabPage + perPage/2) / perPage
}

// slabClasses are the sizes of the chunks of each class, in rising order (slabs_init).
var slabClasses = func() (classes []int64) {
	for size := int64(slabSmallest); float64(size) < slabChunkMax/slabFactor; size = int64(float64(size) * slabFactor) {
		size = (size + 7) / 8 * 8
		classes = append(classes, size)
	}
	return append(classes, slabChunkMax)
}()
