package sim_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// admitting returns an engine that touches chunks from their nth lookup on.
func admitting(n int, order sim.Order) *simtest.Engine {
	engine := simtest.NewEngine(order)
	engine.Stack.SetAdmission(n)
	return engine
}

// TestAdmissionByHand is admission on the second lookup on one page.
func TestAdmissionByHand(t *testing.T) {
	const x = sim.Never
	type run = sim.Run
	never := sim.Depth{Chunks: x, Bytes: x}
	at := func(chunks int64) sim.Depth { return sim.Depth{Chunks: chunks, Bytes: 10 * chunks} }
	engine := admitting(2, sim.HeadFirst)
	for i, step := range []struct {
		keys      []sim.Key
		runs      []run
		distances []sim.Distance
	}{
		{[]sim.Key{1, 2, 3, 2}, []run{{N: 4, Need: never}}, nil}, // 2 twice in one request
		{[]sim.Key{1, 2, 4}, []run{{N: 2, Need: never, Refused: true}, {N: 1, Need: never}}, []sim.Distance{{N: 2, Depth: never, Size: 10}}},
		{[]sim.Key{1, 2, 3, 5}, []run{{N: 2, Need: at(2), Step: -1, Size: 10}, {N: 1, Need: never, Refused: true}, {N: 1, Need: never}},
			[]sim.Distance{{N: 2, Depth: at(2), Size: 10}, {N: 1, Depth: never, Size: 10}}},
		{[]sim.Key{4, 3, 4}, []run{{N: 1, Need: never, Refused: true}, {N: 1, Need: at(1), Size: 10}, {N: 1, Need: never, Refused: true}},
			[]sim.Distance{{N: 1, Depth: never, Size: 10}, {N: 2, Depth: at(2), Size: 10}}}, // 3 and 4 are neighbours by now
	} {
		steps, err := engine.Request(step.keys, 10)
		require.NoError(t, err)
		require.Equal(t, step.runs, steps.Runs, "request %d", i)
		require.Equal(t, step.distances, steps.Distances, "request %d", i)
	}
	require.EqualValues(t, 5, engine.Stack.UniqueChunks())
	require.EqualValues(t, 4, engine.Stack.Resident())
	require.EqualValues(t, 1, engine.Stack.SeenOnce(), "5; 1, 2, 3 and 4 were looked up again, 2 in its first request")
}

// TestAdmissionDecidesAtTheLookup has touches that wait. A chunk whose first touch waits is like one that is new.
func TestAdmissionDecidesAtTheLookup(t *testing.T) {
	stack := sim.NewStack(sim.TailFirst)
	stack.SetAdmission(2)
	rows := []sim.Row{{First: 0, N: 2}}
	var waiting []sim.Touches
	for _, refused := range []bool{false, true, false} {
		runs, touches := stack.LookUp(rows, 7)
		require.Equal(t, []sim.Run{{N: 2, Need: never, Refused: refused}}, runs)
		waiting = append(waiting, touches.Clone())
	}
	for i, touches := range []int{0, 2, 2} {
		require.Equal(t, touches, waiting[i].Len())
		distances, _ := stack.Touch(waiting[i])
		require.Equal(t, i > 0, len(distances) > 0)
	}
	require.EqualValues(t, 2, stack.Resident())
}

// TestFirstSizesOfLateChunks has chunks that are first touched by a request with another size than their first lookup's, in
// one run with chunks of other sizes.
func TestFirstSizesOfLateChunks(t *testing.T) {
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		engine := admitting(2, order)
		for i, req := range []struct {
			keys      []sim.Key
			size      int64
			disagrees bool
		}{
			{[]sim.Key{1, 2}, 5, false},
			{[]sim.Key{3}, 9, false}, // unlike sizes from here on
			{[]sim.Key{4, 4}, 5, false},
			{[]sim.Key{1, 2, 3, 4, 5}, 9, true},
			{[]sim.Key{5}, 9, false},
			{[]sim.Key{6}, 0, false},
			{[]sim.Key{6, 3}, 9, false},
			{[]sim.Key{4}, 0, false},
		} {
			steps, err := engine.Request(req.keys, req.size)
			require.NoError(t, err)
			require.Equal(t, req.disagrees, steps.SizeDisagrees, "request %d", i)
		}
		sizes := map[sim.Key]int64{}
		for c := range engine.Stack.All() {
			sizes[engine.Index.Key(c.ID)] = c.Size
		}
		require.Equal(t, map[sim.Key]int64{1: 5, 2: 5, 3: 9, 4: 5, 5: 9, 6: 0}, sizes)
	}
	alike := admitting(2, sim.HeadFirst)
	for i, size := range []int64{5, 9, 9} {
		steps, err := alike.Request([]sim.Key{1}, size)
		require.NoError(t, err)
		require.Equal(t, i > 0, steps.SizeDisagrees)
	}
	size, ok := alike.Stack.UniformSize()
	require.True(t, ok, "the second size is nobody's")
	require.EqualValues(t, 5, size)
}

