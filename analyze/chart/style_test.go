package chart

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// linear returns the three components of a colour as intensities of light, by the definition of sRGB.
func linear(c color.Color) (out [3]float64) {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	for i, v := range []uint8{n.R, n.G, n.B} {
		x := float64(v) / 255
		if out[i] = x / 12.92; x > .04045 {
			out[i] = math.Pow((x+.055)/1.055, 2.4)
		}
	}
	return out
}

func contrastToPaper(c color.Color) float64 {
	return contrast(color.NRGBAModel.Convert(c).(color.NRGBA), paper)
}

// Every line, and what marks a bandwidth, can be seen on the paper (WCAG 2.2, 1.4.11); every text can be read (1.4.3).
func TestContrast(t *testing.T) {
	for i, c := range append(palette, ink, muted, rule, tokenColor, reading.color, writing.color, excessStyle.Color, limitStyle.Color) {
		require.GreaterOrEqual(t, contrastToPaper(c), 3.0, i)
	}
	for i, c := range lineRamp {
		require.GreaterOrEqual(t, contrastToPaper(c), 3.0, i)
	}
	for _, c := range []color.Color{ink, muted} {
		require.GreaterOrEqual(t, contrastToPaper(c), 4.5)
	}
	require.InDelta(t, 21, contrast(color.NRGBA{A: 0xff}, paper), 1e-9)
}

// visions turn intensities of light into those that people with a colour vision deficiency see, by Machado, Oliveira and
// Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), at full severity.
var visions = map[string][3][3]float64{
	"usual":        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998}},
	"deuteranopia": {{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881}},
	"tritanopia":   {{1.255528, -.076749, -.178779}, {-.078411, .930809, .147602}, {.004733, .691367, .303900}},
}

// lab returns a colour as seen with some vision, in CIE's L*a*b*.
func lab(c color.Color, vision [3][3]float64) (out [3]float64) {
	l := linear(c)
	var seen [3]float64
	for i, row := range vision {
		seen[i] = fraction(row[0]*l[0] + row[1]*l[1] + row[2]*l[2])
	}
	f := func(t float64) float64 {
		if t > .008856 {
			return math.Cbrt(t)
		}
		return 7.787*t + 16./116
	}
	x := f((.4124*seen[0] + .3576*seen[1] + .1805*seen[2]) / .95047)
	y := f(.2126*seen[0] + .7152*seen[1] + .0722*seen[2])
	z := f((.0193*seen[0] + .1192*seen[1] + .9505*seen[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// Colours of lines differ for everybody: 2.3 is just noticeable, and lines are thin.
func TestPaletteTellsApart(t *testing.T) {
	for name, vision := range visions {
		for i := range palette {
			for j := range i {
				a, b := lab(palette[i], vision), lab(palette[j], vision)
				difference := math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
				require.Greater(t, difference, 15.0, "%s: colours %d and %d", name, i, j)
			}
		}
	}
}
