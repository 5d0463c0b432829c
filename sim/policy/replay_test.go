package policy

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/option"
)

func TestReplayErrors(t *testing.T) {
	ctx := context.Background()
	var empty Trace
	got, err := empty.Replay(ctx, LRU(), Capacity{N: 5}, sim.HeadFirst)
	require.NoError(t, err)
	require.Zero(t, got)

	_, err = empty.Replay(ctx, LRU(), Capacity{N: -1}, sim.HeadFirst)
	require.EqualError(t, err, "cache lru: a capacity of -1")

	unknown := newTrace([]made{{ids: []int{0}, size: 4, unit: 1, limit: 1, counted: true}, {ids: []int{0, 1}, unit: 1, limit: 1, counted: true}})
	for _, spec := range specs(t) {
		_, err = unknown.Replay(ctx, spec, Capacity{N: 5, InBytes: true}, sim.HeadFirst)
		require.ErrorIs(t, err, ErrSizesUnknown)
		got, err = unknown.Replay(ctx, spec, Capacity{N: 5}, sim.HeadFirst)
		require.NoError(t, err)
		require.Equal(t, Result{Hit: 1, ChunkHits: 1, Inserted: 2}, got, "%s: bytes are unknown", spec)
		_, err = unknown.Replay(ctx, spec, Capacity{N: math.MaxInt64, InBytes: true}, sim.HeadFirst)
		require.NoError(t, err, "unlimited")
	}

	for _, ids := range [][]int{{0, 1}, {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}} { // that are 2^61 and 2^64 bytes
		huge := newTrace([]made{{ids: []int{0}, size: 1 << 60, counted: true}, {ids: []int{1}, size: 1 << 60, counted: true}})
		for range 4 {
			huge.Add(Request{Rows: rowsOf(ids), Counted: true})
		}
		_, err = huge.Replay(ctx, LRU(), Capacity{N: 1}, sim.HeadFirst)
		require.ErrorIs(t, err, ErrTooManyWritten)
	}

	_, err = empty.Replay(ctx, Spec{Name: "opt"}, Capacity{N: 5}, sim.HeadFirst)
	require.ErrorAs(t, err, new(*option.UnknownError))
	_, err = empty.Replay(ctx, Spec{Name: "sieve", Options: map[string]float64{"x": 1}}, Capacity{N: 5}, sim.HeadFirst)
	require.ErrorAs(t, err, new(*option.NameError))
	_, err = empty.Replay(ctx, Spec{Name: "s3fifo", Options: map[string]float64{"small": -1}}, Capacity{N: 5}, sim.HeadFirst)
	require.ErrorAs(t, err, new(*option.ValueError))
	_, err = empty.Replay(ctx, Spec{Name: "memcached", Options: map[string]float64{"hot_lru_pct": 41}}, Capacity{N: 5}, sim.HeadFirst)
	require.ErrorAs(t, err, new(*option.ValueError))
}

