package analyze

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// What an unlimited cache hits nothing for is told by what was looked up and how the cache stores.
func TestNothingReused(t *testing.T) {
	ask := func(at float64, hashes ...string) log.Record {
		return log.Record{Timestamp: at, ChunkSize: 10, SeqLen: 10*int64(len(hashes)) + 1, ChunkHashes: hashes}
	}
	distinct := []log.Record{ask(0, "a", "b"), ask(1, "c", "d")}
	behind := []log.Record{ask(0, "a", "b"), ask(1, "c", "b")}
	again := []log.Record{ask(0, "a", "b"), ask(1, "a", "c")}
	for _, c := range []struct {
		name    string
		records []log.Record
		opts    Options
		want    string
	}{
		{"no chunk twice", distinct, Options{}, "no chunk was looked up twice"},
		{"no chunk twice, stored late", distinct, Options{Cache: Cache{StoreDelay: time.Hour}}, "no chunk was looked up twice"},
		{"one request", distinct[:1], Options{}, "no chunk was looked up twice"},
		{"no chunks", []log.Record{ask(0)}, Options{}, "no chunk was looked up twice"},
		{"only behind a miss", behind, Options{}, "no request begins with a chunk that was looked up before"},
		{"counted ones only", append(again[:2:2], ask(2, "d")), Options{Warmup: Warmup{Duration: 1500 * time.Millisecond}}, "no counted request begins with a chunk that was looked up before"},
		{"not stored in time", again, Options{Cache: Cache{StoreDelay: time.Hour}}, "no request begins with a chunk that is stored"},
		{"not admitted", again, Options{Cache: Cache{Admit: 2}}, "no request begins with a chunk that is stored"},
		{"expired", again, Options{Cache: Cache{TTL: time.Millisecond}}, "no request begins with a chunk that is stored"},
		{"reused", again, Options{}, ""},
	} {
		require.Equal(t, c.want, runLog(t, c.records, c.opts).NothingReused(), c.name)
	}
}

func TestCounting(t *testing.T) {
	var records []log.Record
	for i := range 10 {
		records = append(records, log.Record{Timestamp: float64(600 * i), ChunkSize: 10, SeqLen: 5})
	}
	for want, w := range map[string]Warmup{
		"": {},
		"7 of 10 requests counted, after a warm-up of 30 min":                    {Duration: 30 * time.Minute},
		"8 of 10 requests counted, after a warm-up of 25 % of the requests":      {Fraction: 0.25},
		"9 of 10 requests counted, after a warm-up of 1 s":                       {Duration: time.Second},
		"8 of 10 requests counted, after a warm-up of 29.1234 % of the requests": {Fraction: 0.291234},
		"7 of 10 requests counted, after a warm-up until 1970-01-01T00:30:00Z":   {Until: ptr(1800.0)},
	} {
		r := runLog(t, records, Options{Warmup: w})
		require.Equal(t, want, r.Counting())
		if w == (Warmup{}) {
			require.EqualValues(t, 10, r.Counted)
		}
	}
}

// Assumptions about tiers, the grid and the warm-up are asked for by topic; all others always hold.
func TestAssumptionsAbout(t *testing.T) {
	records := []log.Record{{Timestamp: 1, ChunkSize: 10, SeqLen: 10, ChunkHashes: []string{"a"}}, {Timestamp: 2, ChunkSize: 10, SeqLen: 10, ChunkHashes: []string{"a"}}}
	r := runLog(t, records, Options{Warmup: Warmup{Fraction: 0.5}, Tiers: &TierOptions{Tiers: []Tier{{Name: "dram", Capacity: units.InChunks(5)}}}})
	require.Len(t, r.Topics, len(r.Assumptions))
	general := r.AssumptionsAbout()
	require.Equal(t, "Plain LRU, head of a request touched first.", general[0])
	tiers := r.AssumptionsAbout(AboutTiers)
	require.Equal(t, append([]string{r.Assumptions[1], r.Assumptions[2]}, general...), tiers)
	require.Contains(t, tiers[1], "Tiers read and write whole chunks")
	require.Equal(t, r.Assumptions, r.AssumptionsAbout(AboutCount, AboutTable, AboutTiers))
	require.Equal(t, []string{"a"}, (&Report{Assumptions: []string{"a"}}).AssumptionsAbout())
}
