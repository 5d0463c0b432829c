package chart

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
)

func TestSmallTexts(t *testing.T) {
	require.Equal(t, "37.3 %", percent(.3734))
	require.Equal(t, "0.00 %", percent(math.NaN()))
	require.Equal(t, "100.0 %", percent(7))
	require.Equal(t, "80 %", targetText("80%"))
	require.Equal(t, "99.5 % of ceiling", targetText("99.5%ofceiling"))
	require.Equal(t, "odd", targetText("odd"))
	require.Equal(t, "999,999", count(999_999))
	require.Equal(t, "47.1 million", count(47_113_408))
	require.Equal(t, "9.22e+03 quadrillion", count(math.MaxInt64))
}

func TestSpanText(t *testing.T) {
	require.Equal(t, "2024-03-31 12:00 – 2024-04-02 16:28 UTC (2 d 4 h)", spanText(noon, noon+2*86400+4*3600+1700))
	require.Equal(t, "2024-03-31 12:00:00 – 12:00:59 UTC (59 s)", spanText(noon, noon+59))
	require.Equal(t, "2024-03-31 12:00:00 UTC", spanText(noon, noon+.5))
	require.Equal(t, "1 h", spanText(0, 3600), "an undated trace")
	require.Empty(t, spanText(7, 7))
	require.Equal(t, "-1e+300 s – 1e+300 s", spanText(-1e300, 1e300))
	require.Empty(t, spanText(math.NaN(), 1))
}

func TestCleanAndShorten(t *testing.T) {
	require.Equal(t, "a b?c", clean(" a\tb\xffc\x00\x1b\u202e\ufeff "))
	require.Equal(t, "千问", clean("千问"))
	require.Equal(t, "short", shorten(labelFace, "short", 100))
	for _, s := range []string{strings.Repeat("m", 1_000_000), strings.Repeat("千", 500), strings.Repeat("i", 300)} {
		short := shorten(labelFace, s, 100)
		require.LessOrEqual(t, float64(textWidth(labelFace, short)), 100.0)
		require.Greater(t, float64(textWidth(labelFace, short)), 80.0)
		require.Contains(t, short, "…")
	}
	require.Equal(t, "…", shorten(labelFace, "long", 2))
}

func TestWrap(t *testing.T) {
	for _, s := range []string{strings.Repeat("word ", 200), strings.Repeat("x", 3000), "", "one", "a " + strings.Repeat("千", 300) + " b"} {
		lines := wrap(footFace, s, 200)
		for _, l := range lines {
			require.LessOrEqual(t, float64(textWidth(footFace, l)), 200.0)
		}
		require.Equal(t, strings.ReplaceAll(s, " ", ""), strings.ReplaceAll(strings.Join(lines, ""), " ", ""))
	}
}

// A number is not parted from its unit.
func TestWrapKeepsNumbersWithTheirUnits(t *testing.T) {
	for width := vg.Length(60); width < 300; width++ {
		for _, l := range wrap(footFace, "of at least 80 % of the capacity, the least recently used 20 % of the 1,024 resident chunks, in 2.5 GiB", width) {
			require.NotRegexp(t, `[0-9]$|^%|^GiB`, l)
		}
	}
}

// A line that grows is as wide, to the last bit, as one measured at once.
func TestExtendedWidth(t *testing.T) {
	words := strings.SplitAfter("1,234 requests  ·  47.1 million tokens, 千问 – Größe 37.3 %", " ")
	for _, f := range []font.Face{titleFace, subtitleFace, footFace} {
		line, w := "", vg.Length(0)
		for _, word := range words {
			line, w = line+word, extendedWidth(w, f, word)
			require.Equal(t, textWidth(f, line), w)
		}
	}
}

func TestSubtitle(t *testing.T) {
	r := report()
	r.Input.Requests, r.Input.TotalTokens = 1, 1
	r.Input.Models = append(r.Input.Models, analyze.Model{Name: "", ChunkSize: of[int64](256), BytesPerChunk: of[int64](1024)})
	require.Equal(t, []string{"1 request", "1 token", "2024-03-31 12:00 – 13:00 UTC (1 h)", "chunks of 16 to 256 tokens",
		"meta-llama/Llama-3.1-8B, unnamed model"}, subtitle(r))
	r.Input.Models[0].ChunkSize = nil
	require.Contains(t, subtitle(r), "chunk sizes vary")
	r.Input.Models = append(r.Input.Models, r.Input.Models...)
	require.Contains(t, subtitle(r), "4 models")
	require.Equal(t, []string{"0 requests", "0 tokens"}, subtitle(&analyze.Report{}))
}

func TestFootnote(t *testing.T) {
	r := report()
	r.Input.Skipped, r.Input.Damaged = 1, 2
	r.Assumptions = []string{"One cache.", " ", "Two & two"}
	require.Equal(t, "Read from 3 files; 1 record skipped, 1 torn, 0 late. Damaged files: 2. One cache. Two & two.", footnote(r))
}
