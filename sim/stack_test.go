package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// both compares the one-pass engine with a plain LRU of one capacity, request by request.
type both struct {
	capacity int64
	unit     Unit
	plain    *LRU
	misses   int // classic misses of the stack since the start
	evicted  int // evictions of the plain cache since the start
}

func (b *both) depth(d Depth) int64 {
	if b.unit == InChunks {
		return d.Chunks
	}
	return d.Bytes
}

// needs spells the runs of a request out, chunk by chunk.
func needs(steps Steps) (needs []Depth) {
	for _, run := range steps.Runs {
		for i := range run.N {
			needs = append(needs, run.NeedAt(i))
		}
	}
	return needs
}

func (b *both) check(t testing.TB, stack *Stack, req request, steps Steps) {
	out := b.plain.Request(req.keys, req.size)
	needs := needs(steps)
	expect(t, "chunks", len(req.keys), len(needs))
	prefix := 0
	for prefix < len(needs) && b.depth(needs[prefix]) <= b.capacity {
		prefix++
	}
	expect(t, "hit prefix", out.HitPrefix, prefix)
	for i, need := range needs {
		if out.Resident[i] != (b.depth(need) <= b.capacity) || out.Cold[i] != (need.Chunks == Never) {
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

func (b *both) checkResidents(t testing.TB, stack *Stack) {
	residents := stack.ResidentChunks(b.capacity)
	if b.unit == InBytes {
		residents = stack.ResidentInBytes(b.capacity)
	}
	expect(t, "resident chunks", b.plain.ResidentChunks(), int(residents))
	expect(t, "evictions", b.evicted, b.misses-int(residents))
}

// checkTrace replays a trace once through the stack and once a capacity through the plain cache. The chunks are numbered
// sixteen requests ahead, by an index whose segments are so small that they split all the time.
func checkTrace(t testing.TB, trace []request, order Order, unit Unit, capacities []int64) {
	index, stack := newIndex(3), NewStack(order)
	var caches []*both
	for _, c := range capacities {
		caches = append(caches, &both{capacity: c, unit: unit, plain: NewLRU(c, unit, order)})
	}
	touched := map[Key]int{}
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
			steps := stack.Replay(rows[i], req.size)
			for _, b := range caches {
				b.check(t, stack, req, steps)
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	}
}

func numberAll(t testing.TB, index *Index, requests []request) (rows [][]Row) {
	for _, req := range requests {
		numbered, err := index.Number(req.keys, nil)
		require.NoError(t, err)
		rows = append(rows, numbered)
	}
	return rows
}

// upTo returns the capacities 1 … n, thinned to at most about 60.
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
			for _, order := range []Order{HeadFirst, TailFirst} {
				for _, unit := range []Unit{InChunks, InBytes} {
					t.Run(fmt.Sprint(g.name, "/", sizing.name, "/order ", order, "/unit ", unit), func(t *testing.T) {
						t.Parallel()
						r := rand.New(rand.NewPCG(uint64(order), uint64(unit)))
						trace := g.make(r, 150)
						var bytes int64
						seen := map[Key]bool{}
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
						if unit == InBytes {
							working = bytes
						}
						checkTrace(t, trace, order, unit, upTo(working))
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
		checkTrace(t, trace, Order(seed%2), Unit(seed/2%2), all)
	}
}

// TestNeedsByHand is the model on one page: four requests, worked out with pencil and paper.
func TestNeedsByHand(t *testing.T) {
	type step struct {
		keys      []Key
		needs     []int64
		distances []int64 // in touch order
	}
	const x = Never
	for _, tt := range []struct {
		order Order
		steps []step
	}{
		{HeadFirst, []step{
			{[]Key{1, 2, 3}, []int64{x, x, x}, []int64{x, x, x}},
			{[]Key{1, 2, 4}, []int64{3, 2, x}, []int64{3, 3, x}},
			{[]Key{5, 3}, []int64{x, 4}, []int64{x, 5}},
			{[]Key{1, 2, 1}, []int64{5, 4, 5}, []int64{5, 5, 2}},
		}},
		{TailFirst, []step{
			{[]Key{1, 2, 3}, []int64{x, x, x}, []int64{x, x, x}},
			{[]Key{1, 2, 4}, []int64{1, 2, x}, []int64{x, 3, 3}},
			{[]Key{5, 3}, []int64{x, 4}, []int64{4, x}},
			{[]Key{1, 2, 1}, []int64{3, 4, 3}, []int64{3, 4, 2}},
		}},
	} {
		stack := NewStack(tt.order)
		for _, step := range tt.steps {
			steps, err := stack.Request(step.keys, 10)
			require.NoError(t, err)
			var got []int64
			for i, need := range needs(steps) {
				got = append(got, need.Chunks)
				if need != never {
					require.Equal(t, 10*need.Chunks, needs(steps)[i].Bytes)
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

// TestRuns holds the promise that a repeated request is one run, so that one depth query serves it.
func TestRuns(t *testing.T) {
	keys := make([]Key, 500)
	for i := range keys {
		keys[i] = Key(i * 7)
	}
	for _, tt := range []struct {
		order Order
		run   Run
	}{
		{HeadFirst, Run{N: 500, Need: Depth{500, 1500}, Step: -1, Size: 3}},
		{TailFirst, Run{N: 500, Need: Depth{1, 3}, Step: 1, Size: 3}},
	} {
		stack := NewStack(tt.order)
		_, err := stack.Request(keys, 3)
		require.NoError(t, err)
		steps, err := stack.Request(keys, 3)
		require.NoError(t, err)
		require.Equal(t, []Run{tt.run}, steps.Runs)
		require.Equal(t, []Distance{{N: 500, Depth: Depth{500, 1500}, Size: 3}}, steps.Distances)
	}
}

// TestSizeDisagreesAnywhere notes a chunk of another size that is not the request's last.
func TestSizeDisagreesAnywhere(t *testing.T) {
	for _, order := range []Order{HeadFirst, TailFirst} {
		stack := NewStack(order)
		for key, size := range []int64{9, 5, 5} {
			_, err := stack.Request([]Key{Key(key)}, size)
			require.NoError(t, err)
		}
		for _, keys := range [][]Key{{0, 1, 2}, {1, 0, 2}, {2, 1, 0}} {
			steps, err := stack.Request(keys, 5)
			require.NoError(t, err)
			require.True(t, steps.SizeDisagrees, keys)
		}
		steps, err := stack.Request([]Key{1, 2}, 5)
		require.NoError(t, err)
		require.False(t, steps.SizeDisagrees)
	}
}

func TestMemoryFollowsUniqueChunks(t *testing.T) {
	stack := NewStack(HeadFirst)
	keys := make([]Key, 100)
	for i := range keys {
		keys[i] = Key(i)
	}
	for range 10_000 {
		_, err := stack.Request(keys, 1)
		require.NoError(t, err)
	}
	require.LessOrEqual(t, stack.marks.len(), 1024) // four places a touch, in whole blocks
}

func TestSizes(t *testing.T) {
	type req struct {
		key       Key
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
			stack := NewStack(HeadFirst)
			for _, r := range tt.reqs {
				steps, err := stack.Request([]Key{r.key}, r.size)
				require.NoError(t, err)
				require.Equal(t, r.disagrees, steps.SizeDisagrees)
			}
			require.Equal(t, tt.known, stack.SizesKnown())
			size, ok := stack.UniformSize()
			require.Equal(t, tt.uniform > 0, ok)
			require.Equal(t, tt.uniform, size)
			require.Equal(t, tt.uniqueBytes, stack.UniqueBytes())
			require.Equal(t, tt.smallest, stack.SmallestSize())
		})
	}
}

func TestUnknownSizeHasNoBytes(t *testing.T) {
	stack := NewStack(HeadFirst)
	for _, size := range []int64{4, 0, 4} {
		_, err := stack.Request([]Key{1, 2, Key(100 + size)}, size)
		require.NoError(t, err)
	}
	steps, err := stack.Request([]Key{1, 2}, 4)
	require.NoError(t, err)
	require.Equal(t, []Depth{{3, Never}, {2, Never}}, needs(steps))
}

func TestSeenOnce(t *testing.T) {
	stack := NewStack(TailFirst)
	for _, tt := range []struct {
		keys []Key
		once int64
	}{{[]Key{1, 2, 3}, 3}, {[]Key{2, 3}, 1}, {[]Key{2, 9}, 2}, {[]Key{7, 7}, 2}, {nil, 2}} {
		_, err := stack.Request(tt.keys, 1)
		require.NoError(t, err)
		require.Equal(t, tt.once, stack.SeenOnce())
	}
}

// TestTooManyBytes takes sizes whose sum no int64 holds for unknown.
func TestTooManyBytes(t *testing.T) {
	for _, sizes := range [][]int64{
		{math.MaxInt64/2 + 1, math.MaxInt64/2 + 1},
		{math.MaxInt64, 1},
		{1, math.MaxInt64},
	} {
		stack := NewStack(HeadFirst)
		for i, size := range sizes {
			require.True(t, stack.SizesKnown())
			_, err := stack.Request([]Key{Key(i)}, size)
			require.NoError(t, err)
		}
		require.False(t, stack.SizesKnown())
		steps, err := stack.Request([]Key{0, 1}, 1)
		require.NoError(t, err)
		require.Equal(t, []Depth{{2, Never}, {1, Never}}, needs(steps))
	}
	stack := NewStack(HeadFirst)
	_, err := stack.Request([]Key{1, 2, 3}, math.MaxInt64/2)
	require.NoError(t, err)
	require.False(t, stack.SizesKnown())
}

// expect is require.Equal for the inner loop: it costs nothing while the figures agree.
func expect[T comparable](t testing.TB, what string, want, got T) {
	if want != got {
		t.Fatalf("%s: the plain cache has %v, the stack %v", what, want, got)
	}
}

func TestTooManyChunks(t *testing.T) {
	stack := NewStack(HeadFirst)
	_, err := stack.Request([]Key{1, 2}, 1)
	require.NoError(t, err)
	stack.index.Limit = 4
	_, err = stack.Request([]Key{3, 4, 5}, 1)
	require.ErrorIs(t, err, ErrTooManyChunks)
	require.EqualError(t, err, "too many unique chunks: more than 4")
	require.Equal(t, int64(2), stack.UniqueChunks())
	steps, err := stack.Request([]Key{2, 3}, 1)
	require.NoError(t, err)
	require.Equal(t, []int64{1, Never}, []int64{needs(steps)[0].Chunks, needs(steps)[1].Chunks})
}

// TestRowLength holds that ids and places stay within 32 bits, and below the one that means nowhere, up to the last chunk.
// A request touches chunks that are known beside those that are new, so it may touch many where none can be new any more.
func TestRowLength(t *testing.T) {
	for _, weighted := range []bool{false, true} {
		for _, chunks := range []int64{0, 1, 31, 1 << 20, 1 << 29, 1<<30 - 1, 1 << 30, MaxChunks - 1, MaxChunks} {
			for _, n := range []int64{0, 1, 24, 1000, 1 << 20, 1 << 29, MaxChunks - chunks, MaxChunks - 1, MaxChunks} {
				length := rowLength(chunks, n, weighted, maxPlaces)
				blocks := (length + 64*blockWords - 1) / (64 * blockWords)
				require.GreaterOrEqual(t, length, min(2*(chunks+n), maxPlaces), "%d and %d", chunks, n)
				require.GreaterOrEqual(t, length, chunks+n, "%d and %d", chunks, n)
				require.LessOrEqual(t, blocks*64*blockWords, int64(nowhere), "%d and %d", chunks, n)
			}
		}
	}
}

// depths spells distances out, chunk by chunk.
func depths(distances []Distance) (depths []Depth) {
	for _, d := range distances {
		for range d.N {
			depths = append(depths, d.Depth)
		}
	}
	return depths
}

// TestMostPlaces replays up to the last chunk on a row that may be no longer than so many chunks need, in the proportion of
// MaxChunks and maxPlaces, and wants what a longer row gives.
func TestMostPlaces(t *testing.T) {
	const places = 4096
	const most, chunks = places - 1024, places/2 - 1024
	for _, order := range []Order{HeadFirst, TailFirst} {
		for _, sizes := range []int64{1, 3} {
			index, short, long := NewIndex(), NewStack(order), NewStack(order)
			index.Limit, short.most = chunks, most
			r := rand.New(rand.NewPCG(uint64(order), uint64(sizes)))
			var waiting [2][]Touches // of the short row, and of the long one
			longest := 0
			for i := range 2000 {
				keys := make([]Key, 1+r.IntN(1+min(i, chunks-1)))
				first := r.IntN(chunks - len(keys) + 1)
				for j := range keys {
					keys[j] = Key(first + j)
				}
				rows, err := index.Number(keys, nil)
				require.NoError(t, err)
				size := 1 + r.Int64N(sizes)
				runs, touches := short.LookUp(rows, size)
				want, wanted := long.LookUp(rows, size)
				require.Equal(t, needs(Steps{Runs: want}), needs(Steps{Runs: runs}), "request %d", i)
				waiting[0], waiting[1] = append(waiting[0], touches), append(waiting[1], wanted)
				for len(waiting[0]) > r.IntN(4) {
					distances, disagrees := short.Touch(waiting[0][0])
					want, wanted := long.Touch(waiting[1][0])
					require.Equal(t, depths(want), depths(distances), "request %d", i)
					require.Equal(t, wanted, disagrees)
					waiting[0], waiting[1] = waiting[0][1:], waiting[1][1:]
				}
				require.LessOrEqual(t, short.marks.len(), most, "request %d", i)
				longest = max(longest, long.marks.len())
			}
			require.Equal(t, int64(chunks), short.StoredChunks())
			require.Equal(t, sizes > 1, short.weights != nil)
			require.Greater(t, longest, most)
		}
	}
}

// TestLongRequest refuses a request that is longer than there may be chunks, though it has few that are unlike: they would
// not find places beside those that are there.
func TestLongRequest(t *testing.T) {
	index := NewIndex()
	index.Limit = 4
	_, err := index.Number([]Key{1, 2, 3, 4}, nil)
	require.NoError(t, err)
	rows, err := index.Number([]Key{1, 2, 1, 2, 1}, nil)
	require.ErrorIs(t, err, ErrTooManyChunks)
	require.EqualError(t, err, "too many unique chunks: a request has 5, and more than 4 have no room")
	require.Empty(t, rows)
	rows, err = index.Number([]Key{1, 2, 1, 4}, nil)
	require.NoError(t, err)
	require.Equal(t, []Row{{0, 2}, {0, 1}, {3, 1}}, rows)
}

// TestNoGarbage holds that requests for known chunks allocate nothing.
func TestNoGarbage(t *testing.T) {
	stack := NewStack(TailFirst)
	r := rand.New(rand.NewPCG(1, 1))
	trace := conversationTrace(r, 300)
	replay := func() {
		for i, req := range trace {
			_, err := stack.Request(req.keys, int64(1+i%2))
			require.NoError(t, err)
		}
	}
	replay()
	require.Less(t, testing.AllocsPerRun(20, replay), 100.0, "renumbering only")
}
