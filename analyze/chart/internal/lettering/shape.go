package lettering

import (
	"fmt"
	"slices"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	classes "golang.org/x/text/unicode/bidi"
)

// Glyph is a shape in its place on a line. Lengths are in ems.
type Glyph struct {
	Font    *Font
	ID      uint16
	X, Y    float64 // from the start of the line, y upwards
	Advance float64
	Text    string // what it shows, in logical order; "" if it shows that together with the glyph before it
}

// shaper holds what is reused from text to text. Its faces are those of the fonts.
type shaper struct {
	mu        sync.Mutex
	harfbuzz  shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
	paragraph bidi.Paragraph
}

var shared shaper

// Shape lays out a line of text, and returns its glyphs from left to right, and its width in ems. Letters that the first font
// lacks come from others. Letters of a [Plain] text are not kerned.
func Shape(first *Font, s string) (glyphs []Glyph, width float64) {
	if Plain(first, s) {
		return plain(first, s)
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	text := printable(s)
	glyphs, width, missing := shared.shape(first, text)
	for len(missing) > 0 { // more than once where a letter loses the neighbours that told its script
		text = withCodePoints(text, missing)
		glyphs, width, missing = shared.shape(first, text)
	}
	return glyphs, width
}

// Complete reports whether the fonts have all characters of a text.
func Complete(first *Font, s string) bool {
	if Plain(first, s) {
		return true
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	_, _, missing := shared.shape(first, printable(s))
	return len(missing) == 0
}

// printable returns a text without control characters, which no font has.
func printable(s string) []rune {
	return slices.DeleteFunc([]rune(s), unicode.IsControl)
}

// withCodePoints replaces some characters by their code points in brackets.
func withCodePoints(text []rune, missing map[int]bool) (out []rune) {
	for i, r := range text {
		if missing[i] {
			out = append(out, []rune(fmt.Sprintf("[U+%04X]", r))...)
			continue
		}
		out = append(out, r)
	}
	return out
}

// plain lays out a text letter by letter.
func plain(f *Font, s string) (glyphs []Glyph, width float64) {
	em := float64(f.UnitsPerEm())
	for _, r := range s {
		id, _ := f.glyph(r)
		g := Glyph{Font: f, ID: id, X: width, Advance: f.Advance(id) / em, Text: string(r)}
		glyphs = append(glyphs, g)
		width += g.Advance
	}
	return glyphs, width
}

// shape lays out a text. It also returns the indices of the characters that no font has.
func (s *shaper) shape(first *Font, text []rune) (glyphs []Glyph, width float64, missing map[int]bool) {
	fonts := &fontMap{first: first, byFace: map[*font.Face]*Font{}}
	missing = map[int]bool{}
	for _, r := range s.runs(text, fonts) {
		f := fonts.byFace[r.Face]
		if f == nil { // of characters that have no shape, and of those that Unicode doesn't know
			r.Face, f = first.loaded(), first
		}
		f.mu.Lock()
		out := s.harfbuzz.Shape(r)
		f.mu.Unlock()
		told := -1 // the latest cluster whose text a glyph has
		for _, g := range out.Glyphs {
			placed := Glyph{Font: f, ID: uint16(g.GlyphID), X: width + ems(g.XOffset), Y: ems(g.YOffset), Advance: ems(g.Advance)}
			from, end := g.TextIndex(), g.TextIndex()+g.RunesCount()
			if from != told {
				placed.Text, told = string(text[from:end]), from
				if r.Direction == di.DirectionRTL && end == from+1 {
					placed.Text = classes.ReverseString(placed.Text) // a bracket has the shape of its counterpart
				}
			}
			if g.GlyphID == notDefined {
				for i := from; i < end; i++ {
					missing[i] = true
				}
			}
			glyphs = append(glyphs, placed)
			width += placed.Advance
		}
	}
	return glyphs, width, missing
}

// notDefined is the glyph of a character that a font lacks, a box.
const notDefined = 0

// size is the font size given to HarfBuzz, in units of 1/64: fine enough that rounding is invisible.
const size = 1 << 16

func ems(x fixed.Int26_6) float64 { return float64(x) / size }

// runs splits a text by direction, script and font, and returns the parts from left to right.
func (s *shaper) runs(text []rune, fonts *fontMap) (out []shaping.Input) {
	for _, p := range isolated(text) {
		var runs []run
		for _, part := range s.directions(text, p) {
			in := shaping.Input{Text: text, RunStart: part.start, RunEnd: part.end, Size: size, Direction: part.direction(), Language: language.NewLanguage("en")}
			for _, split := range s.segmenter.Split(in, fonts) {
				split.Direction = in.Direction
				runs = append(runs, run{split, part.level})
			}
		}
		for _, r := range inVisualOrder(runs) {
			out = append(out, r.Input)
		}
	}
	return out
}

// fontMap chooses the font of each letter of a text.
type fontMap struct {
	first  *Font
	script language.Script
	byFace map[*font.Face]*Font
}

func (m *fontMap) SetScript(s language.Script) { m.script = s }

func (m *fontMap) ResolveFace(r rune) *font.Face {
	f := fontOf(m.first, r, m.script)
	if f == nil {
		f = m.first
	}
	face := f.loaded()
	m.byFace[face] = f
	return face
}
