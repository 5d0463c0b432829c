package policy

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

func bounds(t *testing.T, o *Optimum, c Capacity) (feasible, bound int64) {
	feasible, err := o.Feasible(context.Background(), c)
	require.NoError(t, err)
	bound, err = o.Bound(context.Background(), c)
	require.NoError(t, err)
	return feasible, bound
}

func optimumOf(t *testing.T, trace *Trace) *Optimum {
	o, err := NewOptimum(context.Background(), trace)
	require.NoError(t, err)
	return o
}

// checkPlain compares with the plain twins, and with all caches. It returns the linear relaxation and the bound; both are 0 if
// the bound is none.
func checkPlain(t *testing.T, asks []ask, c Capacity) (relaxation, bound float64) {
	trace := traceOf(asks)
	p, o := plainOf(trace), optimumOf(t, trace)
	feasible, most := bounds(t, o, c)
	about := fmt.Sprintf("%+v at %+v", asks, c)
	require.LessOrEqual(t, feasible, most, about)
	require.LessOrEqual(t, most, ceilingOf(t, o), about)
	checkCaches(t, trace, c, most)
	if len(o.groups) == 0 {
		require.Empty(t, p.intervals(c), about)
		return 0, 0
	}
	require.Equal(t, plainFeasible(t, o, p, c), feasible, "feasible: %s", about)
	return checkBound(t, o, p, c, most)
}

// checkCaches holds that no cache exceeds a bound.
func checkCaches(t *testing.T, trace *Trace, c Capacity, bound int64) {
	for _, spec := range append(simple(t), LRU(), Batched(sim.Watermark{Trigger: 0.8, Ratio: 0.2})) {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			got, err := trace.Replay(context.Background(), spec, c, order)
			require.NoError(t, err)
			require.LessOrEqual(t, got.Hit, bound, "%s, %+v, order %v", spec, c, order)
		}
	}
}

func plainFeasible(t *testing.T, o *Optimum, p plainTrace, c Capacity) int64 {
	m := o.measureOf(c)
	feasible := p.feasible(c, lastOf)
	if classes := o.classes(m); classes.n > 1 {
		price, err := newPrices(o, m).flat(context.Background())
		require.NoError(t, err)
		feasible = max(feasible, p.feasible(c, poorest(classes, price)))
	}
	return feasible
}

func checkBound(t *testing.T, o *Optimum, p plainTrace, c Capacity, bound int64) (relaxation, relaxed float64) {
	m := o.measureOf(c)
	list := slices.DeleteFunc(p.intervals(c), func(v interval) bool { return v.size > c.N })
	for i := range list {
		if c.InBytes {
			list[i].size /= o.unit
		}
	}
	if m.isUniform() {
		require.Equal(t, plainBound(list, m.room), bound, "%+v", c)
		return 0, 0
	}
	fractional := plainFractional(list, m.room, len(p.chunks))
	layered, err := o.layered(context.Background(), m, math.MaxInt)
	require.NoError(t, err)
	require.Equal(t, int64(plainRelaxed(list, m.room)+1e-6), layered)
	smallest, err := o.layered(context.Background(), m.inSmallest(), math.MaxInt)
	require.NoError(t, err)
	require.LessOrEqual(t, bound, min(layered, smallest))
	require.GreaterOrEqual(t, layered, int64(fractional))
	require.Equal(t, plainBound(list, m.inSmallest().room), smallest)
	value, err := o.relaxed(context.Background(), m, math.MaxInt64)
	require.NoError(t, err)
	require.GreaterOrEqual(t, float64(value), math.Floor(fractional-1e-6))
	return fractional, float64(value)
}

func ceilingOf(t *testing.T, o *Optimum) int64 {
	feasible, ceiling := bounds(t, o, Capacity{N: math.MaxInt64})
	require.Equal(t, feasible, ceiling)
	return ceiling
}

// checkExhaustive compares with all that a cache could do. It returns whether the replay found the optimum, and the bound.
func checkExhaustive(t *testing.T, asks []ask, c Capacity) (found, tight bool) {
	trace := traceOf(asks)
	feasible, bound := bounds(t, optimumOf(t, trace), c)
	optimum := plainOf(trace).optimum(c)
	require.LessOrEqual(t, feasible, optimum, "%+v at %+v", asks, c)
	require.GreaterOrEqual(t, bound, optimum, "%+v at %+v", asks, c)
	return feasible == optimum, optimum == bound
}

func TestOptimumExhaustively(t *testing.T) {
	for _, size := range []struct{ requests, length, chunks, traces int }{{4, 3, 3, 400}, {8, 3, 4, 150}, {12, 6, 6, 20}} {
		found, tight, traces := 0, 0, 0
		for i, s := range shapes(size.requests, size.length, size.chunks) {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for range size.traces {
				asks := s.random(r)
				if r.IntN(4) == 0 {
					short := s
					short.length = min(3, s.length)
					asks = short.chained(r)
				}
				if traceOf(asks).UniqueChunks() > 9 {
					continue
				}
				f, b := checkExhaustive(t, asks, s.capacity(r))
				checkPlain(t, asks, s.capacity(r))
				traces++
				if f {
					found++
				}
				if b {
					tight++
				}
			}
		}
		t.Logf("%+v: the replay is optimal in %d of %d traces, the bound exact in %d", size, found, traces, tight)
	}
}

