package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestHeatEqualsRolling compares every cell with rolling lines at the same capacities, in windows of the same length, under
// all caches and kinds of sizes.
func TestHeatEqualsRolling(t *testing.T) {
	t.Parallel()
	for seed := range seeds(48) {
		rng := rand.New(rand.NewPCG(seed, 15))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
		records := randomRecords(rng, kind, 250)
		opts := Options{TouchOrder: sim.Order(rng.IntN(2)), IgnoreModel: rng.IntN(3) == 0, Grid: &GridOptions{}, Rolling: &RollingOptions{}, Heat: true}
		opts.Rolling.Window = []time.Duration{0, 20 * time.Second, time.Second, time.Millisecond, 77 * time.Millisecond}[rng.IntN(5)]
		opts.Warmup.Fraction = []float64{0, .3}[rng.IntN(2)]
		opts.Cache.StoreDelay = []time.Duration{0, 9 * time.Second}[rng.IntN(2)]
		opts.Cache.TTL = []time.Duration{0, 40 * time.Second}[rng.IntN(2)]
		opts.Cache.Admit = []int{0, 2}[rng.IntN(2)]
		if rng.IntN(3) == 0 {
			opts.Cache.Watermark = &sim.Watermark{Trigger: .8, Ratio: .3}
		}
		if rng.IntN(3) == 0 {
			opts.Grid.From, opts.Grid.To = units.InChunks(1+rng.Int64N(30)), units.InChunks(40+rng.Int64N(300))
			if kind == "by model" || kind == "disagreeing" {
				opts.Grid.From.Unit, opts.Grid.To.Unit = units.Bytes, units.Bytes
			}
		}
		rep := runLog(t, records, opts)
		heat := rep.Heat
		require.Greater(t, len(heat.Lines), 1)
		opts.Heat = false
		require.Equal(t, runLog(t, records, opts).Rolling, rep.Rolling, "%d: %s, beside heat", seed, kind)
		opts.Rolling = &RollingOptions{Window: heat.Window, Capacities: heat.Lines}
		require.Equal(t, runLog(t, records, opts).Rolling, heat, "%d: %s", seed, kind)
	}
}

// TestHeatInStretches merges heat of stretches whose windows have been joined, each on its own.
func TestHeatInStretches(t *testing.T) {
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 16))
		records := randomRecords(rng, []string{"equal", "disagreeing"}[seed%2], 300)
		gap := 0.0
		for i := range records {
			if rng.IntN(60) == 0 {
				gap += float64(rng.IntN(3000))
			}
			records[i].Timestamp += gap
		}
		opts := Options{Grid: &GridOptions{}, Heat: true, Rolling: &RollingOptions{Window: []time.Duration{0, time.Second, 13 * time.Millisecond}[rng.IntN(3)]}}
		files := findLog(t, records)
		want, err := Run(t.Context(), files, opts)
		require.NoError(t, err)
		got := replayInStretches(t, files, &opts, 0, nil, func(int64) bool { return rng.IntN(20) == 0 })
		require.Equal(t, want.Heat, got.Heat)
	}
}

// TestHeatHasFewWindows expects windows joined to a round multiple of the length asked for.
func TestHeatHasFewWindows(t *testing.T) {
	for _, tt := range []struct {
		window  time.Duration
		seconds float64
		want    time.Duration
	}{
		{0, 86400, 15 * time.Minute}, // as many as the rolling windows
		{time.Second, 399, time.Second},
		{time.Second, 400, 5 * time.Second},
		{time.Second, 86400, 5 * time.Minute},
		{time.Millisecond, 1, 4 * time.Millisecond},
		{time.Hour, 365 * 86400, 24 * time.Hour},
		{7 * time.Second, 86400, 224 * time.Second},
		{90 * time.Second, 86400, 15 * time.Minute},
		{24 * time.Hour, 10 * 365 * 86400, 16 * 24 * time.Hour},
	} {
		h := newHeatTally(&Options{Rolling: &RollingOptions{Window: tt.window}}, nil)
		for _, ts := range []float64{0, tt.seconds, tt.seconds / 2} {
			require.NoError(t, h.lookUp(&request{time: ts, tokens: tokens{1, 10}, counted: true}))
		}
		require.Equal(t, tt.want, h.windows.Length(), "%s, %g s", tt.window, tt.seconds)
		twice := newHeatTally(&Options{Rolling: &RollingOptions{Window: tt.window}}, nil)
		require.NoError(t, twice.merge(h))
		require.NoError(t, twice.merge(h))
		require.Equal(t, tt.want, twice.windows.Length())
		require.NoError(t, twice.lookUp(&request{time: tt.seconds, tokens: tokens{1, 10}, counted: true}))
		require.Equal(t, tt.want, twice.windows.Length())
	}
}

