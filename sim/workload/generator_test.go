package workload_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"hashlog/sim/workload"
)

// checksum is that of everything that a log would have of the requests.
func checksum(g *workload.Generator) string {
	sum := sha256.New()
	models := g.Models()
	var r workload.Request
	for g.Next(&r) {
		m := models[r.Model]
		sum.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(r.Timestamp)))
		sum.Write(r.RequestID)
		sum.Write([]byte(m.Name))
		for _, n := range append([]int64{r.ChunkSize, r.SeqLen, int64(r.User), r.Conversation, int64(r.Turn)}, m.Shapes[0]...) {
			sum.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
		}
		sum.Write(slices.Concat(r.Hashes...))
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// The checksums must be the same on every machine, and in the next version too.
func TestSameEverywhere(t *testing.T) {
	for name, c := range map[string]struct {
		options workload.Options
		want    string
	}{
		"defaults": {workload.Options{}, "2a2ad001379d1fd2"},
		"seed":     {workload.Options{Seed: 1}, "75c40b3141748291"},
		"cold":     {workload.Options{Reuse: 0.05}, "13c3df50cfc35b3a"},
		"hot":      {workload.Options{Reuse: 0.95, Daily: true, Rate: 0.3}, "9aa49d169a376a3d"},
		"small":    {workload.Options{HashBytes: 8, ChunkSize: 16, Turns: 2.7, SystemTokens: 333, TurnTokens: 77, Users: 3}, "7b2ac650b3e8894a"},
	} {
		c.options.Requests = 5000
		assert.Equal(t, c.want, checksum(generate(t, c.options)), name)
	}
}

func TestTimestampsRise(t *testing.T) {
	last := 1704067200.0
	for _, r := range all(generate(t, workload.Options{Requests: 20_000, Rate: 100_000}), false) {
		require.GreaterOrEqual(t, r.Timestamp, last)
		require.Equal(t, math.Round(r.Timestamp*1e6)/1e6, r.Timestamp, "whole microseconds")
		last = r.Timestamp
	}
}

// Gaps between the arrivals of a Poisson process are exponential: as long as their standard deviation.
func TestArrivals(t *testing.T) {
	requests := all(generate(t, workload.Options{Requests: 100_000, Rate: 20}), false)
	var gaps, squares float64
	for i, r := range requests[1:] {
		gap := r.Timestamp - requests[i].Timestamp
		gaps += gap
		squares += gap * gap
	}
	mean := gaps / float64(len(requests)-1)
	require.InEpsilon(t, 1.0/20, mean, 0.01)
	require.InEpsilon(t, mean, math.Sqrt(squares/float64(len(requests)-1)-mean*mean), 0.02)
}

func TestDuration(t *testing.T) {
	start := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	requests := all(generate(t, workload.Options{Start: start, Duration: time.Hour, Rate: 10}), false)
	require.InEpsilon(t, 36_000, len(requests), 0.03)
	require.InDelta(t, float64(start.Unix()), requests[0].Timestamp, 1)
	require.Less(t, requests[len(requests)-1].Timestamp, float64(start.Unix()+3600))
	require.Len(t, all(generate(t, workload.Options{Duration: time.Hour, Requests: 7}), false), 7)
}

func TestDaily(t *testing.T) {
	const days = 4
	requests := all(generate(t, workload.Options{Duration: days * 24 * time.Hour, Rate: 0.2, Daily: true}), false)
	require.InEpsilon(t, days*86400*0.2, len(requests), 0.03)
	var hours [24]float64
	for _, r := range requests {
		hours[int64(r.Timestamp)/3600%24]++
	}
	for h, n := range hours {
		hours[h] = n / (days * 3600 * 0.2)
	}
	require.InDelta(t, 0.15, hours[3], 0.05)
	require.InDelta(t, 1.7, hours[15], 0.15)
}

