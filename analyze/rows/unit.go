package rows

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"hashlog/analyze"
)

// UnitError says that neither chunks nor bytes describe the demand of all rows of a CSV file: chunks differ in size, and one
// has none that is known.
type UnitError struct{}

func (*UnitError) Error() string {
	return "chunks differ in size, so the demand of the rows so far is in bytes, but the size of this record's chunks is unknown"
}

// checkUnit reports a row whose demand does not fit in with that of the rows before it.
func (w *Writer) checkUnit(s analyze.RowSizes) error {
	if w.unlike && !s.Known && w.format == CSV {
		return &UnitError{}
	}
	w.unlike = w.unlike || s.Unlike
	return nil
}

// inBytes returns a function that rewrites a file of rows whose demand, in a given column, is in chunks, all of one size, with demand
// in bytes.
func inBytes(size int64, column int) func(old io.Reader, to io.Writer) error {
	return func(old io.Reader, to io.Writer) error {
		in, out := bufio.NewReaderSize(old, 1<<16), bufio.NewWriterSize(to, 1<<16)
		var row, demand []byte
		for header := true; ; header = false {
			var err error
			if row, err = readRow(in, row[:0]); err != nil {
				return err
			}
			if len(row) == 0 {
				return out.Flush()
			}
			if !header {
				from, to := cellOf(row, column)
				if demand, err = appendInBytes(demand[:0], row[from:to], size); err != nil {
					return err
				}
				row = slices.Replace(row, from, to, demand...)
			}
			if _, err := out.Write(row); err != nil {
				return err
			}
		}
	}
}

// readRow appends the next row, with its line end, to buf. At the end there is none.
func readRow(in *bufio.Reader, buf []byte) ([]byte, error) {
	for quoted := false; ; {
		part, err := in.ReadSlice('\n')
		buf = append(buf, part...)
		quoted = quoted != (bytes.Count(part, []byte{'"'})%2 == 1)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(buf) == 0:
			return buf, nil
		case err != nil:
			return buf, fmt.Errorf("reading rows again: %w", err)
		case !quoted:
			return buf, nil
		}
	}
}

// cellOf returns where a cell of a row, with its line end, begins and ends.
func cellOf(row []byte, column int) (from, to int) {
	quoted := false
	for i, c := range row {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted || c != ',' && i < len(row)-1:
		case column > 0:
			from = i + 1
			column--
		default:
			return from, i
		}
	}
	return from, len(row)
}

// appendInBytes appends a cell of demand in chunks of a size as one in bytes, with single steps.
func appendInBytes(buf, cell []byte, size int64) ([]byte, error) {
	var before int64 // tokens of the step before
	for i, text := range bytes.Fields(cell) {
		s, err := parseStep(text)
		if err != nil {
			return buf, err
		}
		each := s.HitTokens - before
		for j := range s.Stairs {
			if i > 0 || j > 0 {
				buf = append(buf, ' ')
			}
			before = s.HitTokens + j*each
			buf = appendStep(buf, (s.Chunks+j)*size, before, 1)
		}
	}
	return buf, nil
}

// parseStep reads a step of a cell in chunks.
func parseStep(text []byte) (s analyze.Step, err error) {
	capacity, rest, _ := bytes.Cut(text, []byte{':'})
	tokens, stairs, several := bytes.Cut(rest, []byte{'*'})
	s.Stairs = 1
	numbers := []struct {
		text []byte
		to   *int64
	}{{capacity, &s.Chunks}, {tokens, &s.HitTokens}, {stairs, &s.Stairs}}
	if !several {
		numbers = numbers[:2]
	}
	for _, n := range numbers {
		if *n.to, err = strconv.ParseInt(string(n.text), 10, 64); err != nil {
			return s, fmt.Errorf("step %q: %w", text, err)
		}
	}
	return s, nil
}
