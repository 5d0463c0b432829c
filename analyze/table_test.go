package analyze

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/simtest"
)

// TestTableEqualsResults compares evictions with those of listed capacities, and bytes written with plain caches, on logs of all
// kinds, with everything that changes what a cache holds.
func TestTableEqualsResults(t *testing.T) {
	known := map[string]int{}
	for seed := range uint64(48) {
		rng := rand.New(rand.NewPCG(seed, 78))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
		records := randomRecords(rng, kind, 200)
		opts := Options{TouchOrder: sim.Order(rng.IntN(2)), Grid: &GridOptions{Points: 25}}
		if rng.IntN(2) == 0 {
			opts.Warmup.Fraction = .4
		}
		if rng.IntN(3) == 0 {
			opts.Cache.StoreDelay = 9 * time.Second
		}
		if rng.IntN(3) == 0 {
			opts.Cache.TTL = 40 * time.Second
		}
		if rng.IntN(3) == 0 {
			opts.Cache.Admit = 2
		}
		switch rng.IntN(4) {
		case 0:
			opts.Grid.Linear = true
		case 1:
			opts.Grid.From = units.InChunks(7)
			if kind == "by model" || kind == "disagreeing" {
				opts.Grid.From = units.InBytes(50)
			}
		case 2:
			opts.Grid.From, opts.Grid.To = units.InChunks(3), units.InChunks(60)
			if kind == "by model" || kind == "disagreeing" {
				opts.Grid.From, opts.Grid.To = units.InBytes(70), units.InBytes(900)
			}
		}
		batches := rng.IntN(3) == 0
		if batches {
			opts.Cache.Watermark = &sim.Watermark{Trigger: .8, Ratio: .3}
		}
		table := runLog(t, records, opts).Table
		again := opts
		again.Capacities = table.listed()
		results := runLog(t, records, again).Results
		unlike := table.curve.Unit == units.Bytes && table.curve.ChunkBytes == 0
		for i, r := range results {
			if table.Evictions[i] == nil {
				require.True(t, unlike && opts.Warmup.Fraction > 0 && !batches && opts.Grid.To == units.Capacity{} && !opts.Grid.hasSteps(), "%d", seed)
				continue
			}
			known[fmt.Sprint(kind, batches)]++
			require.Equal(t, *r.Evictions, *table.Evictions[i], "%d, capacity %d", seed, table.Capacities[i])
		}
		for i, want := range plainWritten(records, opts, table) {
			if kind == "unknown" {
				require.Nil(t, table.BytesWritten[i])
				continue
			}
			require.Equal(t, want, *table.BytesWritten[i], "%d, capacity %d", seed, table.Capacities[i])
		}
	}
	require.Len(t, known, 8, "each kind of log, with and without batches")
}

// plainWritten returns the bytes that plain caches of the capacities of a table insert in the counted part, by the size that each
// chunk had when it was first looked up.
func plainWritten(records []log.Record, opts Options, table *Table) (out []int64) {
	var bytes []int64 // by key
	seen := map[string]bool{}
	for _, rec := range records {
		size, _ := rec.ChunkBytes()
		for _, hash := range rec.ChunkHashes {
			if name := chunkName(rec, hash, false); !seen[name] {
				seen[name] = true
				bytes = append(bytes, size)
			}
		}
	}
	warmup := int(opts.Warmup.Fraction * float64(len(records)))
	for _, c := range table.Capacities {
		var counted []*simtest.Outcome
		eachPlain(records, c, table.Unit, opts, func(i int, of, _ *simtest.Outcome) {
			if i >= warmup {
				counted = append(counted, of)
			}
		})
		var sum int64
		for _, of := range counted {
			for _, key := range of.Inserted {
				sum += bytes[key]
			}
		}
		out = append(out, sum)
	}
	return out
}

// TestBytesWrittenBeyondAnInt64 holds that a number that doesn't fit is unknown, and nothing else is.
func TestBytesWrittenBeyondAnInt64(t *testing.T) {
	for _, sizes := range [][]int64{{1 << 61}, {1 << 61, 1<<61 - 1}} {
		report := runLog(t, loop(3, sizes...), Options{Grid: &GridOptions{}})
		require.NotEmpty(t, report.Table.Capacities)
		for i := range report.Table.Capacities {
			require.Nil(t, report.Table.BytesWritten[i])
			require.NotNil(t, report.Table.Evictions[i])
		}
	}
}

// TestMergeOfBytesWritten merges tallies of two touches that hit at depth 3 and one that doesn't, whose chunks have known,
// differing or no sizes.
func TestMergeOfBytesWritten(t *testing.T) {
	known := func(size int64) sizes { return sizes{known: true, one: size} }
	none, unlike := sizes{known: true}, sizes{known: true, unlike: true}
	type pair struct {
		writes *writeTally
		tally  *tally
	}
	newPair := func() pair {
		y := newTally(false)
		return pair{newWriteTally(y, nil), y}
	}
	of := func(s sizes) pair {
		p := newPair()
		if s == none {
			return p
		}
		size := max(s.one, 7)
		touches := &touches{counted: true, sizes: s, chunks: 3, distances: []sim.Distance{
			{N: 2, Depth: sim.Depth{Chunks: 3, Bytes: 3 * size}, Size: size}, {N: 1, Depth: sim.Depth{Chunks: sim.Never, Bytes: sim.Never}, Size: size}}}
		require.NoError(t, p.writes.touch(touches))
		require.NoError(t, p.tally.touch(touches))
		return p
	}
	for _, tt := range []struct {
		first, later sizes
		want         []int64 // written at capacities of 20, 21, 30, 75 bytes
	}{
		{known(10), known(25), []int64{105, 105, 85, 35}},
		{known(25), unlike, []int64{96, 82, 82, 32}},
		{unlike, known(25), []int64{96, 82, 82, 32}},
		{unlike, none, []int64{21, 7, 7, 7}},
		{none, unlike, []int64{21, 7, 7, 7}},
		{unlike, unlike, []int64{42, 14, 14, 14}},
	} {
		into := newPair()
		for _, part := range []pair{of(tt.first), of(tt.later)} {
			require.NoError(t, into.writes.merge(part.writes))
			require.NoError(t, into.tally.merge(part.tally))
		}
		_, curve := into.tally.curves(0)
		require.Equal(t, tt.want, into.writes.written(&Table{Grid: Grid{Capacities: []int64{20, 21, 30, 75}}, curve: curve}), "%+v", tt)
	}
}
