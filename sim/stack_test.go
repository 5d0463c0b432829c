package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// never is the need of a chunk that was never seen before.
var never = sim.Depth{Chunks: sim.Never, Bytes: sim.Never}

// both compares the one-pass engine with a plain LRU of one capacity, request by request.
type both struct {
	capacity int64
	inBytes  bool
	plain    *simtest.LRU
	misses   int // classic misses of the stack since the start
	evicted  int // evictions of the plain cache since the start
}

func (b *both) depth(d sim.Depth) int64 {
	if b.inBytes {
		return d.Bytes
	}
	return d.Chunks
}

// newPlain returns a plain cache of a capacity in chunks, or in bytes.
func newPlain(capacity int64, inBytes bool, order sim.Order) *simtest.LRU {
	if inBytes {
		return simtest.NewLRUInBytes(capacity, order)
	}
	return simtest.NewLRU(capacity, order)
}

func (b *both) check(t testing.TB, stack *sim.Stack, req request, steps simtest.Steps) {
	out := b.plain.Request(req.keys, req.size)
	needs := simtest.Needs(steps.Runs)
	expect(t, "chunks", len(req.keys), len(needs))
	prefix := 0
	for prefix < len(needs) && b.depth(needs[prefix]) <= b.capacity {
		prefix++
	}
	expect(t, "hit prefix", out.HitPrefix, prefix)
	for i, need := range needs {
		if out.Resident[i] != (b.depth(need) <= b.capacity) || out.Cold[i] != (need.Chunks == sim.Never) {
			t.Errorf("chunk %d: need %+v, plain cache: resident %v, cold %v", i, need, out.Resident[i], out.Cold[i])
		}
	}
	hits, touches := 0, 0
	for _, d := range steps.Distances {
		touches += d.N
		if b.depth(d.Depth) <= b.capacity {
			hits += d.N
		}
	}
	expect(t, "touches", len(req.keys), touches)
	expect(t, "classic hits", out.ChunkHits, hits)
	b.misses += touches - hits
	b.evicted += out.Evictions
	b.checkResidents(t, stack)
}

func (b *both) checkResidents(t testing.TB, stack *sim.Stack) {
	residents := stack.ResidentInChunks(b.capacity)
	if b.inBytes {
		residents = stack.ResidentInBytes(b.capacity)
	}
	expect(t, "resident chunks", b.plain.Resident(), int(residents))
	expect(t, "evictions", b.evicted, b.misses-int(residents))
}

// checkTrace replays a trace once through the stack, and once for each capacity through the plain cache. Chunks are numbered
// sixteen requests ahead, by an index whose segments are so small that they split all the time.
func checkTrace(t testing.TB, trace []request, order sim.Order, inBytes bool, capacities []int64) {
	index, stack := sim.NewSmallIndex(), sim.NewStack(order)
	var caches []*both
	for _, c := range capacities {
		caches = append(caches, &both{capacity: c, inBytes: inBytes, plain: newPlain(c, inBytes, order)})
	}
	touched := map[sim.Key]int{}
	defer func() {
		once := 0
		for _, n := range touched {
			if n == 1 {
				once++
			}
		}
		expect(t, "seen once", once, int(stack.SeenOnce()))
	}()
	for len(trace) > 0 {
		requests := trace[:min(16, len(trace))]
		trace = trace[len(requests):]
		rows := numberAll(t, index, requests)
		for i, req := range requests {
			for _, key := range req.keys {
				touched[key]++
			}
			steps := simtest.Replay(stack, rows[i], req.size)
			for _, b := range caches {
				b.check(t, stack, req, steps)
				if t.Failed() {
					t.FailNow()
				}
			}
		}
		walk := slices.Collect(stack.All())
		for _, b := range caches {
			checkTop(t, index, walk, b.plain)
		}
	}
}

func numberAll(t testing.TB, index *sim.Index, requests []request) (rows [][]sim.Row) {
	for _, req := range requests {
		numbered, err := index.Number(req.keys, nil)
		require.NoError(t, err)
		rows = append(rows, numbered)
	}
	return rows
}

