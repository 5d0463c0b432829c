package chart

import (
	"bytes"
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// Between the capacities of a table nothing is known: straight lines join its points, downwards too. The curve drawn for
// comparison stays a step function.
func TestGridIsJoinedByStraightLines(t *testing.T) {
	rates := map[int64]float64{2: .1, 4: .5, 5: .4}
	grid := &analyze.Table{Grid: analyze.Grid{Unit: units.Chunks, Capacities: []int64{2, 4, 5, 7}}}
	for _, c := range grid.Capacities {
		grid.Figures = append(grid.Figures, constant(rates[c], 2*rates[c]).table([]int64{c})...)
	}
	ch := made(capacityCase{report: report(), unit: units.Chunks, at: constant(.6, .7), axis: Axis{From: 1, To: 5, Linear: true}, grid: grid})
	at := func(c int64, rate float64) vg.Point {
		return vg.Point{X: ch.panel.Min.X + vg.Length(c-1)/4*(ch.panel.Max.X-ch.panel.Min.X), Y: ch.panel.Min.Y + vg.Length(rate/.8)*(ch.panel.Max.Y-ch.panel.Min.Y)}
	}
	require.Equal(t, [][]vg.Point{{at(2, .1), at(4, .5), at(5, .4)}}, ch.token, "what lies beyond the axis is left out")
	require.InDelta(t, float64(at(1, .6).Y), float64(ch.lru[0][0].Y), 1e-9)
	require.Equal(t, []mark{{at(2, .1), tokenColor, 2}, {at(4, .5), tokenColor, 2}, {at(5, .4), tokenColor, 2}}, ch.marks)
}

func TestMarksDontCrowd(t *testing.T) {
	grid := &analyze.Table{Grid: analyze.Grid{Unit: units.Chunks, Capacities: []int64{1, 30, 50, 51, 52, 80, 99, 100}}, Figures: make([]analyze.Figures, 8)}
	ch := made(capacityCase{report: report(), unit: units.Chunks, axis: Axis{From: 1, To: 200, Linear: true}, grid: grid})
	var marked []int64
	for _, m := range ch.marks {
		marked = append(marked, 1+int64(math.Round(float64((m.at.X-ch.panel.Min.X)/(ch.panel.Max.X-ch.panel.Min.X)*199))))
	}
	require.Equal(t, []int64{1, 30, 80}, marked, "a chunk is 3 points wide")
}

func TestGridSays(t *testing.T) {
	got := texts(t, capacityCaseNamed(t, "grid").picture())
	for _, want := range []string{"lmcache-server", "plain LRU, same touch order",
		"lmcache-server (evicts in batches)  ·  stored 1.5 s after lookup  ·  admitted at lookup 2  ·  expires 1 h after the last touch  ·  grid of 60 capacities",
		"ceiling 37.3 %", "20 % → ≤ 10 MiB (grid)", "99 %: not reachable"} {
		require.Contains(t, got, want)
	}
	alone := texts(t, capacityCaseNamed(t, "grid-alone").picture())
	require.Contains(t, alone, "lmcache-server")
	require.NotContains(t, alone, "plain LRU, same touch order")
	require.Contains(t, alone, "20 % → ≤ 10,240 chunks (grid)")
	exact := texts(t, capacityCaseNamed(t, "typical").picture())
	require.NotContains(t, exact, "plain LRU, same touch order")
}

// A hundred thousand capacities are thinned to what is visible, keeping the lowest of each pixel too.
func TestDenseGridIsThinned(t *testing.T) {
	c := capacityCaseNamed(t, "grid")
	c.grid = gridOf(units.Bytes, 1<<10, 200_000<<10, 100_000)
	require.Less(t, len(drawn(t, c.picture(), SVG)), 1<<19)
	ch := made(c)
	require.Len(t, ch.token, 1)
	near := heights(ch.token[0], ch.x(ch.across.position(c.grid.Capacities[50_000])))
	require.Greater(t, slices.Max(near)-slices.Min(near), ch.level(.004)-ch.level(0), "each third capacity does worse")
}

// heights returns the heights of a line near x.
func heights(line []vg.Point, x vg.Length) (out []vg.Length) {
	for _, p := range line {
		if p.X > x-2*dot && p.X < x+2*dot {
			out = append(out, p.Y)
		}
	}
	return out
}

// replayed returns the report of a log from testdata.
func replayed(t *testing.T, name string, opts analyze.Options) *analyze.Report {
	t.Helper()
	files, err := log.Find(context.Background(), []string{"../../testdata/" + name}, nil)
	require.NoError(t, err)
	r, err := analyze.Run(context.Background(), files, opts)
	require.NoError(t, err)
	return r
}

func TestMeasuredInTheUnitOfTheTable(t *testing.T) {
	batches := analyze.Cache{Name: "server", Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}
	chunks := func(n int64) units.Capacity { return units.Capacity{N: n, Unit: units.Chunks} }
	grid := &analyze.GridOptions{From: chunks(5), To: chunks(300), Points: 9}

	exact := measuredOf(replayed(t, "good.jsonl", analyze.Options{BytesPerChunk: 1024, Grid: grid}))
	require.Nil(t, exact.grid)
	require.Equal(t, units.Bytes, exact.unit)

	given := analyze.Options{BytesPerChunk: 1024, Cache: batches, Grid: grid}
	r := replayed(t, "good.jsonl", given)
	m := measuredOf(r)
	require.Equal(t, units.Chunks, m.unit)
	require.Equal(t, units.Bytes, r.Curve.Unit)
	at := m.at([]int64{0, 5, 300, math.MaxInt64})
	require.Equal(t, r.Curve.Table([]int64{0, 5 << 10, 300 << 10, math.MaxInt64}), at)
	require.Positive(t, at[2].HitTokens)

	bytes := analyze.GridOptions{From: units.Capacity{N: 5 << 10}, To: units.Capacity{N: 300 << 10}, Points: 9}
	given.Grid = &bytes
	m = measuredOf(replayed(t, "good.jsonl", given))
	require.Equal(t, units.Bytes, m.unit)
	require.Equal(t, at[1:3], m.at([]int64{5 << 10, 300 << 10}))

	unlike := measuredOf(replayed(t, "demo", analyze.Options{Cache: batches, Grid: grid}))
	require.NotNil(t, unlike.grid)
	require.Nil(t, unlike.at, "chunks of unlike sizes make no capacity in chunks one in bytes")
}

// From a log to a picture: a target is marked where it was found, between two points of the table.
func TestCapacityOfABatchedCache(t *testing.T) {
	half, err := analyze.ParseTarget("50%")
	require.NoError(t, err)
	r := replayed(t, "demo", analyze.Options{Grid: &analyze.GridOptions{Points: 7}, Targets: []analyze.Target{half},
		Cache: analyze.Cache{Name: "server", Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}})
	axis := Axis{From: r.Table.Capacities[0], To: r.Table.Capacities[len(r.Table.Capacities)-1]}
	var b bytes.Buffer
	require.NoError(t, Capacity(&b, SVG, r, axis))
	require.Contains(t, b.String(), "grid of 7 capacities")
	require.Contains(t, b.String(), "plain LRU, same touch order")

	ch := newCapacityChart(r, measuredOf(r), axis)
	require.Len(t, ch.targets, 1)
	require.Contains(t, ch.token[0], ch.targets[0].at)
	require.False(t, ch.ceiling.marked, "where the rate reaches its ceiling is not known")
	require.Equal(t, "ceiling 85.4 %", ch.ceiling.text)
}
