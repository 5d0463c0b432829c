package chart

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log"
)

// TestPicturesEndAtTheLargestCapacity draws a report that knows nothing beyond 64 GiB.
func TestPicturesEndAtTheLargestCapacity(t *testing.T) {
	files, err := log.Find(t.Context(), []string{"../../testdata/demo"}, nil)
	require.NoError(t, err)
	target, err := analyze.ParseTarget("80%")
	require.NoError(t, err)
	r, err := analyze.Run(t.Context(), files, analyze.Options{MaxCapacity: units.InBytes(64 << 30), Grid: &analyze.GridOptions{}, Targets: []analyze.Target{target}})
	require.NoError(t, err)
	axis := TableAxis(r.Table)
	require.EqualValues(t, 64<<30, axis.To)

	c := newCapacityChart(r, measuredOf(r), axis)
	require.Equal(t, []string{"The hit rate is 54.5 % at 64 GiB, and not known beyond", "80 % is not within 64 GiB"}, c.figures)
	require.Equal(t, [][]string{{"80 %: not within 64 GiB"}}, c.notes)
	require.False(t, c.ceilingInView())
	require.Contains(t, c.footnote, "Chunks beyond 64 GiB are forgotten")

	m := newMissesChart(r, measuredOf(r), axis)
	require.Contains(t, m.notes()[0][0], "More memory buys back some of: ")
	names := []string{}
	for _, a := range m.areas {
		names = append(names, a.name)
	}
	require.Equal(t, []string{"hit", "broken prefix", "cold or capacity", "tail"}, names)
	top := m.areas[len(m.areas)-1].sums
	require.InDelta(t, 1, slices.Min(top), 1e-9, "all tokens are drawn")

	g := newGainChart(r, measuredOf(r), axis, r.Table.Step())
	require.LessOrEqual(t, slices.Max(g.capacities), int64(32<<30), "what a doubling gains is known up to half of it")
	require.Contains(t, g.description(), "Beyond 64 GiB, where nothing is known, a doubling may still gain a point")
}