func TestOptimumEqualsPlain(t *testing.T) {
	for i, s := range shapes(40, 8, 25) {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		for range 15 {
			checkPlain(t, s.random(r), s.capacity(r))
			checkPlain(t, s.chained(r), s.capacity(r))
		}
	}
}

// On chained hashes with one weight and one size, the two bounds meet.
func TestOptimumOfChains(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	for range 400 {
		s := shape{requests: 60, length: 9, chunks: 40, warmup: r.IntN(2) == 0}
		trace := traceOf(s.chained(r))
		o := optimumOf(t, trace)
		for c := int64(1); c < 40; c += 1 + r.Int64N(5) {
			feasible, bound := bounds(t, o, Capacity{N: c})
			require.Equal(t, bound, feasible)
			inBytes, boundInBytes := bounds(t, o, Capacity{N: 3*c + r.Int64N(3), InBytes: true})
			require.Equal(t, []int64{bound, bound}, []int64{inBytes, boundInBytes}, "bytes give the figures of chunks")
		}
	}
}

// Two intervals that meet at a request share a place; a repeated chunk is worth all its places; a surplus hash is worth what
// the limit leaves.
func TestOptimumOfFewRequests(t *testing.T) {
	for name, c := range map[string]struct {
		asks  []ask
		bound []int64 // by capacity in chunks, from 1
	}{
		"intervals meet":  {[]ask{{chunks: []int{1}}, {chunks: []int{1}}, {chunks: []int{1}}}, []int64{20}},
		"intervals cross": {[]ask{{chunks: []int{1}}, {chunks: []int{2}}, {chunks: []int{1}}, {chunks: []int{2}}}, []int64{10, 20}},
		"a repeat":        {[]ask{{chunks: []int{1, 2}}, {chunks: []int{1, 1, 2, 1}}}, []int64{30, 40}},
		"a surplus":       {[]ask{{chunks: []int{1, 2}}, {chunks: []int{1, 2}, limit: 13}}, []int64{10, 13}},
		"all surplus":     {[]ask{{chunks: []int{1, 2}}, {chunks: []int{1, 2}, limit: -1}}, []int64{0, 0}},
		"behind new":      {[]ask{{chunks: []int{1, 2}}, {chunks: []int{1, 3, 2}}}, []int64{10, 10}},
		"touched behind":  {[]ask{{chunks: []int{1, 2}}, {chunks: []int{3, 1}}, {chunks: []int{2}}, {chunks: []int{1}}}, []int64{10, 20}},
		"warm-up":         {[]ask{{chunks: []int{1}, uncounted: true}, {chunks: []int{1}, uncounted: true}, {chunks: []int{1}}}, []int64{10}},
		"no chunks":       {[]ask{{}, {}}, []int64{0}},
		"nothing":         {nil, []int64{0}},
	} {
		for i := range c.asks {
			a := &c.asks[i]
			a.unit = 10
			if a.limit == 0 {
				a.limit = 1000
			}
			a.limit = max(a.limit, 0)
		}
		o := optimumOf(t, traceOf(c.asks))
		for i, want := range c.bound {
			feasible, bound := bounds(t, o, Capacity{N: int64(i + 1)})
			require.Equal(t, want, bound, "%s at %d", name, i+1)
			if name != "a repeat" { // its last place is behind another chunk, which the bound doesn't see
				require.Equal(t, want, feasible, "%s at %d", name, i+1)
			}
		}
	}
}

// The fewer sweeps a bound of many weights makes, the larger it may be, but never below the exact one.
func TestBoundOfFewSweeps(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	s := shape{requests: 60, length: 8, chunks: 20, surplus: true, unlike: true, units: true}
	looser := 0
	for range 60 {
		o := optimumOf(t, traceOf(s.random(r)))
		for range 2 {
			m := o.measureOf(s.capacity(r))
			exact, err := o.layered(context.Background(), m, math.MaxInt)
			require.NoError(t, err)
			last := o.ceiling
			for _, sweeps := range []int{1, 2, 3, 5, 8, 13} {
				bound, err := o.layered(context.Background(), m, sweeps)
				require.NoError(t, err)
				require.GreaterOrEqual(t, bound, exact)
				require.LessOrEqual(t, bound, last, "more sweeps never widen the bound")
				last = bound
				if bound > exact {
					looser++
				}
			}
		}
	}
	require.Positive(t, looser)
}

