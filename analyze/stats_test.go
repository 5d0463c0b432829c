package analyze

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/simtest"
)

// TestStatsEqualPlain compares all statistics of random logs with those of plain caches, whose values are kept in lists.
func TestStatsEqualPlain(t *testing.T) {
	for seed := range seeds(48) {
		rng := rand.New(rand.NewPCG(seed, 15))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
		records := randomRecords(rng, kind, 250)
		opts := randomStatsOptions(rng, kind)
		warmup := int(opts.Warmup.Fraction * float64(len(records)))
		rep := runLog(t, records, opts)
		capacities := opts.Capacities
		switch {
		case len(capacities) == 0 && opts.Rolling != nil:
			capacities = rep.Rolling.Lines
		case len(capacities) == 0:
			capacities = []units.Capacity{{Unit: units.Unlimited}}
		}
		uses := plainUses(records, opts)
		require.Len(t, rep.Stats.Capacities, len(capacities))
		for i, c := range capacities {
			what := fmt.Sprintf("%d: %s, %s, %+v", seed, kind, c, opts.Cache)
			p := replayPlainStats(records, c, opts, warmup, uses)
			p.requireOverall(t, rep.Stats, what)
			p.requireAt(t, &rep.Stats.Capacities[i], what)
			chosen := len(opts.Capacities) == 0 && opts.Rolling != nil && len(opts.Rolling.Capacities) == 0 && opts.Cache.Watermark == nil
			if s := rep.Stats.Capacities[i]; chosen && c.Unit != units.Unlimited {
				require.Nil(t, s.ReuseCount, what)
			} else {
				requireDistribution(t, p.reuse(), *s.ReuseCount, small, what+", reuse")
			}
			if s := rep.Stats.Capacities[i]; len(opts.Capacities) == 0 {
				require.Nil(t, s.Evictions)
				require.Nil(t, s.BytesWrittenPerDay)
			} else {
				require.Equal(t, *rep.Results[i].Evictions, *s.Evictions)
				require.Equal(t, kind != "unknown", s.BytesWrittenPerDay != nil, what)
				if s.BytesWrittenPerDay != nil {
					require.InEpsilon(t, 1+p.written/p.seconds()*86400, 1+*s.BytesWrittenPerDay, 1e-12, what)
				}
			}
			if opts.Rolling != nil {
				at := slices.Index(rep.Requests.Capacities, c)
				if at >= 0 {
					p.requireRequests(t, rep.Requests, at, opts.LengthClasses, what)
				}
			}
		}
		requireReuse(t, rep.Reuse, records[warmup:], uses[warmup:])
	}
}

