package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// replayInStretches replays a log whose requests are counted in stretches that end where cut says so, and reports the
// merged sums.
func replayInStretches(t *testing.T, files *log.Files, opts *Options, warmup int64, followed *followed, cut func(request int64) bool) *Report {
	t.Helper()
	var stretches []*sums
	r, p := replayEach(t, files, opts, warmup, followed, func(r *replay, _ *passed) {
		if cut(r.requests) {
			require.NoError(t, r.counted())
			stretches = append(stretches, r.sums)
			r.sums = newSums(opts, r.caches, followed.rollingLines(opts))
		}
	})
	var err error
	r.sums, err = mergeSums(append(stretches, r.sums)...)
	require.NoError(t, err)
	report, err := r.report(p)
	require.NoError(t, err)
	return report
}

// replayEach replays a log, and calls before ahead of each request.
func replayEach(t *testing.T, files *log.Files, opts *Options, warmup int64, followed *followed, before func(*replay, *passed)) (*replay, *passed) {
	t.Helper()
	r := newReplay(opts, followed)
	r.warmupRequests = warmup
	reader, err := openLogs(t.Context(), files, opts, "")
	require.NoError(t, err)
	defer reader.Close()
	records := &reading{reader: reader, sieve: NewSieve(opts.Filter)}
	n := newNumbering(records, opts, sim.NewIndex(), batches)
	go n.run()
	for b := range n.full {
		require.NoError(t, b.err)
		for i := range b.entries {
			before(r, &passed{paths: files.Paths(), sources: files.Sources(), sieve: NewSieve(opts.Filter)})
			require.NoError(t, r.add(&b.entries[i], b.numbered[i].Rows))
		}
		n.free <- b
	}
	n.stop()
	require.NoError(t, r.touchRest())
	require.NoError(t, r.counted())
	return r, newPassed(files, records)
}

// everything returns the whole report as text.
func everything(t *testing.T, r *Report) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, WriteJSON(&out, r))
	if r.CountedFrom != nil {
		fmt.Fprintln(&out, *r.CountedFrom)
	}
	if r.Rolling != nil {
		require.NoError(t, WriteRollingCSV(&out, r.Rolling))
	}
	if r.Heat != nil {
		require.NoError(t, WriteRollingCSV(&out, r.Heat))
	}
	if r.Table != nil {
		require.NoError(t, WriteCapacityCSV(&out, r.Table))
	}
	require.NoError(t, WriteTiersCSV(&out, r))
	if r.TTLCurve != nil {
		require.NoError(t, WriteTTLCSV(&out, r.TTLCurve))
	}
	if r.Table != nil {
		require.NoError(t, WriteByCSV(&out, r))
	}
	if r.Requests != nil {
		require.NoError(t, WriteRequestsCSV(&out, r.Requests))
	}
	if r.Reuse != nil {
		require.NoError(t, WriteReuseCSV(&out, r.Reuse))
	}
	if r.Audit != nil {
		audit := *r.Audit
		audit.ReplayMemoryBytes = 0 // depends on the memory layout of histograms
		text, err := json.Marshal(audit)
		require.NoError(t, err)
		out.Write(text)
	}
	return out.String()
}

