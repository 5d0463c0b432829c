package sim_test

import (
	"math/rand/v2"

	"hashlog/sim"
)

// request is one request of a made-up trace.
type request struct {
	keys []sim.Key
	size int64
}

// The generators make traces that differ from one another on purpose. Each is deterministic in its seed.
var generators = []struct {
	name string
	make func(r *rand.Rand, requests int) []request
}{
	{"random keys", randomTrace},
	{"conversations", conversationTrace},
	{"loop", loopTrace},
	{"repeats within a request", repeatTrace},
	{"forwards and backwards", zigzagTrace},
	{"holes in prefixes", holeTrace},
}

// randomTrace draws every chunk from a small alphabet: the prefix rule and the classic rule differ most here.
func randomTrace(r *rand.Rand, requests int) []request {
	alphabet := 5 + r.IntN(60)
	var trace []request
	for range requests {
		keys := make([]sim.Key, r.IntN(12))
		for i := range keys {
			keys[i] = sim.Key(r.IntN(alphabet))
		}
		trace = append(trace, request{keys: keys})
	}
	return trace
}

// conversationTrace grows conversations turn by turn on a few shared system prompts.
func conversationTrace(r *rand.Rand, requests int) []request {
	next := sim.Key(1000)
	fresh := func(n int) (keys []sim.Key) {
		for range n {
			keys = append(keys, next)
			next++
		}
		return keys
	}
	prompts := [][]sim.Key{fresh(3), fresh(7), fresh(1)}
	conversations := make([][]sim.Key, 6)
	var trace []request
	for range requests {
		c := &conversations[r.IntN(len(conversations))]
		if len(*c) == 0 || len(*c) > 30 {
			*c = append([]sim.Key{}, prompts[r.IntN(len(prompts))]...)
		}
		*c = append(*c, fresh(r.IntN(5))...)
		trace = append(trace, request{keys: append([]sim.Key{}, *c...)})
	}
	return trace
}

// loopTrace goes round one set of keys: LRU's worst case, with a cliff in the curve.
func loopTrace(r *rand.Rand, requests int) []request {
	round := 20 + r.IntN(80)
	at := 0
	var trace []request
	for range requests {
		keys := make([]sim.Key, 1+r.IntN(9))
		for i := range keys {
			keys[i] = sim.Key(at % round)
			at++
		}
		trace = append(trace, request{keys: keys})
	}
	return trace
}

// repeatTrace repeats chunks within a request, new ones too.
func repeatTrace(r *rand.Rand, requests int) []request {
	trace := conversationTrace(r, requests)
	for i := range trace {
		keys := trace[i].keys
		for range r.IntN(4) {
			if len(keys) > 1 {
				keys[r.IntN(len(keys))] = keys[r.IntN(len(keys))]
			}
		}
		if r.IntN(3) == 0 {
			trace[i].keys = append(keys, keys...)
		}
	}
	return trace
}

// zigzagTrace reads a line of keys in stretches, in both directions, so that runs rise and fall in either touch order.
func zigzagTrace(r *rand.Rand, requests int) []request {
	const line = 200
	var trace []request
	for range requests {
		from, n := r.IntN(line), 1+r.IntN(20)
		step := 1 - 2*r.IntN(2)
		var keys []sim.Key
		for i := range n {
			keys = append(keys, sim.Key((from+step*i+line)%line))
		}
		trace = append(trace, request{keys: keys})
	}
	return trace
}

// holeTrace has prefixes with new chunks in front of old ones and between them.
func holeTrace(r *rand.Rand, requests int) []request {
	trace := zigzagTrace(r, requests)
	next := sim.Key(1_000_000)
	for i := range trace {
		for j := range trace[i].keys {
			if r.IntN(8) == 0 {
				trace[i].keys[j] = next
				next++
			}
		}
	}
	return trace
}

// sizings give the requests of a trace their sizes.
var sizings = []struct {
	name string
	size func(r *rand.Rand) int64
}{
	{"one size", func(*rand.Rand) int64 { return 7 }},
	{"two sizes", func(r *rand.Rand) int64 { return []int64{3, 8}[r.IntN(2)] }},
	{"many sizes", func(r *rand.Rand) int64 { return 1 + r.Int64N(40) }},
}
