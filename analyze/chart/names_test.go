package chart

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/chart/internal/lettering"
)

// names in many scripts, and in some that no font has.
var names = []string{
	"通义千问-72B-指令", "نموذج عربي 7B", "Qwen-نموذج (12)", "מודל 5%", "मॉडल हिन्दी", "한국어 모델", "日本語モデル", "โมเดลไทย",
	"модель", "μοντέλο", "მოდელი", "মডেল", "மாதிரி", "ሞዴል", "مدل می\u200cخواهم", "😀 model ᠮᠣᠩ", "\u202eevil\u202c <&>\"'",
}

// worldReport has a tier of each name.
func worldReport() *analyze.Report {
	var tiers []analyze.TierResult
	shares := make([]float64, len(names))
	for i, n := range names {
		tiers = append(tiers, tier(n, 1<<(20+i)))
		shares[i] = .04
	}
	r := tiersReport(tiers, tierDay(50, noon, 300e9, shares...))
	r.Input.Models = []analyze.Model{{Name: names[0], ChunkSize: of[int64](16)}, {Name: names[1], ChunkSize: of[int64](16)}, {Name: names[15], ChunkSize: of[int64](16)}}
	return r
}

// No picture of any format has a box instead of a letter.
func TestNoBoxes(t *testing.T) {
	for name, p := range drawings() {
		for _, s := range texts(t, p) {
			glyphs, _ := lettering.Shape(lettering.Bold, s)
			for _, g := range glyphs {
				require.NotZero(t, g.ID, "%s: %q", name, s)
			}
		}
	}
}

// titles returns the title and the description of an SVG, which must be named by its root.
func titles(t *testing.T, svg []byte) (title, description string) {
	t.Helper()
	var root struct {
		Role  string `xml:"role,attr"`
		Aria  string `xml:"aria-labelledby,attr"`
		Title struct {
			ID   string `xml:"id,attr"`
			Text string `xml:",chardata"`
		} `xml:"title"`
		Desc struct {
			ID   string `xml:"id,attr"`
			Text string `xml:",chardata"`
		} `xml:"desc"`
	}
	require.NoError(t, xml.Unmarshal(svg, &root))
	require.Equal(t, "img", root.Role)
	require.Equal(t, root.Title.ID+" "+root.Desc.ID, root.Aria)
	return root.Title.Text, root.Desc.Text
}

func TestEveryPictureSaysWhatItShows(t *testing.T) {
	seen := map[string][]byte{}
	for name, p := range drawings() {
		svg := drawn(t, p, SVG)
		title, description := titles(t, svg)
		require.Equal(t, texts(t, p)[0], title, name)
		require.Regexp(t, `^Vertical axis: \S.*\. Horizontal axis: \S.*\. Made from \S.*\.$`, description, name)
		id := regexp.MustCompile(`id="(title-\w+)"`).FindSubmatch(svg)[1]
		if other, ok := seen[string(id)]; ok {
			require.Equal(t, other, svg, "on one page")
		}
		seen[string(id)] = svg
	}
}

// The main figures are said in words.
func TestDescriptions(t *testing.T) {
	for name, want := range map[string]string{
		"capacity-typical": "The ceiling is 37.3 % at 166 MiB. 30 % needs ",
		"rolling-typical":  "8 MiB: ",
		"tiers-typical":    "gpu (40 GiB) serves 6.28 % of all tokens. dram (512 GiB) serves 23.32 % of all tokens. ssd (4 TiB) serves 9.49 % of all tokens. ssd uses at most 262.9 % of its bandwidth. dram uses at most 197.8 % of its bandwidth. Made from ",
	} {
		_, description := titles(t, drawn(t, drawings()[name], SVG))
		require.Contains(t, description, want, name)
	}
}

// Whatever a name holds, the file is well-formed and the name is text, not markup.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{`</text><script>alert(1)</script>`, "]]>&amp;<!--", "\x00\x01\ufffe\xff\u2028\r\n", "\u202eevil\u2066\u2069\u2069\u200f", "<text x='1'>",
		strings.Repeat("م", 10_000), strings.Repeat("\u0301", 1000), strings.Repeat("😀", 3000), "a" + strings.Repeat("<", 10_000) + "b", "font-family:Liberation Sans;"} {
		r := tiersReport([]analyze.TierResult{tier(name, 1<<30)}, tierDay(3, noon, 300e9, .4))
		r.Input.Models = []analyze.Model{{Name: name, ChunkSize: of[int64](16)}}
		p := tiersPicture(r)
		svg := drawn(t, p, SVG)
		titles(t, svg)
		require.NotContains(t, string(svg), "<script")
		require.Equal(t, len(texts(t, p)), strings.Count(string(svg), "<text "))
		parsePDF(t, drawn(t, p, PDF)).texts()
		checkPNG(t, p)
	}
}

// Names from right to left don't reorder what stands beside them.
func TestNamesAreIsolated(t *testing.T) {
	r := report()
	r.Input.Models = []analyze.Model{{Name: "نموذج", ChunkSize: of[int64](16)}, {Name: "7B", ChunkSize: of[int64](16)}}
	require.Contains(t, strings.Join(subtitle(r), "|"), lettering.Isolate("نموذج")+", 7B")
	long := strings.Repeat("نموذج", 30)
	short := shorten(axisFace, clean(long), 100)
	require.Equal(t, lettering.Isolate(lettering.StripIsolates(short)), short)
	require.LessOrEqual(t, float64(textWidth(axisFace, short)), 100.0)
	for width := vg.Length(20); width < 100; width++ {
		short := shorten(axisFace, "ab"+strings.Repeat("कि", 20), width)
		require.NotRegexp(t, `…\p{M}`, short, "a mark without its letter")
	}
}

// The file tells viewers with other fonts how wide a name may be.
func TestSVGTellsWidths(t *testing.T) {
	svg := string(drawn(t, tiersPicture(worldReport()), SVG))
	widths := regexp.MustCompile(`<text textLength="([\d.]+)"[^>]*>([^<]*)<`).FindAllStringSubmatch(svg, -1)
	require.Len(t, widths, 13)
	for _, m := range widths {
		require.Equal(t, fmt.Sprintf("%.5g", textWidth(axisFace, m[2]).Points()), m[1], m[2])
	}
}

// Letters stand where the text does, at its size.
func TestOutline(t *testing.T) {
	for _, s := range []string{"→", "界", "م", "कि"} {
		glyphs, width := lettering.Shape(firstFont(labelFace), s)
		require.Equal(t, vg.Length(width)*labelFace.Font.Size, textWidth(labelFace, s))
		for _, g := range glyphs {
			p := outline(g, labelFace.Font.Size, labelAt)
			require.NotEmpty(t, p)
			for _, c := range p {
				require.InDelta(t, float64(labelAt.X), float64(c.Pos.X), float64(labelFace.Font.Size)*1.4)
				require.InDelta(t, float64(labelAt.Y), float64(c.Pos.Y), float64(labelFace.Font.Size)*1.2)
			}
		}
	}
}
