package lettering

import (
	"bytes"
	"embed"
	"fmt"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/klauspost/compress/zstd"
)

//go:embed fonts/*.zst
var files embed.FS

// Font is a TrueType font. It is safe for concurrent use.
type Font struct {
	Name   string // PostScript name
	source func() ([]byte, error)

	load sync.Once
	data []byte
	mu   sync.Mutex // guards face, which has caches
	face *font.Face
}

// The fonts of all texts, before others fill their gaps.
var (
	Regular = &Font{Name: "LiberationSans", source: func() ([]byte, error) { return liberationsansregular.TTF, nil }}
	Bold    = &Font{Name: "LiberationSans-Bold", source: func() ([]byte, error) { return liberationsansbold.TTF, nil }}
)

var eastAsian = bundled("DroidSansFallback")

// byScript are the fonts of the scripts that Liberation Sans lacks.
var byScript = map[language.Script]*Font{
	language.Arabic:     bundled("NotoSansArabic-Regular"),
	language.Armenian:   bundled("NotoSansArmenian-Regular"),
	language.Bengali:    bundled("NotoSansBengali-Regular"),
	language.Devanagari: bundled("NotoSansDevanagari-Regular"),
	language.Ethiopic:   bundled("NotoSansEthiopic-Regular"),
	language.Georgian:   bundled("NotoSansGeorgian-Regular"),
	language.Gujarati:   bundled("NotoSansGujarati-Regular"),
	language.Gurmukhi:   bundled("NotoSansGurmukhi-Regular"),
	language.Kannada:    bundled("NotoSansKannada-Regular"),
	language.Khmer:      bundled("NotoSansKhmer-Regular"),
	language.Lao:        bundled("NotoSansLao-Regular"),
	language.Malayalam:  bundled("NotoSansMalayalam-Regular"),
	language.Myanmar:    bundled("NotoSansMyanmar-Regular"),
	language.Oriya:      bundled("NotoSansOriya-Regular"),
	language.Sinhala:    bundled("NotoSansSinhala-Regular"),
	language.Tamil:      bundled("NotoSansTamil-Regular"),
	language.Telugu:     bundled("NotoSansTelugu-Regular"),
	language.Thai:       bundled("NotoSansThai-Regular"),

	language.Bopomofo: eastAsian,
	language.Han:      eastAsian,
	language.Hangul:   eastAsian,
	language.Hiragana: eastAsian,
	language.Katakana: eastAsian,
}

// bundled returns a font that this package brings along, compressed.
func bundled(name string) *Font {
	return &Font{Name: name, source: func() ([]byte, error) {
		compressed, err := files.ReadFile("fonts/" + name + ".ttf.zst")
		if err != nil {
			return nil, err
		}
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer d.Close()
		return d.DecodeAll(compressed, nil)
	}}
}

// loaded returns the font's face, read at the first use. It panics if a bundled font is broken.
func (f *Font) loaded() *font.Face {
	f.load.Do(func() {
		data, err := f.source()
		if err == nil {
			f.data = data
			f.face, err = font.ParseTTF(bytes.NewReader(data))
		}
		if err != nil {
			panic(fmt.Sprintf("read font %s: %v", f.Name, err))
		}
	})
	return f.face
}

// Data returns the font file, which must not be changed.
func (f *Font) Data() []byte {
	f.loaded()
	return f.data
}

// UnitsPerEm returns the font units of an em.
func (f *Font) UnitsPerEm() int { return int(f.loaded().Upem()) }

// Advance returns a glyph's width in font units.
func (f *Font) Advance(glyph uint16) float64 {
	face := f.loaded()
	f.mu.Lock()
	defer f.mu.Unlock()
	return float64(face.HorizontalAdvance(font.GID(glyph)))
}

// Outline returns a glyph's shape in font units, y upwards.
func (f *Font) Outline(glyph uint16) []font.Segment {
	face := f.loaded()
	f.mu.Lock()
	defer f.mu.Unlock()
	outline, _ := face.GlyphDataOutline(font.GID(glyph))
	return outline.Segments
}

// glyph returns the glyph of a letter; false if the font lacks it.
func (f *Font) glyph(r rune) (id uint16, ok bool) {
	gid, ok := f.loaded().Font.NominalGlyph(r) // unlike the face's, it has no cache, which would need a lock
	return uint16(gid), ok
}

// has reports whether the font has a letter.
func (f *Font) has(r rune) bool {
	_, ok := f.glyph(r)
	return ok
}

// fontOf returns the font that draws a letter in a text of some script; nil if none can.
func fontOf(first *Font, r rune, script language.Script) *Font {
	if first.has(r) {
		return first
	}
	if own := language.LookupScript(r); own.Strong() {
		script = own
	}
	for _, f := range []*Font{byScript[script], eastAsian} { // East Asian punctuation and wide letters belong to no script
		if f != nil && f.has(r) {
			return f
		}
	}
	return nil
}
