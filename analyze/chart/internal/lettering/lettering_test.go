package lettering

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/stretchr/testify/require"
)

// seen returns what a text says from left to right, by the glyphs that carry text.
func seen(t *testing.T, s string) string {
	t.Helper()
	glyphs, width := Shape(Regular, s)
	var b strings.Builder
	x := 0.0
	for _, g := range glyphs {
		require.NotZero(t, g.ID, "a box in %q", s)
		require.InDelta(t, x, g.X, 1, "near the pen")
		x += g.Advance
		b.WriteString(g.Text)
	}
	require.InDelta(t, x, width, 1e-9)
	return b.String()
}

func TestPlainTextIsItsLetters(t *testing.T) {
	for _, s := range []string{"", "Qwen-72B", "80 % → 19.7 MiB", "Größe · éü – …", "модель", "μοντέλο"} {
		require.True(t, Plain(Regular, s), s)
		require.True(t, Plain(Bold, s), s)
		require.Equal(t, s, seen(t, s))
	}
	glyphs, width := Shape(Regular, "AV")
	require.InDelta(t, glyphs[0].Advance+glyphs[1].Advance, width, 1e-9, "not kerned")
}

// Every bundled font has its script's letters, and no text of those scripts needs another font but for digits and spaces.
func TestScripts(t *testing.T) {
	for s, font := range map[string]string{
		"نموذج": "NotoSansArabic-Regular", "مدل": "NotoSansArabic-Regular", "մոդել": "NotoSansArmenian-Regular", "মডেল": "NotoSansBengali-Regular",
		"मॉडल": "NotoSansDevanagari-Regular", "ሞዴል": "NotoSansEthiopic-Regular", "მოდელი": "NotoSansGeorgian-Regular", "મોડેલ": "NotoSansGujarati-Regular",
		"ਮਾਡਲ": "NotoSansGurmukhi-Regular", "ಮಾದರಿ": "NotoSansKannada-Regular", "គំរូ": "NotoSansKhmer-Regular", "ແບບຈໍາລອງ": "NotoSansLao-Regular",
		"മോഡൽ": "NotoSansMalayalam-Regular", "မော်ဒယ်": "NotoSansMyanmar-Regular", "ମଡେଲ": "NotoSansOriya-Regular", "ආකෘතිය": "NotoSansSinhala-Regular",
		"மாதிரி": "NotoSansTamil-Regular", "మోడల్": "NotoSansTelugu-Regular", "โมเดล": "NotoSansThai-Regular",
		"通义千问": "DroidSansFallback", "模型，。": "DroidSansFallback", "モデルです": "DroidSansFallback", "한국어": "DroidSansFallback", "ㄅㄆ": "DroidSansFallback",
		"מודל": "LiberationSans", "Ａｂ": "DroidSansFallback",
	} {
		require.True(t, Complete(Regular, s), s)
		require.False(t, Plain(Regular, s), s)
		glyphs, width := Shape(Regular, s)
		require.Positive(t, width, s)
		inked := 0
		for _, g := range glyphs {
			require.Equal(t, font, g.Font.Name, s)
			require.NotZero(t, g.ID, s)
			if len(g.Font.Outline(g.ID)) > 0 {
				inked++
			}
		}
		require.Positive(t, inked, s)
	}
}

// Arabic letters are joined: the forms of a letter differ by place. Lam and alef become one glyph.
func TestArabicIsJoined(t *testing.T) {
	form := func(s string, i int) uint16 {
		glyphs, _ := Shape(Regular, s)
		return glyphs[i].ID
	}
	alone, initial, medial, final := form("م", 0), form("ممم", 2), form("ممم", 1), form("ممم", 0)
	require.Len(t, map[uint16]bool{alone: true, initial: true, medial: true, final: true}, 4)
	glyphs, _ := Shape(Regular, "لا")
	texts := ""
	for _, g := range glyphs {
		texts += g.Text
	}
	require.Equal(t, "لا", texts)
	require.NotEqual(t, form("ل", 0), glyphs[len(glyphs)-1].ID)
}

