package analyze

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestCountQueue compares reports and rows of random logs without a queue with those through queues of many sizes.
func TestCountQueue(t *testing.T) {
	for seed := range seeds(16) {
		rng := rand.New(rand.NewPCG(seed, 16))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
		files := findLog(t, randomRecords(rng, kind, 300))
		opts := Options{TouchOrder: sim.Order(rng.IntN(2)), Audit: true, Stats: true, Requests: true, Reuse: true, Heat: true, Grid: &GridOptions{Points: 30},
			Rolling: &RollingOptions{Window: 7 * time.Second}, By: Dimensions(), Capacities: []units.Capacity{units.InChunks(20), units.InChunks(100)}}
		if kind == "by model" {
			opts.Capacities = append(opts.Capacities, units.InBytes(500))
		}
		opts.Cache.StoreDelay = time.Duration(rng.IntN(2)) * 9 * time.Second
		opts.Cache.TTL = time.Duration(rng.IntN(2)) * 40 * time.Second
		opts.Cache.Admit = rng.IntN(3)
		if rng.IntN(2) == 0 {
			opts.Warmup.Fraction = .3
		}
		if rng.IntN(3) == 0 {
			opts.Cache.Watermark = &sim.Watermark{Trigger: .8, Ratio: .3}
		} else if opts.Cache.TTL == 0 {
			opts.TTLs = &TTLOptions{TTLs: []time.Duration{10 * time.Second}, Capacities: opts.Capacities}
		}
		var want string
		for _, size := range []queueSize{{}, {1, 1, 1}, {1, 50, 1000}, {2, 3, 5}, {16, 20, 7}, {5, 10_000, 1 << 20}, defaultQueue} {
			got := throughQueue(t, files, opts, size)
			if size == (queueSize{}) {
				want = got
			}
			require.True(t, want == got, "%d: %s, %+v", seed, kind, size)
		}
	}
}

// throughQueue returns a report, and the rows if there are any, as text.
func throughQueue(t *testing.T, files *log.Files, opts Options, size queueSize) (text string) {
	warmup, err := warmupRequests(t.Context(), files, &opts)
	require.NoError(t, err)
	followed, err := chooseFollowed(t.Context(), files, &opts, warmup)
	require.NoError(t, err)
	if opts.Cache.Watermark == nil {
		opts.OnRow = func(row *Row) error {
			text += fmt.Sprintf("%+v\n", *row)
			return nil
		}
	}
	r := newReplay(&opts, followed)
	require.Equal(t, defaultQueue, r.queueSize)
	r.queueSize = size
	report, err := r.once(t.Context(), files, "", warmup)
	require.NoError(t, err)
	require.Nil(t, r.queue)
	return text + everything(t, report)
}

// TestCountQueueErrors ends replays by an error, and holds that it is the one without a queue: that of the earliest request.
// TestMain finds the goroutines that stay.
func TestCountQueueErrors(t *testing.T) {
	var records []log.Record
	for i := range 3 * defaultQueue.events {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 2, ChunkHashes: []string{"a", "b"}})
	}
	few, errRow := records[:20], errors.New("no more rows")
	everyTier := &TierOptions{Tiers: []Tier{{Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}
	tokens := slices.Clone(records)
	for i := range tokens {
		tokens[i].SeqLen = 1 << 60
	}
	for _, tt := range []struct {
		what    string
		records []log.Record
		opts    Options
		row     int // at which OnRow fails; 0: none
		want    string
	}{
		{"a counter", few, Options{BytesPerChunk: 1 << 61, Tiers: everyTier}, 0, `\.jsonl:3: the tiers serve more than 2\^63 bytes in total$`},
		{"a counter, long before the end", tokens, Options{}, 0, `\.jsonl:8: the requests have more than 2\^63 tokens in total$`},
		{"a counter, then a row", few, Options{BytesPerChunk: 1 << 61, Tiers: everyTier}, 4, `\.jsonl:3: the tiers serve more than 2\^63 bytes in total$`},
		{"a row, then a counter", few, Options{BytesPerChunk: 1 << 61, Tiers: everyTier}, 2, `\.jsonl:2: no more rows$`},
		{"a counter, of touches that wait", few[:10], Options{BytesPerChunk: 1 << 60, Tiers: everyTier, Cache: Cache{StoreDelay: 4500 * time.Millisecond, TTL: 1}}, 0,
			`\.jsonl:9: more than 2\^63 bytes are written to a tier$`},
		{"a counter, of touches after the last request", few[:10], Options{BytesPerChunk: 1 << 60, Tiers: everyTier, Cache: Cache{StoreDelay: time.Hour, TTL: 1}}, 0,
			`^more than 2\^63 bytes are written to a tier$`},
		{"an unknown size", few, Options{Capacities: []units.Capacity{units.InBytes(1)}}, 0, `\.jsonl:1: capacity 1 B is in bytes, but `},
	} {
		t.Run(tt.what, func(t *testing.T) {
			for _, size := range []queueSize{{}, {1, 1, 1}, {3, 4, 1 << 10}, defaultQueue} {
				opts := tt.opts
				opts.Reuse = true
				rows := 0
				opts.OnRow = func(*Row) error {
					if rows++; rows == tt.row {
						return errRow
					}
					return nil
				}
				r := newReplay(&opts, nil)
				r.queueSize = size
				_, err := r.once(t.Context(), findLog(t, tt.records), "", 0)
				require.Error(t, err)
				require.Regexp(t, tt.want, err.Error(), "%+v", size)
				require.Nil(t, r.queue)
			}
		})
	}
}

// TestCountQueueCancelled cancels a replay in the middle.
func TestCountQueueCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	opts := Options{Reuse: true}
	rows := 0
	opts.OnRow = func(*Row) error {
		if rows++; rows == 100 {
			cancel()
		}
		return nil
	}
	_, err := Run(ctx, findLog(t, liveRequests()), opts)
	require.ErrorIs(t, err, context.Canceled)
}
