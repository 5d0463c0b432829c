package analyze

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/simtest"
)

// plainTiers replays records through a plain cache for each tier, and queries all of them for every chunk.
type plainTiers struct {
	caches []*simtest.LRU
	sizes  map[sim.Key]int64 // of first sight
	keys   map[string]sim.Key
	delay  float64
	unit   MatchUnit

	tokens, bytes, written []int64 // by tier
	windows                map[float64]*plainWindow
	touches                []plainTouches
}

type plainWindow struct {
	requests               int64
	tokens, bytes, written []int64 // by tier
}

// plainTouches is the effect on each cache of a counted request's touches, which take effect in some window.
type plainTouches struct {
	window float64
	outs   []*simtest.Outcome
}

func newPlainTiers(opts Options) *plainTiers {
	p := &plainTiers{sizes: map[sim.Key]int64{}, keys: map[string]sim.Key{}, windows: map[float64]*plainWindow{}, delay: opts.Cache.StoreDelay.Seconds(), unit: opts.MatchUnit}
	for _, t := range opts.Tiers.Tiers {
		n := t.Capacity.N
		if t.Capacity.Unit == units.Unlimited {
			n = math.MaxInt64
		}
		cache := newPlainLRU(n, t.Capacity.Unit, opts.TouchOrder)
		cache.StoreDelay, cache.TTL = opts.Cache.StoreDelay.Seconds(), opts.Cache.TTL.Seconds()
		p.caches = append(p.caches, cache)
	}
	p.tokens, p.bytes, p.written = p.byTier(), p.byTier(), p.byTier()
	return p
}

func (p *plainTiers) byTier() []int64 { return make([]int64, len(p.caches)) }

// window returns the sums of the window that begins at a time.
func (p *plainTiers) window(start float64) *plainWindow {
	if p.windows[start] == nil {
		p.windows[start] = &plainWindow{0, p.byTier(), p.byTier(), p.byTier()}
	}
	return p.windows[start]
}

func (p *plainTiers) request(rec log.Record, counts bool) {
	size, _ := rec.ChunkBytes()
	keys := p.keysOf(rec)
	var outs []*simtest.Outcome
	for _, cache := range p.caches {
		outs = append(outs, cache.RequestAt(rec.Timestamp, keys, size))
	}
	if !counts {
		return
	}
	p.touches = append(p.touches, plainTouches{math.Floor((rec.Timestamp+p.delay)/20) * 20, outs})
	p.window(math.Floor(rec.Timestamp/20)*20).requests++
	left, prefix := rec.SeqLen, outs[len(outs)-1].HitPrefix
	if p.unit.N > 0 {
		left = inWholeUnits(min(rec.SeqLen, int64(prefix)*rec.ChunkSize), rec.ChunkSize, p.unit)
	}
	for i := range prefix {
		if left == 0 && p.unit.N > 0 {
			break
		}
		tier := 0
		for !outs[tier].Resident[i] {
			tier++
		}
		left -= p.serve(rec, keys[i], tier, left)
	}
}

// serve counts a chunk that a tier serves, and returns its tokens.
func (p *plainTiers) serve(rec log.Record, key sim.Key, tier int, left int64) int64 {
	tokens := min(rec.ChunkSize, left)
	window := p.window(math.Floor(rec.Timestamp/20) * 20)
	p.tokens[tier] += tokens
	p.bytes[tier] += p.sizes[key]
	window.tokens[tier] += tokens
	window.bytes[tier] += p.sizes[key]
	return tokens
}

// keysOf returns the keys of a record's chunks, whose sizes are then known.
func (p *plainTiers) keysOf(rec log.Record) (keys []sim.Key) {
	size, _ := rec.ChunkBytes()
	for _, hash := range rec.ChunkHashes {
		name := chunkName(rec, hash, false)
		key, ok := p.keys[name]
		if !ok {
			key = sim.Key(len(p.keys))
			p.keys[name], p.sizes[key] = key, size
		}
		keys = append(keys, key)
	}
	return keys
}

// write counts, chunk by chunk, what the touches of the counted requests have written, after all have taken effect.
func (p *plainTiers) write() {
	for _, cache := range p.caches {
		cache.Flush()
	}
	for _, t := range p.touches {
		for tier, out := range t.outs {
			for _, key := range out.Inserted {
				p.written[tier] += p.sizes[key]
				p.window(t.window).written[tier] += p.sizes[key]
			}
		}
	}
}

