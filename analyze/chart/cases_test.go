package chart

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// pictures is the folder in which the tests leave their drawings for inspection:
//
//	go test ./analyze/chart -run Pictures -pictures DIR
var pictures = flag.String("pictures", "", "folder to leave the pictures of all cases in")

const noon = 1711886400.0 // 2024-03-31 12:00 UTC

func of[T any](v T) *T { return &v }

// assumptions are typical of a report.
var assumptions = []string{
	"Chunks count as cached from their lookup on; a real server stores them after prefill",
	"All logs given form one cache",
	"The ceiling grows with the length of the log",
	"Bytes are those that one rank stores",
	"Chunks are touched head first",
}

// report has 23,608 requests in 1 KiB chunks of 16 tokens, with a ceiling of 37.34 % at 170,000 chunks.
func report() *analyze.Report {
	return &analyze.Report{
		Input: analyze.Input{
			Files: 3, Requests: 23_608, TotalTokens: 47_113_408, CacheableTokens: 46_900_000, ChunkLookups: 2_930_000,
			UniqueChunks: of[int64](182_790), Torn: 1, FirstTimestamp: noon, LastTimestamp: noon + 3600,
			Models: []analyze.Model{{Name: "meta-llama/Llama-3.1-8B", Requests: 23_608, ChunkSize: of[int64](16), BytesPerChunk: of[int64](1024)}},
		},
		Ceiling:     &analyze.Ceiling{TokenHitRate: 0.3734, CapacityChunks: of[int64](170_000), CapacityBytes: of[int64](170_000 << 10)},
		Assumptions: assumptions,
	}
}

// through interpolates a hit rate between known points, in the logarithm of the capacity.
func through(points ...[2]float64) func(c float64) float64 {
	return func(c float64) float64 {
		if c < points[0][0] {
			return 0
		}
		for i := 1; i < len(points); i++ {
			a, b := points[i-1], points[i]
			if c < b[0] {
				return a[1] + (b[1]-a[1])*math.Log(c/a[0])/math.Log(b[0]/a[0])
			}
		}
		return points[len(points)-1][1]
	}
}

var typical = through([2]float64{1, .005}, [2]float64{100, .02}, [2]float64{1000, .046}, [2]float64{2500, .075}, [2]float64{5000, .12},
	[2]float64{10000, .22}, [2]float64{15000, .275}, [2]float64{30000, .337}, [2]float64{60000, .362}, [2]float64{100000, .371}, [2]float64{170000, .3734})

// rates are made-up token and chunk hit rates.
type rates func(c int64) (token, chunk float64)

// table turns them into figures.
func (at rates) table(capacities []int64) (figures []analyze.Figures) {
	const whole = 1e12
	for _, c := range capacities {
		token, chunk := at(c)
		figures = append(figures, analyze.Figures{HitTokens: int64(token * whole), TotalTokens: whole,
			ChunkHits: int64(chunk * whole), ChunkLookups: whole})
	}
	return figures
}

// scaledBy returns the typical curve with chunks of that many units and with rates multiplied by factor.
func scaledBy(unit, factor float64) rates {
	return func(c int64) (token, chunk float64) {
		chunks := math.Floor(float64(c) / unit)
		return typical(chunks) * factor, typical(chunks*1.15) * factor * 1.04
	}
}

func constant(token, chunk float64) rates {
	return func(int64) (float64, float64) { return token, chunk }
}

// target is one that the typical curve reaches at that many chunks of 1 KiB.
func target(name string, chunks int64) analyze.TargetResult {
	return analyze.TargetResult{Target: name, TokenHitRate: typical(float64(chunks)), CapacityChunks: of(chunks),
		CapacityBytes: of(chunks << 10), Reachable: true}
}

type capacityCase struct {
	name   string
	report *analyze.Report
	unit   units.Unit
	at     rates
	axis   Axis
	grid   *analyze.Table
}

func (c capacityCase) measured() measured {
	m := measured{unit: c.unit, grid: c.grid}
	if c.at != nil {
		m.at = c.at.table
	}
	return m
}