// TestReplayStops ends a replay that would take a long time.
func TestReplayStops(t *testing.T) {
	var trace Trace
	for range 10_000 {
		trace.Add(Request{Rows: []sim.Row{{First: 0, N: 1 << 16}}})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := trace.Replay(ctx, LRU(), Capacity{N: 1}, sim.HeadFirst)
	require.ErrorIs(t, err, context.Canceled)

	ctx, cancel = context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err = trace.Replay(ctx, LRU(), Capacity{N: 1}, sim.HeadFirst)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestReplaysAtOnce replays one trace through all caches at the same time.
func TestReplaysAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	trace := newTrace(makeTrace(r, traffic[0].keys, sizings[2], 200))
	trace.Admit(2)
	var wait sync.WaitGroup
	for _, spec := range specs(t) {
		want, err := trace.Replay(context.Background(), spec, Capacity{N: 6}, sim.TailFirst)
		require.NoError(t, err)
		for range 2 {
			wait.Go(func() {
				got, err := trace.Replay(context.Background(), spec, Capacity{N: 6}, sim.TailFirst)
				if err != nil || got != want {
					t.Errorf("%s: %v, %+v and not %+v", spec, err, got, want)
				}
			})
		}
	}
	wait.Wait()
}

// TestBothUnits holds that with one size a capacity in bytes is that of the whole chunks that fit.
func TestBothUnits(t *testing.T) {
	trace := newTrace(conversations(t, 200, func(int) int64 { return 1000 }))
	for _, spec := range specs(t) {
		if find(spec.Name).ownBytes {
			continue // a part of the bytes is its trigger, or more than the bytes are counted: TestCachesEqualPlainOnes
		}
		for _, n := range []int64{0, 7, 100, 1500} {
			inChunks, err := trace.Replay(context.Background(), spec, Capacity{N: n}, sim.HeadFirst)
			require.NoError(t, err)
			inBytes, err := trace.Replay(context.Background(), spec, Capacity{N: 1000*n + 999, InBytes: true}, sim.HeadFirst)
			require.NoError(t, err)
			require.Equal(t, inChunks, inBytes, "%s %d", spec, n)
		}
	}
}

func TestAdmit(t *testing.T) {
	requests := []made{
		{ids: []int{0, 0, 1}}, // twice in a request is once
		{ids: []int{0}},
		{ids: []int{0, 1, 2}},
		{ids: []int{2, 1, 0}},
		{ids: []int{1}},
	}
	for i := range requests {
		requests[i].unit, requests[i].limit, requests[i].counted = 1, 9, true
	}
	touched := func(n int) (all [][]chunk) {
		trace := newTrace(requests)
		trace.Admit(n)
		for i := range requests {
			all = append(all, trace.touchedBy(i, []chunk{}))
		}
		return all
	}
	require.Equal(t, [][]chunk{{{0, none}, {0, 0}, {1, 0}}, {{0, none}}, {{0, none}, {1, 0}, {2, 1}}, {{2, none}, {1, 2}, {0, 1}}, {{1, none}}}, touched(1))
	require.Equal(t, touched(1), touched(0))
	require.Equal(t, [][]chunk{{}, {{0, none}}, {{0, none}, {1, 0}}, {{2, none}, {1, 2}, {0, 1}}, {{1, none}}}, touched(2))
	require.Equal(t, [][]chunk{{}, {}, {{0, none}}, {{1, 2}, {0, 1}}, {{1, none}}}, touched(3))
	require.Equal(t, [][]chunk{{}, {}, {}, {}, {}}, touched(math.MaxInt))

	trace := newTrace(requests)
	trace.Admit(2)
	got, err := trace.Replay(context.Background(), LRU(), Capacity{N: 5}, sim.HeadFirst)
	require.NoError(t, err)
	require.Equal(t, Result{Hit: 2, ChunkHits: 4, Inserted: 3}, got, "0 in the third request, 1 in the last; 1 and 0 behind 2 only count as chunks")
}

// TestRandomIsFair evicts often, and holds that each chunk goes about as often as any other.
func TestRandomIsFair(t *testing.T) {
	var requests []made
	for i := range 20_000 {
		requests = append(requests, made{ids: []int{i}, counted: true})
	}
	const capacity = 10
	trace := newTrace(requests)
	ages := make([]int, 40)
	r, err := trace.newReplayer(parsed(t, "random"), Capacity{N: capacity}, sim.HeadFirst)
	require.NoError(t, err)
	var held []int
	for i := range requests {
		r.request(i)
		for j, id := range held {
			if !r.cache.room.place[id].resident() {
				if age := i - id; age < len(ages) {
					ages[age]++
				}
				held = append(held[:j], held[j+1:]...)
				break
			}
		}
		held = append(held, i)
	}
	// A chunk stays for another insertion with probability 9/10.
	for age := 1; age < len(ages); age++ {
		p := math.Pow(1-1.0/capacity, float64(age-1)) / capacity
		require.InDelta(t, 20_000*p, ages[age], 5*math.Sqrt(20_000*p), "age %d", age)
	}
	require.NotEqual(t, replayed(t, conversations(t, 100, oneSize), parsed(t, "random:seed=2"), Capacity{N: 50}, sim.HeadFirst),
		replayed(t, conversations(t, 100, oneSize), parsed(t, "random"), Capacity{N: 50}, sim.HeadFirst))
}