// TestHeatOfWildTimestamps ends, whatever the timestamps.
func TestHeatOfWildTimestamps(t *testing.T) {
	for _, window := range []time.Duration{0, time.Millisecond, 24 * time.Hour, math.MaxInt64} {
		h := newHeatTally(&Options{Rolling: &RollingOptions{Window: window}}, nil)
		for range 2 {
			for _, ts := range wild {
				require.NoError(t, h.lookUp(&request{time: ts, tokens: tokens{1, 10}, counted: true}))
			}
		}
		requests := int64(0)
		for i := range h.windows.Len() {
			requests += h.windows.Sums(i).requests
		}
		require.EqualValues(t, 2*len(wild), requests)
	}
}

// TestHeatLines expects the steps from 1 % of the ceiling to the ceiling, or those around the ends of the grid.
func TestHeatLines(t *testing.T) {
	ns := func(h *Rolling) (out []int64) {
		for _, c := range h.Lines {
			out = append(out, c.N)
		}
		return out
	}
	// 101 chunks in a loop; now and then the latest one comes again at once.
	loop := func(every int) (records []log.Record) {
		for i := range 1000 {
			n := i
			if i%every == 1 {
				n = i - 1
			}
			records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{fmt.Sprint("loop", n%101)}})
		}
		return records
	}
	records := loop(250)
	opts := Options{Grid: &GridOptions{}, Rolling: &RollingOptions{}, Heat: true}
	require.Equal(t, []int64{54, 64, 76, 91, 108}, ns(runLog(t, records, opts).Heat), "less than 1 % of the hits need less, and an octave is the least")
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16, 19, 23, 27, 32, 38, 45, 54, 64, 76, 91, 108}, ns(runLog(t, loop(50), opts).Heat))
	opts.Grid.From = units.InChunks(20)
	require.Equal(t, []int64{19, 23, 27, 32, 38, 45, 54, 64, 76, 91, 108}, ns(runLog(t, records, opts).Heat))
	opts.Grid.To = units.InChunks(21)
	require.Equal(t, []int64{19, 23}, ns(runLog(t, records, opts).Heat))
	opts.Grid.From, opts.Grid.To = units.InChunks(1000), units.Capacity{}
	require.Equal(t, []int64{861, 1024}, ns(runLog(t, records, opts).Heat))
	opts.Grid.From, opts.Grid.To = units.Capacity{}, units.InChunks(4)
	require.Equal(t, []int64{3, 4}, ns(runLog(t, records, opts).Heat))

	opts.Grid = &GridOptions{}
	opts.BytesPerChunk = 1000
	require.Equal(t, []int64{512, 609, 724, 861, 1024}, ns(runLog(t, records[3:90], opts).Heat), "nothing hits")
	for i := range records {
		records[i].ChunkHashes = []string{"same"}
	}
	require.Equal(t, []int64{512, 609, 724, 861, 1024}, ns(runLog(t, records, opts).Heat), "one chunk has it all")
	opts.BytesPerChunk = 0
	require.Equal(t, []int64{1, 2}, ns(runLog(t, records, opts).Heat), "one chunk has it all")
}

// TestLogSteps expects capacities that a person can write, at equal distances.
func TestLogSteps(t *testing.T) {
	steps := logSteps()
	for _, want := range []string{"64GiB", "76.1GiB", "90.5GiB", "108GiB", "128GiB", "1TiB", "1.19TiB", "1.41TiB", "1.68TiB", "861MiB"} {
		c, err := units.ParseCapacity(want)
		require.NoError(t, err)
		require.Contains(t, steps, c.N, want)
	}
	for e := range 63 {
		require.Contains(t, steps, int64(1)<<e)
	}
	for i, n := range steps[1:] {
		if steps[i] >= 100 {
			require.InDelta(t, math.Exp2(.25), float64(n)/float64(steps[i]), .012)
		}
	}
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7, 8}, steps[:8])
}

