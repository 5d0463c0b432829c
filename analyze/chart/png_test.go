package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"hashlog/analyze/chart/internal/lettering"
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

// vgimgCanvas leaves pages and texts to vgimg. It is the plain twin of a pngCanvas.
type vgimgCanvas struct{ *pngCanvas }

func newVgimgCanvas(width, height vg.Length) vgimgCanvas {
	return vgimgCanvas{&pngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))}}
}

func (c vgimgCanvas) FillString(f font.Face, at vg.Point, s string) {
	if !lettering.Plain(firstFont(f), s) {
		fillShaped(c.Canvas, f, at, s)
		return
	}
	c.Canvas.FillString(f, at, s)
}

// checkPNG checks that p looks as vgimg draws it, and that its file does.
func checkPNG(t *testing.T, p picture) {
	t.Helper()
	plain, fast := newVgimgCanvas(p.width, p.height), newPNGCanvas(p.width, p.height)
	p.onPaper(plain)
	p.on(fast)
	requireSamePixels(t, plain.Image(), fast.pixels)
	require.True(t, fast.pixels.Opaque(), "the file has no alpha")
	m := decoded(t, drawn(t, p, PNG))
	requireSamePixels(t, fast.pixels, m)
	require.Equal(t, 1920, m.Bounds().Dx())
	require.GreaterOrEqual(t, m.Bounds().Dy(), 1200)
}

func decoded(t *testing.T, file []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(file))
	require.NoError(t, err)
	return m
}

func requireSamePixels(t *testing.T, want, got image.Image) {
	t.Helper()
	require.Equal(t, want.Bounds().Size(), got.Bounds().Size())
	require.True(t, bytes.Equal(pixelsOf(want), pixelsOf(got)), "pixels differ")
}

func pixelsOf(m image.Image) []byte {
	out := image.NewRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out.Pix
}

// Texts of any colour lie anywhere on, or partly off, a colourful page whose height is no whole number of pixels.
func TestTextIsThatOfVgimg(t *testing.T) {
	const width, height = 300, 100.3
	rnd := rand.New(rand.NewPCG(7, 8))
	plain, fast := newVgimgCanvas(width, height), newPNGCanvas(width, height)
	somewhere := func() vg.Point {
		return vg.Point{X: vg.Length(rnd.Float64()*400 - 50), Y: vg.Length(rnd.Float64()*140 - 20)}
	}
	faces := []font.Face{titleFace, subtitleFace, strongFace, footFace}
	words := []string{"AVAIL To fly", "37.3 % → 19.7 MiB", "Größe: éü·–…", "千问", "نموذج", "", " "}
	for range 150 {
		shape, under := polygon([]vg.Point{somewhere(), somewhere(), somewhere()}), palette[rnd.IntN(len(palette))]
		col := color.NRGBA{uint8(rnd.Uint32()), uint8(rnd.Uint32()), uint8(rnd.Uint32()), []uint8{0, 100, 255}[rnd.IntN(3)]}
		face, at, word := faces[rnd.IntN(len(faces))], somewhere(), words[rnd.IntN(len(words))]
		for _, c := range []vg.Canvas{plain, fast} {
			c.SetColor(under)
			c.Fill(shape)
			c.SetColor(col)
			c.FillString(face, at, word)
		}
		requireSamePixels(t, plain.Image(), fast.pixels)
	}
}

func TestPNGFile(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	for _, size := range []image.Point{{1, 1}, {1, 50}, {50, 1}, {2, 3}, {300, 200}, {23_000, 2}, {1920, 120}} {
		for colours := 1; colours <= 4096; colours *= 8 {
			for _, repeats := range []int{0, 1, 3} { // of each row
				m := image.NewRGBA(image.Rect(5, 7, 5+size.X+3, 7+size.Y))
				m = m.SubImage(image.Rect(6, 7, 6+size.X, 7+size.Y)).(*image.RGBA)
				for y := range size.Y {
					row := m.Pix[y*m.Stride:][:4*size.X]
					if y%(repeats+1) > 0 {
						copy(row, m.Pix[(y-1)*m.Stride:])
						continue
					}
					for x := 0; x < len(row); x += 4 {
						n := rnd.IntN(colours)
						row[x], row[x+1], row[x+2], row[x+3] = byte(n*77), byte(n>>3), byte(n>>5), 255
					}
				}
				var file bytes.Buffer
				require.NoError(t, writePNG(&file, m))
				requireSamePixels(t, m, decoded(t, file.Bytes()))
			}
		}
	}
}

// The files are about as small as those of image/png, which takes its time to choose a filter for each row.
func TestPNGFileIsSmall(t *testing.T) {
	if raced {
		t.Skip("image/png would take seconds")
	}
	for _, p := range []picture{capacityCases()[0].picture(), rollingCases()[0].picture(), tiersCases()[0].picture()} {
		file := drawn(t, p, PNG)
		var theirs bytes.Buffer
		require.NoError(t, (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&theirs, decoded(t, file)))
		require.Less(t, float64(len(file)), 1.1*float64(theirs.Len()))
	}
}