func TestDirection(t *testing.T) {
	for s, want := range map[string]string{
		"אבג":           "גבא",
		"ab אבג cd":     "ab גבא cd",
		"אבג 12 דה":     "הד 12 גבא",
		"ab אבג 12 cd":  "ab 12 גבא cd",
		"אב 1,5% cd":    "1,5% בא cd",
		Isolate("נ-7B"): "7B-נ",
		// A name in a line: what follows it stays where it is.
		"name: " + Isolate("אבג 12") + ", 34": "name: 12 גבא, 34",
		Isolate("אב") + " · " + Isolate("גד"): "בא · דג",
		Isolate("ab אב 12") + " 7":            "ab 12 בא 7",
	} {
		require.Equal(t, want, seen(t, s), "%q", s)
	}
	require.Equal(t, "plain", Isolate("plain"))
	require.Equal(t, "אב", StripIsolates(Isolate("אב")))
}

// What no font has is visible, and differs from name to name.
func TestMissing(t *testing.T) {
	require.Equal(t, "[U+1F600] x", seen(t, "😀 x"))
	require.Equal(t, "a[U+182E]通", seen(t, "aᠮ通"))
	require.Equal(t, "[U+1F600]בא", seen(t, "😀אב"))
	require.False(t, Complete(Regular, "😀"))
}

// Directions of random texts are those of the library, and levels are consistent with them.
func TestDirectionsOfRandomTexts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 15))
	alphabet := []rune("abאבעم٣12.,%+-() ·\u0301")
	for range 20_000 {
		text := make([]rune, 1+rnd.IntN(12))
		for i := range text {
			text[i] = alphabet[rnd.IntN(len(alphabet))]
		}
		var s shaper
		base := levelOf(text)
		parts := s.directions(text, part{0, len(text), base})
		direction := bidi.LeftToRight
		if base == 1 {
			direction = bidi.RightToLeft
		}
		var p bidi.Paragraph
		runs := p.Segment(text, direction)
		odd := make([]bool, len(text))
		for i := range runs.NumRuns() {
			for j := runs.Run(i).Start; j < runs.Run(i).End; j++ {
				odd[j] = runs.Run(i).Level%2 != 0
			}
		}
		end := 0
		for _, part := range parts {
			require.Equal(t, end, part.start, "%q", string(text))
			for j := part.start; j < part.end; j++ {
				require.Equal(t, odd[j], part.level%2 != 0, "%q", string(text))
				if part.level == 0 || base == 1 {
					continue
				}
				require.False(t, unicode.Is(unicode.Latin, text[j]), "in a text from left to right, its letters have level 0: %q", string(text))
			}
			end = part.end
		}
		require.Equal(t, len(text), end)
	}
}

// Nothing that a name may hold makes Shape fail, and every text has glyphs or no width.
func FuzzShape(f *testing.F) {
	for _, s := range []string{"通义千问", "نموذج", "\u2068", "\u2069\u2068א", "\u202e\u2066", "ก็", "\u0301", "\x00\xff", "👨‍👩‍👧", "\u034f", "\u0e79!", "\x00问", "ـ\xb0ج"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 {
			return
		}
		glyphs, width := Shape(Bold, s)
		if width < 0 || width > 0 && len(glyphs) == 0 {
			t.Fatalf("%d glyphs of width %v", len(glyphs), width)
		}
		for _, g := range glyphs {
			if g.ID == notDefined {
				t.Fatalf("%q has a box: %q", s, g.Text)
			}
		}
	})
}

// TestConcurrentUse lays out texts at once, plain ones and others, for the race detector to watch.
func TestConcurrentUse(t *testing.T) {
	texts := []string{"通 نموذج मॉडल", "plain letters", "Größe", "Модель", "plain letters and 通"}
	var want []int
	for _, s := range texts {
		want = append(want, len(fmt.Sprint(Shape(Bold, s))))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, s := range texts {
				if got := len(fmt.Sprint(Shape(Bold, s))); got != want[i] {
					t.Errorf("%q differs", s)
				}
				Complete(Regular, s)
			}
		})
	}
	wg.Wait()
}
