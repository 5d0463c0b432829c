package policy

import "math/rand/v2"

// dict is the hash table in which Redis keeps its keys: dict.c of Redis 7.0.15, which has the same sampling and the same
// growth as dict.c of Valkey 8.0.1. It chains the keys of a bucket, has as many buckets as the smallest power of two that is no
// smaller than the number of keys, and gives samples from buckets that are neighbours.
//
// Two things differ from the servers. The hash is one of the id, since SipHash of the real key is unknown. And the table
// takes its new size at once, not bucket by bucket.
type dict struct {
	buckets []uint32 // the id in front of each, or none; a power of two of them
	entries []entry  // by id
	used    int      // keys in the table
	seed    uint64   // of the hash
}

// entry is what the server keeps with a key.
type entry struct {
	next uint32 // in the bucket, or none
	bits uint32 // the 24 bits for the eviction policy, robj.lru of server.h
}

const (
	dictSmallest = 4 // DICT_HT_INITIAL_SIZE of dict.h, in buckets
	// dictFill is the inverse of the fill below which a table shrinks: HASHTABLE_MIN_FILL is 10 % in Redis' server.h. Redis
	// looks ten times a second, this table at every removal.
	dictFill = 10
)

func newDict(seed uint64) dict {
	return dict{buckets: emptyBuckets(dictSmallest), seed: seed}
}

func emptyBuckets(n int) []uint32 {
	buckets := make([]uint32, n)
	for i := range buckets {
		buckets[i] = none
	}
	return buckets
}

// grow makes room for ids below n.
func (d *dict) grow(n int) { d.entries = grown(d.entries, n) }

// bucket returns the number of an id's bucket. The hash is the finalizer of MurmurHash3, fmix64, of the seed and the id.
func (d *dict) bucket(id uint32) int {
	h := d.seed ^ uint64(id)
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return int((h ^ h>>33) & uint64(len(d.buckets)-1))
}

// add takes in a key in front of its bucket. If each bucket has a key on average, the table grows first, unless the memory is used up
// (dictExpandAllowed of server.c): then as many keys or more are about to be evicted.
func (d *dict) add(id, bits uint32, memory bool) {
	if d.used >= len(d.buckets) && memory {
		d.resize(d.used + 1)
	}
	d.entries[id].bits = bits
	d.link(id)
	d.used++
}

// link puts an entry in front of its bucket.
func (d *dict) link(id uint32) {
	at := &d.buckets[d.bucket(id)]
	d.entries[id].next = *at
	*at = id
}

// remove takes out a key of the table.
func (d *dict) remove(id uint32) {
	at := &d.buckets[d.bucket(id)]
	for *at != id {
		at = &d.entries[*at].next
	}
	*at = d.entries[id].next
	d.used--
	if n := len(d.buckets); n > dictSmallest && d.used*dictFill < n {
		d.resize(d.used)
	}
}

// resize gives the table the buckets for a number of keys.
func (d *dict) resize(keys int) {
	old, n := d.buckets, dictSmallest
	for n < keys {
		n *= 2
	}
	d.buckets = emptyBuckets(n)
	for _, id := range old {
		for id != none {
			next := d.entries[id].next
			d.link(id)
			id = next
		}
	}
}

// sample returns up to count keys: dictGetSomeKeys of dict.c. It starts at a bucket drawn at random and takes whole buckets on
// its way, the last one by reservoir sampling. It draws another bucket once it has met more empty ones in a row than it is
// to return keys, five at least, and gives up after ten buckets a key.
func (d *dict) sample(count int, numbers *rand.PCG, to []uint32) []uint32 {
	count = min(count, d.used)
	mask := uint64(len(d.buckets) - 1)
	at := numbers.Uint64() & mask
	stored, empty := 0, 0
	for steps := 10 * count; stored < count && steps > 0; steps-- {
		id := d.buckets[at]
		if id == none {
			if empty++; empty >= 5 && empty > count {
				at, empty = numbers.Uint64()&mask, 0
			}
		} else {
			empty = 0
		}
		for ; id != none; id = d.entries[id].next {
			if stored < count {
				to = append(to, id)
			} else if r := numbers.Uint64() % uint64(stored+1); r < uint64(count) {
				to[r] = id
			}
			stored++
		}
		at = (at + 1) & mask
	}
	return to
}
