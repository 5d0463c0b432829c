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

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/simtest"
)

// plainExclusive replays records through plain tiers that hold each chunk once.
type plainExclusive struct {
	plainTiers
	cache *simtest.Exclusive
	moves []plainMoves
}

// plainMoves is the effect of a counted request's touches, which take effect in some window.
type plainMoves struct {
	window float64
	out    *simtest.ExclusiveOutcome
}

func newPlainExclusive(opts Options) *plainExclusive {
	p := &plainExclusive{plainTiers: plainTiers{sizes: map[sim.Key]int64{}, keys: map[string]sim.Key{}, windows: map[float64]*plainWindow{},
		delay: opts.Cache.StoreDelay.Seconds(), caches: make([]*simtest.LRU, len(opts.Tiers.Tiers))}}
	var capacities []int64
	for _, t := range opts.Tiers.Tiers {
		capacities = append(capacities, t.Capacity.Limit())
	}
	p.cache = simtest.NewExclusive(capacities, opts.TouchOrder)
	if opts.Tiers.Tiers[0].Capacity.Unit == units.Bytes {
		p.cache = simtest.NewExclusiveInBytes(capacities, opts.TouchOrder)
	}
	p.cache.Policy = simtest.Policy{StoreDelay: p.delay, TTL: opts.Cache.TTL.Seconds(), Admit: opts.Cache.Admit}
	p.tokens, p.bytes, p.written = p.byTier(), p.byTier(), p.byTier()
	return p
}

func (p *plainExclusive) request(rec log.Record, counts bool) {
	size, _ := rec.ChunkBytes()
	keys := p.keysOf(rec)
	out := p.cache.RequestAt(rec.Timestamp, keys, size)
	if !counts {
		return
	}
	p.moves = append(p.moves, plainMoves{math.Floor((rec.Timestamp+p.delay)/20) * 20, out})
	p.window(math.Floor(rec.Timestamp/20)*20).requests++
	left := rec.SeqLen
	for i := range out.HitPrefix {
		left -= p.serve(rec, keys[i], out.Tier[i], left)
	}
}

// write counts what the touches of the counted requests have moved, after all have taken effect.
func (p *plainExclusive) write() {
	p.cache.Flush()
	for _, m := range p.moves {
		for tier, keys := range m.out.Written {
			for _, key := range keys {
				size := p.sizes[key]
				if size == 0 {
					continue
				}
				window := p.window(m.window)
				p.written[tier] += size
				window.written[tier] += size
				if tier > 0 { // it was read from the tier before
					p.bytes[tier-1] += size
					window.bytes[tier-1] += size
				}
			}
		}
	}
}

// randomExclusive returns options with tiers of any sizes.
func randomExclusive(r *rand.Rand, kind string) Options {
	opts := Options{TouchOrder: []sim.Order{sim.HeadFirst, sim.TailFirst}[r.IntN(2)], Tiers: &TierOptions{Mode: Exclusive, Window: 20 * time.Second},
		Cache: Cache{StoreDelay: time.Duration(r.IntN(2)) * 3 * time.Second, TTL: time.Duration(r.IntN(2)) * 25 * time.Second, Admit: 2 * (r.IntN(4) / 3)}}
	unit, factor := units.Chunks, int64(1)
	if kind != "unknown" && r.IntN(3) > 0 {
		unit, factor = units.Bytes, 7
	}
	for i := range 1 + r.IntN(5) {
		opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: fmt.Sprint("tier ", i), Capacity: units.Capacity{N: factor * (1 + r.Int64N(40)), Unit: unit}, Bandwidth: r.Int64N(12), WriteBandwidth: r.Int64N(12) * r.Int64N(2)})
	}
	if r.IntN(3) == 0 {
		opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}})
	}
	return opts
}

