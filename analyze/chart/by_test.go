package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type byCase struct {
	name    string
	report  *analyze.Report
	classes *classes
	axis    Axis
}

func (c byCase) picture() picture { return byPicture(c.report, c.classes, c.axis) }

// ratesOfCurve reads a made-up curve.
func ratesOfCurve(at rates) func([]int64) []float64 {
	return func(capacities []int64) []float64 { return ratesOf(at.table(capacities)) }
}

// madeClasses returns classes with the typical curve times a factor each, of a thousand tokens each.
func madeClasses(d analyze.Dimension, names []string, factors ...float64) *classes {
	cs := &classes{dimension: d, unit: units.Bytes, all: len(names)}
	cs.whole = classLine{name: "all requests", tokens: int64(1000 * len(names)), at: ratesOfCurve(scaledBy(1024, 1))}
	for i, name := range names {
		cs.lines = append(cs.lines, classLine{name: name, tokens: 1000, at: ratesOfCurve(scaledBy(1024, factors[i%len(factors)]))})
	}
	return cs
}

func hourNames(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("%02d", i))
	}
	return names
}

func byCases() []byCase {
	full := Axis{From: 1 << 10, To: 200_000 << 10}
	hours := report()
	hours.Settings.TimeZone = of("Europe/Berlin")
	lengths := []string{"512-1023", "1024-2047", "2048-4095", "4096-8191"}
	long := "organisation/a-very-long-model-name-that-goes-on-and-on-and-never-ends"
	more := madeClasses(analyze.BySource, slices.Repeat([]string{"/var/log/a-node-with-a-long-name/kv/lmcache", "-", "node\x001", "<&>"}, 6), 2, .5)
	more.all, more.whole.tokens = 1333, 60_000
	batched := madeClasses(analyze.ByTurn, []string{"0", "1", "2-3"}, .4, 1, 1.6)
	batched.points = gridOf(units.Bytes, 1<<9, 300_000<<10, 20).Capacities // some lie outside the axis
	nothing := madeClasses(analyze.ByLength, []string{"0"}, 0)
	nothing.whole.tokens, nothing.whole.at = 0, ratesOfCurve(constant(0, 0))
	return []byCase{
		{"length", report(), madeClasses(analyze.ByLength, lengths, .5, .9, 1.4, 2.2), full},
		{"same", report(), madeClasses(analyze.ByModel, []string{"a", "", long, "d", "e", "f"}, 1), full},
		{"low", report(), madeClasses(analyze.ByTurn, []string{"0", "1"}, .01, .02), full},
		{"hours", hours, madeClasses(analyze.ByHour, hourNames(24), .3, 1.8, 1, 2.6), full},
		{"seven", report(), madeClasses(analyze.ByLength, append(lengths, lengths[:3]...), .5, .9, 1.4, 2.2), Axis{From: 1 << 10, To: 200_000 << 10, Linear: true}},
		{"many", report(), more, full},
		{"batched", report(), batched, full},
		{"batched-many", report(), func() *classes {
			cs := madeClasses(analyze.ByHour, hourNames(10), .4, 1)
			cs.points = batched.points
			return cs
		}(), full},
		{"nothing", report(), nothing, Axis{From: 1, To: 2}},
		{"nan", report(), madeClasses(analyze.ByModel, []string{"a"}, math.NaN()), full},
	}
}

func byCaseNamed(t *testing.T, name string) byCase {
	t.Helper()
	return caseNamed(t, byCases(), name, func(c byCase) string { return c.name })
}

