package analyze

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// encodedSummary returns the file of a summary.
func encodedSummary(t testing.TB, s *Summary) []byte {
	var out bytes.Buffer
	require.NoError(t, s.Encode(&out))
	return out.Bytes()
}

// reread returns a summary read from its file. It requires that its file is the same.
func reread(t testing.TB, s *Summary) *Summary {
	file := encodedSummary(t, s)
	got, err := ReadSummary(bytes.NewReader(file))
	require.NoError(t, err)
	requireSameSections(t, file, encodedSummary(t, got))
	return got
}

// requireSameSections compares files, and names the section that differs.
func requireSameSections(t testing.TB, want, got []byte) {
	a, b := sectionsOf(want), sectionsOf(got)
	for i := range min(len(a), len(b)) {
		require.Equal(t, string(a[i].payload), string(b[i].payload), "section %d, %s", i, a[i].tag)
	}
	require.Equal(t, len(a), len(b))
}

// opened opens the file of a summary.
func opened(t testing.TB, s *Summary) *SummaryFile {
	f, err := OpenSummary(bytes.NewReader(encodedSummary(t, s)))
	require.NoError(t, err)
	return f
}

// joinFiles is joinParts with files in between, of parts and of what was joined.
func joinFiles(t *testing.T, rng *rand.Rand, parts []*Summary) *Summary {
	t.Helper()
	for {
		i := rng.IntN(len(parts))
		if rng.IntN(2) == 0 {
			parts[i] = reread(t, parts[i])
		}
		if len(parts) == 1 {
			return parts[0]
		}
		if i == len(parts)-1 {
			continue
		}
		if rng.IntN(2) == 0 {
			require.NoError(t, parts[i].ThenFile(opened(t, parts[i+1])))
		} else {
			require.NoError(t, parts[i].Then(parts[i+1]))
		}
		parts = slices.Delete(parts, i+1, i+2)
	}
}

// summaryOptions are options of summaries whose files differ in form.
func summaryOptions() map[string]func(*Options) {
	return map[string]func(*Options){
		"plain":  func(*Options) {},
		"warmup": func(o *Options) { o.Warmup.Until = new(float64(120)) },
		"ttl":    func(o *Options) { o.Cache.TTL = 40 * time.Second },
		"ttls": func(o *Options) {
			o.TTLs = &TTLOptions{TTLs: []time.Duration{20 * time.Second, time.Minute}, Capacities: []units.Capacity{units.InChunks(32)}}
		},
		"by":     func(o *Options) { o.By = []Dimension{ByLength, ByModel, BySource, ByHour, BySalt} },
		"window": func(o *Options) { o.Rolling.Window = 7 * time.Second },
		"tiers": func(o *Options) {
			o.Tiers = &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(16)}, {Name: "b", Capacity: units.InChunks(50)}}}
		},
		"bounded": func(o *Options) {
			o.MaxCapacity, o.leastKnown = units.InChunks(25), 1
			o.Capacities = o.Capacities[:1]
		},
		"bounded, with a TTL": func(o *Options) {
			o.MaxCapacity, o.leastKnown, o.Cache.TTL = units.InChunks(25), 1, 40*time.Second
			o.Capacities = o.Capacities[:1]
			o.Tiers = &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(9)}, {Name: "b", Capacity: units.InChunks(16)}}}
		},
		"bounded, with TTLs": func(o *Options) {
			o.MaxCapacity, o.leastKnown = units.InChunks(25), 1
			o.Capacities = o.Capacities[:1]
			o.TTLs = &TTLOptions{TTLs: []time.Duration{20 * time.Second, time.Minute}, Capacities: []units.Capacity{units.InChunks(20)}}
		},
		"bounded in bytes": func(o *Options) {
			o.MaxCapacity, o.leastKnown = units.InBytes(500), 1
			o.Capacities = []units.Capacity{units.InBytes(450)}
		},
	}
}

// eachSummary calls do with options and logs of all kinds.
func eachSummary(t *testing.T, n uint64, do func(t *testing.T, rng *rand.Rand, opts Options, kind string)) {
	for _, kind := range []string{"equal", "by model", "unknown"} {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			for name, change := range summaryOptions() {
				if kind == "unknown" && name == "bounded in bytes" {
					continue
				}
				t.Run(fmt.Sprint(kind, "/", order, "/", name), func(t *testing.T) {
					t.Parallel()
					for seed := range seeds(n) {
						opts := Options{TouchOrder: order, Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}}}
						change(&opts)
						do(t, rand.New(rand.NewPCG(seed, 18)), opts, kind)
					}
				})
			}
		}
	}
}

// TestSummaryFile joins the parts of random logs with files in between and without, and compares all figures.
func TestSummaryFile(t *testing.T) {
	t.Parallel()
	eachSummary(t, 8, func(t *testing.T, rng *rand.Rand, opts Options, kind string) {
		records := randomRecords(rng, kind, 1+rng.IntN(200))
		files, cuts := findLog(t, records), cutsOf(rng, records)
		want := joinParts(t, rng, partsOf(t, files, opts, cuts))
		got := joinFiles(t, rng, partsOf(t, files, opts, cuts))
		requireSameSummary(t, opts, want, got)
	})
}

// requireSameSummary compares all figures of two summaries, which it closes.
func requireSameSummary(t *testing.T, opts Options, want, got *Summary) {
	require.Equal(t, want.Open(), got.Open())
	require.Equal(t, *want.Span(), *got.Span())
	require.Equal(t, want.read.stats, got.read.stats)
	reading := opts
	reading.Grid = &GridOptions{}
	reading.Targets = []Target{parsedTarget(t, "20%")}
	wanted, err := want.Report(reading)
	had, gotErr := got.Report(reading)
	if err != nil {
		require.EqualError(t, gotErr, err.Error())
		return
	}
	require.NoError(t, gotErr)
	requireSameText(t, everything(t, wanted), everything(t, had))
	requireSameCurve(t, wanted.Curve, had.Curve)
}

// TestClosedSummaryFile writes and reads summaries that are closed, and goes on with them.
func TestClosedSummaryFile(t *testing.T) {
	t.Parallel()
	eachSummary(t, 4, func(t *testing.T, rng *rand.Rand, opts Options, kind string) {
		records := randomRecords(rng, kind, 1+rng.IntN(100))
		files, cuts := findLog(t, records), cutsOf(rng, records)
		closed := func() []*Summary {
			parts := partsOf(t, files, opts, cuts)
			require.NoError(t, parts[0].close())
			return parts
		}
		want := joinParts(t, rng, closed())
		got := joinFiles(t, rng, closed())
		requireSameSummary(t, opts, want, got)
	})
}

// TestBesideFile writes and reads summaries of several caches.
func TestBesideFile(t *testing.T) {
	t.Parallel()
	eachSummary(t, 3, func(t *testing.T, rng *rand.Rand, opts Options, kind string) {
		log, more := findLog(t, randomRecords(rng, kind, 1+rng.IntN(100))), findLog(t, randomRecords(rng, kind, 1+rng.IntN(100)))
		both := func() (a, b *Summary) { return partsOf(t, log, opts, nil)[0], partsOf(t, more, opts, nil)[0] }
		want, other := both()
		require.NoError(t, want.Beside(other))
		got, again := both()
		got, again = reread(t, got), reread(t, again)
		require.NoError(t, got.Beside(again))
		requireSameSummary(t, opts, want, reread(t, got))
	})
}
