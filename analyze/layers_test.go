package analyze

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/section"
	"hashlog/sim"
)

// randomStack returns the chunks of a stack, from the top down, with ids below n.
func randomStack(r *rand.Rand, n int, timed, aging bool) (chunks []sim.Chunk) {
	ids := make([]uint32, n)
	for i := range ids {
		ids[i] = uint32(i)
	}
	for range r.IntN(10) { // stretches change places and directions
		a := r.IntN(n + 1)
		slices.Reverse(ids[:a])
		ids = append(ids[a:], ids[:a]...)
	}
	now, expired := 1.7e9+r.Float64(), false
	for _, id := range ids[:r.IntN(n+1)] {
		c := sim.Chunk{ID: id, Once: r.IntN(20) > 0}
		if timed && r.IntN(3) == 0 {
			now -= float64(r.IntN(1000)) / []float64{1, 1e3, 1e6, 7}[r.IntN(4)]
		}
		if expired = expired || aging && r.IntN(n) == 0; expired {
			c.Expired = true
		} else if timed {
			c.Touched = now
		}
		chunks = append(chunks, c)
	}
	return chunks
}

// writtenLayers writes a stack, and returns a reader at its beginning.
func writtenLayers(t *testing.T, chunks []sim.Chunk) *section.Reader {
	t.Helper()
	var out bytes.Buffer
	w := section.NewWriter(&out)
	w.Begin(stackTag, true)
	e := layerWriter{w: w}
	for _, c := range chunks {
		c.Size = 5 // is not written
		e.add(c)
	}
	e.cut()
	require.NoError(t, w.Close())
	in, err := section.NewReader(&out)
	require.NoError(t, err)
	in.Begin(stackTag)
	return in
}

func TestLayers(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 1 + r.IntN(300)
		opts := &Options{}
		timed, aging := r.IntN(2) == 0, r.IntN(4) == 0
		if aging {
			opts.Cache.TTL = time.Hour
		} else if timed {
			opts.TTLs = &TTLOptions{}
		}
		want := randomStack(r, n, timed || aging, aging)
		in := writtenLayers(t, want)
		layers := newLayerReader(in, n, 1e9, 2e9, opts)
		var got []sim.Chunk
		for l, ok := layers.next(); ok; l, ok = layers.next() {
			c := l.first
			for c.ID = range l.ids() {
				got = append(got, c)
			}
		}
		require.NoError(t, in.Close())
		require.Equal(t, want, got)
	}
}

// TestImpossibleLayers reads stacks that no stack can be.
func TestImpossibleLayers(t *testing.T) {
	with := func(ttl bool) *Options {
		if ttl {
			return &Options{Cache: Cache{TTL: time.Hour}}
		}
		return &Options{}
	}
	for name, c := range map[string]struct {
		aging  bool
		chunks []sim.Chunk
	}{
		"twice":            {false, []sim.Chunk{{ID: 3}, {ID: 4}, {ID: 3}}},
		"unknown":          {false, []sim.Chunk{{ID: 9}, {ID: 10}}},
		"in the future":    {true, []sim.Chunk{{ID: 1, Touched: 101}}},
		"older above":      {true, []sim.Chunk{{ID: 1, Touched: 50}, {ID: 2, Touched: 60}}},
		"fresh below":      {true, []sim.Chunk{{ID: 1, Expired: true}, {ID: 2, Touched: 60}}},
		"no time":          {false, []sim.Chunk{{ID: 1, Touched: 50}}},
		"expired, no TTL":  {false, []sim.Chunk{{ID: 1, Expired: true}}},
		"below all zeroes": {false, []sim.Chunk{{ID: 0}, {ID: 1}, {ID: 0}}},
	} {
		in := writtenLayers(t, c.chunks)
		layers := newLayerReader(in, 10, 5, 100, with(c.aging))
		for ok := true; ok; {
			_, ok = layers.next()
		}
		require.Error(t, in.Err(), name)
	}
}
