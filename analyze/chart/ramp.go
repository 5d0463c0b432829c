package chart

import "image/color"

// ramp is viridis, from dark to light. Its order is visible to the colour-blind and in black-and-white print. The yellow
// end is left out: it is too light for a line on white.
var ramp = []color.NRGBA{
	{0x44, 0x01, 0x54, 0xff},
	{0x47, 0x2d, 0x7b, 0xff},
	{0x3b, 0x52, 0x8b, 0xff},
	{0x2c, 0x72, 0x8e, 0xff},
	{0x21, 0x91, 0x8c, 0xff},
	{0x28, 0xae, 0x80, 0xff},
	{0x5e, 0xc9, 0x62, 0xff},
	{0x90, 0xd7, 0x43, 0xff},
}

// lineRamp is plasma, from dark to light, for lines. Its order is visible to the colour-blind and in black-and-white print
// too. The yellow end is left out: every colour has a contrast of at least 3 : 1 to white.
var lineRamp = []color.NRGBA{
	{0x0d, 0x08, 0x87, 0xff},
	{0x41, 0x04, 0x9d, 0xff},
	{0x6a, 0x00, 0xa8, 0xff},
	{0x8f, 0x0d, 0xa4, 0xff},
	{0xb1, 0x2a, 0x90, 0xff},
	{0xcc, 0x47, 0x78, 0xff},
	{0xe1, 0x64, 0x62, 0xff},
}

// lineShade returns the colour of line i of n ordered lines.
func lineShade(i, n int) color.NRGBA {
	return along(lineRamp, float64(i)/float64(max(n-1, 1)))
}

// shade returns the colour of item i of n ordered items. A few items take only as much of the ramp's middle as is needed to
// tell them apart.
func shade(i, n int) color.NRGBA {
	const apart = 0.34
	step := apart
	if n > 1 {
		step = min(step, 1/float64(n-1))
	}
	return shadeAt((1-step*float64(n-1))/2 + step*float64(i))
}

// shadeAt returns the colour at a position on the ramp, in [0, 1].
func shadeAt(at float64) color.NRGBA { return along(ramp, at) }

// along returns the colour at a position along some colours, in [0, 1].
func along(colors []color.NRGBA, at float64) color.NRGBA {
	last := len(colors) - 1
	at = fraction(at) * float64(last)
	i := min(int(at), last-1)
	return mixed(colors[i], colors[i+1], at-float64(i))
}

// mixed returns the colour at a position between two, in [0, 1].
func mixed(a, b color.NRGBA, at float64) color.NRGBA {
	between := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*at + 0.5) }
	return color.NRGBA{between(a.R, b.R), between(a.G, b.G), between(a.B, b.B), 0xff}
}

// faded returns a colour for what matters less.
func faded(c color.NRGBA) color.NRGBA { return mixed(c, paper, 0.65) }