// upTo returns the capacities 1 … n, thinned out to about 60 at most, and some larger ones.
func upTo(n int64) (capacities []int64) {
	for c := int64(1); c <= n; c += 1 + c/20 {
		capacities = append(capacities, c)
	}
	return append(capacities, n, n+1, 10*n, math.MaxInt64-1)
}

func TestStackEqualsPlainLRU(t *testing.T) {
	t.Parallel()
	for _, g := range generators {
		for _, sizing := range sizings {
			for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
				for unit, inBytes := range []bool{false, true} {
					t.Run(fmt.Sprint(g.name, "/", sizing.name, "/order ", order, "/unit ", unit), func(t *testing.T) {
						t.Parallel()
						r := rand.New(rand.NewPCG(uint64(order), uint64(unit)))
						trace := g.make(r, 150)
						var bytes int64
						seen := map[sim.Key]bool{}
						for i := range trace {
							trace[i].size = sizing.size(r)
							for _, key := range trace[i].keys {
								if !seen[key] {
									seen[key] = true
									bytes += trace[i].size
								}
							}
						}
						working := int64(len(seen))
						if inBytes {
							working = bytes
						}
						checkTrace(t, trace, order, inBytes, upTo(working))
					})
				}
			}
		}
	}
}

// TestEveryCapacity leaves no capacity out, on short traces.
func TestEveryCapacity(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		trace := generators[seed%uint64(len(generators))].make(r, 25)
		for i := range trace {
			trace[i].size = 1 + r.Int64N(3)
		}
		var all []int64
		for c := int64(1); c <= 250; c++ {
			all = append(all, c)
		}
		checkTrace(t, trace, sim.Order(seed%2), seed/2%2 == 1, all)
	}
}

// TestNeedsByHand is the model on one page: four requests, worked out by hand.
func TestNeedsByHand(t *testing.T) {
	type step struct {
		keys      []sim.Key
		needs     []int64
		distances []int64 // in touch order
	}
	const x = sim.Never
	for _, tt := range []struct {
		order sim.Order
		steps []step
	}{
		{sim.HeadFirst, []step{
			{[]sim.Key{1, 2, 3}, []int64{x, x, x}, []int64{x, x, x}},
			{[]sim.Key{1, 2, 4}, []int64{3, 2, x}, []int64{3, 3, x}},
			{[]sim.Key{5, 3}, []int64{x, 4}, []int64{x, 5}},
			{[]sim.Key{1, 2, 1}, []int64{5, 4, 5}, []int64{5, 5, 2}},
		}},
		{sim.TailFirst, []step{
			{[]sim.Key{1, 2, 3}, []int64{x, x, x}, []int64{x, x, x}},
			{[]sim.Key{1, 2, 4}, []int64{1, 2, x}, []int64{x, 3, 3}},
			{[]sim.Key{5, 3}, []int64{x, 4}, []int64{4, x}},
			{[]sim.Key{1, 2, 1}, []int64{3, 4, 3}, []int64{3, 4, 2}},
		}},
	} {
		engine := simtest.NewEngine(tt.order)
		for _, step := range tt.steps {
			steps, err := engine.Request(step.keys, 10)
			require.NoError(t, err)
			var got []int64
			for i, need := range simtest.Needs(steps.Runs) {
				got = append(got, need.Chunks)
				if need != never {
					require.Equal(t, 10*need.Chunks, simtest.Needs(steps.Runs)[i].Bytes)
				}
			}
			require.Equal(t, step.needs, got)
			got = nil
			for _, d := range steps.Distances {
				for range d.N {
					got = append(got, d.Chunks)
				}
			}
			require.Equal(t, step.distances, got)
		}
	}
}