func (c capacityCase) picture() picture { return capacityPicture(c.report, c.measured(), c.axis) }

func capacityCases() []capacityCase {
	full := Axis{From: 1 << 10, To: 200_000 << 10}
	with := func(f func(r *analyze.Report)) *analyze.Report {
		r := report()
		f(r)
		return r
	}
	targets := with(func(r *analyze.Report) {
		r.Targets = []analyze.TargetResult{target("30%", 20_173), {Target: "90%", TokenHitRate: .3734},
			target("95%ofceiling", 44_000), target("50%ofceiling", 8_300)}
	})
	crowd := with(func(r *analyze.Report) {
		for i := range 24 {
			r.Targets = append(r.Targets, target(fmt.Sprintf("%d%%ofceiling", 70+i), int64(14_000+i*700)))
		}
	})
	tiny := with(func(r *analyze.Report) {
		r.Input = analyze.Input{Files: 1, Requests: 1, TotalTokens: 1, FirstTimestamp: noon, LastTimestamp: noon, Models: []analyze.Model{{ChunkSize: of[int64](1)}}}
		r.Ceiling = &analyze.Ceiling{}
	})
	none := with(func(r *analyze.Report) {
		r.Input = analyze.Input{}
		r.Ceiling = &analyze.Ceiling{CapacityBytes: of[int64](0), CapacityChunks: of[int64](0)}
		r.Assumptions = nil
	})
	all := with(func(r *analyze.Report) {
		r.Ceiling = &analyze.Ceiling{TokenHitRate: 1, CapacityBytes: of[int64](1 << 20), CapacityChunks: of[int64](1 << 10)}
		r.Targets = []analyze.TargetResult{{Target: "100%", TokenHitRate: 1, CapacityBytes: of[int64](1 << 20), CapacityChunks: of[int64](1 << 10), Reachable: true}}
	})
	huge := with(func(r *analyze.Report) {
		r.Ceiling = &analyze.Ceiling{TokenHitRate: .9, CapacityBytes: of[int64](math.MaxInt64), CapacityChunks: of[int64](math.MaxInt64)}
	})
	names := with(func(r *analyze.Report) {
		r.Input.Models = []analyze.Model{{Name: strings.Repeat("organisation/very-long-model-name-", 40), ChunkSize: of[int64](256)},
			{Name: "通义千问-72B-指令 \x00\x1b\u202e\xff", ChunkSize: of[int64](16)}, {Name: "", ChunkSize: of[int64](16)}}
		r.Assumptions = append(r.Assumptions, strings.Repeat("verbose ", 300), strings.Repeat("x", 2000), "<&\"'>")
	})
	off := with(func(r *analyze.Report) {
		r.Input.Models = append(r.Input.Models, r.Input.Models[0], r.Input.Models[0], r.Input.Models[0])
		r.Targets = []analyze.TargetResult{target("20%", 9_000), target("36%", 55_000), {Target: "weird", Reachable: true, TokenHitRate: math.NaN()}}
	})
	nan := with(func(r *analyze.Report) {
		r.Ceiling.TokenHitRate = math.NaN()
		r.Input.FirstTimestamp, r.Input.LastTimestamp = math.NaN(), math.Inf(1)
	})
	half := with(func(r *analyze.Report) {
		r.Ceiling.TokenHitRate = .3734 * 2.5
		for _, t := range []string{"80%", "90%"} {
			r.Targets = append(r.Targets, analyze.TargetResult{Target: t, TokenHitRate: map[string]float64{"80%": .8, "90%": .9}[t],
				CapacityBytes: of(map[string]int64{"80%": 24_000 << 10, "90%": 55_000 << 10}[t]), Reachable: true})
		}
	})
	server := with(func(r *analyze.Report) {
		r.Settings = analyze.Settings{Cache: "lmcache-server", EvictTrigger: of(.8), StoreDelay: 1.5, TTL: of(3600.), Admit: of(2)}
		r.Ceiling.CapacityBytes, r.Ceiling.CapacityChunks = nil, nil
		r.Targets = []analyze.TargetResult{target("20%", 10_240), {Target: "99%", TokenHitRate: .3734}}
	})
	return []capacityCase{
		{"typical", targets, units.Bytes, scaledBy(1024, 1), full, nil},
		{"plain", report(), units.Bytes, scaledBy(1024, 1), full, nil},
		{"chunks", targets, units.Chunks, scaledBy(1, 1), Axis{From: 1, To: 200_000}, nil},
		{"linear", targets, units.Bytes, scaledBy(1024, 1), Axis{From: 1 << 10, To: 200_000 << 10, Linear: true}, nil},
		{"linear-chunks", targets, units.Chunks, scaledBy(1, 1), Axis{From: 1, To: 200_000, Linear: true}, nil},
		{"high", half, units.Bytes, scaledBy(1024, 2.5), full, nil},
		{"crowd", crowd, units.Bytes, scaledBy(1024, 1), full, nil},
		{"off", off, units.Bytes, scaledBy(1024, 1), Axis{From: 40_000_000, To: 60_000_000}, nil},
		{"one-request", tiny, units.Chunks, constant(0, 0), Axis{From: 1, To: 2}, nil},
		{"one-chunk", tiny, units.Bytes, constant(0, 0), Axis{From: 1, To: 2, Linear: true}, nil},
		{"no-tokens", none, units.Chunks, constant(0, 0), Axis{From: 1, To: 2}, nil},
		{"all-hits", all, units.Bytes, constant(1, 1), full, nil},
		{"no-hits", none, units.Bytes, constant(0, 0), full, nil},
		{"huge", huge, units.Bytes, scaledBy(1<<45, 2.4), Axis{From: 1, To: math.MaxInt64}, nil},
		{"huge-chunks", huge, units.Chunks, scaledBy(1<<45, 2.4), Axis{From: 1, To: math.MaxInt64}, nil},
		{"huge-linear", huge, units.Bytes, scaledBy(1<<45, 2.4), Axis{From: 1, To: math.MaxInt64, Linear: true}, nil},
		{"huge-linear-chunks", huge, units.Chunks, scaledBy(1<<45, 2.4), Axis{From: 1, To: math.MaxInt64, Linear: true}, nil},
		{"huge-narrow", huge, units.Bytes, scaledBy(1<<45, 2.4), Axis{From: math.MaxInt64 - 1, To: math.MaxInt64}, nil},
		{"narrow", report(), units.Chunks, scaledBy(1, 1), Axis{From: 5, To: 7}, nil},
		{"names", names, units.Bytes, scaledBy(1024, 1), full, nil},
		{"nan", nan, units.Bytes, constant(math.NaN(), math.Inf(1)), full, nil},
		{"grid", server, units.Bytes, scaledBy(1024, 1), full, gridOf(units.Bytes, 1<<10, 200_000<<10, 60)},
		{"grid-two", server, units.Bytes, scaledBy(1024, 1), full, gridOf(units.Bytes, 1<<10, 200_000<<10, 2)},
		{"grid-alone", server, units.Chunks, nil, Axis{From: 10, To: 200_000}, gridOf(units.Chunks, 10, 200_000, 12)},
	}
}

