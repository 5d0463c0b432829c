package chart

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type cachesCase struct {
	name       string
	comparison *analyze.Comparison
}

func (c cachesCase) picture() picture { return cachesPicture(c.comparison) }

// comparison has 20 capacities in chunks, and a curve for each cache, of the given names and rates relative to the typical one.
func comparison(relative float64, names ...string) *analyze.Comparison {
	r := report()
	c := &analyze.Comparison{Report: r, Input: r.Input, Ceiling: *r.Ceiling, TotalTokens: r.Input.TotalTokens, GridUnit: units.Chunks,
		Settings: analyze.Settings{TouchOrder: "head"}}
	for i := range 20 {
		n := gridOf(units.Chunks, 1, 187_000, 20).Capacities[i]
		at := analyze.ComparedCapacity{Size: analyze.Size{Chunks: &n}}
		for j, name := range names {
			row := analyze.CacheResult{Cache: name, TouchOrder: of("head"), CapacityChunks: &n, TokenHitRate: typical(float64(n) * (1 - relative*float64(j)))}
			switch name {
			case "lmcache-server":
				row.TouchOrder = of("tail")
			case analyze.OptFeasible, analyze.OptBound:
				row.TouchOrder = nil
				row.TokenHitRate = typical(float64(n) * 8 * float64(j))
			}
			at.Caches = append(at.Caches, row)
		}
		c.Grid = append(c.Grid, at)
	}
	return c
}

var allCaches = []string{"lru", "lmcache-server", "fifo", "sieve", "s3fifo", "arc", "radix", "random", analyze.OptFeasible, analyze.OptBound}

func cachesCases() []cachesCase {
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("s3fifo:small=0.%02d:ghost=0.%02d:cap=%d", i+1, i+1, i+1))
	}
	bytes := comparison(0.08, allCaches...)
	bytes.GridUnit = units.Bytes
	for i := range bytes.Grid {
		bytes.Grid[i].Bytes = of(*bytes.Grid[i].Chunks << 20)
	}
	one := comparison(0.08, "lru", "fifo")
	one.Grid = one.Grid[:1]
	none := comparison(0.08, allCaches...)
	none.TotalTokens, none.Ceiling.TokenHitRate = 0, 0
	for _, at := range none.Grid {
		for i := range at.Caches {
			at.Caches[i].TokenHitRate = 0
		}
	}
	full := comparison(0, "lru")
	full.Ceiling.TokenHitRate = 1
	return []cachesCase{
		{"typical", comparison(0.08, allCaches...)},
		{"bytes", bytes},
		{"one-cache", comparison(0.08, "lru")},
		{"optimum-alone", comparison(0.08, analyze.OptFeasible, analyze.OptBound)},
		{"many", comparison(0.02, many...)},
		{"one-capacity", one},
		{"no-tokens", none},
		{"full", full},
	}
}

func TestCachesSays(t *testing.T) {
	cases := map[string][]string{
		"typical":       {"Token hit rate by cache and capacity", "20 capacities, joined by lines", "Cache capacity in chunks", "ceiling 37.3 %", "lru", "lmcache-server (tail first)", "opt-feasible", "opt-bound"},
		"bytes":         {"Cache capacity", "1 GiB"},
		"optimum-alone": {"opt-feasible", "opt-bound"},
		"many":          {"s3fifo:small=0.01:ghost=0.01:cap=1", "s3fifo:small=0.40:ghost=0.40:cap=40"},
		"no-tokens":     {"No tokens were counted"},
		"full":          {"ceiling 100.0 %"},
	}
	for _, c := range cachesCases() {
		said := texts(t, c.picture())
		for _, want := range cases[c.name] {
			require.Contains(t, said, want, c.name)
		}
	}
	require.ErrorContains(t, Caches(io.Discard, PNG, nil), "no grid")
	require.ErrorContains(t, Caches(io.Discard, PNG, &analyze.Comparison{Report: report()}), "no grid")
	require.ErrorContains(t, Caches(io.Discard, "gif", comparison(0, "lru")), `"gif"`)
	require.ErrorContains(t, Caches(broken{}, SVG, comparison(0, "lru")), "disk full")
}

// TestBandIsBetweenFeasibleAndBound goes along what is feasible, and back along the bound.
func TestBandIsBetweenFeasibleAndBound(t *testing.T) {
	ch := &cachesChart{comparison: comparison(0, "lru", analyze.OptFeasible, analyze.OptBound), styles: make([]draw.LineStyle, 3)}
	low, high := []vg.Point{{X: 0, Y: 1}, {X: 9, Y: 2}}, []vg.Point{{X: 0, Y: 3}, {X: 9, Y: 4}}
	ch.lines = [][]vg.Point{nil, low, high}
	require.Equal(t, []vg.Point{{X: 0, Y: 1}, {X: 9, Y: 2}, {X: 9, Y: 4}, {X: 0, Y: 3}}, ch.band())
	ch.comparison = comparison(0, "lru", "fifo", "arc")
	require.Nil(t, ch.band())
}

// TestCacheStyles tells four times as many caches apart as there are colours, none of which is that of the optimum.
func TestCacheStyles(t *testing.T) {
	seen := map[string]bool{}
	for n := range 4 * len(cacheColors) {
		s := cacheStyle(n)
		require.NotEqual(t, feasibleStyle.Color, s.Color)
		seen[fmt.Sprint(s.Color, s.Dashes)] = true
	}
	require.Len(t, seen, 4*len(cacheColors))
	require.False(t, slices.Contains(cacheColors, palette[6]))
}