// TestRuns holds that a repeated request is one run, so that one depth is computed for it.
func TestRuns(t *testing.T) {
	keys := make([]sim.Key, 500)
	for i := range keys {
		keys[i] = sim.Key(i * 7)
	}
	for _, tt := range []struct {
		order sim.Order
		run   sim.Run
	}{
		{sim.HeadFirst, sim.Run{N: 500, Need: sim.Depth{500, 1500}, Step: -1, Size: 3}},
		{sim.TailFirst, sim.Run{N: 500, Need: sim.Depth{1, 3}, Step: 1, Size: 3}},
	} {
		engine := simtest.NewEngine(tt.order)
		_, err := engine.Request(keys, 3)
		require.NoError(t, err)
		steps, err := engine.Request(keys, 3)
		require.NoError(t, err)
		require.Equal(t, []sim.Run{tt.run}, steps.Runs)
		require.Equal(t, []sim.Distance{{N: 500, Depth: sim.Depth{500, 1500}, Size: 3}}, steps.Distances)
	}
}

// TestSizeDisagreesAnywhere has a chunk of another size at each place in a request.
func TestSizeDisagreesAnywhere(t *testing.T) {
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		engine := simtest.NewEngine(order)
		for key, size := range []int64{9, 5, 5} {
			_, err := engine.Request([]sim.Key{sim.Key(key)}, size)
			require.NoError(t, err)
		}
		for _, keys := range [][]sim.Key{{0, 1, 2}, {1, 0, 2}, {2, 1, 0}} {
			steps, err := engine.Request(keys, 5)
			require.NoError(t, err)
			require.True(t, steps.SizeDisagrees, keys)
		}
		steps, err := engine.Request([]sim.Key{1, 2}, 5)
		require.NoError(t, err)
		require.False(t, steps.SizeDisagrees)
	}
}

func TestMemoryFollowsUniqueChunks(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	keys := make([]sim.Key, 100)
	for i := range keys {
		keys[i] = sim.Key(i)
	}
	for range 10_000 {
		_, err := engine.Request(keys, 1)
		require.NoError(t, err)
	}
	require.LessOrEqual(t, engine.Stack.Places(), 1024) // four places a touch, in whole blocks
}

func TestSizes(t *testing.T) {
	type req struct {
		key       sim.Key
		size      int64
		disagrees bool
	}
	for _, tt := range []struct {
		name        string
		reqs        []req
		known       bool
		uniform     int64 // 0: none
		uniqueBytes int64
		smallest    int64
	}{
		{"no chunk", nil, true, 0, 0, 0},
		{"one size", []req{{1, 5, false}, {2, 5, false}, {1, 5, false}}, true, 5, 10, 5},
		{"first sight wins", []req{{1, 5, false}, {1, 4, true}, {1, 0, false}}, true, 5, 5, 5},
		{"two sizes", []req{{1, 9, false}, {2, 5, false}, {2, 5, false}, {2, 9, true}}, true, 0, 14, 5},
		{"none known", []req{{1, 0, false}, {2, 0, false}}, false, 0, 0, 0},
		{"first unknown", []req{{1, 0, false}, {2, 4, false}, {1, 4, false}}, false, 0, 4, 0},
		{"last unknown", []req{{1, 4, false}, {2, 0, false}}, false, 0, 4, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			engine := simtest.NewEngine(sim.HeadFirst)
			for _, r := range tt.reqs {
				steps, err := engine.Request([]sim.Key{r.key}, r.size)
				require.NoError(t, err)
				require.Equal(t, r.disagrees, steps.SizeDisagrees)
			}
			require.Equal(t, tt.known, engine.Stack.SizesKnown())
			size, ok := engine.Stack.UniformSize()
			require.Equal(t, tt.uniform > 0, ok)
			require.Equal(t, tt.uniform, size)
			require.Equal(t, tt.uniqueBytes, engine.Stack.UniqueBytes())
			require.Equal(t, tt.smallest, engine.Stack.SmallestSize())
		})
	}
}

func TestUnknownSizeHasNoBytes(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	for _, size := range []int64{4, 0, 4} {
		_, err := engine.Request([]sim.Key{1, 2, sim.Key(100 + size)}, size)
		require.NoError(t, err)
	}
	steps, err := engine.Request([]sim.Key{1, 2}, 4)
	require.NoError(t, err)
	require.Equal(t, []sim.Depth{{3, sim.Never}, {2, sim.Never}}, simtest.Needs(steps.Runs))
}

