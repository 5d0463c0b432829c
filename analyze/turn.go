package analyze

import (
	"slices"

	"hashlog/sim"
)

// turns tells how far into a conversation each request is, without any session id. A request whose chunks continue those of
// a whole earlier request is one turn further than that one.
//
// Lists of chunks are told apart by 64-bit hashes of their ids, so memory grows with the number of distinct requests, some
// 40 bytes each.
type turns struct {
	latest map[uint64]int32 // turn of the latest request with these chunks, by the hash of the list
	ends   []uint64         // by id, a bit: the chunk is the last of some request
}

// needTurns reports whether anything asked for needs the turns of requests.
func (o *Options) needTurns() bool { return o.OnRow != nil || slices.Contains(o.By, ByTurn) }

func newTurns() *turns { return &turns{latest: make(map[uint64]int32)} }

// next returns the turn of the next request, given its chunks: 0 if no proper prefix of them, at least one chunk long, is
// all that an earlier request had; otherwise 1 + the turn of the latest request that had the longest such prefix.
func (t *turns) next(rows []sim.Row) (turn int) {
	var list uint64
	last, started := uint32(0), false
	for _, r := range rows {
		for id := r.First; id < r.First+uint32(r.N); id++ {
			if started && t.endsRequest(last) {
				if before, ok := t.latest[list]; ok {
					turn = int(before) + 1
				}
			}
			list = hashOn(list, id)
			last, started = id, true
		}
	}
	if started {
		t.latest[list] = int32(turn)
		t.noteEnd(last)
	}
	return turn
}

func (t *turns) endsRequest(id uint32) bool {
	word := int(id / 64)
	return word < len(t.ends) && t.ends[word]>>(id%64)&1 != 0
}

func (t *turns) noteEnd(id uint32) {
	for word := int(id / 64); word >= len(t.ends); {
		t.ends = append(t.ends, 0)
	}
	t.ends[id/64] |= 1 << (id % 64)
}

// hashOn returns the hash of a list of ids with one more id. It is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast
// splittable pseudorandom number generators", OOPSLA 2014), chained.
func hashOn(list uint64, id uint32) uint64 {
	h := (list ^ uint64(id)) + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
