package reconcile

import (
	"encoding/binary"

	"github.com/zeebo/xxh3"

	"hashlog/analyze"
)

// recentRequests tells requests that are looked up again: those with the request id, the length and the number of chunks of one of the
// last requests. Requests without an id are never looked up again.
type recentRequests struct {
	young, old map[uint64]struct{} // old is full
	text       []byte              // what tells the request at hand
}

// rememberedRequests is how many of the last requests are known at least.
const rememberedRequests = 1 << 19

func newRecentRequests() *recentRequests {
	return &recentRequests{young: make(map[uint64]struct{}), old: make(map[uint64]struct{})}
}

// again reports whether a request is looked up again, and remembers it.
func (r *recentRequests) again(h *analyze.RequestHits) bool {
	if len(h.RequestID) == 0 {
		return false
	}
	r.text = binary.LittleEndian.AppendUint64(append(r.text[:0], h.RequestID...), uint64(h.SeqLen))
	r.text = binary.LittleEndian.AppendUint64(r.text, uint64(h.Chunks))
	key := xxh3.Hash(r.text)
	_, known := r.young[key]
	if !known {
		_, known = r.old[key]
	}
	r.young[key] = struct{}{}
	if len(r.young) >= rememberedRequests {
		r.young, r.old = make(map[uint64]struct{}), r.young
	}
	return known
}
