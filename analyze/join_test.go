package analyze

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestJoin cuts logs into parts at random times, joins these in the order of a random tree, and compares every figure with one replay.
func TestJoin(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"equal", "by model", "unknown"} {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			for name, change := range map[string]func(*Options){
				"plain":  func(*Options) {},
				"warmup": func(o *Options) { o.Warmup.Until = new(float64(120)) },
				"ttl":    func(o *Options) { o.Cache.TTL = 40 * time.Second },
				"ttls": func(o *Options) {
					o.TTLs = &TTLOptions{TTLs: []time.Duration{20 * time.Second, time.Minute}, Capacities: []units.Capacity{units.InChunks(30)}}
				},
				"by":     func(o *Options) { o.By = []Dimension{ByLength, ByModel, BySource, ByHour} },
				"window": func(o *Options) { o.Rolling.Window = 7 * time.Second },
				"tiers": func(o *Options) {
					o.Tiers = &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(16)}, {Name: "b", Capacity: units.InChunks(50)}}}
				},
			} {
				t.Run(fmt.Sprint(kind, "/", order, "/", name), func(t *testing.T) {
					t.Parallel()
					for seed := range uint64(8) {
						rng := rand.New(rand.NewPCG(seed, 17))
						records := randomRecords(rng, kind, 1+rng.IntN(200))
						opts := Options{TouchOrder: order, Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}}}
						if kind != "unknown" {
							opts.Capacities = append(opts.Capacities, units.InBytes(450))
						}
						change(&opts)
						compareParts(t, rng, records, opts)
					}
				})
			}
		}
	}
}

// compareParts joins random parts of a log, and compares the report with that of one replay.
func compareParts(t *testing.T, rng *rand.Rand, records []log.Record, opts Options) {
	t.Helper()
	files := findLog(t, records)
	reading := opts
	reading.Grid = &GridOptions{}
	reading.Targets = []Target{parsedTarget(t, "50%ofceiling"), parsedTarget(t, "20%")}
	whole := reading
	whole.summary = true
	want, err := Run(t.Context(), files, whole)
	joined := joinParts(t, rng, partsOf(t, files, opts, cutsOf(rng, records)))
	got, gotErr := joined.Report(reading)
	if err != nil {
		require.EqualError(t, gotErr, err.Error())
		return
	}
	require.NoError(t, gotErr)
	if opts.Warmup.Until != nil && want.Curve.ChunkBytes == 0 && want.Curve.Unit == units.Bytes { // known at the listed capacities only
		clear(want.Table.Evictions)
		clear(got.Table.Evictions)
	}
	requireSameText(t, everything(t, want), everything(t, got))
	requireSameCurve(t, want.Curve, got.Curve)
}

// cutsOf returns random times of a log, rising.
func cutsOf(rng *rand.Rand, records []log.Record) (cuts []float64) {
	for range rng.IntN(6) {
		cuts = append(cuts, records[rng.IntN(len(records))].Timestamp+float64(rng.IntN(2)))
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// partsOf summarises a log in parts that end at cuts.
func partsOf(t *testing.T, files *log.Files, opts Options, cuts []float64) (parts []*Summary) {
	t.Helper()
	for i := range len(cuts) + 1 {
		part := opts
		if i > 0 {
			part.Since = &cuts[i-1]
		}
		if i < len(cuts) {
			part.Until = &cuts[i]
		}
		s, err := Summarize(t.Context(), files, part)
		require.NoError(t, err)
		parts = append(parts, s)
	}
	return parts
}

// joinParts joins neighbours in random order until one is left.
func joinParts(t *testing.T, rng *rand.Rand, parts []*Summary) *Summary {
	t.Helper()
	for len(parts) > 1 {
		i := rng.IntN(len(parts) - 1)
		require.NoError(t, parts[i].Then(parts[i+1]))
		parts = slices.Delete(parts, i+1, i+2)
	}
	return parts[0]
}

// requireSameText compares texts line by line, and shows the first line that differs.
func requireSameText(t *testing.T, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			require.Equal(t, strings.Join(w[max(0, i-6):min(len(w), i+3)], "\n"), strings.Join(g[max(0, i-6):min(len(g), i+3)], "\n"), "line %d", i+1)
		}
	}
	require.Equal(t, len(w), len(g))
}

// requireSameCurve compares all figures at all capacities up to what the log has, in a curve's unit.
func requireSameCurve(t *testing.T, want, got *Curve) {
	t.Helper()
	var at []int64
	for c := range int64(600) {
		at = append(at, c*max(1, want.ChunkBytes/2))
	}
	require.Equal(t, want.Table(at), got.Table(at))
}

func parsedTarget(t *testing.T, s string) Target {
	t.Helper()
	target, err := ParseTarget(strings.TrimSpace(s))
	require.NoError(t, err)
	return target
}
