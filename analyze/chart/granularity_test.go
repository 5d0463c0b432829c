package chart

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type granularityCase struct {
	name   string
	report *analyze.Report
	axis   Axis
}

func (c granularityCase) picture() picture { return granularityPicture(c.report, c.axis) }

// granularities has a curve for each granularity, lower by a share of the one before.
func granularities(lower float64, list ...analyze.Granularity) *analyze.Report {
	r := report()
	r.Table = gridOf(units.Bytes, 1<<19, 400_000<<10, 40)
	for i, g := range list {
		of := analyze.GranularityResult{Granularity: g, TotalTokens: 1e9, ChunkTokens: 16 * int64(max(g.Rechunk, 1))}
		for _, c := range r.Table.Capacities {
			of.HitTokens = append(of.HitTokens, int64(1e9*typical(float64(c)/1024)*(1-lower*float64(i))))
		}
		r.Granularities = append(r.Granularities, of)
	}
	return r
}

func granularityCases() []granularityCase {
	unit := func(n int64, tokens bool) analyze.Granularity {
		return analyze.Granularity{MatchUnit: analyze.MatchUnit{N: n, Tokens: tokens}}
	}
	chunks := []analyze.Granularity{{Rechunk: 1}, {Rechunk: 2}, {Rechunk: 4}, {Rechunk: 8}}
	var many []analyze.Granularity
	for i := range 40 {
		many = append(many, unit(int64(i+1), false))
	}
	full := Axis{From: 1 << 20, To: 200_000 << 10}
	none := granularities(0, chunks...)
	for i := range none.Granularities {
		none.Granularities[i].TotalTokens = 0
	}
	none.Input = analyze.Input{}
	nothing := granularities(1, unit(1, false), unit(3584, true))
	both := granularities(.1, analyze.Granularity{Rechunk: 4, MatchUnit: analyze.MatchUnit{N: 784, Tokens: true}}, unit(1, false))
	both.Granularities[0].ChunkTokens = 0
	return []granularityCase{
		{"typical", granularities(.1, chunks...), full},
		{"match-unit", granularities(.1, unit(1, false), unit(4, false), unit(784, true)), full},
		{"both", both, full},
		{"linear", granularities(.1, chunks...), Axis{From: 1 << 20, To: 200_000 << 10, Linear: true}},
		{"one", granularities(0, chunks[2]), full},
		{"many", granularities(.02, many...), full},
		{"nothing", nothing, full},
		{"no-tokens", none, full},
		{"outside", granularities(.1, chunks...), Axis{From: 1 << 50, To: 1 << 51}},
	}
}

func TestGranularitySays(t *testing.T) {
	cases := map[string][]string{
		"typical":    {"Token hit rate by granularity and capacity", "40 capacities, joined by lines", "chunks as logged", "2 chunks as one (32 tokens)", "8 chunks as one (128 tokens)"},
		"match-unit": {"match unit 1 chunk", "match unit 784 tokens"},
		"both":       {"4 chunks as one, match unit 784 tokens"},
		"no-tokens":  {"No tokens were replayed"},
	}
	for _, c := range granularityCases() {
		said := texts(t, c.picture())
		for _, want := range cases[c.name] {
			require.Contains(t, said, want, c.name)
		}
	}
	r := granularities(.1, analyze.Granularity{Rechunk: 2})
	full := Axis{From: 1 << 20, To: 1 << 30}
	require.ErrorContains(t, Granularity(io.Discard, PNG, nil, full), "has none")
	require.ErrorContains(t, Granularity(io.Discard, PNG, report(), full), "has none")
	require.ErrorContains(t, Granularity(io.Discard, PNG, r, Axis{2, 1, false}), "the range must be positive")
	require.ErrorContains(t, Granularity(io.Discard, "gif", r, full), `"gif"`)
	require.ErrorContains(t, Granularity(broken{}, SVG, r, full), "disk full")
}

// TestGranularityLinesAreTheFigures holds that each line goes through the hits of its granularity.
func TestGranularityLinesAreTheFigures(t *testing.T) {
	r := granularities(.5, analyze.Granularity{Rechunk: 1}, analyze.Granularity{Rechunk: 2})
	ch := &granularityChart{report: r}
	a := Axis{From: 1 << 20, To: 200_000 << 10}
	ch.across, ch.up = capacityAxis{Axis: a, unit: units.Bytes}, ratesUpTo(1)
	ch.panel = box(0, 0, 100_000, 100)
	ch.read(a)
	ch.trace()
	require.Len(t, ch.lines, 2)
	capacities := within(a, r.Table.Capacities, r.Table.Capacities)
	for i := range ch.lines {
		points := ch.lines[i][0]
		require.Len(t, points, len(capacities))
		hits := within(a, r.Table.Capacities, r.Granularities[i].HitTokens)
		for j, p := range points {
			require.InDelta(t, float64(ch.x(ch.across.position(capacities[j]))), float64(p.X), 1e-6)
			require.InDelta(t, float64(ch.level(float64(hits[j])/1e9)), float64(p.Y), 1e-6)
		}
		require.InDelta(t, float64(points[len(points)-1].Y), float64(ch.labels[i].end), 1e-9)
	}
	require.Greater(t, ch.labels[0].rank, ch.labels[1].rank)
}