// TestStepSetEqualsCapacitySet counts the same rows of tokens by step, and by a search among all steps.
func TestStepSetEqualsCapacitySet(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	fast := newStepSet(&Options{})
	slow := newStepSet(&Options{})
	slow.chunks.many, slow.bytes.many = false, false
	for range 300 {
		var a, b partHits
		for range 1 + rng.IntN(8) {
			q := &request{}
			for range 1 + rng.IntN(4) {
				r := row{need: sim.Depth{Chunks: 1 + rng.Int64N(1<<rng.IntN(62)), Bytes: sim.Never}, n: 1 + rng.Int64N(1<<rng.IntN(10)), tokens: 1 + rng.Int64N(1000)}
				r.size = 1 + rng.Int64N(1<<rng.IntN(40))
				if rng.IntN(2) == 0 {
					r.need.Bytes = 1 + rng.Int64N(1<<rng.IntN(62))
				}
				q.demand = append(q.demand, r)
			}
			fast.add(&a, q, hitTokens)
			slow.add(&b, q, hitTokens)
		}
		for _, n := range logSteps() {
			for _, c := range []units.Capacity{units.InChunks(n), units.InBytes(n)} {
				require.Equal(t, slow.tokens(&b, c), fast.tokens(&a, c), "%s", c)
			}
		}
	}
	for _, depth := range []int64{1, 2, 3, 1023, 1024, 1025, 1 << 62, 1<<62 + 1, math.MaxInt64 - 1} {
		want, _ := slices.BinarySearch(fast.chunks.list, depth)
		require.Equal(t, want, fast.chunks.reach(depth), strconv.FormatInt(depth, 10))
	}
	hits := fast.chunks.addSpan(nil, histogram.Span{Lo: math.MaxInt64 - 5, Step: 1, N: 3, Weight: 1})
	require.Empty(t, hits, "deeper than any step")
}

// TestJointLevelsEqualSeparateLists counts requests whose chunks have one size, and later others, in joint lists and in lists of
// each unit alone.
func TestJointLevelsEqualSeparateLists(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	listed := []units.Capacity{units.InBytes(1), units.InBytes(1000), units.InBytes(1 << 40), units.InChunks(7), units.InChunks(1 << 40), {Unit: units.Unlimited}}
	var powers, steps []units.Capacity
	for n := int64(1); n > 0; n <<= 1 {
		powers = append(powers, units.InChunks(n), units.InBytes(n))
	}
	for _, n := range logSteps() {
		steps = append(steps, units.InChunks(n), units.InBytes(n))
	}
	for _, tt := range []struct {
		joint, separate partCounter
		capacities      []units.Capacity
	}{
		{newCapacitySet(listed), newCapacitySet(listed), listed},
		{powersOfTwo(), powersOfTwo(), append(powers, units.Capacity{Unit: units.Unlimited})},
		{newStepSet(&Options{}), newStepSet(&Options{}), steps},
	} {
		for range 100 {
			size := 1 + rng.Int64N(1<<rng.IntN(30))
			var together, alone, part partHits
			for range 8 {
				q := &request{}
				if rng.IntN(4) > 0 {
					q.sizes = sizes{known: true, one: size}
				}
				for range 1 + rng.IntN(4) {
					chunks := 1 + rng.Int64N(1<<rng.IntN(32))
					q.demand = append(q.demand, row{sim.Depth{Chunks: chunks, Bytes: chunks * size}, size, 1 + rng.Int64N(1<<rng.IntN(10)), 1 + rng.Int64N(1000)})
				}
				tt.joint.add(&part, q, hitTokens)
				if rng.IntN(2) == 0 {
					together.merge(&part)
					part.clear()
				}
				tt.separate.add(&alone, &request{demand: q.demand}, hitTokens)
			}
			together.merge(&part)
			for _, c := range tt.capacities {
				require.Equal(t, tt.separate.tokens(&alone, c), tt.joint.tokens(&together, c), "%s, chunks of %d bytes", c, size)
			}
		}
	}
}

func TestHeatNeedsWindowsAndGrid(t *testing.T) {
	for _, opts := range []Options{{Heat: true}, {Heat: true, Rolling: &RollingOptions{}}, {Heat: true, Grid: &GridOptions{}}} {
		require.ErrorContains(t, opts.Check(), "heat needs")
	}
}

// TestHeatOfManyPoints has at most a hundred of the capacities at which a cache that evicts in batches is simulated.
func TestHeatOfManyPoints(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 1)), "equal", 60)
	opts := Options{Heat: true, Rolling: &RollingOptions{}, Cache: Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .3}},
		Grid: &GridOptions{From: units.InChunks(1), To: units.InChunks(5000), Points: 700}}
	report := runLog(t, records, opts)
	require.Greater(t, len(report.Table.Capacities), mostHeatCapacities)
	require.Len(t, report.Heat.Lines, mostHeatCapacities)
	require.Equal(t, report.Table.listed()[0], report.Heat.Lines[0])
	require.Equal(t, report.Table.listed()[len(report.Table.Capacities)-1], report.Heat.Lines[mostHeatCapacities-1])
}