func randomStatsOptions(rng *rand.Rand, kind string) Options {
	opts := Options{TouchOrder: sim.Order(rng.IntN(2)), Stats: true, Reuse: true, IgnoreModel: rng.IntN(4) == 0}
	list := []units.Capacity{units.InChunks(1 + rng.Int64N(40)), {Unit: units.Unlimited}, units.InChunks(1 + rng.Int64N(200))}
	if kind != "unknown" {
		list = append(list, units.InBytes(1+rng.Int64N(3000)), units.InBytes(1+rng.Int64N(300)))
	}
	switch rng.IntN(4) {
	case 0:
		opts.Rolling = &RollingOptions{}
	case 1:
		opts.Rolling = &RollingOptions{Capacities: list}
	case 2:
		opts.Capacities = list
	case 3:
		opts.Capacities = list
		opts.Rolling = &RollingOptions{Capacities: list[1:3]}
	}
	opts.Requests = opts.Rolling != nil
	if rng.IntN(8) == 0 { // an unlimited cache alone
		opts.Capacities, opts.Rolling, opts.Requests = nil, nil, false
	}
	if rng.IntN(2) == 0 {
		opts.Warmup.Fraction = .3
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
	if rng.IntN(3) == 0 {
		opts.Cache.Watermark = &sim.Watermark{Trigger: .8, Ratio: .3}
	}
	if rng.IntN(3) == 0 {
		opts.MatchUnit = matchUnits[rng.IntN(len(matchUnits))]
	}
	if rng.IntN(3) == 0 {
		opts.By, opts.LengthClasses = []Dimension{ByLength}, []int64{1, 100, 200}
	}
	return opts
}

// plainUse is a lookup of a chunk: its key, the lookups and seconds since its last use (0 lookups: never), and its place in the
// stack of all chunks (−1: nowhere).
type plainUse struct {
	key      string
	span     int
	seconds  float64
	position int
}

// plainUses returns the uses of each request's chunks.
func plainUses(records []log.Record, opts Options) (uses [][]plainUse) {
	type last struct {
		lookup int
		time   float64
	}
	stack := simtest.NewLRU(math.MaxInt64, opts.TouchOrder)
	stack.Policy = simtest.Policy{StoreDelay: opts.Cache.StoreDelay.Seconds(), Admit: opts.Cache.Admit}
	keys, seen, lookups := map[string]sim.Key{}, map[string]last{}, 0
	for _, rec := range records {
		stack.RequestAt(rec.Timestamp, nil, 0) // touches that are due
		var order []sim.Key
		for c := range stack.All() {
			order = append(order, c.Key)
		}
		var request []sim.Key
		var out []plainUse
		for i, hash := range rec.ChunkHashes {
			name := chunkName(rec, hash, opts.IgnoreModel)
			if _, ok := keys[name]; !ok {
				keys[name] = sim.Key(len(keys))
			}
			request = append(request, keys[name])
			u := plainUse{key: name, position: slices.Index(order, keys[name])}
			if l, ok := seen[name]; ok {
				u.span, u.seconds = lookups+i-l.lookup, rec.Timestamp-l.time
			}
			out = append(out, u)
		}
		for i, u := range out {
			seen[u.key] = last{lookups + i, rec.Timestamp}
		}
		lookups += len(out)
		stack.RequestAt(rec.Timestamp, request, 1)
		uses = append(uses, out)
	}
	return uses
}

// plainStats are the values behind the statistics, one by one.
type plainStats struct {
	first, last                        float64
	lengths, prefixes, rates           []float64
	spans, positions, intervals        []float64
	hitTokens, tokens                  []int64 // by request
	hits                               map[string]float64
	written                            float64
	withoutHit, withAllHit, withTokens float64
}

func replayPlainStats(records []log.Record, c units.Capacity, opts Options, warmup int, uses [][]plainUse) *plainStats {
	unit, limit := c.Unit, c.Limit()
	if opts.Cache.Watermark != nil && unit == units.Unlimited {
		opts.Cache.Watermark = nil
	}
	p := &plainStats{hits: map[string]float64{}, first: math.Inf(1), last: math.Inf(-1)}
	sizes, names := map[string]float64{}, map[sim.Key]string{}
	var outs []*simtest.Outcome
	eachPlain(records, limit, unit, opts, func(i int, out, _ *simtest.Outcome) {
		size, _ := records[i].ChunkBytes()
		for _, u := range uses[i] {
			if _, ok := sizes[u.key]; !ok {
				names[sim.Key(len(sizes))] = u.key
				sizes[u.key] = float64(size)
			}
		}
		if i >= warmup {
			p.count(records[i], chunksInUnits(records[i], out.HitPrefix, opts.MatchUnit), opts.MatchUnit, uses[i])
			outs = append(outs, out)
		}
	})
	for _, out := range outs {
		for _, key := range out.Inserted {
			p.written += sizes[names[key]]
		}
	}
	return p
}

// chunksInUnits returns how many chunks of a hit prefix whole match units reach into.
func chunksInUnits(rec log.Record, prefix int, u MatchUnit) (chunks int) {
	if u == (MatchUnit{}) {
		return prefix
	}
	whole := inWholeUnits(min(int64(prefix)*rec.ChunkSize, rec.SeqLen), rec.ChunkSize, u)
	for int64(chunks)*rec.ChunkSize < whole {
		chunks++
	}
	return chunks
}

func (p *plainStats) count(rec log.Record, prefix int, unit MatchUnit, uses []plainUse) {
	p.first, p.last = min(p.first, rec.Timestamp), max(p.last, rec.Timestamp)
	hit := inWholeUnits(min(int64(prefix)*rec.ChunkSize, rec.SeqLen), rec.ChunkSize, unit)
	p.lengths = append(p.lengths, float64(rec.SeqLen))
	p.prefixes = append(p.prefixes, float64(prefix))
	p.hitTokens, p.tokens = append(p.hitTokens, hit), append(p.tokens, rec.SeqLen)
	if rec.SeqLen > 0 {
		p.withTokens++
		p.rates = append(p.rates, float64(hit)/float64(rec.SeqLen))
		if hit == 0 {
			p.withoutHit++
		}
		if hit == rec.SeqLen {
			p.withAllHit++
		}
	}
	for _, u := range uses[:prefix] {
		p.spans = append(p.spans, float64(u.span))
		p.positions = append(p.positions, float64(u.position))
		p.intervals = append(p.intervals, u.seconds)
		p.hits[u.key]++
	}
}

func (p *plainStats) seconds() float64 { return p.last - p.first }

func (p *plainStats) reuse() (counts []float64) {
	for _, n := range p.hits {
		counts = append(counts, n)
	}
	return counts
}

func (p *plainStats) requireOverall(t *testing.T, got *Stats, what string) {
	var tokens float64
	for _, n := range p.lengths {
		tokens += n
	}
	require.InEpsilon(t, float64(len(p.lengths))/p.seconds(), got.RequestsPerSecond, 1e-12, what)
	require.InEpsilon(t, tokens/p.seconds(), got.TokensPerSecond, 1e-12, what)
	requireDistribution(t, p.lengths, got.InputTokens, small, what)
}

func (p *plainStats) requireAt(t *testing.T, got *CapacityStats, what string) {
	requireDistribution(t, p.rates, got.RequestHitRate.Distribution, ends, what+", rates")
	require.Equal(t, p.withoutHit/p.withTokens, got.RequestHitRate.ZeroShare, what)
	require.Equal(t, p.withAllHit/p.withTokens, got.RequestHitRate.FullShare, what)
	requireDistribution(t, p.prefixes, got.HitPrefixChunks, small, what+", prefixes")
	requireDistribution(t, p.spans, got.SpanLookups, small, what+", spans")
	requireDistribution(t, p.positions, got.StackPosition, small, what+", positions")
	requireDistribution(t, p.intervals, got.ReuseIntervalSeconds, none, what+", intervals")
	cumulative := func(percent int) float64 {
		var hits, tokens int64
		for i := range max(1, len(p.tokens)*percent/100) {
			hits, tokens = hits+p.hitTokens[i], tokens+p.tokens[i]
		}
		return Rate(hits, tokens)
	}
	require.Equal(t, CumulativeRate{cumulative(10), cumulative(25), cumulative(50), cumulative(75), cumulative(100)}, got.CumulativeTokenHitRate, what)
}

// Values whose percentiles are exact.
var (
	small = func(v float64) bool { return v < 256 }
	none  = func(v float64) bool { return v == 0 }
	ends  = func(v float64) bool { return v == 0 || v == 1 }
)

// requireDistribution compares a distribution with its values. exact says which of its percentiles must be exact.
func requireDistribution(t *testing.T, values []float64, got Distribution, exact func(v float64) bool, what string) {
	t.Helper()
	n := len(values)
	require.EqualValues(t, n, got.Count, what)
	if n == 0 {
		require.Zero(t, got, what)
		return
	}
	slices.Sort(values)
	var sum float64
	for _, v := range values {
		sum += v
	}
	require.InDelta(t, sum/float64(n), got.Mean, 1e-13*(1+got.Mean), what)
	require.InDelta(t, values[n-1], got.Max, 1e-13*(1+got.Max), what)
	for _, at := range []struct {
		percent int
		got     float64
	}{{25, got.P25}, {50, got.P50}, {75, got.P75}, {90, got.P90}, {99, got.P99}} {
		want := values[(n*at.percent+99)/100-1]
		require.InDelta(t, want, at.got, .004*want, "%s, p%d", what, at.percent)
		if exact(want) {
			require.Equal(t, want, at.got, "%s, p%d", what, at.percent)
		}
	}
}

func (p *plainStats) requireRequests(t *testing.T, got *Requests, at int, bounds []int64, what string) {
	rates := make([]int64, 101)
	var requests int64
	for i, total := range p.tokens {
		if total > 0 {
			rates[(100*p.hitTokens[i]+total-1)/total]++
		}
	}
	require.Equal(t, rates, got.Rates[at], what)
	for i, l := range got.Lengths {
		var want [3]int64
		for j, total := range p.tokens {
			if l.From <= total && total < l.To {
				want[0]++
				want[1] += total
				want[2] += p.hitTokens[j]
			}
		}
		require.Equal(t, want, [3]int64{l.Requests, l.TotalTokens, l.HitTokens[at]}, what)
		require.Positive(t, l.Requests)
		if len(bounds) == 0 {
			require.True(t, l.From == 0 && l.To == 1 || l.To == 2*l.From, what)
		} else {
			require.Contains(t, append([]int64{0}, bounds...), l.From)
			require.Contains(t, append([]int64{math.MaxInt64}, bounds...), l.To)
		}
		if i > 0 {
			require.GreaterOrEqual(t, l.From, got.Lengths[i-1].To)
		}
		requests += l.Requests
	}
	require.EqualValues(t, len(p.tokens), requests, what)
}

// requireReuse compares the figures of reuse with the uses of the counted requests.
func requireReuse(t *testing.T, got *Reuse, records []log.Record, uses [][]plainUse) {
	lookups := map[string]int64{}
	intervals := make([]int64, len(got.Intervals))
	var first int64
	for i, rec := range records {
		left := rec.SeqLen
		for _, u := range uses[i] {
			tokens := min(rec.ChunkSize, left)
			left -= tokens
			lookups[u.key]++
			if u.span == 0 {
				first += tokens
				continue
			}
			for j, in := range got.Intervals {
				if in.From <= u.seconds && u.seconds < in.To {
					intervals[j] += tokens
				}
			}
		}
	}
	require.Equal(t, first, got.FirstTokens)
	for j, in := range got.Intervals {
		require.Equal(t, intervals[j], in.Tokens)
		require.Positive(t, in.Tokens)
		require.True(t, in.From == 0 && in.To == .001 || math.Abs(math.Log10(in.To/in.From)-.1) < 1e-9, "%+v", in)
	}
	chunks := map[int64]int64{}
	for _, n := range lookups {
		chunks[n]++
	}
	last := int64(math.MaxInt64)
	for _, p := range got.Popularity {
		require.Equal(t, Popularity{p.LookupsFrom, p.LookupsFrom, chunks[p.LookupsFrom], chunks[p.LookupsFrom] * p.LookupsFrom}, p)
		require.Less(t, p.LookupsTo, last)
		last = p.LookupsFrom
		delete(chunks, p.LookupsFrom)
	}
	require.Empty(t, chunks)
}

// TestProgressOfManyRequests compares the rates of the first requests, in one stretch and merged from many, with exact ones at
// request numbers that are nearly as asked.
func TestProgressOfManyRequests(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	unlimited := []units.Capacity{{Unit: units.Unlimited}}
	for _, n := range []int{1, 2, 3999, 4000, 4001, 12_345, 100_000} {
		counter := newCapacitySet(unlimited)
		one, merged, part := newProgress(counter), newProgress(counter), newProgress(counter)
		rates, hits, tokens := []float64{0}, int64(0), int64(0)
		for range n {
			q := &request{tokens: tokens16(1000)}
			q.demand = []row{{need: sim.Depth{Chunks: 1 + rng.Int64N(9), Bytes: sim.Never}, n: 1, tokens: rng.Int64N(1000)}}
			hits, tokens = hits+q.demand[0].tokens, tokens+1000
			rates = append(rates, Rate(hits, tokens))
			var found partHits
			counter.add(&found, q, hitTokens)
			one.add(q, &found)
			part.add(q, &found)
			if rng.IntN(500) == 0 {
				merged.merge(part)
				part = newProgress(counter)
			}
		}
		merged.merge(part)
		for _, p := range []*progress{one, merged} {
			require.LessOrEqual(t, len(p.blocks), maxProgressBlocks)
			for _, percent := range []int64{10, 25, 50, 75, 100} {
				want := max(1, n*int(percent)/100)
				off := 0
				if n > maxProgressBlocks {
					off = n / 2000
				}
				require.Contains(t, rates[max(1, want-off):min(n, want+off)+1], p.rate(unlimited[0], percent), "%d %% of %d", percent, n)
			}
			require.Equal(t, rates[n], p.rate(unlimited[0], 100))
		}
	}
}

func tokens16(seqLen int64) tokens { return tokens{chunkSize: 16, seqLen: seqLen} }

// TestPopularityOfManyChunks counts chunks with up to 5,000 lookups each, of which the first thousand are told apart.
func TestPopularityOfManyChunks(t *testing.T) {
	y := newReuseTally()
	for id := range 3000 { // chunk id has 5000 − id lookups, the last thousand have 3
		n := 5000 - id
		if id >= 2000 {
			n = 3
		}
		for range n {
			y.lookups.AddRow(uint32(id), 1)
		}
	}
	got := y.popularity()
	var chunks, lookups, rank int64
	next := int64(5000)
	for _, p := range got {
		require.LessOrEqual(t, p.LookupsTo, next)
		require.LessOrEqual(t, p.LookupsFrom, p.LookupsTo)
		require.LessOrEqual(t, p.LookupsFrom*p.Chunks, p.Lookups)
		require.GreaterOrEqual(t, p.LookupsTo*p.Chunks, p.Lookups)
		require.LessOrEqual(t, float64(p.LookupsTo-p.LookupsFrom), float64(p.LookupsFrom)/128)
		if rank < exactRanks {
			require.Equal(t, Popularity{5000 - rank, 5000 - rank, 1, 5000 - rank}, p)
		}
		rank += p.Chunks
		next = p.LookupsFrom - 1
		chunks, lookups = chunks+p.Chunks, lookups+p.Lookups
	}
	require.EqualValues(t, 3000, chunks)
	require.EqualValues(t, 2000*5000-1999*1000+3000, lookups)
	require.Equal(t, Popularity{3, 3, 1000, 3000}, got[len(got)-1])
	require.Less(t, len(got), 1100)
}

// TestPopularityOfTies has more chunks with one number of lookups than are told apart: none is in a class without its number.
func TestPopularityOfTies(t *testing.T) {
	y := newReuseTally()
	for range 2003 {
		y.lookups.AddRow(0, exactRanks+500)
	}
	for range 2001 {
		y.lookups.AddRow(exactRanks+500, 1)
	}
	require.Equal(t, []Popularity{{2003, 2003, exactRanks + 500, 2003 * (exactRanks + 500)}, {2000, 2002, 1, 2001}}, y.popularity())
}

// TestStatsOfWildTimestamps writes statistics as JSON, which knows no infinite rates, whatever the timestamps.
func TestStatsOfWildTimestamps(t *testing.T) {
	for _, times := range [][]float64{{0, 5e-324}, {0, 1e-300, 2e-300}, {-1e12, 1e12}, {7, 7}} {
		var records []log.Record
		for _, ts := range times {
			records = append(records, log.Record{Timestamp: ts, ChunkSize: 16, SeqLen: 1 << 40, ChunkHashes: []string{"a"}, DTypes: []string{"int8"}, Shapes: [][]int64{{1 << 50}}})
		}
		report := runLog(t, records, Options{Stats: true, Requests: true, Reuse: true, Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(1), units.InBytes(1)}})
		require.NoError(t, WriteJSON(io.Discard, report), "%v", times)
		require.NoError(t, WriteReuseCSV(io.Discard, report.Reuse))
		require.NoError(t, WriteRequestsCSV(io.Discard, report.Requests))
	}
}
