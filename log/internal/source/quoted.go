package source

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quoted returns a name in a form that can be printed: quoted, with escapes, if it is empty or
// holds anything that a terminal might interpret.
func Quoted(name string) string {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}
