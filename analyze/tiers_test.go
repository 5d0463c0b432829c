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

	"hashlog/log"
	"hashlog/sim"
)

// plainTiers replays records through a plain cache for each tier, and asks all of them about every chunk.
type plainTiers struct {
	caches []*sim.LRU
	sizes  map[string]int64 // of first sight
	keys   map[string]sim.Key

	tokens, bytes []int64 // by tier
	windows       map[float64][]int64
}

func newPlainTiers(opts Options) *plainTiers {
	p := &plainTiers{sizes: map[string]int64{}, keys: map[string]sim.Key{}, windows: map[float64][]int64{}}
	for _, t := range opts.Tiers.Tiers {
		n, unit := t.Capacity.N, sim.InChunks
		switch t.Capacity.Unit {
		case Bytes:
			unit = sim.InBytes
		case Unlimited:
			n = math.MaxInt64
		}
		cache := sim.NewLRU(n, unit, opts.TouchOrder)
		cache.StoreDelay, cache.TTL = opts.Cache.StoreDelay.Seconds(), opts.Cache.TTL.Seconds()
		p.caches = append(p.caches, cache)
	}
	p.tokens, p.bytes = make([]int64, len(p.caches)), make([]int64, len(p.caches))
	return p
}

func (p *plainTiers) request(rec log.Record, counts bool) {
	size, _ := rec.ChunkBytes()
	var names []string
	var keys []sim.Key
	for _, hash := range rec.ChunkHashes {
		name := rec.ModelName + "\x00" + hash
		if _, ok := p.keys[name]; !ok {
			p.keys[name] = sim.Key(len(p.keys))
			p.sizes[name] = size
		}
		names, keys = append(names, name), append(keys, p.keys[name])
	}
	var outs []*sim.Outcome
	for _, cache := range p.caches {
		outs = append(outs, cache.RequestAt(rec.Timestamp, keys, size))
	}
	if !counts {
		return
	}
	window := math.Floor(rec.Timestamp/20) * 20
	if p.windows[window] == nil {
		p.windows[window] = make([]int64, len(p.caches))
	}
	left := rec.SeqLen
	for i := range outs[len(outs)-1].HitPrefix {
		tokens := min(rec.ChunkSize, left)
		left -= tokens
		tier := 0
		for !outs[tier].Resident[i] {
			tier++
		}
		p.tokens[tier] += tokens
		p.bytes[tier] += p.sizes[names[i]]
		p.windows[window][tier] += tokens
	}
}

func TestTiersEqualPlainCaches(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 77))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[r.IntN(4)]
		opts := Options{TouchOrder: []sim.Order{sim.HeadFirst, sim.TailFirst}[r.IntN(2)], Tiers: &TierOptions{Window: 20 * time.Second},
			Cache: Cache{StoreDelay: time.Duration(r.IntN(2)) * 3 * time.Second, TTL: time.Duration(r.IntN(2)) * 25 * time.Second}}
		unit, factor := Chunks, int64(1)
		if kind != "unknown" && r.IntN(2) == 0 {
			unit, factor = Bytes, 7
		}
		capacity := int64(0)
		for i := range 1 + r.IntN(6) {
			capacity += factor * (1 + r.Int64N(40))
			opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: fmt.Sprint("tier ", i), Capacity: Capacity{capacity, unit}})
		}
		if r.IntN(3) == 0 {
			opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: "all", Capacity: Capacity{Unit: Unlimited}})
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
	largest := opts.Tiers.Tiers[len(opts.Tiers.Tiers)-1].Capacity
	opts.Capacities = []Capacity{largest}
	report := runLog(t, records, opts)
	var sum int64
	for i, got := range report.Tiers {
		require.Equal(t, want.tokens[i], got.Tokens, got.Name)
		require.Equal(t, Rate(got.Tokens, report.Results[0].TotalTokens), got.TokenHitRate)
		require.Equal(t, bytes, got.Bytes != nil)
		if bytes {
			require.Equal(t, want.bytes[i], *got.Bytes, got.Name)
		}
		sum += got.Tokens
	}
	require.Equal(t, report.Results[0].HitTokens, sum, "together they hit what the largest does")
	require.Len(t, report.TierWindows, len(want.windows))
	for _, w := range report.TierWindows {
		require.Equal(t, want.windows[w.Start], w.Tokens, "window %g", w.Start)
		require.Equal(t, w.Start+20, w.End)
	}
}

