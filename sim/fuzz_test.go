package sim

import "testing"

// FuzzStack replays a trace that the fuzzer writes: a byte with the settings, then requests of a length, a size and keys.
func FuzzStack(f *testing.F) {
	f.Add([]byte{0, 3, 1, 1, 2, 3, 3, 1, 1, 2, 4})
	f.Add([]byte{1, 2, 1, 1, 2, 4, 2, 2, 1, 1, 2, 0, 0})
	f.Add([]byte{3, 200, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
	f.Add([]byte{2, 5, 1, 5, 4, 3, 2, 1, 5, 2, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || len(data) > 600 {
			return
		}
		order, unit := Order(data[0]&1), Unit(data[0]>>1&1)
		var trace []request
		for data = data[1:]; len(data) >= 2; {
			n := min(int(data[0]), len(data)-2)
			req := request{size: int64(data[1] % 5)}
			if unit == InBytes {
				req.size++ // all known
			}
			for i, b := range data[2 : 2+n] {
				key := Key(b)
				if data[1]&0x80 != 0 { // stretches that rise, so that runs are long
					key += Key(i)
				}
				req.keys = append(req.keys, key)
			}
			trace = append(trace, req)
			data = data[2+n:]
		}
		checkTrace(t, trace, order, unit, []int64{1, 2, 3, 5, 8, 13, 21, 55, 144, 377, 987, 5000})
	})
}
