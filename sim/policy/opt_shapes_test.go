package policy

import "math/rand/v2"

// shape says what a made-up trace is like.
type shape struct {
	requests, length, chunks int // at most, each
	surplus                  bool
	unlike                   bool // sizes
	warmup                   bool
	units                    bool // of several models
}

// random draws a trace whose chunks are no hash chain.
func (s shape) random(r *rand.Rand) []ask {
	return s.fill(r, func() (chunks []int) {
		for range r.IntN(s.length + 1) {
			chunks = append(chunks, r.IntN(s.chunks))
		}
		return chunks
	})
}

// chained draws a trace whose chunks each stand for their whole prefix: paths in a tree.
func (s shape) chained(r *rand.Rand) []ask {
	fan := 1 + r.IntN(3)
	return s.fill(r, func() (chunks []int) {
		node := 0
		for range r.IntN(s.length + 1) {
			node = node*(fan+1) + 1 + r.IntN(fan)
			chunks = append(chunks, node)
		}
		return chunks
	})
}

func (s shape) fill(r *rand.Rand, chunks func() []int) (asks []ask) {
	requests, counted := 1+r.IntN(s.requests), 0
	if s.warmup {
		counted = r.IntN(requests)
	}
	unit := 1 + r.Int64N(4)
	for i := range requests {
		a := ask{chunks: chunks(), size: 3, unit: unit, uncounted: i < counted}
		if s.units && r.IntN(3) == 0 {
			a.unit = 1 + r.Int64N(9)
		}
		if s.unlike {
			a.size = 1 + r.Int64N(4)
		}
		a.limit = int64(len(a.chunks))*a.unit + r.Int64N(a.unit) // with a tail
		if s.surplus && r.IntN(2) == 0 {
			a.limit = r.Int64N(a.limit + 1)
		}
		asks = append(asks, a)
	}
	return asks
}

// shapes are all mixtures of what makes a trace unlike others.
func shapes(requests, length, chunks int) (list []shape) {
	for i := range 16 {
		list = append(list, shape{requests, length, chunks, i&1 != 0, i&2 != 0, i&4 != 0, i&8 != 0})
	}
	return list
}

// capacities are those of interest for a trace of so many chunks.
func (s shape) capacity(r *rand.Rand) Capacity {
	if r.IntN(2) == 0 && !s.unlike {
		return Capacity{N: 1 + r.Int64N(int64(s.chunks))}
	}
	return Capacity{N: 1 + r.Int64N(int64(3*s.chunks)), InBytes: true}
}
