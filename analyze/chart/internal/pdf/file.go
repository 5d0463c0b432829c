package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"strings"

	"github.com/klauspost/compress/zlib"
)

// file is a PDF file under construction. Objects are numbered from 1.
type file struct {
	bytes.Buffer
	offsets []int
}

// object adds an object, and returns its number.
func (w *file) object(content string) int {
	w.offsets = append(w.offsets, w.Len())
	fmt.Fprintf(w, "%d 0 obj\n%s\nendobj\n", len(w.offsets), content)
	return len(w.offsets)
}

// stream adds data, compressed, and returns its number. entries go into its dictionary.
func (w *file) stream(entries string, data []byte) int {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write(data) // a bytes.Buffer takes everything
	z.Close()
	return w.object(fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", entries, b.Len(), b.Bytes()))
}

// WriteTo writes the file. It can be called once.
func (c *Canvas) WriteTo(to io.Writer) (int64, error) {
	w := &file{}
	w.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") // bytes that tell programs not to treat the file as text
	resources := c.resources(w)
	page := w.stream("", c.page.Bytes())
	parent := len(w.offsets) + 2
	leaf := w.object(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources<<%s>>/Contents %d 0 R>>",
		parent, number(c.width.Points()), number(c.height.Points()), resources, page))
	pages := w.object(fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]/Count 1>>", leaf))
	catalog := w.object(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>>>", pages))
	info := w.object(fmt.Sprintf("<</Title %s/Producer(hashlog)>>", textString(c.Title)))

	table := w.Len()
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, o := range w.offsets {
		fmt.Fprintf(w, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(w, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, catalog, info, table)
	return w.Buffer.WriteTo(to)
}

// resources adds what the page refers to, and returns the entries of its dictionary of resources.
func (c *Canvas) resources(w *file) string {
	var fonts, opacities, images strings.Builder
	for _, f := range c.fonts {
		fmt.Fprintf(&fonts, "/F%d %d 0 R", f.index, f.write(w))
	}
	for i, a := range c.opacities {
		fmt.Fprintf(&opacities, "/A%d<</ca %s/CA %s>>", i, number(a), number(a))
	}
	for i, im := range c.images {
		fmt.Fprintf(&images, "/I%d %d 0 R", i, w.image(im))
	}
	return fmt.Sprintf("/Font<<%s>>/ExtGState<<%s>>/XObject<<%s>>", fonts.String(), opacities.String(), images.String())
}

// image adds an image, and returns its number.
func (w *file) image(im image.Image) int {
	r := im.Bounds()
	data := make([]byte, 0, 3*r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := color.RGBAModel.Convert(im.At(x, y)).(color.RGBA)
			white := 255 - p.A // shines through
			data = append(data, p.R+white, p.G+white, p.B+white)
		}
	}
	return w.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8", r.Dx(), r.Dy()), data)
}
