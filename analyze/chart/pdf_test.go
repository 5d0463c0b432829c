package chart

import (
	"bytes"
	"encoding/hex"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
	"github.com/stretchr/testify/require"

	"hashlog/analyze/chart/internal/lettering"
)

// pdfFile is a PDF file taken apart.
type pdfFile struct {
	t       *testing.T
	objects map[string]string // by number
}

var pdfObject = regexp.MustCompile(`(?s)^(\d+) 0 obj\n(.*?)\nendobj\n`)

// parsePDF reads the objects that the table of a file lists, and requires that there are no others.
func parsePDF(t *testing.T, data []byte) pdfFile {
	t.Helper()
	text := string(data)
	end := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindStringSubmatch(text)
	require.NotNil(t, end)
	start, _ := strconv.Atoi(end[1])
	lines := strings.Split(text[start:], "\n")
	require.Equal(t, "xref", lines[0])
	count, err := strconv.Atoi(strings.TrimPrefix(lines[1], "0 "))
	require.NoError(t, err)
	f := pdfFile{t, map[string]string{}}
	next := strings.Index(text, "1 0 obj")
	for i := 1; i < count; i++ {
		offset, err := strconv.Atoi(lines[2+i][:10])
		require.NoError(t, err)
		require.Equal(t, next, offset)
		m := pdfObject.FindStringSubmatch(text[offset:])
		require.NotNil(t, m, "object %d", i)
		require.Equal(t, strconv.Itoa(i), m[1])
		f.objects[m[1]] = m[2]
		next += len(m[0])
	}
	require.Equal(t, start, next)
	require.Contains(t, text, "trailer\n<</Size "+strconv.Itoa(count)+"/Root ")
	return f
}

// find returns the first group of a pattern in an object.
func (f pdfFile) find(object, pattern string) string {
	m := regexp.MustCompile(pattern).FindStringSubmatch(object)
	require.NotNil(f.t, m, "%s in %.200s", pattern, object)
	return m[1]
}

// stream returns the data of a stream.
func (f pdfFile) stream(number string) string {
	dictionary, data, ok := strings.Cut(f.objects[number], ">>\nstream\n")
	require.True(f.t, ok, number)
	data = strings.TrimSuffix(data, "\nendstream")
	require.Equal(f.t, f.find(dictionary, `/Length (\d+)$`), strconv.Itoa(len(data)))
	z, err := zlib.NewReader(strings.NewReader(data))
	require.NoError(f.t, err)
	out, err := io.ReadAll(z)
	require.NoError(f.t, err)
	return string(out)
}

func (f pdfFile) utf16(digits string) string {
	b, err := hex.DecodeString(digits)
	require.NoError(f.t, err)
	var units []uint16
	for ; len(b) > 0; b = b[2:] {
		units = append(units, uint16(b[0])<<8|uint16(b[1]))
	}
	return string(utf16.Decode(units))
}

var (
	pdfText = regexp.MustCompile(`(?s)\nBT\n(.*?)\nET`)
	pdfPart = regexp.MustCompile(`/F(\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj|/ActualText <FEFF([0-9A-F]+)>|EMC`)
)

// texts returns the texts of the page, from left to right, by what the fonts say about their glyphs.
func (f pdfFile) texts() (out []string) {
	var page string
	for _, o := range f.objects {
		if strings.Contains(o, "/Type/Page/") {
			page = o
		}
	}
	fonts := map[string]map[string]string{}
	for _, m := range regexp.MustCompile(`/F(\d+) (\d+) 0 R`).FindAllStringSubmatch(page, -1) {
		fonts[m[1]] = f.unicode(m[2])
	}
	for _, text := range pdfText.FindAllStringSubmatch(f.stream(f.find(page, `/Contents (\d+)`)), -1) {
		var b strings.Builder
		font, told := "", false
		for _, m := range pdfPart.FindAllStringSubmatch(text[1], -1) {
			switch {
			case m[1] != "":
				font = m[1]
			case m[3] != "":
				b.WriteString(f.utf16(m[3]))
				told = true
			case m[0] == "EMC":
				told = false
			case !told:
				for glyphs := m[2]; glyphs != ""; glyphs = glyphs[4:] {
					b.WriteString(fonts[font][glyphs[:4]])
				}
			}
		}
		out = append(out, b.String())
	}
	return out
}

// unicode returns the characters of a font's glyphs. The font must be embedded.
func (f pdfFile) unicode(number string) map[string]string {
	object := f.objects[number]
	descendant := f.objects[f.find(object, `/DescendantFonts\[(\d+) 0 R`)]
	descriptor := f.objects[f.find(descendant, `/FontDescriptor (\d+)`)]
	require.Equal(f.t, f.find(object, `/BaseFont/([A-Z]{6}\+[\w-]+)`), f.find(descriptor, `/FontName/(\S+?)/`))
	require.NotEmpty(f.t, f.stream(f.find(descriptor, `/FontFile2 (\d+)`)))
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`<(....)> <([0-9A-F]+)>\n`).FindAllStringSubmatch(f.stream(f.find(object, `/ToUnicode (\d+)`)), -1) {
		if m[1] != "0000" {
			out[m[1]] = f.utf16(m[2])
		}
	}
	return out
}

// Every text of a picture is text in the PDF: bold or not, in any script. From left to right, it is what the glyphs say.
func TestPDFTexts(t *testing.T) {
	for name, p := range drawings() {
		if !strings.HasSuffix(name, "-typical") && !strings.HasSuffix(name, "names") {
			continue
		}
		var want []string
		for _, s := range texts(t, p) {
			glyphs, _ := lettering.Shape(lettering.Regular, s)
			visual := ""
			for _, g := range glyphs {
				visual += g.Text
			}
			want = append(want, strings.ReplaceAll(visual, "\u200c", " ")) // it has the glyph of a space
		}
		got := parsePDF(t, drawn(t, p, PDF)).texts()
		require.Equal(t, want, got, name)
	}
}

func TestPDFTitle(t *testing.T) {
	p := parsePDF(t, drawn(t, tiersCases()[0].picture(), PDF))
	title := ""
	for _, o := range p.objects {
		if strings.Contains(o, "/Producer(hashlog)") {
			title = p.utf16(p.find(o, `/Title <FEFF([0-9A-F]+)>`))
		}
	}
	require.Equal(t, "Token hit rate by tier, 5 min windows", title)
}

// A program that reads PDFs finds the names, and in logical order those that are written from right to left.
func TestPDFTextsAreFound(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext")
	}
	run := exec.Command(tool, "-enc", "UTF-8", "-", "-")
	run.Stdin = bytes.NewReader(drawn(t, tiersPicture(worldReport()), PDF))
	var problems bytes.Buffer
	run.Stderr = &problems
	out, err := run.Output()
	require.NoError(t, err, problems.String())
	require.Empty(t, problems.String())
	for _, want := range []string{"Token hit rate by tier, 5 min windows", "all together", "通义千问-72B-指令", "نموذج عربي", "מודל", "मॉडल हिन्दी",
		"한국어 모델", "日本語モデル", "โมเดลไทย", "модель", "[U+1F600]", "evil <&>\"'"} {
		require.Contains(t, string(out), want)
	}
}
