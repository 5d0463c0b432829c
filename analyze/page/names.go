package page

import (
	"strings"
	"unicode"
)

// mostLetters is the longest name that a page shows in full.
const mostLetters = 120

// cleanName makes a name from a log fit for a line: it has no control characters and none that change the writing direction,
// and the middle of a very long one is left out.
func cleanName(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r):
			return -1
		}
		return r
	}, s))
	if s == "" {
		return "unnamed"
	}
	letters := []rune(s)
	if len(letters) <= mostLetters {
		return s
	}
	return string(letters[:mostLetters/2]) + "…" + string(letters[len(letters)-mostLetters/2:])
}
