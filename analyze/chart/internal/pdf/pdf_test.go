package pdf

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/go-text/typesetting/font"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze/chart/internal/lettering"
)

// page returns the operators that draw writes, less those of an empty page.
func page(draw func(c *Canvas)) string {
	c := New(100, 50)
	c.page.Reset()
	draw(c)
	return c.page.String()
}

func TestPaths(t *testing.T) {
	p := vg.Path{}
	p.Move(vg.Point{X: 1, Y: 2})
	p.Line(vg.Point{X: 3.14159, Y: -0.0001})
	p.QuadTo(vg.Point{X: 6, Y: 3}, vg.Point{X: 9, Y: 0})
	p.CubeTo(vg.Point{X: 1, Y: 1}, vg.Point{X: 2, Y: 2}, vg.Point{X: 3, Y: 3})
	p.Close()
	require.Equal(t, "1 2 m\n3.142 0 l\n5.047 2 7 2 9 0 c\n1 1 2 2 3 3 c\nh\nf\n", page(func(c *Canvas) { c.Fill(p) }))
	require.Empty(t, page(func(c *Canvas) {
		c.state.lineWidth = 0
		c.Stroke(p)
	}), "a line without width is invisible, not as thin as the device can draw")
}

// Curves deviate from a circle by less than a thousandth of its radius, in both directions.
func TestArcs(t *testing.T) {
	for _, angle := range []float64{2 * math.Pi, -2 * math.Pi, 1, -4, math.Pi / 2} {
		c := New(100, 50)
		c.page.Reset()
		arc := vg.PathComp{Type: vg.ArcComp, Pos: vg.Point{X: 10, Y: 20}, Radius: 8, Start: .7, Angle: angle}
		end := c.arc(arc, true)
		require.InDelta(t, 10+8*math.Cos(.7+angle), float64(end.X), 1e-9)
		require.InDelta(t, 20+8*math.Sin(.7+angle), float64(end.Y), 1e-9)
		var at [2]float64
		for _, l := range strings.Split(strings.TrimSpace(c.page.String()), "\n") {
			n := numbers(l)
			if strings.HasSuffix(l, "c") {
				for u := 0.; u <= 1; u += .125 {
					v := 1 - u
					x := v*v*v*at[0] + 3*u*v*v*n[0] + 3*u*u*v*n[2] + u*u*u*n[4]
					y := v*v*v*at[1] + 3*u*v*v*n[1] + 3*u*u*v*n[3] + u*u*u*n[5]
					require.InDelta(t, 8, math.Hypot(x-10, y-20), 8e-3, l)
				}
			}
			at = [2]float64{n[len(n)-2], n[len(n)-1]}
		}
	}
}

func numbers(line string) (out []float64) {
	for _, s := range strings.Fields(line) {
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			out = append(out, x)
		}
	}
	return out
}

func TestState(t *testing.T) {
	require.Equal(t, "q\n2 w\n[1 2.5 ] 0.5 d\n1 0 0 rg\n1 0 0 RG\n/A1 gs\nQ\n", page(func(c *Canvas) {
		c.Push()
		c.SetLineWidth(2)
		c.SetLineDash([]vg.Length{1, 2.5}, .5)
		c.SetColor(color.NRGBA{255, 0, 0, 51})
		c.Pop()
		if c.state.lineWidth != 1 {
			t.Error("the width was not restored")
		}
	}))
	require.Equal(t, "0 1 -1 0 0 0 cm\n1 0 0 1 3 4 cm\n2 0 0 3 0 0 cm\n", page(func(c *Canvas) {
		c.Rotate(math.Pi / 2)
		c.Translate(vg.Point{X: 3, Y: 4})
		c.Scale(2, 3)
	}))
}

func TestNumbers(t *testing.T) {
	for x, want := range map[float64]string{0: "0", -0.0001: "0", 1.5: "1.5", 1e9: "1000000000", 0.12345: "0.123", math.NaN(): "0", math.Inf(1): "0"} {
		require.Equal(t, want, number(x))
	}
}

