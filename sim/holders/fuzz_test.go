package holders_test

import (
	"testing"

	"hashlog/sim"
	"hashlog/sim/holders"
)

// FuzzHolders compares fleets with plain caches. The first three bytes are the nodes, the capacity and the policy, then follow
// requests: the node with the size and the kind of keys, the time since the one before, the number of keys, and the keys. Keys are
// single chunks, or the first of as many as the next byte says.
func FuzzHolders(f *testing.F) {
	f.Add([]byte{1, 3, 0, 0, 1, 3, 1, 2, 3, 1, 1, 2, 1, 2, 0x10, 1, 2, 200, 90})
	f.Add([]byte{0b1_1_10, 40, 0b01_01_01, 0x11, 9, 4, 1, 70, 60, 9, 2, 5, 2, 1, 70, 0x20, 40, 2, 30, 90})
	f.Add([]byte{0b0_1_11, 5, 0b10_00_10, 0, 0, 5, 5, 4, 3, 2, 1, 1, 1, 3, 5, 5, 5, 0x61, 2, 3, 1, 2, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 || len(data) > 300 {
			return
		}
		shape, capacity, policy := data[0], data[1], data[2]
		o := holders.Options{Nodes: 1 + int(shape&3), InBytes: shape>>2&1 != 0, Order: sim.Order(shape >> 3 & 1), Capacity: int64(capacity),
			TTL: []float64{0, 1, 6, 50}[policy>>2&3]}
		if policy>>4&3 != 0 {
			o.Watermark = &sim.Watermark{Trigger: float64(1+shape>>4) / 16, Ratio: float64(1+policy>>6) / 4, Interval: []float64{0, 0, 0.5, 9}[policy>>4&3]}
		}
		replay(t, o, []float64{0, 0.5, 4, 30}[policy&3], fuzzTrace(o.Nodes, data[3:]))
	})
}

// fuzzTrace reads requests of a fleet.
func fuzzTrace(nodes int, data []byte) (trace []request) {
	for len(data) >= 3 {
		q := request{node: int(data[0]&15) % nodes, size: int64(data[0] >> 5), after: float64(data[1]) / 8}
		n := min(int(data[2]&15), len(data)-3)
		keys := data[3 : 3+n]
		for i := 0; i < n; i++ {
			if data[0]&0x10 == 0 || i+1 == n {
				q.keys = append(q.keys, sim.Key(keys[i]))
				continue
			}
			q.keys = append(q.keys, stretch(sim.Key(keys[i]), int(keys[i+1]))...)
			i++
		}
		trace = append(trace, q)
		data = data[3+n:]
	}
	return trace
}
