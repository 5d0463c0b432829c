package policy

import "math"

// Admit makes a chunk touched from the n-th request on that has it, wherever and however often the request has it. Before,
// it is looked up and not stored. It is to be called once at most, after all requests were added; n ≤ 1 changes nothing.
//
// It takes 4 bytes for each unique chunk, and as much again twice while it runs.
func (t *Trace) Admit(n int) {
	if n <= 1 {
		return
	}
	t.from = make([]uint32, t.sizes.n)
	had := make([]uint32, t.sizes.n)  // requests so far that have the chunk
	last := make([]uint32, t.sizes.n) // the last of them, from 1
	for id := range t.from {
		t.from[id] = math.MaxUint32
	}
	for i := range t.requests {
		for _, r := range t.rowsOf(i) {
			for id := r.first; id < r.first+r.n; id++ {
				if last[id] == uint32(i)+1 {
					continue
				}
				last[id] = uint32(i) + 1
				had[id]++
				if int64(had[id]) == int64(n) {
					t.from[id] = uint32(i)
				}
			}
		}
	}
}
