package policy

import (
	"testing"

	"hashlog/sim"
)

// FuzzCaches replays a trace that the fuzzer writes through one cache: two bytes for the cache and its settings, one for the
// capacity, then requests of a length, a size and chunks.
func FuzzCaches(f *testing.F) {
	for i := range specs(f) {
		f.Add([]byte{byte(i), 1, 3, 0x32, 1, 2, 3, 0x31, 1, 2, 0x34, 4, 5, 6, 1, 0x32, 3, 1})
		f.Add([]byte{byte(i), 6, 20, 0x42, 1, 2, 3, 3, 0x25, 9, 8, 0x71, 1, 2, 3, 4, 5, 6, 7, 0x13, 2, 0x33, 7, 8, 7})
		f.Add([]byte{byte(i), 9, 5, 0x30, 1, 2, 1, 0x30, 2, 1, 2, 0x30, 3, 3, 4, 0x41, 4, 3, 2, 1, 0x12, 5, 0x12, 2, 0x12, 3})
	}
	all := specs(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 || len(data) > 80 {
			return
		}
		spec, settings := all[int(data[0])%len(all)], data[1]
		c := Capacity{N: int64(data[2] % 64), InBytes: settings&2 != 0}
		var trace []made
		seen := sighted{}
		for data = data[3:]; len(data) > 0; {
			n := min(int(data[0]>>4), len(data)-1)
			q := made{size: 1 + int64(data[0]&0xf), unit: 2, limit: int64(2*n) + int64(data[0]%3) - 1, counted: len(trace) > int(settings>>4), at: 25 * float64(len(trace))}
			for _, key := range data[1 : 1+n] {
				q.ids = append(q.ids, seen.ids(int(key%24))...)
			}
			q.limit = max(0, q.limit)
			trace = append(trace, q)
			data = data[1+n:]
		}
		checkEqual(t, spec, trace, c, sim.Order(settings&1), 1+int(settings>>2&3))
	})
}
