package chart

import (
	"fmt"
	"hashlog/analyze/units"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze/chart/internal/lettering"
)

// fraction clamps x to [0, 1]; NaN becomes 0.
func fraction(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 1)
}

// percent prints a rate as "37.3 %".
func percent(rate float64) string { return units.FormatPercentBriefly(fraction(rate)) }

// targetText prints a target with spaces: "95%ofceiling" becomes "95 % of ceiling".
func targetText(s string) string {
	s = clean(s)
	number, of, ok := strings.Cut(s, "%")
	if !ok {
		return s
	}
	if of = strings.TrimSpace(of); of == "ofceiling" {
		of = "of ceiling"
	}
	return strings.TrimSpace(strings.TrimSpace(number) + " % " + of)
}

// binaryUnits are the powers of 1024. Their letters serve bytes and chunks.
var binaryUnits = []string{"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"}

// scaled prints n ≥ 0 exactly, in the largest binary unit that takes at most three decimals.
func scaled(n int64, suffix string) string {
	for i := len(binaryUnits) - 1; i > 0; i-- {
		unit := int64(1) << (10 * i)
		switch {
		case n < unit:
		case n/unit < 1024 && n%(unit/8) == 0:
			return strconv.FormatFloat(float64(n)/float64(unit), 'f', -1, 64) + " " + binaryUnits[i] + suffix
		case n%unit == 0:
			return units.Comma(n/unit) + " " + binaryUnits[i] + suffix
		}
	}
	return strings.TrimSpace(units.Comma(n) + " " + suffix)
}

// count prints a large number as a person would say it.
func count(n int64) string {
	for _, u := range []struct {
		n    float64
		name string
	}{{1e15, "quadrillion"}, {1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}} {
		if float64(n) >= u.n {
			return strconv.FormatFloat(float64(n)/u.n, 'g', 3, 64) + " " + u.name
		}
	}
	return units.Comma(n)
}

// dateable reports whether t can be printed as a date.
func dateable(t float64) bool {
	_, ok := units.UTC(t)
	return ok
}

// utc converts t, which must be dateable.
func utc(t float64) time.Time {
	date, _ := units.UTC(t)
	return date
}

// secondsLabel prints a time outside the calendar's range.
func secondsLabel(t float64) string {
	switch {
	case math.Abs(t) >= 1e15:
		return strconv.FormatFloat(t, 'g', 6, 64)
	case t == math.Trunc(t):
		return units.Comma(int64(t))
	}
	return strconv.FormatFloat(t, 'f', -1, 64)
}

// spanText prints a time range: as UTC dates, for undated logs as its length, else as seconds. It is "" if an end is NaN or
// infinite, and for the one moment of an undated log.
func spanText(from, to float64) string {
	if d := to/2 - from/2; math.IsNaN(d) || math.IsInf(d, 0) {
		return ""
	}
	switch clockOf(from, to) {
	case elapsed:
		if to > from {
			return units.FormatSpanBriefly(to - from)
		}
		return ""
	case seconds1970:
		return secondsLabel(from) + " s – " + secondsLabel(to) + " s"
	}
	const minutes, seconds = "2006-01-02 15:04", "2006-01-02 15:04:05"
	a, b := utc(from), utc(to)
	layout := minutes
	if to-from < 600 {
		layout = seconds
	}
	first, last := a.Format(layout), b.Format(layout)
	if first == last {
		return first + " UTC"
	}
	last = strings.TrimPrefix(last, a.Format("2006-01-02 "))
	return fmt.Sprintf("%s – %s UTC (%s)", first, last, units.FormatSpanBriefly(to-from))
}

// capitalized returns a text with its first letter, an ASCII one, in upper case.
func capitalized(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// clean makes foreign text fit for a line in any format: XML has no control characters, and invisible characters that
// change the writing direction would garble what follows. Names written from right to left are isolated.
func clean(s string) string {
	const nonJoiner, joiner = '\u200c', '\u200d' // part of the spelling in some scripts
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, r&0xfffe == 0xfffe:
			return '?'
		case r == nonJoiner, r == joiner:
		case unicode.Is(unicode.C, r):
			return -1
		}
		return r
	}, s)
	return lettering.Isolate(strings.TrimSpace(s))
}

// shorten removes the middle of a text that is wider than width: model names differ at both ends.
func shorten(f font.Face, s string, width vg.Length) string {
	letters := []rune(lettering.StripIsolates(s))
	if most := mostLetters(f, width); len(letters) > most {
		letters = append(letters[:most/2:most/2], letters[len(letters)-most/2:]...)
	} else if textWidth(f, s) <= width {
		return s
	}
	for keep := len(letters) - 1; keep > 0; keep-- {
		head := (keep + 1) / 2
		tail := letters[len(letters)-(keep-head):]
		for len(tail) > 0 && unicode.Is(unicode.M, tail[0]) { // a mark belongs to the letter before it
			tail = tail[1:]
		}
		short := lettering.Isolate(string(letters[:head]) + "…" + string(tail))
		if textWidth(f, short) <= width {
			return short
		}
	}
	return "…"
}

// mostLetters returns how many letters at most fit into a width: almost none is narrower than an eighth of the font size.
// This limits the work on absurdly long names.
func mostLetters(f font.Face, width vg.Length) int { return int(8*width/f.Font.Size) + 2 }

// wrap breaks a text into lines at its spaces, but not between a number and the word after it, such as a unit, and within words
// that are wider than a line.
func wrap(f font.Face, s string, width vg.Length) []string {
	var parts []string
	afterNumber := false
	for _, word := range strings.Fields(s) {
		if afterNumber {
			parts[len(parts)-1] += " " + word
		} else {
			parts = append(parts, word)
		}
		afterNumber = isNumber(word)
	}
	return wrapParts(f, parts, " ", width)
}

// isNumber reports whether a word is a number such as 1,024 or 7.5.
func isNumber(word string) bool {
	return strings.Trim(word, "0123456789.,") == "" && strings.ContainsAny(word[len(word)-1:], "0123456789")
}

// wrapParts fills lines with parts, and keeps a part whole if it fits in a line.
func wrapParts(f font.Face, parts []string, sep string, width vg.Length) []string {
	var lines []string
	line, taken := "", vg.Length(0)
	for _, part := range parts {
		if line != "" {
			if with := extendedWidth(taken, f, sep+part); with <= width {
				line, taken = line+sep+part, with
				continue
			}
			lines = append(lines, line)
		}
		line, taken = part, textWidth(f, part)
		for taken > width {
			head, tail := split(f, line, width)
			lines = append(lines, head)
			line, taken = tail, textWidth(f, tail)
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// split cuts s, which is wider than width, after the last space that fits; failing that, after the last letter that fits,
// but at least one.
func split(f font.Face, s string, width vg.Length) (head, tail string) {
	var (
		w   vg.Length
		buf sfnt.Buffer
	)
	end, space := 0, 0
	for i, r := range s {
		if w += advance(&buf, f, r); w > width && i > 0 {
			break
		}
		end = i + len(string(r))
		if r == ' ' {
			space = end
		}
	}
	if space > 0 && end < len(s) {
		end = space
	}
	return strings.TrimSpace(s[:end]), s[end:]
}
