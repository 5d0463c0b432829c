package chart

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// A shape filled in slices looks the same as in one piece.
func TestSlicedFill(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	corners := []vg.Point{{X: 3, Y: 1}}
	for i := range 400 {
		corners = append(corners, vg.Point{X: 3 + vg.Length(i)/7, Y: 5 + vg.Length(40*rnd.Float64())})
	}
	corners = append(corners, vg.Point{X: corners[400].X, Y: 1})
	var pixels [2][]uint32
	for i := range pixels {
		c := vgimg.NewWith(vgimg.UseWH(72, 50), vgimg.UseDPI(dpi))
		c.SetColor(tokenColor)
		if i == 0 {
			c.Fill(polygon(corners))
		} else {
			(&pngCanvas{Canvas: c}).Fill(polygon(corners))
		}
		for y := range 133 {
			for x := range 192 {
				r, _, _, _ := c.Image().At(x, y).RGBA()
				pixels[i] = append(pixels[i], r>>8)
			}
		}
	}
	painted := 0
	for i, want := range pixels[0] {
		require.InDelta(t, want, pixels[1][i], 3, "pixel %d", i)
		if want < 255 {
			painted++
		}
	}
	require.Greater(t, painted, 5000)
}