func TestTiersEqualPlainCaches(t *testing.T) {
	t.Parallel()
	for seed := range seeds(60) {
		r := rand.New(rand.NewPCG(seed, 77))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[r.IntN(4)]
		opts := Options{TouchOrder: []sim.Order{sim.HeadFirst, sim.TailFirst}[r.IntN(2)], Tiers: &TierOptions{Window: 20 * time.Second},
			Cache: Cache{StoreDelay: time.Duration(r.IntN(2)) * 3 * time.Second, TTL: time.Duration(r.IntN(2)) * 25 * time.Second}}
		unit, factor := units.Chunks, int64(1)
		if kind != "unknown" && r.IntN(2) == 0 {
			unit, factor = units.Bytes, 7
		}
		capacity := int64(0)
		for i := range 1 + r.IntN(6) {
			capacity += factor * (1 + r.Int64N(40))
			opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: fmt.Sprint("tier ", i), Capacity: units.Capacity{N: capacity, Unit: unit}, Bandwidth: r.Int64N(12), WriteBandwidth: r.Int64N(12) * r.Int64N(2)})
		}
		if r.IntN(3) == 0 {
			opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}})
		}
		records := randomRecords(r, kind, 200)
		warmup := r.IntN(2) * 60
		opts.Warmup.Fraction = float64(warmup) / 200
		t.Run(fmt.Sprint(seed, kind), func(t *testing.T) { compareTiers(t, records, opts, warmup, kind != "unknown") })
	}
}

func compareTiers(t *testing.T, records []log.Record, opts Options, warmup int, bytes bool) {
	want := newPlainTiers(opts)
	for i, rec := range records {
		want.request(rec, i >= warmup)
	}
	want.write()
	for _, tier := range opts.Tiers.Tiers {
		opts.Capacities = append(opts.Capacities, tier.Capacity)
	}
	report := runLog(t, records, opts)
	largest := report.Results[len(report.Results)-1]
	var sum int64
	for i, got := range report.Tiers {
		require.Equal(t, want.tokens[i], got.Tokens, got.Name)
		require.Equal(t, Rate(got.Tokens, report.Results[0].TotalTokens), got.TokenHitRate)
		require.Equal(t, bytes, got.Bytes != nil)
		if bytes {
			require.Equal(t, want.bytes[i], *got.Bytes, got.Name)
			require.Equal(t, want.written[i], *got.BytesWritten, got.Name)
			compareWriteRates(t, want, i, got)
		}
		if size := report.Curve.ChunkBytes; bytes && size > 0 {
			classic := report.Results[i]
			require.Equal(t, size*(classic.ChunkLookups-classic.ChunkHits), *got.BytesWritten, "classic misses of %s", got.Name)
		}
		sum += got.Tokens
	}
	require.Equal(t, largest.HitTokens, sum, "together they hit what the largest does")
	compareTierWindows(t, want, report.TierWindows, bytes)
}

func compareTierWindows(t *testing.T, want *plainTiers, windows []TierWindow, bytes bool) {
	require.Len(t, windows, len(want.windows))
	last := math.Inf(-1)
	for _, w := range windows {
		require.Less(t, last, w.Start, "in order")
		last = w.Start
		require.Equal(t, w.Start+20, w.End)
		require.Equal(t, want.windows[w.Start].requests, w.Requests)
		require.Equal(t, want.windows[w.Start].tokens, w.Tokens, "window %g", w.Start)
		if !bytes {
			require.Nil(t, w.Bytes)
			require.Nil(t, w.BytesWritten)
			continue
		}
		require.Equal(t, want.windows[w.Start].bytes, w.Bytes, "window %g", w.Start)
		require.Equal(t, want.windows[w.Start].written, w.BytesWritten, "window %g", w.Start)
	}
}