// TestTierBandwidth reads 8-byte chunks of two tiers in known seconds.
func TestTierBandwidth(t *testing.T) {
	at := func(seconds float64, hashes ...string) log.Record {
		return log.Record{Timestamp: seconds, ChunkSize: 4, SeqLen: 4 * int64(len(hashes)), ChunkHashes: hashes, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	}
	records := []log.Record{at(0, "a", "b", "c"), at(1, "c"), at(12, "b"), at(15, "a", "b"), at(35, "c")}
	opts := Options{Tiers: &TierOptions{Window: 10 * time.Second, Tiers: []Tier{
		{Name: "near", Capacity: Capacity{1, Chunks}}, {Name: "far", Capacity: Capacity{3, Chunks}, Bandwidth: 1}}}}
	report := runLog(t, records, opts)
	near, far := report.Tiers[0], report.Tiers[1]
	require.EqualValues(t, 8, near.Tokens, "c at 1 s, b at 15 s")
	require.EqualValues(t, 12, far.Tokens, "b at 12 s, a at 15 s, c at 35 s")
	require.EqualValues(t, 24, *far.Bytes)
	require.Equal(t, &TierBandwidth{WindowSeconds: 10, Average: 16. / 40, Peak: 0.8, PeakStart: 0}, near.Bandwidth)
	one := int64(1)
	require.Equal(t, &TierBandwidth{WindowSeconds: 10, Average: 24. / 40, Peak: 1.6, PeakStart: 10, Available: &one, Above: &one}, far.Bandwidth)

	var out strings.Builder
	require.NoError(t, WriteTiersCSV(&out, report))
	require.Equal(t, `window_start,window_end,tier,capacity_bytes,capacity_chunks,requests,tokens,total_tokens,token_hit_rate,bytes,bytes_per_second
0,10,near,8,1,2,4,16,0.25,8,0.8
0,10,far,24,3,2,0,16,0,0,0
10,20,near,8,1,2,4,12,0.3333333333333333,8,0.8
10,20,far,24,3,2,8,12,0.6666666666666666,16,1.6
30,40,near,8,1,1,0,4,0,0,0
30,40,far,24,3,1,4,4,1,8,0.8
`, out.String())
}

// TestTierJustFastEnough reads exactly as fast as can be.
func TestTierJustFastEnough(t *testing.T) {
	rec := log.Record{ChunkSize: 4, SeqLen: 4, ChunkHashes: []string{"a"}, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	opts := Options{Tiers: &TierOptions{Window: 8 * time.Second, Tiers: []Tier{{Name: "only", Capacity: Capacity{1, Chunks}, Bandwidth: 1}}}}
	b := runLog(t, []log.Record{rec, rec}, opts).Tiers[0].Bandwidth
	require.Equal(t, 1.0, b.Peak)
	require.Zero(t, *b.Above)
}

func TestTiersOfNothing(t *testing.T) {
	records := []log.Record{{ChunkSize: 4, SeqLen: 3}}
	opts := Options{Tiers: &TierOptions{Tiers: []Tier{{Name: `a "b", c`, Capacity: Capacity{5, Chunks}, Bandwidth: 1}}}}
	report := runLog(t, records, opts)
	require.Zero(t, report.Tiers[0].Tokens)
	var out strings.Builder
	require.NoError(t, WriteTiersCSV(&out, report))
	require.Contains(t, out.String(), "\n0,1,\"a \"\"b\"\", c\",")
}

// TestTierBytesOverflow refuses to count more bytes than there are numbers.
func TestTierBytesOverflow(t *testing.T) {
	var records []log.Record
	for i := range 4 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 2, ChunkHashes: []string{"a", "b"}})
	}
	opts := Options{BytesPerChunk: 1 << 61, Tiers: &TierOptions{Tiers: []Tier{{Name: "all", Capacity: Capacity{Unit: Unlimited}}}}}
	report := runLog(t, records[:2], opts)
	require.EqualValues(t, 1<<62, *report.Tiers[0].Bytes)
	_, err := Run(context.Background(), findLog(t, records), opts)
	require.ErrorIs(t, err, ErrTooManyBytes)
	require.ErrorContains(t, err, ".jsonl:3: the tiers serve more than 2^63 bytes in all")
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
	require.ErrorContains(t, opts.Check(), "tiers are those of a cache that evicts one by one")
	for text, want := range map[string]string{
		"dram":       `tier "dram": is not a name and a size; tiers are gpu=40GiB,dram=512GiB`,
		"=5GiB":      `tier "=5GiB": is not a name and a size; tiers are gpu=40GiB,dram=512GiB`,
		"a\x1b=5GiB": `tier "a\x1b=5GiB": is not a name and a size; tiers are gpu=40GiB,dram=512GiB`,
		"dram=5G":    `size "5G": "G" can mean either: write GiB (powers of 1024) or GB (powers of 1000); a size is 64GiB, 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf`,
	} {
		_, err := ParseTier(text)
		require.EqualError(t, err, want)
	}
	b, err := ParseTierBandwidth("dram=20GiB/s")
	require.NoError(t, err)
	require.Equal(t, TierBandwidthOf{"dram", 20 << 30}, b)
	for _, text := range []string{"dram=20GiB", "dram=5chunks/s", "dram=inf/s", "dram", "dram=24Gb/s", "dram=5kb/s", "dram=5Gib/s"} {
		_, err := ParseTierBandwidth(text)
		require.ErrorContains(t, err, "a bandwidth is dram=20GiB/s", text)
	}
}