// TestMergeEqualsOneReplay counts a log in stretches and compares the merged report with that of Run.
func TestMergeEqualsOneReplay(t *testing.T) {
	tiers := func(unit units.Unit) *TierOptions {
		return &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.Capacity{N: 90, Unit: unit}, Bandwidth: 100}, {Name: "b", Capacity: units.Capacity{Unit: units.Unlimited}, Endurance: 1e9}}}
	}
	for seed := range seeds(24) {
		rng := rand.New(rand.NewPCG(seed, 77))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
		records := randomRecords(rng, kind, 300)
		gaps := 1000.0 // the first one is before the log
		for i := range records {
			if rng.IntN(50) == 0 {
				gaps += float64(100 + rng.IntN(5))
			}
			records[i].Timestamp += gaps
			records[i].RequestID = fmt.Sprint(i)
			if rng.IntN(3) > 0 {
				records[i].SessionID = fmt.Sprint(rng.IntN(30))
			}
		}
		opts := Options{TouchOrder: sim.Order(rng.IntN(2)), Audit: true, Stats: true, Requests: true, Reuse: true, Grid: &GridOptions{Points: 30}, Rolling: &RollingOptions{},
			Capacities: []units.Capacity{units.InChunks(20), units.InChunks(100), {Unit: units.Unlimited}}}
		if rng.IntN(2) == 0 {
			opts.Rolling = &RollingOptions{Window: 7 * time.Second, Capacities: opts.Capacities}
		}
		if rng.IntN(2) == 0 {
			opts.Cache.StoreDelay = 9 * time.Second
		}
		if rng.IntN(2) == 0 {
			opts.Cache.TTL = 40 * time.Second
		}
		if rng.IntN(2) == 0 {
			opts.Cache.Admit = 2
		}
		if rng.IntN(2) == 0 {
			opts.Warmup.Fraction = .3
		}
		if rng.IntN(2) == 0 {
			opts.By = Dimensions()
		}
		opts.Heat = rng.IntN(2) == 0
		if rng.IntN(3) == 0 {
			opts.Cache.Watermark = &sim.Watermark{Trigger: .8, Ratio: .3}
		} else {
			opts.Tiers = tiers(units.Chunks)
			opts.Tiers.Window = opts.Rolling.Window
		}
		if opts.Cache.Watermark == nil && opts.Cache.TTL == 0 {
			opts.TTLs = &TTLOptions{TTLs: []time.Duration{10 * time.Second, 3 * time.Second}, Capacities: opts.Capacities, Grid: true}
		}
		if kind == "by model" {
			opts.Capacities = append(opts.Capacities, units.InBytes(500))
			if opts.Tiers != nil {
				opts.Tiers.Tiers = tiers(units.Bytes).Tiers
			}
		}
		if kind == "disagreeing" && rng.IntN(2) == 0 {
			opts.Geometry = &geometry.Geometry{File: "config.json", Ranks: 1, BytesPerToken: 1, BytesPerTokenOneRank: 1}
		}
		if seed%6 == 5 {
			opts.Capacities = nil
		}
		files := findLog(t, records)
		want, err := Run(t.Context(), files, opts)
		require.NoError(t, err)
		warmup, err := warmupRequests(t.Context(), files, &opts)
		require.NoError(t, err)
		followed, err := chooseFollowed(t.Context(), files, &opts, warmup)
		require.NoError(t, err)
		for name, part := range map[string]func() float64{"some": func() float64 { return .02 }, "each request": func() float64 { return 1 }} {
			got := replayInStretches(t, files, &opts, warmup, followed, func(int64) bool { return rng.Float64() < part() })
			require.True(t, everything(t, want) == everything(t, got), "%d, %s cut", seed, name)
		}
	}
}

