package chart

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

var labelAt = vg.Point{X: 100, Y: 50}

// For any number of points, labels stay within bounds and keep off each other, marks and lines.
func TestLabelsNeverOverlap(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 14))
	random := func() vg.Point { return vg.Point{X: vg.Length(rnd.Float64()) * 600, Y: vg.Length(rnd.Float64()) * 250} }
	for range 300 {
		p := &placer{bounds: box(0, 0, 600, 250), lines: [][]vg.Point{{random(), random(), random()}}}
		line := p.lines[0]
		marks := make([]vg.Point, 1+rnd.IntN(30))
		for i := range marks {
			marks[i] = random()
			p.taken = append(p.taken, box(marks[i].X-4, marks[i].Y-4, 8, 8))
		}
		for _, m := range marks {
			p.placeAround(m, vg.Length(20+rnd.IntN(150)), 10)
		}
		placed := p.taken[len(marks):]
		for i, r := range placed {
			require.True(t, r.Min.X >= 0 && r.Min.Y >= 0 && r.Max.X <= 600 && r.Max.Y <= 250)
			for _, other := range append(placed[:i:i], p.taken[:len(marks)]...) {
				require.False(t, overlap(r, other))
			}
			require.False(t, crosses(line[0], line[1], r) || crosses(line[1], line[2], r))
		}
		if len(marks) == 1 && len(placed) == 0 {
			require.NotEmpty(t, p.places(marks[0], 20, 10))
		}
	}
}

func TestCrosses(t *testing.T) {
	r := box(10, 10, 20, 10)
	for _, c := range []struct {
		a, b vg.Point
		want bool
	}{
		{vg.Point{X: 0, Y: 15}, vg.Point{X: 50, Y: 15}, true},
		{vg.Point{X: 15, Y: 12}, vg.Point{X: 16, Y: 13}, true},
		{vg.Point{X: 15, Y: 0}, vg.Point{X: 15, Y: 50}, true},
		{vg.Point{X: 0, Y: 0}, vg.Point{X: 12, Y: 40}, false},
		{vg.Point{X: 0, Y: 5}, vg.Point{X: 50, Y: 5}, false},
		{vg.Point{X: 0, Y: 15}, vg.Point{X: 9, Y: 15}, false},
	} {
		require.Equal(t, c.want, crosses(c.a, c.b, r), "%v", c)
	}
}
