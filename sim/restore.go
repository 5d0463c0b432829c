package sim

import "iter"

// Restore numbers keys that are all new, from 0 on, in an index without keys. They come in parts, which it copies. It takes less
// time than Number, since the table is made once, as large as it has to be. It reports whether each key is there once; if not, or if
// there are more than Limit, the index must not be used any more.
func (x *Index) Restore(parts iter.Seq[[]Key]) (once bool) {
	if x.Len() > 0 {
		panic("sim: Restore of an index with keys")
	}
	for keys := range parts {
		if x.Len()+len(keys) > x.limit() {
			return false
		}
		x.keys.append(keys...)
	}
	x.makeTable(x.Len())
	id := uint32(0)
	for _, page := range x.keys.list {
		for len(page) > 0 {
			now := page[:min(len(page), insertedTogether)]
			if canPrefetch {
				x.prefetch(now)
			}
			for _, key := range now {
				if !x.numberQuickly(key, id) && !x.number(key, id) {
					return false
				}
				id++
			}
			page = page[len(now):]
		}
	}
	return true
}

// makeTable makes an empty table that has room for n keys if they are evenly spread.
func (x *Index) makeTable(n int) {
	n += n / 64 // segments differ
	size, depth := min(minSegmentBits, x.most), uint(0)
	for size < x.most && roomOf(1<<size) < n {
		size++
	}
	for depth < maxDepth && roomOf(1<<size)<<depth < n {
		depth++
	}
	x.shift = 64 - max(depth, 1)
	x.segments = make([]*segment, 1<<max(depth, 1))
	for i := range x.segments {
		if i == 0 || depth > 0 {
			x.segments[i] = newSegment(size, depth)
		} else {
			x.segments[i] = x.segments[0]
		}
	}
}

// KeysFrom returns the keys of some chunks from an id on, at least one of them and at most n, which are all known; n ≥ 1. They must
// not be changed.
func (x *Index) KeysFrom(id uint32, n int) []Key { return x.keys.from(id, n) }