// gridOf returns the table of a cache that evicts in batches, with n capacities in chunks of 1 KiB; every third does worse.
func gridOf(unit units.Unit, from, to float64, n int) *analyze.Table {
	t := &analyze.Table{Grid: analyze.Grid{Unit: unit}}
	chunk := map[units.Unit]float64{units.Bytes: 1024, units.Chunks: 1}[unit]
	at := scaledBy(chunk/.7, 1)
	for i := range n {
		c := int64(math.Round(from * math.Pow(to/from, float64(i)/float64(n-1))))
		token, chunk := at(c)
		if i%3 == 2 {
			token -= .004
		}
		constant := constant(token, chunk).table([]int64{c})
		t.Capacities, t.Figures = append(t.Capacities, c), append(t.Figures, constant...)
	}
	return t
}

type rollingCase struct {
	name   string
	report *analyze.Report
}

func (c rollingCase) picture() picture { return rollingPicture(c.report) }

// day makes n windows with a daily rhythm, for as many capacities as there are levels.
func day(n int, start float64, window time.Duration, levels ...float64) []analyze.Window {
	rnd := rand.New(rand.NewPCG(1, 2))
	out := make([]analyze.Window, n)
	for i := range out {
		s := start + float64(i)*window.Seconds()
		w := analyze.Window{Start: s, End: s + window.Seconds(), Requests: 100, TotalTokens: 1_000_000}
		wave := 1 + .25*math.Sin(float64(i)/float64(n)*9) + .12*rnd.NormFloat64()
		for _, l := range levels {
			w.HitTokens = append(w.HitTokens, int64(1e6*fraction(l*wave*(1+.03*rnd.NormFloat64()))))
		}
		out[i] = w
	}
	return out
}

