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

// A label at the end of a curve, too wide for the room beside it, goes below instead of across the line above.
func TestLabelsFindRoomToTheRight(t *testing.T) {
	at := vg.Point{X: 560, Y: 200}
	lines := [][]vg.Point{{{X: 0, Y: 10}, {X: 500, Y: 170}, at, {X: 600, Y: 208}}, {{X: 0, Y: 210}, {X: 600, Y: 210}}}
	p := &placer{bounds: box(0, 0, 600, 250), taken: []vg.Rectangle{box(at.X-4, at.Y-4, 8, 8)}, lines: lines}
	r, ok := p.placeAround(at, 90, 10)
	require.True(t, ok)
	require.Less(t, float64(r.Max.Y), float64(at.Y))
	require.EqualValues(t, 600, r.Max.X, "at the edge of the panel")
	leader, long := leaderTo(r, at)
	require.True(t, long)
	require.False(t, (&placer{lines: lines}).cut(at, leader))
}

func TestMeet(t *testing.T) {
	p := func(x, y vg.Length) vg.Point { return vg.Point{X: x, Y: y} }
	require.True(t, meet(p(0, 0), p(10, 10), p(0, 10), p(10, 0)))
	require.True(t, meet(p(0, 0), p(10, 0), p(5, 0), p(5, 5)), "touching")
	require.False(t, meet(p(0, 0), p(10, 10), p(0, 1), p(10, 11)), "parallel")
	require.False(t, meet(p(0, 0), p(1, 1), p(0, 10), p(10, 0)), "too short")
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
