package chart

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

// extremes are the visible properties of a line in each pixel column: where it enters and leaves, its lowest and highest
// points.
func extremes(line []vg.Point) map[int][4]vg.Length {
	out := map[int][4]vg.Length{}
	for _, p := range line {
		column := int(math.Floor(float64(p.X / dot)))
		e, ok := out[column]
		if !ok {
			e = [4]vg.Length{p.Y, p.Y, p.Y, p.Y}
		}
		out[column] = [4]vg.Length{e[0], p.Y, min(e[2], p.Y), max(e[3], p.Y)}
	}
	return out
}

func TestThinnerKeepsWhatCanBeSeen(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	for range 300 {
		var line []vg.Point
		var th thinner
		x := vg.Length(rnd.Float64() * 100)
		for range rnd.IntN(3000) {
			x += vg.Length(rnd.ExpFloat64()*rnd.Float64()) * dot / 4
			p := vg.Point{X: x, Y: vg.Length(rnd.IntN(50))}
			line = append(line, p)
			th.add(p)
		}
		got := th.done()
		if len(line) == 0 {
			require.Empty(t, got)
			continue
		}
		require.Len(t, got, 1)
		require.Equal(t, extremes(line), extremes(got[0]))
		require.LessOrEqual(t, len(got[0]), 4*len(extremes(line)))
		for i := 1; i < len(got[0]); i++ {
			require.LessOrEqual(t, got[0][i-1].X, got[0][i].X)
		}
	}
}

func TestThinnerBreaks(t *testing.T) {
	nan := vg.Length(math.NaN())
	var th thinner
	for _, p := range []vg.Point{{X: 1, Y: 1}, {X: 2, Y: 2}, {X: nan, Y: 1}, {X: 3, Y: nan}, {X: 4, Y: vg.Length(math.Inf(1))}, {X: 5, Y: 5}} {
		th.add(p)
	}
	th.end()
	th.add(vg.Point{X: 6, Y: 6})
	require.Equal(t, [][]vg.Point{{{X: 1, Y: 1}, {X: 2, Y: 2}}, {{X: 5, Y: 5}}, {{X: 6, Y: 6}}}, th.done())
}
