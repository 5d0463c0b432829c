// Package table writes text in columns: the first aligned to the left, the others to the right.
package table

import (
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// Table holds rows of cells, to be written in columns.
type Table struct {
	rows [][]string
}

// Row adds a row.
func (t *Table) Row(cells ...string) { t.rows = append(t.rows, cells) }

// Write writes all rows.
func (t *Table) Write(w io.Writer) { Write(w, slices.Values(t.rows)) }

// Write writes rows of equal length. It goes through them twice and doesn't hold them, since there may be very many. It ends
// with the first error, which w must keep.
func Write(w io.Writer, rows iter.Seq[[]string]) {
	var widths []int
	for row := range rows {
		widths = append(widths, make([]int, max(len(row)-len(widths), 0))...)
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var line []byte
	for row := range rows {
		line = line[:0]
		for i, cell := range row {
			blanks := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line = append(append(append(line, "  "...), cell...), blanks...)
				continue
			}
			line = append(append(append(line, "  "...), blanks...), cell...)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return
		}
	}
}