// TestAdmissionLeavesTheRest compares what doesn't depend on touches with a stack that admits everything.
func TestAdmissionLeavesTheRest(t *testing.T) {
	for _, g := range generators {
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 41))
			plain := simtest.NewEngine(sim.HeadFirst)
			first, third := admitting(1, sim.HeadFirst), admitting(3, sim.HeadFirst)
			for _, req := range g.make(r, 120) {
				size := r.Int64N(3)
				want, err := plain.Request(req.keys, size)
				require.NoError(t, err)
				all, err := first.Request(req.keys, size)
				require.NoError(t, err)
				require.Equal(t, want, all, "from the first lookup on")
				few, err := third.Request(req.keys, size)
				require.NoError(t, err)
				require.Equal(t, want.SizeDisagrees, few.SizeDisagrees)
				for _, s := range []*sim.Stack{first.Stack, third.Stack} {
					require.Equal(t, plain.Stack.SeenOnce(), s.SeenOnce())
					require.Equal(t, plain.Stack.UniqueChunks(), s.UniqueChunks())
					require.Equal(t, plain.Stack.UniqueBytes(), s.UniqueBytes())
					require.Equal(t, plain.Stack.SizesKnown(), s.SizesKnown())
				}
			}
			require.LessOrEqual(t, third.Stack.Resident(), plain.Stack.Resident())
		}
	}
}

// TestAdmissionAcrossPages has requests longer than a page, and the largest admission.
func TestAdmissionAcrossPages(t *testing.T) {
	const n = 2*sim.PageSize + 5
	keys := make([]sim.Key, n)
	for i := range keys {
		keys[i] = sim.Key(i)
	}
	engine := admitting(sim.MaxAdmission, sim.HeadFirst)
	for i := range sim.MaxAdmission + 2 {
		steps, err := engine.Request(keys, 1)
		require.NoError(t, err)
		switch {
		case i < sim.MaxAdmission:
			require.Equal(t, []sim.Run{{N: n, Need: never, Refused: i > 0}}, steps.Runs)
		default:
			require.Equal(t, []sim.Run{{N: n, Need: sim.Depth{Chunks: n, Bytes: n}, Step: -1, Size: 1}}, steps.Runs)
		}
		require.Equal(t, i >= sim.MaxAdmission-1, engine.Stack.Resident() == n)
	}
}

// TestAdmissionOfEverySecondChunk admits chunks between others that have been admitted, in one row with unlike sizes. Each is
// touched by itself, and must not look through those behind it.
func TestAdmissionOfEverySecondChunk(t *testing.T) {
	const n = 400_000
	stack := sim.NewStack(sim.HeadFirst)
	stack.SetAdmission(2)
	touch := func(size int64, rows ...sim.Row) []sim.Distance {
		_, touches := stack.LookUp(rows, size)
		distances, _ := stack.Touch(touches)
		return distances
	}
	touch(7, sim.Row{First: 0, N: n})
	touch(9, sim.Row{First: n, N: 1})
	var even []sim.Row
	for id := uint32(0); id < n; id += 2 {
		even = append(even, sim.Row{First: id, N: 1})
	}
	touch(7, even...)
	start := time.Now()
	require.Len(t, touch(7, sim.Row{First: 0, N: n}), n)
	require.Less(t, time.Since(start), 5*time.Second)
	require.EqualValues(t, n, stack.Resident())
}

// TestAdmissionMakesNoGarbage holds that requests for known chunks allocate nothing, refused or not.
func TestAdmissionMakesNoGarbage(t *testing.T) {
	trace := repeatTrace(rand.New(rand.NewPCG(1, 1)), 300)
	for _, n := range []int{2, sim.MaxAdmission} {
		engine := admitting(n, sim.TailFirst)
		replay := func() {
			for i, req := range trace {
				_, err := engine.Request(req.keys, int64(1+i%2))
				require.NoError(t, err)
			}
		}
		replay()
		require.Less(t, testing.AllocsPerRun(20, replay), 100.0, "renumbering only")
	}
}
