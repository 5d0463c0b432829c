package analyze

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
	"hashlog/sim"
)

// findLog writes records as a log in a folder of its own and finds it.
func findLog(t testing.TB, records []log.Record) *log.Files {
	t.Helper()
	dir := t.TempDir()
	var text []byte
	for i := range records {
		var err error
		text, err = log.AppendRecord(text, &records[i])
		require.NoError(t, err)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lookup_hashes_20240101_000000_000001.jsonl"), text, 0o644))
	files, err := log.Find(context.Background(), []string{dir}, nil)
	require.NoError(t, err)
	return files
}

// runLog replays records.
func runLog(t testing.TB, records []log.Record, opts Options) *Report {
	t.Helper()
	report, err := Run(context.Background(), findLog(t, records), opts)
	require.NoError(t, err)
	return report
}

// plain replays records through one plain cache, weighing tokens chunk by chunk: everything that this package computes,
// done in the most literal way.
type plain struct {
	hits, total, cacheable      int64
	miss                        MissTokens
	expired                     int64
	chunkHits, lookups, evicted int64
	residents                   int64
	modelHits                   map[string]int64
	windowHits                  map[float64]int64
}

// replayPlain counts the requests from number warmup on. window is in seconds.
func replayPlain(records []log.Record, capacity int64, unit sim.Unit, opts Options, warmup int, window float64) plain {
	cache := sim.NewLRU(capacity, unit, opts.TouchOrder)
	cache.Policy = sim.Policy{StoreDelay: opts.Cache.StoreDelay.Seconds(), TTL: opts.Cache.TTL.Seconds(), Watermark: opts.Cache.Watermark}
	all := history{policy: cache.Policy, unit: unit, order: opts.TouchOrder, sizes: map[sim.Key]int64{}}
	keys := map[string]sim.Key{}
	p := plain{modelHits: map[string]int64{}, windowHits: map[float64]int64{}}
	var counted []*sim.Outcome
	for i, rec := range records {
		var request []sim.Key
		for _, hash := range rec.ChunkHashes {
			name := rec.ModelName + "\x00" + hash
			if opts.IgnoreModel {
				name = hash
			}
			if _, ok := keys[name]; !ok {
				keys[name] = sim.Key(len(keys))
			}
			request = append(request, keys[name])
		}
		size, _ := rec.ChunkBytes()
		out := cache.RequestAt(rec.Timestamp, request, size)
		tooOld := all.request(rec.Timestamp, request, size, capacity)
		if i >= warmup {
			p.count(rec, out, tooOld, window)
			counted = append(counted, out)
		}
	}
	cache.Flush()
	for i, out := range counted {
		p.chunkHits += int64(out.ChunkHits)
		p.evicted += int64(out.Evictions)
		if i > 0 { // what had become too old before the first of them is not theirs
			p.evicted += int64(out.Expired)
		}
	}
	if opts.Cache.TTL > 0 {
		p.miss.Expired = &p.expired
	}
	p.residents = int64(cache.ResidentChunks())
	return p
}

// history is all chunks in order of their latest touch, most recent first, whatever a cache holds of them.
type history struct {
	policy  sim.Policy
	unit    sim.Unit
	order   sim.Order
	sizes   map[sim.Key]int64
	touched []lastTouch
	waiting []func()
	due     []float64
}

type lastTouch struct {
	key  sim.Key
	time float64
}

// request says of the chunks of a request which ones a cache of some capacity would hold if they were not too old.
func (h *history) request(now float64, keys []sim.Key, size, capacity int64) (tooOld []bool) {
	h.settle(now)
	tooOld = make([]bool, len(keys))
	for i, key := range keys {
		if _, ok := h.sizes[key]; !ok {
			h.sizes[key] = size
		}
		need, at := int64(0), -1
		if h.policy.TTL == 0 {
			continue
		}
		for j, last := range h.touched {
			need += h.weight(last.key)
			if last.key == key {
				at = j
				break
			}
		}
		tooOld[i] = at >= 0 && need <= capacity && now-h.touched[at].time > h.policy.TTL
	}
	due := now + h.policy.StoreDelay
	h.due = append(h.due, due)
	h.waiting = append(h.waiting, func() {
		touch := slices.Clone(keys)
		if h.order == sim.TailFirst {
			slices.Reverse(touch)
		}
		for _, key := range touch {
			h.touched = slices.DeleteFunc(h.touched, func(l lastTouch) bool { return l.key == key })
			h.touched = slices.Insert(h.touched, 0, lastTouch{key, due})
		}
	})
	h.settle(now)
	return tooOld
}

func (h *history) settle(now float64) {
	for len(h.due) > 0 && h.due[0] <= now {
		h.waiting[0]()
		h.waiting, h.due = h.waiting[1:], h.due[1:]
	}
}

func (h *history) weight(key sim.Key) int64 {
	if h.unit == sim.InChunks {
		return 1
	}
	return h.sizes[key]
}

func (p *plain) count(rec log.Record, out *sim.Outcome, tooOld []bool, window float64) {
	left := rec.SeqLen
	var hits int64
	for i := range rec.ChunkHashes {
		tokens := min(rec.ChunkSize, left)
		left -= tokens
		p.cacheable += tokens
		switch {
		case i < out.HitPrefix:
			hits += tokens
		case out.Cold[i]:
			p.miss.Cold += tokens
		case out.Resident[i]:
			p.miss.BrokenPrefix += tokens
		case tooOld[i]:
			p.expired += tokens
		default:
			p.miss.Capacity += tokens
		}
	}
	p.miss.Tail += left
	p.hits += hits
	p.total += rec.SeqLen
	p.lookups += int64(len(rec.ChunkHashes))
	p.modelHits[rec.ModelName] += hits
	start := 0.0
	for start+window <= rec.Timestamp {
		start += window
	}
	p.windowHits[start] += hits
}

// randomRecords makes a log of conversations and noise of up to three models. Tails are ragged, some requests have more
// hashes than tokens or none, and sizes are as the kind says.
func randomRecords(r *rand.Rand, kind string, n int) []log.Record {
	records := make([]log.Record, n)
	conversations := make([][]string, 5)
	now := 0.0
	for i := range records {
		now += float64(r.IntN(4))
		c := &conversations[r.IntN(len(conversations))]
		if len(*c) > 25 {
			*c = (*c)[:r.IntN(3)]
		}
		for range r.IntN(5) {
			*c = append(*c, fmt.Sprintf("0x%x", r.IntN(200)))
		}
		hashes := append([]string{}, *c...)
		if len(hashes) > 2 && r.IntN(6) == 0 {
			hashes[r.IntN(len(hashes))] = fmt.Sprintf("0x%x", r.IntN(200))
		}
		rec := log.Record{Timestamp: now, RequestID: fmt.Sprint("r", i), ModelName: fmt.Sprint("model-", r.IntN(3)),
			ChunkSize: 16, ChunkHashes: hashes}
		rec.SeqLen = max(0, 16*int64(len(hashes))+r.Int64N(24)-4)
		rec.DTypes, rec.Shapes = []string{"int8"}, [][]int64{{sizeOf(r, kind, rec.ModelName)}}
		if kind == "unknown" {
			rec.DTypes, rec.Shapes = nil, nil
		}
		if rec.SeqLen == 0 && len(hashes) == 0 {
			rec.SeqLen = 5
		}
		records[i] = rec
	}
	return records
}

func sizeOf(r *rand.Rand, kind, model string) int64 {
	switch kind {
	case "by model":
		return map[string]int64{"model-0": 10, "model-1": 25, "model-2": 10}[model]
	case "disagreeing":
		return 1 + r.Int64N(30)
	}
	return 10
}