// TestMergeLeavesItsParts merges sums with themselves, and checks that they are unchanged.
func TestMergeLeavesItsParts(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(4, 4)), "by model", 200)
	opts := &Options{Audit: true, Stats: true, Requests: true, Reuse: true, Capacities: []units.Capacity{units.InChunks(30), {Unit: units.Unlimited}}, By: Dimensions(), Grid: &GridOptions{}, Rolling: &RollingOptions{}, Tiers: &TierOptions{Tiers: []Tier{{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	r := newReplay(opts, nil)
	replayRecords(t, r, records)
	before := everything(t, reportOf(t, r))
	merged, err := mergeSums(r.sums, r.sums)
	require.NoError(t, err)
	require.EqualValues(t, 400, merged.input.sum.Requests)
	require.Equal(t, before, everything(t, reportOf(t, r)))
	r.sums = merged
	twice := reportOf(t, r)
	require.EqualValues(t, 400, twice.Input.Requests)
	for _, w := range twice.Rolling.Windows {
		require.Zero(t, w.Requests%2)
	}
}

// TestSumsThatOverflow merges sums that overflow an int64 together.
func TestSumsThatOverflow(t *testing.T) {
	const huge = int64(1) << 62
	opts := &Options{Tiers: &TierOptions{Tiers: []Tier{{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	s := newSums(opts, nil, nil)
	require.NoError(t, s.lookUp(&request{tokens: tokens{huge, huge}}))
	_, err := mergeSums(s, s)
	require.ErrorIs(t, err, ErrTooManyTokens)

	for _, many := range []Input{{Requests: huge}, {ChunkLookups: huge, Requests: 1}} {
		s = newSums(opts, nil, nil)
		s.input.sum = many
		_, err = mergeSums(s, s)
		require.ErrorIs(t, err, ErrTooManyLookups)
	}

	s = newSums(opts, nil, nil)
	run := sim.Run{N: 1, Need: sim.Depth{Chunks: 1, Bytes: huge}, Size: huge}
	require.NoError(t, s.lookUp(&request{counted: true, tokens: tokens{1, 1}, chunks: 1, size: huge, runs: []sim.Run{run}, sizes: sizes{known: true, one: huge}}))
	_, err = mergeSums(s, s)
	require.ErrorIs(t, err, ErrTooManyBytes)

	s = newSums(opts, nil, nil)
	require.NoError(t, s.touch(&touches{counted: true, distances: []sim.Distance{{N: 1, Depth: sim.Depth{Chunks: sim.Never, Bytes: sim.Never}, Size: huge}}}))
	_, err = mergeSums(s, s)
	require.ErrorIs(t, err, ErrTooManyWritten)
}

// replayRecords replays records without a log.
func replayRecords(t testing.TB, r *replay, records []log.Record) {
	t.Helper()
	index := sim.NewIndex()
	for i := range records {
		size, err := records[i].ChunkBytes()
		require.NoError(t, err)
		e := log.Entry{Timestamp: records[i].Timestamp, ModelName: records[i].ModelName, ChunkSize: records[i].ChunkSize, SeqLen: records[i].SeqLen, ChunkBytes: size}
		var keys []sim.Key
		for _, hash := range records[i].ChunkHashes {
			print := log.Fingerprint([]byte(hash))
			e.Hashes = append(e.Hashes, print)
			keys = append(keys, sim.Key(print))
		}
		rows, err := index.Number(keys, nil)
		require.NoError(t, err)
		require.NoError(t, r.add(&e, rows))
	}
}

// TestReportStays asks for a report twice, continues the replay, and checks that the reports are unchanged.
func TestReportStays(t *testing.T) {
	records, capacities := manyModels()
	opts := &Options{Capacities: capacities, Audit: true, Stats: true, Requests: true, Reuse: true, By: []Dimension{ByModel, ByHour}, Rolling: &RollingOptions{Window: 10 * time.Second, Capacities: capacities}, Grid: &GridOptions{},
		TTLs:  &TTLOptions{TTLs: []time.Duration{time.Minute, time.Second}, Capacities: capacities[:3], Grid: true},
		Tiers: &TierOptions{Tiers: []Tier{{Name: "some", Capacity: units.InChunks(100)}, {Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	r := newReplay(opts, nil)
	replayRecords(t, r, records)
	first := reportOf(t, r)
	require.Nil(t, first.Rolling.Windows[0].HitTokens, "as many windows as aren't held")
	require.Nil(t, first.Results[0].Models)
	want, rates := everything(t, first), first.Curve.Table([]int64{1, 100, 10_000})
	require.True(t, want == everything(t, reportOf(t, r)))

	rows := rowsOf(t, 1, 2, 3)
	for range 100 {
		require.NoError(t, r.add(&log.Entry{Timestamp: 7, ModelName: "new", ChunkSize: 10, SeqLen: 30, Hashes: []uint64{1, 2, 3}, ChunkBytes: 3}, rows))
	}
	require.True(t, want == everything(t, first))
	copied := r.sums
	require.NoError(t, r.add(&log.Entry{Timestamp: 7, ModelName: "new", ChunkSize: 10, SeqLen: 30, ChunkBytes: 3}, nil))
	require.Same(t, copied, r.sums, "copied once a report")
	require.Equal(t, rates, first.Curve.Table([]int64{1, 100, 10_000}))
	later := reportOf(t, r)
	require.Equal(t, first.Input.Requests+101, later.Input.Requests)
	require.NotEqual(t, want, everything(t, later))
}

// TestMergeOfSizes merges tallies whose chunks have known, differing, unknown or no sizes.
func TestMergeOfSizes(t *testing.T) {
	known := func(size int64) sizes { return sizes{known: true, one: size} }
	none, unlike, unknown := sizes{known: true}, sizes{known: true, unlike: true}, sizes{}
	tallyOf := func(s sizes) *tally {
		y := newTally(false)
		if s == none {
			return y
		}
		size := max(s.one, 7)
		run := sim.Run{N: 2, Need: sim.Depth{Chunks: 3, Bytes: 3 * size}, Step: 1, Size: size}
		q := &request{counted: true, tokens: tokens{16, 32}, chunks: 2, runs: []sim.Run{run}, sizes: s}
		q.demand = q.tokens.demand(nil, q.runs)
		require.NoError(t, y.lookUp(q))
		return y
	}
	depths := []int64{20, 21, 28, 30, 40, 74, 75, 100, 1000}
	for _, tt := range []struct {
		first, later, want sizes
		inBytes            []int64 // hit tokens by depth; nil if bytes are not counted apart
	}{
		{known(10), known(10), known(10), nil},
		{none, known(10), known(10), nil},
		{known(10), none, known(10), nil},
		{none, none, none, nil},
		{known(10), known(25), unlike, []int64{0, 0, 0, 16, 32, 32, 48, 64, 64}},
		{unlike, known(25), unlike, []int64{0, 16, 32, 32, 32, 32, 48, 64, 64}},
		{known(10), unlike, unlike, []int64{0, 16, 32, 48, 64, 64, 64, 64, 64}},
		{unlike, none, unlike, []int64{0, 16, 32, 32, 32, 32, 32, 32, 32}},
		{none, unlike, unlike, []int64{0, 16, 32, 32, 32, 32, 32, 32, 32}},
		{unlike, unknown, unknown, nil},
		{unknown, unlike, unknown, nil},
		{unknown, known(10), unknown, nil},
	} {
		y := newTally(false)
		for _, part := range []sizes{tt.first, tt.later} {
			require.NoError(t, y.merge(tallyOf(part)))
		}
		require.Equal(t, tt.want, y.sizes, "%+v", tt)
		var got []int64
		if y.bytes != nil {
			got = y.bytes[hitTokens].Sums(depths)
		}
		require.Equal(t, tt.inBytes, got, "%+v", tt)
	}
}

// TestMergeOfAudits merges audits of stretches with repeated ids: those that repeat an id of their own stretch count.
func TestMergeOfAudits(t *testing.T) {
	auditOf := func(first int64, ids ...string) *audit {
		a := newAudit()
		for i, id := range ids {
			require.NoError(t, a.lookUp(&request{time: float64(i), id: []byte(id), dropped: 2, source: source{file: "log", line: first + int64(i)}}))
		}
		return a
	}
	merged := newAudit()
	require.NoError(t, merged.merge(auditOf(1, "a", "a", "b")))
	require.NoError(t, merged.merge(auditOf(4, "c", "b", "c", "c", "c", "c", "c", "c", "c", "c", "c", "c", "c")))
	require.EqualValues(t, 2*16, merged.dropped)
	require.EqualValues(t, 1+11, merged.repeated)
	require.Len(t, merged.repeats, maxRepeats)
	require.Equal(t, []Repeat{{"a", "log", 2}, {"c", "log", 6}}, merged.repeats[:2])

	require.NoError(t, merged.lookUp(&request{id: []byte("d")}))
	require.EqualValues(t, 12, merged.repeated)
	for _, id := range []string{"a", "b", "c", "d"} {
		require.NoError(t, merged.lookUp(&request{id: []byte(id)}))
	}
	require.EqualValues(t, 16, merged.repeated, "ids of all stretches are known")
}

// TestMergeOfSessions merges audits of stretches that share sessions.
func TestMergeOfSessions(t *testing.T) {
	merged := newAudit()
	for _, stretch := range [][]string{{"a", "", "a", "b"}, {"", ""}, {"b", "c"}} {
		part := newAudit()
		for _, session := range stretch {
			require.NoError(t, part.lookUp(&request{session: []byte(session), salt: []byte("of all")}))
		}
		require.NoError(t, merged.merge(part))
		require.NoError(t, part.lookUp(&request{session: []byte("apart")}))
	}
	require.Len(t, merged.sessions.seen, 3)
	require.EqualValues(t, 5, merged.sessions.requests)
	require.Len(t, merged.salts.seen, 1)
	require.EqualValues(t, 8, merged.salts.requests)
}
