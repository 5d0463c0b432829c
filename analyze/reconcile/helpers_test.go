package reconcile

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim/workload"
)

// capacity is what the operator says. The traffic's working set is several times as large.
var capacity = units.InChunks(500)

// traffic makes up 2,500 requests in 50 minutes.
func traffic(t *testing.T) (records []log.Record) {
	t.Helper()
	g, err := workload.New(workload.Options{Seed: 7, Requests: 2500, Rate: 0.83, Users: 30, Turns: 8, SystemTokens: 900, TurnTokens: 500, MaxTokens: 16_384, HashBytes: 8,
		Models: []workload.Model{{Name: "m", DTypes: []string{"uint8"}, Shapes: [][]int64{{1024}}}}})
	require.NoError(t, err)
	var r workload.Request
	for g.Next(&r) {
		rec := log.Record{Timestamp: r.Timestamp, RequestID: string(r.RequestID), ModelName: "m", ChunkSize: r.ChunkSize, SeqLen: r.SeqLen,
			DTypes: []string{"uint8"}, Shapes: [][]int64{{1024}}}
		for _, h := range r.Hashes {
			rec.ChunkHashes = append(rec.ChunkHashes, "0x"+hex.EncodeToString(h))
		}
		records = append(records, rec)
	}
	return records
}

func writeLog(t testing.TB, records []log.Record) *log.Files {
	t.Helper()
	var text []byte
	for i := range records {
		var err error
		text, err = log.AppendRecord(text, &records[i])
		require.NoError(t, err)
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lookup_hashes_20240101_000000_000001.jsonl"), text, 0o644))
	files, err := log.Find(context.Background(), []string{dir}, nil)
	require.NoError(t, err)
	return files
}

// predicted are the options of the prediction.
func predicted() analyze.Options { return analyze.Options{Capacities: []units.Capacity{capacity}} }

// server is what a made-up server does unlike the prediction.
type server struct {
	analyze.Options                             // of its cache
	denominator     measured.Denominator        // default: all tokens
	unit            matchUnit                   // of its hits
	twice           float64                     // share of the requests that it counts twice
	once            bool                        // it counts a request id once
	short           float64                     // share of requests, without a chunk, that are not logged
	noise           float64                     // points, normally distributed, of each window
	says            measured.Denominator        // what the series says of its denominator
	seed            uint64                      // of random numbers
	spoil           func(int, *measured.Window) // changes windows at last
}

// minute is the length of a measured window in seconds.
const minute = 60

// measure returns what the server counts while it gets the requests of a log.
func (s *server) measure(t *testing.T, files *log.Files) *measured.Series {
	t.Helper()
	rng := rand.New(rand.NewPCG(s.seed, 1))
	windows := make(map[float64]*measured.Window)
	seen := make(map[string]bool)
	opts := s.Options
	var first, last float64
	opts.OnHits = func(h *analyze.RequestHits) error {
		start := float64(int64(h.Timestamp) / minute * minute)
		if first == 0 {
			first = start
		}
		last = start
		w := windows[start]
		if w == nil {
			w = &measured.Window{Start: start, End: start + minute}
			windows[start] = w
		}
		if s.once && seen[string(h.RequestID)] {
			return nil
		}
		seen[string(h.RequestID)] = true
		all := h.SeqLen
		if s.denominator == measured.CacheableTokens {
			all = h.CacheableTokens
		}
		w.HitTokens += float64(s.unit.tokens(h.HitTokens[0], h.SeqLen, h.ChunkSize))
		w.RequestedTokens += float64(all)
		if rng.Float64() < s.twice {
			w.HitTokens += float64(h.CacheableTokens)
			w.RequestedTokens += float64(all)
		}
		if rng.Float64() < s.short {
			w.RequestedTokens += float64(all)
		}
		return nil
	}
	_, err := analyze.Run(context.Background(), files, opts)
	require.NoError(t, err)
	out := &measured.Series{Metric: "made up", Denominator: s.says}
	for at := first; at <= last; at += minute {
		if w := windows[at]; w != nil {
			w.HitTokens = max(0, min(w.RequestedTokens, w.HitTokens+rng.NormFloat64()*s.noise/100*w.RequestedTokens))
			if s.spoil != nil {
				s.spoil(len(out.Windows), w)
			}
			out.Windows = append(out.Windows, *w)
		}
	}
	return out
}

// reconciled returns the outcome of a server's measurement.
func (s *server) reconciled(t *testing.T, files *log.Files) *Result {
	t.Helper()
	if len(s.Capacities) == 0 {
		s.Capacities = []units.Capacity{capacity}
	}
	r, err := Run(context.Background(), files, Options{Options: predicted(), Measured: s.measure(t, files)})
	require.NoError(t, err)
	t.Log(r.Verdict, fmt.Sprintf("before %.2f, after %.2f, %d replays", r.Judged.Before.MeanPoints, r.Judged.After.MeanPoints, r.Replays))
	for _, tried := range r.Tried {
		t.Logf("  alone: %-40s %+.2f holds %t", tried.Change, tried.GainPoints, tried.Holds)
	}
	return r
}

// kinds returns what explains, in order.
func kindsOf(r *Result) (out []Kind) {
	for _, s := range r.Steps {
		out = append(out, s.Kind)
	}
	return out
}
