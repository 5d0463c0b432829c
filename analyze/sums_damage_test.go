package analyze

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/section"
	"hashlog/analyze/units"
)

// damageable returns the sums of a short log that have everything, and its options.
func damageable(t testing.TB, kind string) (*sums, *Options) {
	counted := &Options{summary: true, By: []Dimension{ByModel, ByHour, BySource, ByLength}, Capacities: []units.Capacity{units.InChunks(20)},
		Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(9)}, {Name: "b", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	if kind == "equal" {
		counted.TTLs = &TTLOptions{TTLs: []time.Duration{5 * time.Second}}
	}
	records := randomRecords(rand.New(rand.NewPCG(5, 82)), kind, 25)
	r := newReplay(counted, nil)
	replayRecords(t, r, records)
	require.NoError(t, r.counted())
	return r.sums, counted
}

// survive loads sums and, if that works, merges them with others and reads all. It reports whether they could be loaded.
func survive(t *testing.T, file []byte, opts *Options, others *sums) bool {
	loaded, err := loadedSums(file, opts, nil, nil)
	if err != nil {
		var what *section.Error
		require.ErrorAs(t, err, &what)
		return false
	}
	if loaded.deepest() > 1<<20 {
		return true // the stack would not be as deep
	}
	var tokens int64
	for _, c := range loaded.all {
		switch c := c.(type) {
		case *modelTally:
			for i := range c.models {
				tokens += c.models[i].tokens
			}
			require.LessOrEqual(t, uint64(tokens), uint64(loaded.tally.totals.tokens))
		case *windowTally:
			tokens = 0
			for i := range c.windows.Len() {
				tokens += c.windows.Sums(i).totals.tokens
			}
			require.LessOrEqual(t, uint64(tokens), uint64(loaded.tally.totals.tokens))
		}
	}
	require.LessOrEqual(t, loaded.tally.totals.tokens, loaded.input.sum.TotalTokens)
	merged := newSums(opts, nil, nil)
	for _, s := range []*sums{others, loaded, others} {
		if err := merged.merge(s); err != nil {
			return true
		}
	}
	chunks, inBytes := merged.tally.curves(merged.tally.sizes.one)
	for _, c := range []*Curve{chunks, inBytes} {
		figures := c.At(math.MaxInt64)
		require.GreaterOrEqual(t, figures.HitTokens, int64(0))
		require.GreaterOrEqual(t, figures.ChunkTouches, figures.ChunkHits)
		require.GreaterOrEqual(t, figures.TotalTokens, figures.HitTokens)
	}
	savedSums(t, merged)
	return true
}

// TestDamagedSums changes every byte of saved sums, under right checksums: what is loaded then must be possible.
func TestDamagedSums(t *testing.T) {
	for _, kind := range []string{"equal", "disagreeing"} {
		whole, opts := damageable(t, kind)
		parts := sectionsOf(savedSums(t, whole))
		require.True(t, survive(t, resealed(parts), opts, whole))
		refused := 0
		for i := range parts {
			of := parts[i].payload
			for at := range of {
				if raceDetector && at%5 > 0 {
					continue
				}
				for _, b := range []byte{of[at] + 1, of[at] ^ 0x80, 0, 0xff} {
					damaged := slices.Clone(parts)
					damaged[i].payload = slices.Clone(of)
					damaged[i].payload[at] = b
					if !survive(t, resealed(damaged), opts, whole) {
						refused++
					}
				}
			}
			damaged := slices.Clone(parts)
			damaged[i].payload = of[:len(of)-1]
			require.False(t, survive(t, resealed(damaged), opts, whole), "%s is cut", parts[i].tag)
			damaged[i].payload = append(slices.Clone(of), 0)
			require.False(t, survive(t, resealed(damaged), opts, whole), "%s is longer", parts[i].tag)
		}
		require.NotZero(t, refused)
	}
}

// FuzzLoadSums loads sums of which a part has any other bytes.
func FuzzLoadSums(f *testing.F) {
	whole, opts := damageable(f, "disagreeing")
	parts := sectionsOf(savedSums(f, whole))
	for i, p := range parts {
		f.Add(i, p.payload)
	}
	f.Fuzz(func(t *testing.T, part int, payload []byte) {
		if part < 0 || part >= len(parts) || len(payload) > section.MaxPayload {
			return
		}
		damaged := slices.Clone(parts)
		damaged[part].payload = payload
		survive(t, resealed(damaged), opts, whole)
	})
}
