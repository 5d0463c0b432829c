// Package cell makes texts from logs safe as cells of CSV.
package cell

import "strings"

// Formula reports whether a spreadsheet would run a text as a formula, or take the mark that prevents this for its own. Such a
// text is written with an apostrophe before it, and a reader removes one apostrophe from a cell that begins with it. The
// characters are those that OWASP lists under "CSV Injection", and the apostrophe itself. A lone hyphen is no formula.
func Formula[T string | []byte](text T) bool {
	return len(text) > 0 && strings.IndexByte("=+-@\t\r'", text[0]) >= 0 && string(text) != "-"
}