// A font in a file has the used glyphs, and those that they are composed of, with their shapes and widths, and no others.
func TestSubset(t *testing.T) {
	for _, text := range []string{"Größe é 1", "通义", "نموذج"} {
		glyphs, _ := lettering.Shape(lettering.Regular, text)
		c := New(100, 50)
		c.Show(9, vg.Point{}, glyphs)
		for _, f := range c.fonts {
			data := parse(f.Data()).subset(f.glyphs())
			require.Less(t, len(data), len(f.Data()))
			small, err := sfnt.Parse(withCharacters(f.Data(), data))
			require.NoError(t, err)
			whole, err := sfnt.Parse(f.Data())
			require.NoError(t, err)
			require.Equal(t, whole.NumGlyphs(), small.NumGlyphs())
			var a, b sfnt.Buffer
			em := fixed.Int26_6(whole.UnitsPerEm())
			for _, g := range f.glyphs() {
				want, err := whole.LoadGlyph(&a, sfnt.GlyphIndex(g), em, nil)
				require.NoError(t, err)
				got, err := small.LoadGlyph(&b, sfnt.GlyphIndex(g), em, nil)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
			inked := 0
			for g := range whole.NumGlyphs() {
				if got, err := small.LoadGlyph(&b, sfnt.GlyphIndex(g), em, nil); err == nil && len(got) > 0 {
					inked++
				}
			}
			require.Less(t, inked, 3*len(f.glyphs())+2)
		}
	}
}

// withCharacters adds the tables to a part of a font that a PDF doesn't need but a font file does.
func withCharacters(whole, part []byte) []byte {
	all, t := parse(whole), parse(part)
	for _, tag := range []string{"cmap", "name", "OS/2", "post"} {
		t[tag] = all[tag]
	}
	return t.file()
}

// The font file's sums are right: of each table, and of the tables' places.
func TestSubsetChecksums(t *testing.T) {
	data := parse(lettering.Bold.Data()).subset([]uint16{36, 37})
	face, err := font.ParseTTF(bytes.NewReader(withCharacters(lettering.Bold.Data(), data)))
	require.NoError(t, err)
	require.EqualValues(t, 2048, face.Upem())
	require.Equal(t, uint32(0x01020304+0x05000000), checksum([]byte{1, 2, 3, 4, 5}))
	original := parse(lettering.Bold.Data())
	for i := range int(lettering.Bold.Data()[5]) {
		entry := lettering.Bold.Data()[12+16*i:][:16]
		if tag := string(entry[:4]); tag != "head" { // its sum leaves out a field
			require.Equal(t, entry[4:8], binary.BigEndian.AppendUint32(nil, checksum(original[tag])), tag)
		}
	}
}

func TestImages(t *testing.T) {
	im := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	im.Set(0, 0, color.NRGBA{255, 0, 0, 255})
	c := New(100, 50)
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: 1, Y: 2}, Max: vg.Point{X: 11, Y: 7}}, im)
	require.Contains(t, c.page.String(), "q\n10 0 0 5 1 2 cm\n/I0 Do\nQ\n")
	var b bytes.Buffer
	_, err := c.WriteTo(&b)
	require.NoError(t, err)
	require.Contains(t, b.String(), "/Subtype/Image/Width 2/Height 1/ColorSpace/DeviceRGB")
}

func TestSamePictureSameBytes(t *testing.T) {
	var files [2]bytes.Buffer
	for i := range files {
		c := New(100, 50)
		c.Title = "Modell 模型"
		glyphs, _ := lettering.Shape(lettering.Bold, "模型 Modell नमूना")
		c.Show(9, vg.Point{X: 1, Y: 1}, glyphs)
		_, err := c.WriteTo(&files[i])
		require.NoError(t, err)
	}
	require.Equal(t, files[0].Bytes(), files[1].Bytes())
}