func TestBySays(t *testing.T) {
	got := texts(t, byCaseNamed(t, "length").picture())
	for _, want := range []string{"Token hit rate by capacity and request length, in tokens", "512-1023", "4096-8191", "82.1 %", "all requests", "37.3 %", "Cache capacity"} {
		require.Contains(t, got, want)
	}
	got = texts(t, byCaseNamed(t, "hours").picture())
	for _, want := range []string{"Token hit rate by capacity and hour of the day (Europe/Berlin)", "00", "23", "4.17 % of tokens", "97.1 %", "the class", "all requests"} {
		require.Contains(t, got, want)
	}
	require.Contains(t, texts(t, byCaseNamed(t, "many").picture()), "The 24 of 1,333 sources with the most tokens, which are 40.0 % of all")
	require.Contains(t, texts(t, byCaseNamed(t, "same").picture()), "unnamed model")
	require.Contains(t, strings.Join(texts(t, byCaseNamed(t, "batched").picture()), "\n"), "  ·  grid of 20 capacities")
	require.Contains(t, texts(t, byCaseNamed(t, "nothing").picture()), "No tokens were counted")
}

// Every panel lies within the page and apart from all others.
func TestPanelsKeepApart(t *testing.T) {
	for _, n := range []int{7, 9, 10, 23, 24} {
		ch := &byChart{classes: madeClasses(analyze.ByHour, hourNames(n), 1), report: report(), plane: plane{across: capacityAxis{Axis: Axis{From: 1 << 10, To: 1 << 20}}}}
		ch.inPanels(frame{title: "t"})
		columns := map[bool]int{true: 3, false: 4}[n <= 9]
		width := (ch.panel.Max.X - ch.panel.Min.X - panelSide*vg.Length(columns-1)) / vg.Length(columns)
		panels := ch.cut(columns, (n+columns-1)/columns, width)
		require.Len(t, panels, n)
		for i, p := range panels {
			require.GreaterOrEqual(t, p.panel.Max.Y-p.panel.Min.Y+1e-9, panelLow, n)
			for _, q := range panels[:i] {
				require.False(t, overlap(grow(p.panel, 5), q.panel), n)
			}
			labelled := !p.bare
			require.Equal(t, i >= n-columns, labelled)
			require.LessOrEqual(t, p.panel.Max.X, ch.panel.Max.X+1e-9)
			require.GreaterOrEqual(t, p.panel.Min.Y+1e-9, ch.panel.Min.Y)
		}
	}
}

// Each line is drawn once, so no grid lies on a curve.
func TestPanelsDrawTheirGridOnce(t *testing.T) {
	svg := string(drawn(t, byCaseNamed(t, "hours").picture(), SVG))
	seen := map[string]bool{}
	for line := range strings.Lines(svg) {
		if strings.HasPrefix(line, "<path") {
			require.False(t, seen[line], line)
			seen[line] = true
		}
	}
	require.Greater(t, len(seen), 24*5)
}

// Labels of capacities of neighbouring panels keep apart.
func TestPanelLabelsKeepApart(t *testing.T) {
	const width = 150
	label := func(at float64, s string) tick { return tick{at: at, label: s} }
	for _, tt := range []struct {
		ticks []tick
		want  []string
	}{
		{[]tick{label(0, "1 GiB"), label(.5, "32 GiB"), label(1, "1 TiB")}, []string{"1 GiB", "32 GiB", ""}},
		{[]tick{{at: 0}, label(.2, "1 GiB"), label(1, "32 GiB")}, []string{"", "1 GiB", "32 GiB"}},
		{[]tick{label(0, "1 GiB"), label(.8, "32 GiB"), {at: 1}}, []string{"1 GiB", "32 GiB", ""}},
		{[]tick{label(0, "1,234,567,890 B")}, []string{"1,234,567,890 B"}},
		{[]tick{{at: 0}}, []string{""}},
		{nil, nil},
	} {
		var got []string
		for _, tick := range separated(tt.ticks, width) {
			got = append(got, tick.label)
		}
		require.Equal(t, tt.want, got)
	}
}

func TestByNeedsClasses(t *testing.T) {
	require.ErrorContains(t, By(nil, PNG, report(), nil, Axis{1, 2, false}), "no classes")
	r := report()
	r.Curve, r.Table = &analyze.Curve{}, &analyze.Table{}
	require.ErrorContains(t, By(nil, PNG, r, &analyze.Division{}, Axis{2, 1, false}), "the range must be positive")
}
