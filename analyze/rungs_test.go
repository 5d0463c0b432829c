package analyze

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
)

// summed returns a replay of records that has counted as a summary does, and reports what is asked.
func summed(t *testing.T, kind string, counted, asked *Options) *replay {
	t.Helper()
	counted.summary = true
	r := newReplay(counted, nil)
	replayRecords(t, r, randomRecords(rand.New(rand.NewPCG(3, 81)), kind, 300))
	require.NoError(t, r.counted())
	r.opts, r.before = asked, nil
	return r
}

// TestUnknownBetweenRungs reports models and classes at capacities that a summary has counted, at others that hold the same, and at others.
func TestUnknownBetweenRungs(t *testing.T) {
	asked := &Options{By: []Dimension{ByModel}, Capacities: []units.Capacity{units.InChunks(100), units.InChunks(90), units.InBytes(909), units.InBytes(1009), {Unit: units.Unlimited}, units.InChunks(32)},
		Grid: &GridOptions{From: units.InChunks(20), To: units.InChunks(50), Points: 31}, Cache: Cache{TTL: time.Minute}}
	known := []bool{true, false, false, true, true, true}
	plain := newReplay(asked, nil)
	replayRecords(t, plain, randomRecords(rand.New(rand.NewPCG(3, 81)), "equal", 300))
	want := reportOf(t, plain)
	r := summed(t, "equal", &Options{By: asked.By, Capacities: []units.Capacity{units.InChunks(100)}, Cache: asked.Cache}, asked)
	require.NoError(t, r.sums.has(asked, 10))
	rep := reportOf(t, r)
	require.Equal(t, "Models and classes are known at the capacities that the summary was made with, and left out at others: all powers of two, unlimited, 100 chunks.", rep.Notes[len(rep.Notes)-1].Text)

	var out bytes.Buffer
	require.NoError(t, WriteJSON(&out, rep))
	var read struct {
		Results []struct{ Models *[]ModelResult }
		By      []struct {
			Results []struct {
				CapacityChunks *int64          `json:"capacity_chunks"`
				HitTokens      *int64          `json:"hit_tokens"`
				TokenHitRate   *float64        `json:"token_hit_rate"`
				MissTokens     json.RawMessage `json:"miss_tokens"`
			}
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &read))
	require.Len(t, read.By, 3)
	for i, known := range known {
		if !known {
			require.Nil(t, read.Results[i].Models)
			require.Zero(t, rep.Results[i].ModelCount())
		} else {
			require.Equal(t, want.Results[i].Models, *read.Results[i].Models)
		}
		for j, class := range read.By {
			at := class.Results[i]
			require.Equal(t, want.Results[i].CapacityChunks, at.CapacityChunks)
			require.Equal(t, known, at.HitTokens != nil && at.TokenHitRate != nil && string(at.MissTokens) != "null")
			if known {
				require.Equal(t, want.By[0].Class(j).Results[i].HitTokens, *at.HitTokens)
			}
		}
	}
	var back Report
	require.NoError(t, json.Unmarshal(out.Bytes(), &back))
	for i, r := range back.By[0].Class(1).Results {
		require.Equal(t, !known[i], r.Unknown)
		if known[i] {
			require.Equal(t, rep.By[0].Class(1).Results[i], r)
		}
	}

	out.Reset()
	require.NoError(t, WriteByCSV(&out, rep))
	var wanted bytes.Buffer
	require.NoError(t, WriteByCSV(&wanted, want))
	lines, wantedLines := strings.Split(out.String(), "\n"), strings.Split(wanted.String(), "\n")
	require.Len(t, lines, len(wantedLines))
	empty, full := 0, 0
	for i := range lines {
		if lines[i] == wantedLines[i] {
			full++
			continue
		}
		empty++
		cells, wanted := strings.Split(lines[i], ","), strings.Split(wantedLines[i], ",")
		require.Len(t, cells, len(wanted))
		for j := range cells {
			if j == 5 || j == 7 || j >= 9 && j <= 13 {
				wanted[j] = ""
			}
		}
		require.Equal(t, wanted, cells)
	}
	require.Equal(t, 2+3*2, full, "header, end; for each model 32 chunks, and the 25 that 256 bytes are")
	require.NotZero(t, empty)
	require.False(t, rep.By[0].Exact())
	require.True(t, want.By[0].Exact())
}