func sizes(n ...int64) []units.Capacity {
	var out []units.Capacity
	for _, s := range n {
		out = append(out, units.Capacity{N: s})
	}
	return out
}

func rollingReport(window time.Duration, lines []units.Capacity, windows []analyze.Window) *analyze.Report {
	r := report()
	if len(windows) > 0 {
		r.Input.FirstTimestamp, r.Input.LastTimestamp = windows[0].Start, windows[len(windows)-1].End-1
	}
	r.Rolling = &analyze.Rolling{Window: window, Lines: lines, Windows: windows}
	return r
}

var threeLines = append(sizes(8<<20, 64<<20), units.Capacity{Unit: units.Unlimited})

var rollingCases = sync.OnceValue(func() []rollingCase {
	const five = 5 * time.Minute
	three := []float64{.19, .34, .37}
	gappy := day(200, noon, five, three...)
	gappy = append(append(append([]analyze.Window{}, gappy[:60]...), gappy[100]), gappy[130:]...)
	many, levels := []units.Capacity{}, []float64{}
	for i := range 12 {
		many = append(many, units.Capacity{N: 1 << (i + 20)})
		levels = append(levels, .06*float64(i+1))
	}
	crowd := []units.Capacity{}
	for i := range 60 {
		crowd = append(crowd, units.Capacity{N: int64(i+1) * 1000, Unit: units.Chunks})
	}
	at := func(start, length float64, hit int64) analyze.Window {
		return analyze.Window{Start: start, End: start + length, Requests: 1, TotalTokens: 100, HitTokens: []int64{hit, hit + 20, hit + 30}}
	}
	return []rollingCase{
		{"typical", rollingReport(five, threeLines, day(200, noon, five, three...))},
		{"hour", rollingReport(15*time.Second, threeLines, day(240, noon, 15*time.Second, three...))},
		{"high", rollingReport(five, threeLines, day(200, noon, five, .5, .68, .74))},
		{"gaps", rollingReport(five, threeLines, gappy)},
		{"many-lines", rollingReport(five, many, day(200, noon, five, levels...))},
		{"legend-overflow", rollingReport(five, crowd, day(50, noon, five, make([]float64, 60)...))},
		{"single-window", rollingReport(five, threeLines, day(1, noon, five, three...))},
		{"far-apart", rollingReport(five, threeLines, []analyze.Window{at(noon, 300, 30), at(noon+86400*90, 300, 45)})},
		{"minute", rollingReport(time.Second, threeLines, day(60, noon, time.Second, three...))},
		{"second", rollingReport(10*time.Millisecond, threeLines, day(100, noon, 10*time.Millisecond, three...))},
		{"week", rollingReport(time.Hour, threeLines, day(168, noon, time.Hour, three...))},
		{"year", rollingReport(24*time.Hour, threeLines, day(365, noon, 24*time.Hour, three...))},
		{"decade", rollingReport(24*time.Hour, threeLines, day(3653, noon, 24*time.Hour, three...))},
		{"epoch", rollingReport(five, threeLines, day(20, 0, five, three...))},
		{"before-epoch", rollingReport(five, threeLines, day(20, -1e6, five, three...))},
		{"absurd", rollingReport(five, threeLines, []analyze.Window{at(-1e300, 300, 10), at(1e300, 300, 40)})},
		{"most-absurd", rollingReport(five, threeLines, []analyze.Window{at(-math.MaxFloat64, 0, 10), at(math.MaxFloat64, 0, 40)})},
		{"absurd-single", rollingReport(five, threeLines, []analyze.Window{at(1e300, 300, 10)})},
		{"far-future", rollingReport(five, threeLines, day(20, 1e12, five, three...))},
		{"nan", rollingReport(five, threeLines, []analyze.Window{at(math.NaN(), 300, 10), at(noon, 300, 10), at(math.Inf(1), 300, 10)})},
		{"short-counts", rollingReport(five, threeLines, []analyze.Window{{Start: noon, End: noon + 300, TotalTokens: 5}})},
		{"no-windows", rollingReport(five, threeLines, nil)},
		{"no-lines", rollingReport(five, nil, day(10, noon, five))},
		{"all-hits", rollingReport(five, threeLines, day(200, noon, five, 10, 10, 10))},
		{"no-hits", rollingReport(five, threeLines, day(200, noon, five, 0, 0, 0))},
	}
})

