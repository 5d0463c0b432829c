package log

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quoted returns a name (of a file, a model, a request) as it can be shown to people: quoted, with escapes, where it is
// empty or a terminal could take it for something else.
func Quoted(name string) string {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}
