package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"hashlog/analyze/chart/internal/lettering"
)

// usedFont is a font and what a page uses of it. The codes of characters in the page are the indices of glyphs.
type usedFont struct {
	*lettering.Font
	index int
	texts map[uint16]string // what each used glyph stands for
}

// used returns the font of a glyph, and notes that it is used.
func (c *Canvas) used(g lettering.Glyph) *usedFont {
	i := slices.IndexFunc(c.fonts, func(f *usedFont) bool { return f.Font == g.Font })
	if i < 0 {
		i = len(c.fonts)
		c.fonts = append(c.fonts, &usedFont{Font: g.Font, index: i, texts: map[uint16]string{}})
	}
	f := c.fonts[i]
	// A glyph may be alone in one cluster of glyphs and with others in another one: the shorter text is its own.
	if old := f.texts[g.ID]; old == "" || g.Text != "" && len(g.Text) < len(old) {
		f.texts[g.ID] = g.Text
	}
	return f
}

// width returns a glyph's width in thousandths of an em.
func (f *usedFont) width(glyph uint16) float64 {
	return f.Advance(glyph) * 1000 / float64(f.UnitsPerEm())
}

// glyphs returns the used glyphs in order.
func (f *usedFont) glyphs() []uint16 { return slices.Sorted(maps.Keys(f.texts)) }

// name returns the font's name, with the six letters that mark a part of a font.
func (f *usedFont) name() string {
	h := fnv.New64a()
	binary.Write(h, binary.BigEndian, f.glyphs())
	tag := make([]byte, 6)
	for i, n := 0, h.Sum64(); i < len(tag); i, n = i+1, n/26 {
		tag[i] = 'A' + byte(n%26)
	}
	return string(tag) + "+" + f.Name
}

// write adds the font's objects to a file, and returns the number of the first.
func (f *usedFont) write(w *file) int {
	name := f.name()
	t := parse(f.Data())
	per := func(x int16) string { return number(float64(x) * 1000 / float64(f.UnitsPerEm())) }
	head, hhea := t["head"], t["hhea"]
	signed := func(b []byte) int16 { return int16(binary.BigEndian.Uint16(b)) }

	program := t.subset(f.glyphs())
	data := w.stream(fmt.Sprintf("/Length1 %d", len(program)), program)
	const symbolic = 4
	descriptor := w.object(fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%s %s %s %s]/ItalicAngle 0/Ascent %s/Descent %s/CapHeight %s/StemV 80/FontFile2 %d 0 R>>",
		name, symbolic, per(signed(head[36:])), per(signed(head[38:])), per(signed(head[40:])), per(signed(head[42:])),
		per(signed(hhea[4:])), per(signed(hhea[6:])), per(signed(hhea[4:])), data))
	var widths strings.Builder
	for _, g := range f.glyphs() {
		fmt.Fprintf(&widths, "%d[%s]", g, number(f.width(g)))
	}
	descendant := w.object(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 1000/W[%s]>>",
		name, descriptor, widths.String()))
	unicode := w.stream("", f.toUnicode())
	return w.object(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
		name, descendant, unicode))
}

// toUnicode returns the CMap that says which characters the glyphs stand for (ISO 32000-1, 9.10.3).
func (f *usedFont) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	glyphs := slices.DeleteFunc(f.glyphs(), func(g uint16) bool { return f.texts[g] == "" })
	for part := range slices.Chunk(glyphs, 100) { // at most that many in one list
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			fmt.Fprintf(&b, "<%04X> <%s>\n", g, utf16Hex(f.texts[g]))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// utf16Hex returns a text as UTF-16, big-endian, in hexadecimal.
func utf16Hex(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// textString returns a text as an operand.
func textString(s string) string { return "<FEFF" + utf16Hex(s) + ">" }