// On generated conversations the bounds meet if sizes are equal, and come close if one model has six times the size.
func TestOptimumOfConversations(t *testing.T) {
	equal, unlike := optimumOf(t, workloadTrace(t, 3000, false)), optimumOf(t, workloadTrace(t, 3000, true))
	var last [2]int64
	for chunks := int64(10); chunks < 60_000; chunks = chunks*3/2 + 1 { // 20 of them
		feasible, bound := bounds(t, equal, Capacity{N: chunks})
		require.Equal(t, bound, feasible)
		require.Greater(t, bound, last[0]-1)
		less, more := bounds(t, unlike, Capacity{N: chunks << 20, InBytes: true})
		require.LessOrEqual(t, less, more)
		require.LessOrEqual(t, more, bound, "sizes are no smaller")
		require.Greater(t, float64(less), 0.95*float64(more), "%d", chunks)
		require.GreaterOrEqual(t, more, last[1])
		last = [2]int64{bound, more}
	}
	require.Equal(t, ceilingOf(t, equal), last[0])
	require.Equal(t, ceilingOf(t, unlike), last[1])
}

// The steps come close to the least that prices can give.
func TestPricesDescend(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 0))
	s := shape{requests: 60, length: 8, chunks: 25, unlike: true}
	var relaxation, bound float64
	for range 100 {
		least, found := checkPlain(t, s.random(r), Capacity{N: 10 + r.Int64N(30), InBytes: true})
		relaxation += least
		bound += found
	}
	require.Positive(t, relaxation)
	require.Less(t, bound, 1.01*relaxation)
}

func TestOptimumOfUnknownSizes(t *testing.T) {
	o := optimumOf(t, traceOf([]ask{{chunks: []int{1}, unit: 1, limit: 9}, {chunks: []int{1}, unit: 1, limit: 9}}))
	feasible, bound := bounds(t, o, Capacity{N: 1})
	require.Equal(t, []int64{1, 1}, []int64{feasible, bound})
	_, err := o.Bound(context.Background(), Capacity{N: 1, InBytes: true})
	require.ErrorIs(t, err, ErrSizesUnknown)
	_, err = o.Feasible(context.Background(), Capacity{N: 1, InBytes: true})
	require.ErrorIs(t, err, ErrSizesUnknown)
	feasible, bound = bounds(t, o, Capacity{N: math.MaxInt64, InBytes: true})
	require.Equal(t, []int64{1, 1}, []int64{feasible, bound}, "unlimited")
}

func TestOptimumOfNegativeCapacity(t *testing.T) {
	o := optimumOf(t, traceOf([]ask{{chunks: []int{1}, unit: 1, limit: 9}, {chunks: []int{1}, unit: 1, limit: 9}}))
	_, err := o.Bound(context.Background(), Capacity{N: -1})
	require.EqualError(t, err, "a capacity of -1")
	_, err = o.Feasible(context.Background(), Capacity{N: -1})
	require.EqualError(t, err, "a capacity of -1")
}

func TestOptimumOfHugeSizes(t *testing.T) {
	var asks []ask
	for i := range 40 {
		asks = append(asks, ask{chunks: []int{i % 2}, size: 1<<61 + int64(i%2), unit: 1, limit: 1})
	}
	feasible, bound := bounds(t, optimumOf(t, traceOf(asks)), Capacity{N: 1<<61 + 1, InBytes: true})
	require.Equal(t, []int64{19, 19}, []int64{feasible, bound}, "the sum of all sizes is beyond int64")
}

func TestOptimumStops(t *testing.T) {
	trace := traceOf([]ask{{chunks: []int{1}, unit: 1, limit: 9}, {chunks: []int{1}, unit: 1, limit: 9}})
	o := optimumOf(t, trace)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := NewOptimum(ctx, trace)
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.Bound(ctx, Capacity{N: 1})
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.Feasible(ctx, Capacity{N: 1})
	require.ErrorIs(t, err, context.Canceled)
}

func TestOptimumConcurrently(t *testing.T) {
	s := shape{requests: 200, length: 12, chunks: 60, surplus: true, unlike: true}
	o := optimumOf(t, traceOf(s.random(rand.New(rand.NewPCG(5, 0)))))
	var group sync.WaitGroup
	for n := int64(1); n < 100; n += 7 {
		c := Capacity{N: n, InBytes: true}
		feasible, bound := bounds(t, o, c)
		group.Go(func() {
			f, _ := o.Feasible(context.Background(), c)
			b, _ := o.Bound(context.Background(), c)
			if f != feasible || b != bound {
				t.Errorf("at %+v: %d and %d, alone %d and %d", c, f, b, feasible, bound)
			}
		})
	}
	group.Wait()
}

func TestHighest(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	for _, n := range []int{1, 64, 65, 5000, 300_000} {
		h := newHighest(n)
		var list []int
		for range 2000 {
			if len(list) > 0 && r.IntN(2) == 0 {
				i := r.IntN(len(list))
				h.remove(list[i])
				list = slices.Delete(list, i, i+1)
			} else if x := r.IntN(n); !slices.Contains(list, x) {
				h.add(x)
				list = append(list, x)
			}
			if len(list) > 0 {
				require.Equal(t, slices.Max(list), h.max())
			}
		}
	}
}