// compareWriteRates compares a tier's write rates.
func compareWriteRates(t *testing.T, want *plainTiers, tier int, got TierResult) {
	var peak, above int64
	start := math.Inf(1)
	first, last := math.Inf(1), math.Inf(-1) // windows with requests
	b := got.Bandwidth
	for at, w := range want.windows {
		if w.requests > 0 {
			first, last = min(first, at), max(last, at)
		}
		if n := w.written[tier]; n > peak || n == peak && at < start {
			peak, start = n, at
		}
		if available := b.Available; available != nil && (w.bytes[tier] > 20**available || w.written[tier] > 20**b.AvailableWrite ||
			b.Shared && w.bytes[tier]+w.written[tier] > 20**available) {
			above++
		}
	}
	require.Equal(t, float64(peak)/20, b.PeakWrite)
	require.Equal(t, start, b.PeakWriteStart)
	require.Equal(t, b.Available == nil, b.Above == nil)
	if b.Above != nil {
		require.Equal(t, above, *b.Above)
	}
	require.InEpsilon(t, 1+float64(want.written[tier])/(last+20-first), 1+b.AverageWrite, 1e-12)
	require.Equal(t, b.AverageWrite*86400, *got.BytesWrittenPerDay)
}

// TestTierBandwidth reads 8-byte chunks of two tiers in known seconds.
func TestTierBandwidth(t *testing.T) {
	at := func(seconds float64, hashes ...string) log.Record {
		return log.Record{Timestamp: seconds, ChunkSize: 4, SeqLen: 4 * int64(len(hashes)), ChunkHashes: hashes, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	}
	records := []log.Record{at(0, "a", "b", "c"), at(1, "c"), at(12, "b"), at(15, "a", "b"), at(35, "c")}
	opts := Options{Tiers: &TierOptions{Window: 10 * time.Second, Tiers: []Tier{
		{Name: "near", Capacity: units.InChunks(1), Endurance: 1 << 20}, {Name: "far", Capacity: units.InChunks(3), Bandwidth: 2, WriteBandwidth: 1}}}}
	report := runLog(t, records, opts)
	near, far := report.Tiers[0], report.Tiers[1]
	require.EqualValues(t, 8, near.Tokens, "c at 1 s, b at 15 s")
	require.EqualValues(t, 12, far.Tokens, "b at 12 s, a at 15 s, c at 35 s")
	require.EqualValues(t, 24, *far.Bytes)
	require.EqualValues(t, 56, *near.BytesWritten, "a, b and c at 0 s, b at 12 s, a and, since a evicts it, b again at 15 s, c at 35 s")
	require.EqualValues(t, 24, *far.BytesWritten, "a, b and c at 0 s")
	require.Equal(t, &TierBandwidth{WindowSeconds: 10, Average: 16. / 40, Peak: 0.8, PeakStart: 0, AverageWrite: 56. / 40, PeakWrite: 2.4, PeakWriteStart: 0}, near.Bandwidth)
	one, two := int64(1), int64(2)
	require.Equal(t, &TierBandwidth{WindowSeconds: 10, Average: 24. / 40, Peak: 1.6, PeakStart: 10, AverageWrite: 24. / 40, PeakWrite: 2.4, PeakWriteStart: 0,
		Available: &two, AvailableWrite: &one, Above: &one}, far.Bandwidth, "written too fast in the first window")
	require.InEpsilon(t, 56./40*86400, *near.BytesWrittenPerDay, 1e-12)
	require.EqualValues(t, 1<<20, *near.EnduranceBytes)
	require.InEpsilon(t, (1<<20)/(56./40*86400), *near.EnduranceDays, 1e-12)
	require.Nil(t, far.EnduranceBytes)
	require.Nil(t, far.EnduranceDays)

	var out strings.Builder
	require.NoError(t, WriteTiersCSV(&out, report))
	require.Equal(t, `window_start,window_end,tier,capacity_bytes,capacity_chunks,requests,tokens,total_tokens,token_hit_rate,bytes,bytes_per_second,bytes_written,write_bytes_per_second,capacity_label,bytes_moved_down
0,10,near,8,1,2,4,16,0.25,8,0.8,24,2.4,1 chunk,
0,10,far,24,3,2,0,16,0,0,0,24,2.4,3 chunks,
10,20,near,8,1,2,4,12,0.3333333333333333,8,0.8,24,2.4,1 chunk,
10,20,far,24,3,2,8,12,0.6666666666666666,16,1.6,0,0,3 chunks,
30,40,near,8,1,1,0,4,0,0,0,8,0.8,1 chunk,
30,40,far,24,3,1,4,4,1,8,0.8,0,0,3 chunks,
`, out.String())
}

// TestTierWritesOfOneRequest touches a chunk again that the same request has, or has not, evicted.
func TestTierWritesOfOneRequest(t *testing.T) {
	rec := log.Record{ChunkSize: 4, SeqLen: 20, ChunkHashes: []string{"a", "b", "a", "a", "b"}, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		opts := Options{TouchOrder: order, Tiers: &TierOptions{Tiers: []Tier{{Name: "one", Capacity: units.InBytes(15)}, {Name: "two", Capacity: units.InBytes(16)}}}}
		report := runLog(t, []log.Record{rec}, opts)
		require.EqualValues(t, 4*8, *report.Tiers[0].BytesWritten, "all but the second a in a row")
		require.EqualValues(t, 2*8, *report.Tiers[1].BytesWritten, "each once")
	}
}

// TestTierSmallerThanAChunk writes chunks through a tier that cannot hold them, and flushes it each time.
func TestTierSmallerThanAChunk(t *testing.T) {
	small := log.Record{ModelName: "small", ChunkSize: 4, SeqLen: 4, ChunkHashes: []string{"s"}, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	large := log.Record{ModelName: "large", ChunkSize: 4, SeqLen: 4, ChunkHashes: []string{"l"}, DTypes: []string{"int8"}, Shapes: [][]int64{{80}}}
	opts := Options{Tiers: &TierOptions{Tiers: []Tier{{Name: "small", Capacity: units.InBytes(79)}, {Name: "large", Capacity: units.InBytes(88)}}}}
	report := runLog(t, []log.Record{small, large, large, small}, opts)
	require.EqualValues(t, 8+80+80+8, *report.Tiers[0].BytesWritten)
	require.EqualValues(t, 8+80, *report.Tiers[1].BytesWritten)
}

// TestTierWritesComeLater has touches that take effect long after the last request.
func TestTierWritesComeLater(t *testing.T) {
	var records []log.Record
	for i := range 5 {
		records = append(records, log.Record{Timestamp: float64(100 * i), ChunkSize: 4, SeqLen: 4, ChunkHashes: []string{fmt.Sprint(i)}, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}})
	}
	opts := Options{Cache: Cache{StoreDelay: 1000 * time.Second}, Tiers: &TierOptions{Tiers: []Tier{{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}, Bandwidth: 1}}}}
	report := runLog(t, records, opts)
	windows := report.TierWindows
	require.Len(t, windows, 10)
	require.Equal(t, TierWindow{Start: 400, End: 405, Requests: 1, TotalTokens: 4, Tokens: []int64{0}, Bytes: []int64{0}, BytesWritten: []int64{0}}, windows[4],
		"the windows are as long as suits the requests")
	require.Equal(t, TierWindow{Start: 1400, End: 1405, Tokens: []int64{0}, Bytes: []int64{0}, BytesWritten: []int64{8}}, windows[9])
	b := report.Tiers[0].Bandwidth
	require.Equal(t, 40./405, b.AverageWrite, "over the time of the requests")
	require.EqualValues(t, 1000, b.PeakWriteStart)
	require.EqualValues(t, 5, *b.Above)
}

