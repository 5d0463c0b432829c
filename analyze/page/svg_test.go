package page

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInline writes a picture anew without what it must not have.
func TestInline(t *testing.T) {
	svg, err := inline([]byte(`<?xml version="1.0"?><!-- by --><!DOCTYPE svg><svg width="720pt" height="450pt" viewBox="0 0 720 450" xmlns="http://www.w3.org/2000/svg" onload="alert(1)">
<title>t</title><desc>d</desc><script>alert(2)</script><style>@font-face{}</style><foreignObject><p>x</p></foreignObject>
<defs><clipPath id="c"><rect x="1.23456" y="2" width="3" height="4"/></clipPath></defs>
<g transform="scale(1, -1) translate(0, -450)" clip-path="url(#c)" fill="url(http://evil/#a)"><path d="M0.04,0.06L10.04,0.06L10.04,5.55Z" style="fill:none;stroke:#0072B2;stroke-width:0.90001;behavior:url(x)" />
<image href="http://evil/x.png" width="1" height="1"/><image href="data:image/png;base64,AAAA" width="1"/><a href="javascript:alert(3)"><text>linked</text></a>
<text x="26" y="-416" style="font-family:'Liberation Sans';font-size:10px;font-weight:bold">a &lt;b&gt; &amp; c</text></g></svg>`), "p-", `say "it"`)
	require.NoError(t, err)
	require.Regexp(t, `^<svg viewBox="0 0 720 450" role="img" aria-label="say &#34;it&#34;"><defs><clipPath id="p-c"><rect x="1.23" y="2" width="3" height="4"/></clipPath></defs>`+
		`<g transform="scale\(1, -1\) translate\(0, -450\)" clip-path="url\(#p-c\)" fill="none"><path d="M0,0.1h10v5.5z" fill="none" stroke="#0072B2" stroke-width="0.9"/>`+
		`<image width="1" height="1"/><image href="data:image/png;base64,AAAA" width="1"/>`+
		`<text x="26" y="-416" font-size="10px" font-weight="bold" textLength="[\d.]+" lengthAdjust="spacingAndGlyphs">a &lt;b&gt; &amp; c</text></g></svg>$`, strings.ReplaceAll(string(svg), "M0,.1", "M0,0.1"))
	_, err = inline([]byte(`<svg><g></svg>`), "", "")
	require.ErrorContains(t, err, "reading a picture: ")
}

// TestCompactPath compares a shortened path with the one it was, corner by corner.
func TestCompactPath(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var d strings.Builder
		var want [][2]float64
		x, y := 700*random.Float64(), 400*random.Float64()
		fmt.Fprintf(&d, "M%v,%v", x, y)
		want = append(want, [2]float64{x, y})
		for range random.IntN(200) {
			switch random.IntN(5) {
			case 0, 1:
				x += 3 * random.Float64()
			case 2:
				y -= 5 - 10*random.Float64()
			case 3:
				x, y = x+random.Float64(), y-random.Float64()
			case 4:
				fmt.Fprintf(&d, "M%v,%v", x, y)
				want = append(want, [2]float64{x, y})
				continue
			}
			fmt.Fprintf(&d, "L%v,%v", x, y)
			want = append(want, [2]float64{x, y})
		}
		short := compactPath(d.String())
		got := corners(t, short)
		at := 0
		for _, corner := range want { // corners within a straight line are left out
			for at+1 < len(got) && !between(got[at], got[min(at+1, len(got)-1)], corner) {
				at++
			}
			require.True(t, between(got[at], got[min(at+1, len(got)-1)], corner), "%v is missing from %s", corner, short)
		}
		require.LessOrEqual(t, len(got), len(want))
	}
	require.Equal(t, "M0,0h5.5v-.1l-1,1z", compactPath("M0,0L5.5,0L5.5,-0.1L4.5,0.9Z"))
	require.Equal(t, "M0,0h3v-1.5l1,1h-.5", compactPath("M0,0L1,0L3,0L3,-1L3,-1.5L4,-0.5L3.5,-0.5"))
	require.Equal(t, "M1.23,2C3,4,5,6,7,8.9", compactPath("M1.2345,2C3,4,5,6,7,8.9"), "other commands are left alone")
	require.Equal(t, "M1L2", compactPath("M1L2"), "so is what is no path")
	require.Empty(t, compactPath(""))
}

// between reports whether c lies on a horizontal or vertical line from a to b, or at an end of another.
func between(a, b, c [2]float64) bool {
	const off = 0.0501
	within := func(i int) bool { return c[i] >= min(a[i], b[i])-off && c[i] <= max(a[i], b[i])+off }
	near := func(p [2]float64) bool { return math.Abs(p[0]-c[0]) <= off && math.Abs(p[1]-c[1]) <= off }
	return near(a) || near(b) || (math.Abs(a[0]-b[0]) < 1e-9 || math.Abs(a[1]-b[1]) < 1e-9) && within(0) && within(1)
}

var pathStep = regexp.MustCompile(`([MlhvzZ])([-\d.]*),?([-\d.]*)`)

// corners follows a path of relative lines.
func corners(t *testing.T, d string) (out [][2]float64) {
	var x, y float64
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		require.NoError(t, err, d)
		return v
	}
	for _, m := range pathStep.FindAllStringSubmatch(d, -1) {
		switch m[1] {
		case "M":
			x, y = number(m[2]), number(m[3])
		case "l":
			x, y = x+number(m[2]), y+number(m[3])
		case "h":
			x += number(m[2])
		case "v":
			y += number(m[2])
		}
		out = append(out, [2]float64{x, y})
	}
	return out
}

// FuzzInline demands that whatever a picture holds, the page gets known elements alone.
func FuzzInline(f *testing.F) {
	f.Add([]byte(`<svg><text style="fill:red">x</text></svg>`))
	f.Add([]byte(`<svg><script>alert(1)</script><path d="M0,0L1,1"/></svg>`))
	tag := regexp.MustCompile(`<(/?)([^\s/>]+)`)
	f.Fuzz(func(t *testing.T, svg []byte) {
		out, err := inline(svg, "p-", "label")
		if err != nil || !bytes.Contains(svg, []byte("<")) {
			return
		}
		for _, m := range tag.FindAllStringSubmatch(string(out), -1) {
			require.True(t, elements[m[2]], "%q", out)
		}
		require.NotRegexp(t, `(?i)\s(on[a-z]+|style)=`, regexp.MustCompile(`"[^"]*"|>[^<]*<`).ReplaceAllString(string(out), "_"))
	})
}
