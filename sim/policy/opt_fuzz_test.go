package policy

import "testing"

// FuzzOptimum bounds a trace that the fuzzer writes: bytes with the capacity, the settings and the unit, then requests of a
// length, a size with the limit, and chunks.
func FuzzOptimum(f *testing.F) {
	f.Add([]byte{1, 0, 1, 3, 0, 1, 2, 3, 3, 0, 1, 2, 4, 3, 0, 1, 2, 3})
	f.Add([]byte{7, 1, 5, 2, 3, 1, 2, 3, 0x41, 1, 1, 2, 2, 9, 1, 2})
	f.Add([]byte{2, 2, 9, 4, 0x83, 1, 2, 1, 2, 4, 0x21, 1, 2, 1, 2, 2, 0, 2, 1})
	f.Add([]byte{30, 3, 3, 5, 7, 1, 2, 3, 4, 5, 2, 0, 6, 7, 5, 0x16, 1, 2, 3, 4, 5, 2, 1, 6, 7})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 || len(data) > 150 {
			return
		}
		inBytes, warmup := data[1]&1 != 0, int(data[1]>>1&7)
		c := Capacity{N: 1 + int64(data[0]), InBytes: inBytes}
		unit := 1 + int64(data[2]%16)
		var asks []ask
		for data = data[3:]; len(data) >= 2; {
			n := min(int(data[0]%16), len(data)-2)
			a := ask{size: 1 + int64(data[1]%8), unit: unit, uncounted: len(asks) < warmup}
			a.limit = max(0, int64(n)*unit+unit/2-int64(data[1]>>3))
			for _, b := range data[2 : 2+n] {
				a.chunks = append(a.chunks, int(b))
			}
			asks = append(asks, a)
			data = data[2+n:]
		}
		checkPlain(t, asks, c)
		if len(asks) <= 12 && traceOf(asks).UniqueChunks() <= 6 {
			checkExhaustive(t, asks, c)
		}
	})
}