// TestTierWindowsAreThoseOfRequests has writes that span one window more than the default length allows.
func TestTierWindowsAreThoseOfRequests(t *testing.T) {
	var records []log.Record
	for _, at := range []float64{0, 199.5} {
		records = append(records, log.Record{Timestamp: at, ChunkSize: 4, SeqLen: 4, ChunkHashes: []string{fmt.Sprint(at)}, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}})
	}
	opts := Options{Cache: Cache{StoreDelay: 900 * time.Millisecond}, Tiers: &TierOptions{Tiers: []Tier{{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	var starts []float64
	for _, w := range runLog(t, records, opts).TierWindows {
		require.Equal(t, w.Start+1, w.End)
		starts = append(starts, w.Start)
	}
	require.Equal(t, []float64{0, 199, 200}, starts)
}

// TestTierWritesTakeFewWindows follows the windows of a growing log: they are joined as it grows.
func TestTierWritesTakeFewWindows(t *testing.T) {
	s := newTiers(&TierOptions{Tiers: []Tier{{Capacity: units.Capacity{Unit: units.Unlimited}}}})
	for i := range 2000 {
		now := float64(i) * 1000
		require.NoError(t, s.lookUp(&request{time: now, tokens: tokens{4, 4}, counted: true}))
		never := []sim.Distance{{N: 1, Depth: sim.Depth{Chunks: sim.Never, Bytes: sim.Never}, Size: 8}}
		require.NoError(t, s.touch(&touches{time: now + 5000, counted: true, distances: never}))
		require.LessOrEqual(t, s.writes.windows.Len(), window.Most+10)
	}
	require.EqualValues(t, 2000*8, s.writes.sums[0])
}

// TestTierJustFastEnough reads and writes a byte per second, exactly at the available speed or slightly above.
func TestTierJustFastEnough(t *testing.T) {
	rec := log.Record{ChunkSize: 4, SeqLen: 4, ChunkHashes: []string{"a"}, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	for _, tt := range []struct{ read, write, above int64 }{{1, 1, 0}, {2, 0, 0}, {1, 0, 1}} {
		opts := Options{Tiers: &TierOptions{Window: 8 * time.Second, Tiers: []Tier{{Name: "only", Capacity: units.InChunks(1), Bandwidth: tt.read, WriteBandwidth: tt.write}}}}
		b := runLog(t, []log.Record{rec, rec}, opts).Tiers[0].Bandwidth
		require.Equal(t, 1.0, b.Peak)
		require.Equal(t, 1.0, b.PeakWrite)
		require.Equal(t, tt.above, *b.Above)
		require.Equal(t, tt.read, *b.Available)
		require.Equal(t, max(1, tt.read), *b.AvailableWrite)
		require.Equal(t, tt.write == 0, b.Shared)
	}
}

func TestTiersOfNothing(t *testing.T) {
	records := []log.Record{{ChunkSize: 4, SeqLen: 3}}
	opts := Options{Tiers: &TierOptions{Tiers: []Tier{{Name: `a "b", c`, Capacity: units.InChunks(5), Bandwidth: 1}}}}
	report := runLog(t, records, opts)
	require.Zero(t, report.Tiers[0].Tokens)
	var out strings.Builder
	require.NoError(t, WriteTiersCSV(&out, report))
	require.Contains(t, out.String(), "\n0,1,\"a \"\"b\"\", c\",")
}

// TestTierBytesOverflow checks that an overflow of the bytes served is an error.
func TestTierBytesOverflow(t *testing.T) {
	var records []log.Record
	for i := range 4 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 2, ChunkHashes: []string{"a", "b"}})
	}
	opts := Options{BytesPerChunk: 1 << 61, Tiers: &TierOptions{Tiers: []Tier{{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	report := runLog(t, records[:2], opts)
	require.EqualValues(t, 1<<62, *report.Tiers[0].Bytes)
	_, err := Run(context.Background(), findLog(t, records), opts)
	require.ErrorIs(t, err, ErrTooManyBytes)
	require.ErrorContains(t, err, ".jsonl:3: the tiers serve more than 2^63 bytes in total")
}

// TestTierWritesOverflow checks that an overflow of the bytes written is an error, also when the last touches take effect.
func TestTierWritesOverflow(t *testing.T) {
	var records []log.Record
	for i := range 4 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{fmt.Sprint(i % 2)}})
	}
	opts := Options{BytesPerChunk: 1 << 61, Tiers: &TierOptions{Tiers: []Tier{{Name: "one", Capacity: units.InChunks(1)}, {Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	report := runLog(t, records[:3], opts)
	require.EqualValues(t, 3<<61, *report.Tiers[0].BytesWritten)
	require.EqualValues(t, 1<<62, *report.Tiers[1].BytesWritten)
	_, err := Run(context.Background(), findLog(t, records), opts)
	require.ErrorIs(t, err, ErrTooManyWritten)
	require.ErrorContains(t, err, ".jsonl:4: more than 2^63 bytes are written to a tier")
	opts.Cache.StoreDelay = time.Hour
	_, err = Run(context.Background(), findLog(t, records), opts)
	require.ErrorIs(t, err, ErrTooManyWritten)
}

func TestTierOptions(t *testing.T) {
	tiers := func(list ...string) (out []Tier) {
		for _, s := range list {
			tier, err := ParseTier(s)
			require.NoError(t, err)
			out = append(out, tier)
		}
		return out
	}
	for _, tt := range []struct {
		tiers []Tier
		want  string
	}{
		{tiers("gpu=40GiB", "dram=512GiB", "all=inf"), ""},
		{tiers("a=5chunks", "b=6chunks"), ""},
		{tiers("a=5chunks", "a=6chunks"), "tier a is given twice"},
		{tiers("a=5chunks", "b=5chunks"), "tier b (5 chunks) must be larger than a (5 chunks): tiers are given from the smallest to the largest, and each also holds what the ones before it hold"},
		{tiers("a=2GiB", "b=1GiB"), "tier b (1 GiB) must be larger than a (2 GiB): tiers are given from the smallest to the largest, and each also holds what the ones before it hold"},
		{tiers("a=inf", "b=1GiB"), "tier b comes after an unlimited one: only the last can be that"},
		{tiers("a=1chunk", "b=1GiB"), "the sizes of tiers must all be in bytes, or all in chunks"},
	} {
		opts := Options{Tiers: &TierOptions{Tiers: tt.tiers}}
		if err := opts.Check(); tt.want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, tt.want)
		}
	}
	opts := Options{Tiers: &TierOptions{Tiers: tiers("a=1GiB")}, Cache: Cache{Watermark: &sim.Watermark{Trigger: 1, Ratio: 1}}}
	require.ErrorIs(t, opts.Check(), ErrTiersNeedLRU)
	for text, want := range map[string]string{
		"dram":       `tier "dram": must be a name and a value; write gpu=40GiB,dram=512GiB`,
		"=5GiB":      `tier "=5GiB": must be a name and a value; write gpu=40GiB,dram=512GiB`,
		"a\x1b=5GiB": `tier "a\x1b=5GiB": must be a name and a value; write gpu=40GiB,dram=512GiB`,
		"dram=5G":    `size "5G": "G" can mean either: write GiB (powers of 1024) or GB (powers of 1000); write 64GiB, 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf`,
	} {
		_, err := ParseTier(text)
		require.EqualError(t, err, want)
	}
	b, err := ParseTierBandwidth("dram=20GiB/s")
	require.NoError(t, err)
	require.Equal(t, TierBandwidthOf{"dram", 20 << 30, 0}, b)
	b, err = ParseTierBandwidth("a:b = 6GiB/s : 3GB/s ")
	require.NoError(t, err)
	require.Equal(t, TierBandwidthOf{"a:b", 6 << 30, 3e9}, b)
	for _, text := range []string{"dram=20GiB", "dram=5chunks/s", "dram=inf/s", "dram", "dram=24Gb/s", "dram=5kb/s", "dram=5Gib/s",
		"dram=1GB/s:", "dram=:1GB/s", "dram=:", "dram=", "dram=1GB:1GB/s", "dram=1GB/s:1GB", "dram=1GB/s:1Gb/s", "dram=1GB/s:2GB/s:3GB/s", "dram=1GB/s:0GB/s", "dram=0B/s"} {
		_, err := ParseTierBandwidth(text)
		require.ErrorContains(t, err, "write dram=20GiB/s", text)
		require.ErrorContains(t, err, fmt.Sprintf("tier %q: ", text))
	}
	_, err = ParseTierBandwidth("ssd=6GiB/s:")
	require.EqualError(t, err, `tier "ssd=6GiB/s:": one of two speeds is missing; write dram=20GiB/s for reads and writes together, or ssd=6GiB/s:3GiB/s for each`)
	_, err = ParseTierBandwidth("ssd=1B/s:2B/s:3B/s")
	require.ErrorContains(t, err, `tier "ssd=1B/s:2B/s:3B/s": more than two speeds; `)
}

func TestParseTierEndurance(t *testing.T) {
	e, err := ParseTierEndurance("ssd=7PB")
	require.NoError(t, err)
	require.Equal(t, TierEnduranceOf{"ssd", 7e15}, e)
	for text, want := range map[string]string{
		"ssd":         "must be a name and a value",
		"=7PB":        "must be a name and a value",
		"ssd=7":       "",
		"ssd=inf":     "must be in bytes",
		"ssd=5chunks": "must be in bytes",
		"ssd=7Pb":     "a small b can mean bits: write B for bytes",
		"ssd=0PB":     `size "0PB": must be above zero`,
		"ssd=7PB/s":   `size "7PB/s": unknown unit "pb/s"`,
		"ssd=7P":      `write PiB (powers of 1024) or PB (powers of 1000)`,
	} {
		_, err := ParseTierEndurance(text)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, fmt.Sprintf("tier %q: ", text))
		require.ErrorContains(t, err, "; write ssd=7PB, the total that can be written (TBW in data sheets)")
	}
}