func TestSeenOnce(t *testing.T) {
	engine := simtest.NewEngine(sim.TailFirst)
	for _, tt := range []struct {
		keys []sim.Key
		once int64
	}{{[]sim.Key{1, 2, 3}, 3}, {[]sim.Key{2, 3}, 1}, {[]sim.Key{2, 9}, 2}, {[]sim.Key{7, 7}, 2}, {nil, 2}} {
		_, err := engine.Request(tt.keys, 1)
		require.NoError(t, err)
		require.Equal(t, tt.once, engine.Stack.SeenOnce())
	}
}

// TestTooManyBytes holds that sizes are unknown once their sum exceeds an int64.
func TestTooManyBytes(t *testing.T) {
	for _, sizes := range [][]int64{
		{math.MaxInt64/2 + 1, math.MaxInt64/2 + 1},
		{math.MaxInt64, 1},
		{1, math.MaxInt64},
	} {
		engine := simtest.NewEngine(sim.HeadFirst)
		for i, size := range sizes {
			require.True(t, engine.Stack.SizesKnown())
			_, err := engine.Request([]sim.Key{sim.Key(i)}, size)
			require.NoError(t, err)
		}
		require.False(t, engine.Stack.SizesKnown())
		steps, err := engine.Request([]sim.Key{0, 1}, 1)
		require.NoError(t, err)
		require.Equal(t, []sim.Depth{{2, sim.Never}, {1, sim.Never}}, simtest.Needs(steps.Runs))
	}
	engine := simtest.NewEngine(sim.HeadFirst)
	_, err := engine.Request([]sim.Key{1, 2, 3}, math.MaxInt64/2)
	require.NoError(t, err)
	require.False(t, engine.Stack.SizesKnown())
}

// expect is require.Equal for inner loops: it costs nothing while the figures agree.
func expect[T comparable](t testing.TB, what string, want, got T) {
	if want != got {
		t.Fatalf("%s: the plain cache has %v, the stack %v", what, want, got)
	}
}

func TestTooManyChunks(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	_, err := engine.Request([]sim.Key{1, 2}, 1)
	require.NoError(t, err)
	engine.Index.Limit = 4
	_, err = engine.Request([]sim.Key{3, 4, 5}, 1)
	require.ErrorIs(t, err, sim.ErrTooManyChunks)
	require.EqualError(t, err, "too many unique chunks: more than 4")
	require.Equal(t, int64(2), engine.Stack.UniqueChunks())
	steps, err := engine.Request([]sim.Key{2, 3}, 1)
	require.NoError(t, err)
	require.Equal(t, []int64{1, sim.Never}, []int64{simtest.Needs(steps.Runs)[0].Chunks, simtest.Needs(steps.Runs)[1].Chunks})
}

// TestMostPlaces replays up to the last chunk on a row that may not grow further, with chunks and places in the proportion of
// MaxChunks and maxPlaces. It must find what a longer row finds.
func TestMostPlaces(t *testing.T) {
	const places = 4096
	const most, chunks = places - 1024, places/2 - 1024
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		for _, sizes := range []int64{1, 3} {
			index, short, long := sim.NewIndex(), sim.NewStack(order), sim.NewStack(order)
			index.Limit = chunks
			short.SetMostPlaces(most)
			r := rand.New(rand.NewPCG(uint64(order), uint64(sizes)))
			var waiting [2][]sim.Touches // of the short row, and of the long one
			longest := 0
			for i := range 2000 {
				keys := make([]sim.Key, 1+r.IntN(1+min(i, chunks-1)))
				first := r.IntN(chunks - len(keys) + 1)
				for j := range keys {
					keys[j] = sim.Key(first + j)
				}
				rows, err := index.Number(keys, nil)
				require.NoError(t, err)
				size := 1 + r.Int64N(sizes)
				runs, touches := short.LookUp(rows, size)
				want, wanted := long.LookUp(rows, size)
				require.Equal(t, simtest.Needs(want), simtest.Needs(runs), "request %d", i)
				waiting[0], waiting[1] = append(waiting[0], touches), append(waiting[1], wanted)
				for len(waiting[0]) > r.IntN(4) {
					distances, disagrees := short.Touch(waiting[0][0])
					want, wanted := long.Touch(waiting[1][0])
					require.Equal(t, simtest.Depths(want), simtest.Depths(distances), "request %d", i)
					require.Equal(t, wanted, disagrees)
					waiting[0], waiting[1] = waiting[0][1:], waiting[1][1:]
				}
				require.LessOrEqual(t, short.Places(), most, "request %d", i)
				longest = max(longest, long.Places())
			}
			require.Equal(t, int64(chunks), short.Resident())
			require.Equal(t, sizes > 1, short.HasWeights())
			require.Greater(t, longest, most)
		}
	}
}

