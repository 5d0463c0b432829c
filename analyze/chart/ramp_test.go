package chart

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// lightness is CIE's L*, from 0 to 100: what remains of a colour in black-and-white print.
func lightness(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= .04045 {
			return x / 12.92
		}
		return math.Pow((x+.055)/1.055, 2.4)
	}
	return 116*math.Cbrt(.2126*linear(c.R)+.7152*linear(c.G)+.0722*linear(c.B)) - 16
}

// Each shade is lighter than the one before, by as much as the eye needs for adjacent areas: a difference of about 2 is
// just visible.
func TestShadesTellApartWithoutColour(t *testing.T) {
	for n, apart := range map[int]float64{2: 17, 3: 17, 4: 16, 8: 5.5, 16: 2} {
		for i := 1; i < n; i++ {
			require.Greater(t, lightness(shade(i, n))-lightness(shade(i-1, n)), apart, "%d of %d", i, n)
		}
		require.Less(t, lightness(shade(n-1, n)), 80.0, "to be seen on white")
	}
	require.Equal(t, shadeAt(.5), shade(0, 1))
	require.Equal(t, ramp[0], shadeAt(math.NaN()))
	require.Equal(t, ramp[len(ramp)-1], shadeAt(2))
}

// Lines, too, are told apart by lightness, and have the contrast to the paper that graphics need (WCAG 2.1, 1.4.11).
func TestLineShades(t *testing.T) {
	for n, apart := range map[int]float64{2: 40, 3: 18, 6: 7, 12: 2.5} {
		for i := range n {
			c := lineShade(i, n)
			y := math.Pow((lightness(c)+16)/116, 3)
			require.GreaterOrEqual(t, 1.05/(y+.05), 3.)
			if i > 0 {
				require.Greater(t, lightness(c)-lightness(lineShade(i-1, n)), apart, "%d of %d", i, n)
			}
		}
	}
	require.Equal(t, lineRamp[0], lineShade(0, 1))
}
