package analyze

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/section"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// savedSums returns sums as a file.
func savedSums(t testing.TB, s *sums) []byte {
	t.Helper()
	var out bytes.Buffer
	w := section.NewWriter(&out)
	s.save(w)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// loadedSums reads a file of sums with some options.
func loadedSums(file []byte, opts *Options, cs *caches, lines []units.Capacity) (*sums, error) {
	r, err := section.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	s := newSums(opts, cs, lines)
	s.load(r)
	return s, r.Close()
}

// TestSaveSums saves and loads the sums of parts of a log, and those merged of them. It compares what they report, and what merging loaded
// ones gives.
func TestSaveSums(t *testing.T) {
	for seed := range seeds(150) {
		rng := rand.New(rand.NewPCG(seed, 79))
		parts := apartRecords(rng)
		known := true
		for _, records := range parts {
			known = known && (len(records) == 0 || records[0].DTypes != nil)
		}
		counted, asked := askedOfSums(rng, known)
		counted.By = append(counted.By, BySource)
		warmup := float64(rng.IntN(2) * rng.IntN(100_000))
		whole := newReplay(asked, nil)
		replayRecords(t, whole, slices.Concat(parts...))
		require.NoError(t, whole.counted())
		if whole.requests == 0 {
			continue
		}
		merged, mergedLoaded := newSums(counted, nil, nil), newSums(counted, nil, nil)
		for i, records := range parts {
			s := newSums(counted, nil, nil)
			batch := recorded(t, counted, warmup, records)
			for j := range batch.requests {
				batch.requests[j].source.name = fmt.Sprint("log-", rng.IntN(1+i))
			}
			countSome(t, rng, s, batch)
			file := savedSums(t, s)
			loaded, err := loadedSums(file, counted, nil, nil)
			require.NoError(t, err)
			require.Equal(t, file, savedSums(t, loaded))
			require.NoError(t, merged.merge(s))
			require.NoError(t, mergedLoaded.merge(loaded))
			require.Equal(t, savedSums(t, merged), savedSums(t, mergedLoaded))
		}
		whole.sums = merged
		want := figuresOf(t, whole)
		whole.sums = mergedLoaded
		sameText(t, want, figuresOf(t, whole), seed)
	}
}

// TestSaveSumsOfCaches saves and loads the sums of caches that evict in batches, and goes on counting.
func TestSaveSumsOfCaches(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 80))
	records := randomRecords(rng, "by model", 300)
	opts := &Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .3}, TTL: 20e9}, By: []Dimension{ByModel, ByHour}, Rolling: &RollingOptions{},
		Capacities: []units.Capacity{units.InChunks(20), units.InChunks(100), {Unit: units.Unlimited}}}
	opts.Rolling.Capacities = opts.Capacities
	counted := *opts
	counted.summary = true
	r := newReplay(&counted, nil)
	replayRecords(t, r, records)
	require.NoError(t, r.counted())
	file := savedSums(t, r.sums)
	loaded, err := loadedSums(file, &counted, r.caches, r.sums.lines)
	require.NoError(t, err)
	require.Equal(t, file, savedSums(t, loaded))

	twice := newReplay(opts, nil)
	replayRecords(t, twice, records)
	want := everything(t, reportOf(t, twice))
	r.sums = loaded
	require.Equal(t, want, everything(t, reportOf(t, r)))
}