// TestLongRequest refuses a request of more chunks than there may be unique ones, even if few of its own are unique: its
// touches would find no places beside those that are there.
func TestLongRequest(t *testing.T) {
	index := sim.NewIndex()
	index.Limit = 4
	_, err := index.Number([]sim.Key{1, 2, 3, 4}, nil)
	require.NoError(t, err)
	rows, err := index.Number([]sim.Key{1, 2, 1, 2, 1}, nil)
	require.ErrorIs(t, err, sim.ErrTooManyChunks)
	require.EqualError(t, err, "too many unique chunks: a request has 5, and more than 4 have no room")
	require.Empty(t, rows)
	rows, err = index.Number([]sim.Key{1, 2, 1, 4}, nil)
	require.NoError(t, err)
	require.Equal(t, []sim.Row{{0, 2}, {0, 1}, {3, 1}}, rows)
}

// TestNoGarbage holds that requests for known chunks allocate nothing.
func TestNoGarbage(t *testing.T) {
	engine := simtest.NewEngine(sim.TailFirst)
	r := rand.New(rand.NewPCG(1, 1))
	trace := conversationTrace(r, 300)
	replay := func() {
		for i, req := range trace {
			_, err := engine.Request(req.keys, int64(1+i%2))
			require.NoError(t, err)
		}
	}
	replay()
	require.Less(t, testing.AllocsPerRun(20, replay), 100.0, "renumbering only")
}

// TestReplayAcrossPages repeats a request, and parts of it, whose chunks are in several pages.
func TestReplayAcrossPages(t *testing.T) {
	const n = 3*sim.PageSize + 17
	keys := make([]sim.Key, n)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range keys {
		keys[i] = sim.Key(r.Uint64())
	}
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		engine := simtest.NewEngine(order)
		expectRun := func(keys []sim.Key, run sim.Run, distance int64) {
			steps, err := engine.Request(keys, 3)
			require.NoError(t, err)
			require.Equal(t, []sim.Run{run}, steps.Runs)
			touches := 0
			for _, d := range steps.Distances {
				require.Equal(t, distance, d.Chunks)
				touches += d.N
			}
			require.Equal(t, len(keys), touches)
		}
		expectRun(keys, sim.Run{N: n, Need: never}, sim.Never)
		part := keys[1000 : n-1000]
		if order == sim.HeadFirst {
			expectRun(keys, sim.Run{N: n, Need: sim.Depth{n, 3 * n}, Step: -1, Size: 3}, n)
			expectRun(part, sim.Run{N: n - 2000, Need: sim.Depth{n - 1000, 3 * (n - 1000)}, Step: -1, Size: 3}, n-1000)
			expectRun(part, sim.Run{N: n - 2000, Need: sim.Depth{n - 2000, 3 * (n - 2000)}, Step: -1, Size: 3}, n-2000)
		} else {
			expectRun(keys, sim.Run{N: n, Need: sim.Depth{1, 3}, Step: 1, Size: 3}, n)
			expectRun(part, sim.Run{N: n - 2000, Need: sim.Depth{1001, 3003}, Step: 1, Size: 3}, n-1000)
			expectRun(part, sim.Run{N: n - 2000, Need: sim.Depth{1, 3}, Step: 1, Size: 3}, n-2000)
		}
		require.EqualValues(t, n, engine.Stack.UniqueChunks())
		require.Zero(t, engine.Stack.SeenOnce())
	}
}