// Any two requests with an equal hash have equal prefixes up to it, and conversations grow at their end.
func TestPrefixes(t *testing.T) {
	type at struct{ model, i int }
	first := make(map[string][]string) // by hash, the prefix it was first seen with
	place := make(map[string]at)
	turns := make(map[int64]kept) // by conversation, its last
	for _, r := range all(generate(t, workload.Options{Requests: 3000, Users: 100, HashBytes: 8}), true) {
		require.Len(t, r.hashes, int(r.SeqLen/r.ChunkSize))
		require.NotEmpty(t, r.hashes)
		for i, hash := range r.hashes {
			require.Len(t, hash, 8)
			if _, seen := first[hash]; !seen {
				first[hash], place[hash] = r.hashes[:i+1], at{r.Model, i}
			}
			require.Equal(t, at{r.Model, i}, place[hash])
			if i == len(r.hashes)-1 || i%7 == 0 {
				require.Equal(t, first[hash], r.hashes[:i+1])
			}
		}
		if last, ok := turns[r.Conversation]; ok {
			require.Equal(t, last.Turn+1, r.Turn)
			require.Equal(t, last.User, r.User)
			require.Greater(t, r.SeqLen, last.SeqLen)
			require.Equal(t, last.hashes, r.hashes[:len(last.hashes)])
		}
		turns[r.Conversation] = r
	}
}

// The generator counts what a reader finds.
func TestStats(t *testing.T) {
	for name, o := range map[string]workload.Options{
		"defaults":     {},
		"long chunks":  {ChunkSize: 4096},
		"short limit":  {MaxTokens: 2000, Turns: 20},
		"no system":    {SystemPrompts: -1},
		"many prompts": {SystemPrompts: 10_000, Turns: 1, SystemTokens: 1000},
	} {
		o.Requests = 5000
		g := generate(t, o)
		want := workload.Stats{}
		seen := make(map[string]bool)
		for _, r := range all(g, true) {
			want.Requests++
			want.Tokens += r.SeqLen
			want.Lookups += int64(len(r.hashes))
			for _, hash := range r.hashes {
				seen[hash] = true
			}
			if o.MaxTokens > 0 {
				require.LessOrEqual(t, r.SeqLen, int64(o.MaxTokens), name)
			}
		}
		want.Unique = int64(len(seen))
		require.Equal(t, want, g.Stats(), name)
	}
}

func TestReuse(t *testing.T) {
	for _, c := range []struct {
		options workload.Options
		want    float64
	}{
		{workload.Options{}, 0.85},
		{workload.Options{Reuse: 0.05}, 0.05},
		{workload.Options{Reuse: 0.3}, 0.3},
		{workload.Options{Reuse: 0.5}, 0.5},
		{workload.Options{Reuse: 0.95}, 0.95},
		{workload.Options{Reuse: 0.99}, 0.99},
		{workload.Options{Reuse: 0.7, ChunkSize: 16}, 0.7},
		{workload.Options{Reuse: 0.7, SystemPrompts: -1}, 0.7},
		{workload.Options{Reuse: 0.9, SystemTokens: 2000}, 0.9},
		{workload.Options{Reuse: 0.9, Turns: 3}, 0.9},
	} {
		c.options.Requests = 50_000
		stats := exhaust(generate(t, c.options))
		require.InDelta(t, c.want, stats.Reuse(), 0.015, "%+v", c.options)
	}
	none := exhaust(generate(t, workload.Options{Requests: 10_000, Reuse: -1}))
	require.Equal(t, none.Lookups, none.Unique)
	require.Zero(t, none.Reuse())
}

// Some users ask far more often than others, and models are asked as their weights say.
func TestPopularity(t *testing.T) {
	requests := all(generate(t, workload.Options{Requests: 100_000, Models: []workload.Model{{Name: "a", Weight: 9}, {Name: "b"}}}), false)
	users, models := make([]int, 1000), make([]float64, 2)
	ids := make(map[string]bool)
	for _, r := range requests {
		users[r.User]++
		models[r.Model]++
		ids[r.id] = true
	}
	require.Len(t, ids, len(requests))
	require.InDelta(t, 0.9, models[0]/100_000, 0.03)
	require.Greater(t, users[0], 20*users[999])
	require.Positive(t, slices.Min(users))
}

func TestNoAllocations(t *testing.T) {
	g := generate(t, workload.Options{Requests: math.MaxInt64, Rate: 1e6, Reuse: 0.95, MaxTokens: 32_768, Duration: 1e18})
	var r workload.Request
	for range 50_000 {
		g.Next(&r)
	}
	require.Zero(t, testing.AllocsPerRun(10_000, func() { g.Next(&r) }))
}

// Memory grows with users, not with requests.
func TestMemory(t *testing.T) {
	g := generate(t, workload.Options{Requests: 300_000})
	before := heap()
	require.EqualValues(t, 300_000, exhaust(g).Requests)
	require.Less(t, heap()-before, int64(1<<20))
	runtime.KeepAlive(g)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