func TestExclusiveTiersEqualPlainTiers(t *testing.T) {
	t.Parallel()
	for seed := range seeds(30) {
		r := rand.New(rand.NewPCG(seed, 78))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[r.IntN(4)]
		opts := randomExclusive(r, kind)
		records := randomRecords(r, kind, 200)
		warmup := r.IntN(2) * 60
		opts.Warmup.Fraction = float64(warmup) / 200
		t.Run(fmt.Sprint(seed, kind), func(t *testing.T) {
			want := newPlainExclusive(opts)
			for i, rec := range records {
				want.request(rec, i >= warmup)
			}
			want.write()
			report := runLog(t, records, opts)
			compareExclusive(t, want, report, kind != "unknown")
			opts.Stats = true // the counters are behind the replay
			require.Equal(t, report.Tiers, runLog(t, records, opts).Tiers)
			opts.Stats = false
			if most := opts.Tiers.together(); most.Unit != units.Unlimited && opts.Cache.Admit == 0 && kind != "disagreeing" {
				opts.MaxCapacity, opts.leastKnown = most, 1
				bounded := runLog(t, records, opts)
				require.Equal(t, report.Tiers, bounded.Tiers)
				require.Equal(t, report.TierWindows, bounded.TierWindows)
			}
		})
	}
}

func compareExclusive(t *testing.T, want *plainExclusive, report *Report, bytes bool) {
	for i, got := range report.Tiers {
		require.Equal(t, want.tokens[i], got.Tokens, got.Name)
		require.Equal(t, bytes, got.Bytes != nil)
		require.Equal(t, bytes, got.BytesMovedDown != nil)
		if !bytes {
			continue
		}
		require.Equal(t, want.written[i], *got.BytesWritten, got.Name)
		require.Equal(t, want.bytes[i], *got.Bytes, got.Name)
		if i > 0 {
			require.Equal(t, want.written[i], *report.Tiers[i-1].BytesMovedDown, got.Name)
		}
		compareWriteRates(t, &want.plainTiers, i, got)
	}
	compareTierWindows(t, &want.plainTiers, report.TierWindows, bytes)
}

// TestExclusiveTiersOfEqualSizes reads the stack of inclusive tiers at the sums of capacities.
func TestExclusiveTiersOfEqualSizes(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(5, 79)), "equal", 300)
	of := func(mode TierMode, sizes ...int64) (tokens []int64) {
		opts := Options{Tiers: &TierOptions{Mode: mode}}
		for i, n := range sizes {
			opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: fmt.Sprint(i), Capacity: units.InBytes(n)})
		}
		for _, tier := range runLog(t, records, opts).Tiers {
			tokens = append(tokens, tier.Tokens)
		}
		return tokens
	}
	require.Equal(t, of(Inclusive, 120, 150, 210), of(Exclusive, 129, 35, 69), "of whole chunks of 10 bytes: 12, 3 and 6")
}

