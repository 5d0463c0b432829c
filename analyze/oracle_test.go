package analyze

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/simtest"
)

// findLog writes records as a log in a new folder and finds it.
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

// reportOf returns the report of records replayed without a log.
func reportOf(t testing.TB, r *replay) *Report {
	t.Helper()
	report, err := r.report(&passed{sieve: NewSieve(Filter{})})
	require.NoError(t, err)
	return report
}

// texts returns the texts of notes.
func texts(notes []Note) []string {
	out := []string{}
	for _, n := range notes {
		out = append(out, n.String())
	}
	return out
}

// plain replays records through one plain cache, weighing tokens chunk by chunk: the most literal computation of everything
// that this package computes.
type plain struct {
	hits, total, cacheable      int64
	miss                        MissTokens
	expired, notAdmitted        int64
	chunkHits, lookups, evicted int64
	residents                   int64
	modelHits                   map[string]int64
	windowHits                  map[float64]int64
	requestHits                 []int64 // of each counted request
	unit                        MatchUnit
	unaligned                   int64
}

// newPlainLRU returns a plain cache of a capacity in chunks or in bytes.
func newPlainLRU(capacity int64, unit units.Unit, order sim.Order) *simtest.LRU {
	if unit == units.Bytes {
		return simtest.NewLRUInBytes(capacity, order)
	}
	return simtest.NewLRU(capacity, order)
}

// chunkName returns what tells a chunk from others: its hash, the salt and, unless it is ignored, the model.
func chunkName(rec log.Record, hash string, ignoreModel bool) string {
	if ignoreModel {
		rec.ModelName = ""
	}
	return rec.ModelName + "\x00" + rec.CacheSalt + "\x00" + hash
}

// eachPlain replays records through one plain cache, and through the same one without a TTL.
func eachPlain(records []log.Record, capacity int64, unit units.Unit, opts Options, each func(i int, out, ageless *simtest.Outcome)) *simtest.LRU {
	cache := newPlainLRU(capacity, unit, opts.TouchOrder)
	cache.Policy = simtest.Policy{StoreDelay: opts.Cache.StoreDelay.Seconds(), TTL: opts.Cache.TTL.Seconds(), Watermark: opts.Cache.Watermark, Admit: opts.Cache.Admit}
	ageless := newPlainLRU(capacity, unit, opts.TouchOrder)
	ageless.Policy = cache.Policy
	ageless.TTL = 0
	keys := map[string]sim.Key{}
	for i, rec := range records {
		var request []sim.Key
		for _, hash := range rec.ChunkHashes {
			name := chunkName(rec, hash, opts.IgnoreModel)
			if _, ok := keys[name]; !ok {
				keys[name] = sim.Key(len(keys))
			}
			request = append(request, keys[name])
		}
		size, _ := rec.ChunkBytes()
		out := cache.RequestAt(rec.Timestamp, request, size)
		each(i, out, ageless.RequestAt(rec.Timestamp, request, size))
	}
	cache.Flush()
	return cache
}

// replayPlain counts the requests from number warmup on. window is in seconds.
func replayPlain(records []log.Record, capacity int64, unit units.Unit, opts Options, warmup int, window float64) plain {
	p := plain{modelHits: map[string]int64{}, windowHits: map[float64]int64{}, unit: opts.MatchUnit}
	var counted []*simtest.Outcome
	cache := eachPlain(records, capacity, unit, opts, func(i int, out, ageless *simtest.Outcome) {
		if i >= warmup {
			p.count(records[i], out, ageless, window)
			counted = append(counted, out)
		}
	})
	for i, out := range counted {
		p.chunkHits += int64(out.ChunkHits)
		p.evicted += int64(out.Evictions)
		if i > 0 { // chunks that expired before the first of them are not theirs
			p.evicted += int64(out.Expired)
		}
	}
	if opts.Cache.TTL > 0 {
		p.miss.Expired = &p.expired
	}
	if opts.Cache.Admit > 0 {
		p.miss.NotAdmitted = &p.notAdmitted
	}
	if opts.MatchUnit.N > 0 {
		p.miss.Unaligned = &p.unaligned
	}
	p.residents = int64(cache.Resident())
	return p
}

func (p *plain) count(rec log.Record, out, ageless *simtest.Outcome, window float64) {
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
		case out.Refused[i]:
			p.notAdmitted += tokens
		case out.Resident[i]:
			p.miss.BrokenPrefix += tokens
		case out.TooOld[i] && ageless.Resident[i]:
			p.expired += tokens
		default:
			p.miss.Capacity += tokens
		}
	}
	p.miss.Tail += left
	whole := inWholeUnits(hits, rec.ChunkSize, p.unit)
	p.unaligned += hits - whole
	hits = whole
	p.hits += hits
	p.total += rec.SeqLen
	p.lookups += int64(len(rec.ChunkHashes))
	p.modelHits[rec.ModelName] += hits
	start := 0.0
	for start+window <= rec.Timestamp {
		start += window
	}
	p.windowHits[start] += hits
	p.requestHits = append(p.requestHits, hits)
}

// inWholeUnits counts tokens of a hit prefix unit by unit.
func inWholeUnits(tokens, chunkSize int64, u MatchUnit) (whole int64) {
	unit := u.N
	if !u.Tokens {
		unit *= chunkSize
	}
	if unit == 0 {
		return tokens
	}
	for whole+unit <= tokens {
		whole += unit
	}
	return whole
}

// randomRecords makes a log of conversations and noise of up to three models. Tails are ragged, some requests have more
// hashes than tokens or none, and sizes depend on the kind.
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
		if r.IntN(8) == 0 {
			rec.CacheSalt = fmt.Sprint("salt-", r.IntN(2))
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
	case "beyond int64":
		return 1 << 62
	}
	return 10
}
