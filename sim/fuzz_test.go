package sim_test

import (
	"math/rand/v2"
	"testing"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

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
		order, inBytes := sim.Order(data[0]&1), data[0]>>1&1 == 1
		var trace []request
		for data = data[1:]; len(data) >= 2; {
			n := min(int(data[0]), len(data)-2)
			req := request{size: int64(data[1] % 5)}
			if inBytes {
				req.size++ // all known
			}
			for i, b := range data[2 : 2+n] {
				key := sim.Key(b)
				if data[1]&0x80 != 0 { // stretches that rise, so that runs are long
					key += sim.Key(i)
				}
				req.keys = append(req.keys, key)
			}
			trace = append(trace, req)
			data = data[2+n:]
		}
		checkTrace(t, trace, order, inBytes, []int64{1, 2, 3, 5, 8, 13, 21, 55, 144, 377, 987, 5000})
	})
}

// FuzzPolicy replays a trace that the fuzzer writes through caches as servers run them: two bytes with the order and the
// policy, then requests of a length, a size, a time and keys.
func FuzzPolicy(f *testing.F) {
	f.Add([]byte{0, 0, 3, 1, 1, 1, 2, 3, 3, 1, 200, 1, 2, 4})
	f.Add([]byte{1, 0b01_01_10_1, 2, 1, 0, 1, 2, 4, 2, 9, 2, 1, 1, 2, 0, 0, 40})
	f.Add([]byte{4, 0b1_00_00_01_1, 4, 2, 1, 1, 2, 2, 3, 4, 1, 4, 1, 2, 4, 3, 5, 1, 40, 1, 4, 3, 2, 9})
	f.Add([]byte{255, 0b10_10_01_0, 5, 0x81, 3, 5, 4, 3, 2, 1, 5, 0x82, 60, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 2 || len(data) > 500 {
			return
		}
		settings, shape := data[1], data[0]
		policy := fuzzedPolicy(settings, shape)
		if settings>>7 != 0 {
			policy.Admit = 1 + int(shape>>2&3)
		}
		checkPolicy(t, fuzzedTrace(data[2:]), sim.Order(settings&1), policy, func() bool {
			shape = shape>>1 | shape<<7
			return shape&3 == 0
		})
	})
}

// fuzzedPolicy returns what two bytes say of a cache: its delay, its TTL and its watermark.
func fuzzedPolicy(settings, shape byte) simtest.Policy {
	policy := simtest.Policy{StoreDelay: []float64{0, 0.5, 4, 30}[settings>>1&3], TTL: []float64{0, 1, 6, 50}[settings>>3&3]}
	if settings>>5&3 != 0 {
		policy.Watermark = &sim.Watermark{Trigger: float64(1+shape&15) / 16, Ratio: float64(1+shape>>4) / 16, Interval: []float64{0, 0, 0.5, 9}[settings>>5&3]}
	}
	return policy
}

// FuzzKeep replays a trace that the fuzzer writes through a stack that forgets: two bytes with the order, the policy and the
// capacities, then requests of a length, a size, a time and keys. After requests with odd times the stack forgets.
func FuzzKeep(f *testing.F) {
	f.Add([]byte{0, 0, 3, 1, 1, 1, 2, 3, 3, 1, 201, 1, 2, 4})
	f.Add([]byte{1, 0b01_01_10_1, 2, 1, 0, 1, 2, 4, 2, 9, 2, 1, 1, 2, 0, 0, 41})
	f.Add([]byte{255, 0b10_10_01_0, 5, 0x81, 3, 5, 4, 3, 2, 1, 5, 0x82, 61, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 2 || len(data) > 500 {
			return
		}
		settings, shape := data[1], data[0]
		policy := fuzzedPolicy(settings, shape)
		trace := fuzzedTrace(data[2:])
		i := -1
		checkKeep(t, agreeing(trace), sim.Order(settings&1), policy, []int64{1, 1 + int64(shape)/8}, func() bool {
			i++
			return i < len(trace) && int(8*trace[i].after)&1 != 0
		})
	})
}

// FuzzMerge replays a trace that the fuzzer writes in parts, and joins them: three bytes with the order, what is of interest and
// where to cut, then requests of a length, a size, a time and keys.
func FuzzMerge(f *testing.F) {
	f.Add([]byte{0, 0, 1, 3, 1, 1, 1, 2, 3, 3, 1, 201, 1, 2, 4})
	f.Add([]byte{1, 0b01_01_10_1, 9, 2, 1, 0, 1, 2, 4, 2, 9, 2, 1, 1, 2, 0, 0, 41})
	f.Add([]byte{255, 0b10_10_01_0, 7, 5, 0x81, 3, 5, 4, 3, 2, 1, 5, 0x82, 61, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 || len(data) > 400 {
			return
		}
		settings, shape := data[1], data[0]
		r := rand.New(rand.NewPCG(uint64(data[2]), 0))
		m := merging{order: sim.Order(settings & 1), aging: []aging{{}, {ttl: 1}, {ttl: 6}, {kept: true}}[settings>>1&3],
			most: int64(shape) / 4, inBytes: settings>>3&1 != 0, forgets: func() bool { return r.IntN(1+int(settings>>4&7)) == 0 }}
		checkMerge(t, r, m, agreeing(fuzzedTrace(data[3:])))
	})
}

// fuzzedTrace returns the trace that bytes stand for: requests of a length, a size, a time and keys.
func fuzzedTrace(data []byte) (trace []timed) {
	for len(data) >= 3 {
		n := min(int(data[0]), len(data)-3)
		req := request{size: 1 + int64(data[1]%5)}
		for i, b := range data[3 : 3+n] {
			key := sim.Key(b)
			if data[1]&0x80 != 0 { // stretches that rise, so that runs are long
				key += sim.Key(i)
			}
			req.keys = append(req.keys, key)
		}
		trace = append(trace, timed{req, float64(data[2]) / 8})
		data = data[3+n:]
	}
	return trace
}