// TestRungsOfOneSize compares, for one size of all chunks, capacities between the rungs with all rungs that hold the same number of chunks.
func TestRungsOfOneSize(t *testing.T) {
	set := (&Options{Capacities: []units.Capacity{units.InChunks(100), units.InBytes(777), units.InBytes(5)}}).rungs()
	for size := int64(1); size < 70; size++ {
		same := make(map[int64]bool) // chunks that some rung holds
		for _, n := range set.chunks.list {
			same[n] = true
		}
		for _, n := range set.bytes.list {
			same[n/size] = true
		}
		for n := int64(1); n < 5000; n++ {
			for _, c := range []units.Capacity{units.InChunks(n), units.InBytes(n)} {
				chunks := func(c units.Capacity) int64 {
					if c.Unit == units.Bytes {
						return c.N / size
					}
					return c.N
				}
				got, ok := set.counted(c, size)
				require.Equal(t, same[chunks(c)], ok, "%v of %d", c, size)
				if ok {
					require.Equal(t, chunks(c), chunks(got))
				}
				_, ok = set.counted(c, 0)
				require.Equal(t, n&(n-1) == 0 || c == units.InChunks(100) || c == units.InBytes(777) || c == units.InBytes(5), ok)
			}
		}
	}
	_, ok := set.counted(units.Capacity{Unit: units.Unlimited}, 10)
	require.True(t, ok)
}

// TestNoRung asks for time windows and TTLs where a summary has none, and for other things that it lacks.
func TestNoRung(t *testing.T) {
	at := func(c ...units.Capacity) *RollingOptions { return &RollingOptions{Capacities: c} }
	counted := &Options{Capacities: []units.Capacity{units.InChunks(100)}, TTLs: &TTLOptions{TTLs: []time.Duration{time.Minute}},
		Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(30)}}}, By: []Dimension{ByHour}}
	r := summed(t, "by model", counted, counted)
	for _, tt := range []struct {
		asked Options
		want  string // "": the summary has it
	}{
		{Options{Rolling: at(units.InChunks(100), units.InBytes(1<<40), units.Capacity{Unit: units.Unlimited})}, ""},
		{Options{Rolling: at(units.InChunks(90))}, "time windows at 90 chunks: the summary has them at the capacities that it was made with and at all powers of two; the nearest are 64 chunks and 100 chunks"},
		{Options{Rolling: at(units.InBytes(3 << 30))}, "time windows at 3 GiB: the summary has them at the capacities that it was made with and at all powers of two; the nearest are 2 GiB and 4 GiB"},
		{Options{Rolling: at(units.InChunks(1<<62 + 1))}, "time windows at 4,611,686,018,427,387,905 chunks: the summary has them at the capacities that it was made with and at all powers of two; the nearest are 4,611,686,018,427,387,904 chunks and unlimited"},
		{Options{TTLs: &TTLOptions{TTLs: []time.Duration{time.Minute, 5 * time.Minute}, Grid: true}}, ""},
		{Options{TTLs: &TTLOptions{TTLs: []time.Duration{7 * time.Minute}}}, "the summary does not have the TTL 7 min"},
		{Options{TTLs: &TTLOptions{TTLs: []time.Duration{time.Minute}, Capacities: []units.Capacity{units.InChunks(3)}}}, "TTLs at 3 chunks: the summary has them at the capacities that it was made with and at all powers of two; the nearest are 2 chunks and 4 chunks"},
		{Options{Tiers: &TierOptions{Tiers: []Tier{{Name: "b", Capacity: units.InChunks(30), Bandwidth: 7}}}}, ""},
		{Options{Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(31)}}}}, "the summary has not counted these tiers"},
		{Options{By: []Dimension{ByHour}}, ""},
		{Options{By: []Dimension{ByHour, ByLength}}, "the summary has no classes by length"},
		{Options{Stats: true}, "a summary has no figures on single requests and chunks, nor heat or an audit"},
	} {
		err := r.sums.has(&tt.asked, 0)
		if tt.want == "" {
			require.NoError(t, err)
			r.opts, r.before = &tt.asked, nil
			reportOf(t, r)
			continue
		}
		require.EqualError(t, err, tt.want)
	}
}