// millionWindows covers eleven days by the second, at eight capacities.
var millionWindows = sync.OnceValue(func() rollingCase {
	return rollingCase{"million", rollingReport(time.Second, sizes(1<<20, 2<<20, 4<<20, 8<<20, 16<<20, 32<<20, 64<<20, 128<<20),
		day(1_000_000, noon, time.Second, .04, .08, .12, .16, .2, .24, .28, .32))}
})

// drawings returns all cases, by name.
func drawings() map[string]picture {
	out := make(map[string]picture)
	for _, c := range capacityCases() {
		out["capacity-"+c.name] = c.picture()
	}
	for _, c := range byCases() {
		out["by-"+c.name] = c.picture()
	}
	for _, c := range missesCases() {
		out["misses-"+c.name] = c.picture()
	}
	for _, c := range gainCases() {
		out["gain-"+c.name] = c.picture()
	}
	for _, c := range rollingCases() {
		out["rolling-"+c.name] = c.picture()
	}
	for _, c := range tiersCases() {
		out["tiers-"+c.name] = c.picture()
	}
	for _, c := range ttlCases() {
		out["ttl-"+c.name] = c.picture()
	}
	for _, c := range heatCases() {
		out["heat-"+c.name] = c.picture()
	}
	for _, c := range requestsCases() {
		out["requests-"+c.name] = c.picture()
	}
	for _, c := range reuseCases() {
		out["reuse-"+c.name] = c.picture()
	}
	for _, c := range cachesCases() {
		out["caches-"+c.name] = c.picture()
	}
	for _, c := range granularityCases() {
		out["granularity-"+c.name] = c.picture()
	}
	for _, c := range fleetCases() {
		out["fleet-"+c.name] = c.picture()
	}
	return out
}

func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("no -pictures folder")
	}
	require.NoError(t, os.MkdirAll(*pictures, 0o755))
	all := drawings()
	all["rolling-million"] = millionWindows().picture()
	all["tiers-million"] = millionTierWindows().picture()
	for name, p := range all {
		for _, f := range []Format{PNG, SVG, PDF} {
			var b bytes.Buffer
			require.NoError(t, p.write(&b, f), name)
			require.NoError(t, os.WriteFile(filepath.Join(*pictures, name+"."+string(f)), b.Bytes(), 0o644))
		}
	}
}

// caseNamed returns the case of a name.
func caseNamed[C any](t *testing.T, cases []C, name string, nameOf func(C) string) C {
	t.Helper()
	i := slices.IndexFunc(cases, func(c C) bool { return nameOf(c) == name })
	if i < 0 {
		t.Fatalf("no case %q", name)
	}
	return cases[i]
}