// TestExclusiveTiersByHand moves 8-byte chunks between two tiers.
func TestExclusiveTiersByHand(t *testing.T) {
	at := func(seconds float64, hashes ...string) log.Record {
		return log.Record{Timestamp: seconds, ChunkSize: 4, SeqLen: 4 * int64(len(hashes)), ChunkHashes: hashes, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	}
	records := []log.Record{at(0, "a", "b", "c"), at(1, "c"), at(12, "b"), at(15, "a", "b"), at(35, "c")}
	opts := Options{Tiers: &TierOptions{Mode: Exclusive, Window: 10 * time.Second, Tiers: []Tier{
		{Name: "near", Capacity: units.InChunks(2), Endurance: 1 << 20}, {Name: "far", Capacity: units.InChunks(1), Bandwidth: 2, WriteBandwidth: 1}}}}
	report := runLog(t, records, opts)
	near, far := report.Tiers[0], report.Tiers[1]
	require.EqualValues(t, 4+4+4, near.Tokens, "c at 1 s, b at 12 and 15 s")
	require.EqualValues(t, 4+4, far.Tokens, "a at 15 s, c at 35 s")
	require.EqualValues(t, 24+8+8, *near.BytesWritten, "a, b and c at 0 s, a at 15 s, c at 35 s")
	require.EqualValues(t, 8+8+8, *far.BytesWritten, "a at 0 s, c at 15 s, a at 35 s")
	require.EqualValues(t, 24, *near.BytesMovedDown)
	require.EqualValues(t, 24+24, *near.Bytes)
	require.EqualValues(t, 16, *far.Bytes)
	require.Zero(t, *far.BytesMovedDown, "nothing is below")
	require.Equal(t, "exclusive", *report.Settings.TierMode)

	var out strings.Builder
	require.NoError(t, WriteTiersCSV(&out, report))
	require.Equal(t, `window_start,window_end,tier,capacity_bytes,capacity_chunks,requests,tokens,total_tokens,token_hit_rate,bytes,bytes_per_second,bytes_written,write_bytes_per_second,capacity_label,bytes_moved_down
0,10,near,16,2,2,4,16,0.25,16,1.6,24,2.4,2 chunks,8
0,10,far,8,1,2,0,16,0,0,0,8,0.8,1 chunk,0
10,20,near,16,2,2,8,12,0.6666666666666666,24,2.4,8,0.8,2 chunks,8
10,20,far,8,1,2,4,12,0.3333333333333333,8,0.8,8,0.8,1 chunk,0
30,40,near,16,2,1,0,4,0,8,0.8,8,0.8,2 chunks,8
30,40,far,8,1,1,4,4,1,8,0.8,8,0.8,1 chunk,0
`, out.String())
}

// TestExclusiveTiersOverflow checks that an overflow of what is read or written is an error.
func TestExclusiveTiersOverflow(t *testing.T) {
	var records []log.Record
	for i := range 5 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{fmt.Sprint(i % 3)}})
	}
	opts := Options{BytesPerChunk: 1 << 61, Tiers: &TierOptions{Mode: Exclusive, Tiers: []Tier{{Name: "one", Capacity: units.InChunks(1)}, {Name: "two", Capacity: units.InChunks(1)}}}}
	report := runLog(t, records[:3], opts)
	require.EqualValues(t, 3<<61, *report.Tiers[0].BytesWritten)
	require.EqualValues(t, 1<<62, *report.Tiers[1].BytesWritten)
	_, err := Run(context.Background(), findLog(t, records), opts)
	require.ErrorIs(t, err, ErrTooManyWritten)
	require.ErrorContains(t, err, ".jsonl:4: more than 2^63 bytes are written to a tier")
	opts.BytesPerChunk = 1 << 60
	for i := range 5 {
		records = append(records, log.Record{Timestamp: float64(5 + i), ChunkSize: 1, SeqLen: 2, ChunkHashes: []string{"0", "1"}})
	}
	opts.Tiers.Tiers[0].Capacity = units.InChunks(2)
	_, err = Run(context.Background(), findLog(t, records), opts)
	require.ErrorIs(t, err, ErrTooManyBytes)
	require.ErrorContains(t, err, "the tiers serve more than 2^63 bytes in total")
}

func TestExclusiveTierOptions(t *testing.T) {
	tiers := func(list ...string) (o Options) {
		o.Tiers = &TierOptions{Mode: Exclusive}
		for _, s := range list {
			tier, err := ParseTier(s)
			require.NoError(t, err)
			o.Tiers.Tiers = append(o.Tiers.Tiers, tier)
		}
		return o
	}
	for text, want := range map[string]string{
		"a=5chunks b=5chunks c=2chunks":      "",
		"a=2GiB b=1GiB c=inf":                "",
		"a=inf b=1GiB":                       "tier b comes after an unlimited one: only the last can be that",
		"a=1chunk b=1GiB":                    "the sizes of tiers must all be in bytes, or all in chunks",
		"a=5chunks a=2chunks":                "tier a is given twice",
		"a=9223372036854775806B b=1B":        "the tiers together are larger than 2^63",
		"a=4611686018427387904B b=4EiB c=1B": "the tiers together are larger than 2^63",
	} {
		opts := tiers(strings.Fields(text)...)
		if err := opts.Check(); want == "" {
			require.NoError(t, err, text)
		} else {
			require.EqualError(t, err, want, text)
		}
	}
	opts := tiers("a=1GiB")
	require.ErrorIs(t, opts.CheckSummary(), ErrExclusiveNeedsAll)
	require.ErrorIs(t, opts.CheckState(), ErrExclusiveNeedsAll)
	opts.MaxCapacity = units.InBytes(1 << 30)
	require.NoError(t, opts.Check())
	opts = tiers("a=1GiB", "b=1GiB")
	opts.MaxCapacity = units.InBytes(3 << 29)
	require.EqualError(t, opts.Check(), "capacity 2 GiB is above the maximum of 1.5 GiB: nothing is known beyond that", "the tiers together")
	opts = Options{Tiers: &TierOptions{Mode: 2, Tiers: []Tier{{Name: "a", Capacity: units.InChunks(1)}}}}
	require.EqualError(t, opts.Check(), "tier mode 2: must be Inclusive or Exclusive")
	_, err := ParseTierMode("both")
	require.EqualError(t, err, `tier mode "both": must be inclusive or exclusive`)
}
