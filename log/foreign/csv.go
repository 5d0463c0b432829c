package foreign

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"hashlog/log"
)

// CSV joins the lines of one file of comma-separated values into records.
type CSV struct {
	feed   feeder
	reader *csv.Reader
	column [columnCount]int // position of each, −1 if it is missing
	begun  bool             // the header has been read
	open   *request         // not yet complete; nil before the first row and after the end
}

type column int

const (
	columnTime column = iota
	columnKey
	columnSize
	columnRequest
	columnCount
)

// columnNames are the names of columns in lower case.
var columnNames = [columnCount][]string{{"time", "timestamp"}, {"key"}, {"size"}, {"request", "request_id"}}

func (c column) String() string { return columnNames[c][0] }

// NewCSV returns a CSV that has read nothing.
func NewCSV() *CSV {
	c := &CSV{}
	c.reader = csv.NewReader(&c.feed)
	c.reader.FieldsPerRecord = -1
	c.reader.ReuseRecord = true
	for i := range c.column {
		c.column[i] = -1
	}
	return c
}

// feeder gives the CSV reader one line, then an end, then the next line, and so on.
type feeder struct{ rest []byte }

func (f *feeder) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// HeaderError reports a first row that lacks a required column.
type HeaderError struct{ why string }

func (e *HeaderError) Error() string {
	return e.why + `: the first row must name the columns: "time" and "key", optionally "size" and "request"`
}

// Add takes the next line. It returns the request before if this line completes it. It
// returns an error if the line is not a row: a *HeaderError for the first line, else one that
// leaves the current request open. Further rows of a bad request are ignored.
func (c *CSV) Add(line []byte, number int64) (done *Request, err error) {
	if !c.begun {
		c.begun = true
		return nil, c.header(line)
	}
	fields, err := c.split(line)
	if err != nil {
		return nil, err
	}
	r, err := c.row(fields)
	if c.open != nil && (r.request == "" || r.request != c.open.Record.RequestID) {
		done = c.End()
	}
	if c.open == nil {
		record := log.Record{Timestamp: r.time, RequestID: r.request, ChunkSize: 1}
		c.open = &request{Request: Request{Record: record, Line: number}, size: r.size}
	}
	c.open.add(r, number, err)
	return done, nil
}

// End returns the last request, nil if there is none.
func (c *CSV) End() *Request {
	r := c.open
	c.open = nil
	if r == nil {
		return nil
	}
	if r.size > 0 {
		r.Record.DTypes, r.Record.Shapes = []string{"uint8"}, [][]int64{{r.size}}
	}
	r.Record.SeqLen = int64(len(r.Record.ChunkHashes))
	return &r.Request
}

// split splits a line. The fields are valid until the next call.
func (c *CSV) split(line []byte) ([]string, error) {
	c.feed.rest = line
	fields, err := c.reader.Read()
	c.feed.rest = nil
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		return nil, fmt.Errorf("not CSV: %w at byte %d", parse.Err, parse.Column)
	}
	if err == io.EOF { // nothing but a line end is left to it
		return nil, errors.New("not CSV: no fields")
	}
	if err != nil {
		return nil, err
	}
	for of, at := range c.column {
		if at >= len(fields) {
			return nil, fmt.Errorf("has %s, none for %s", count(int64(len(fields)), "field"), column(of))
		}
	}
	return fields, nil
}

// header reads the first row.
func (c *CSV) header(line []byte) error {
	const byteOrderMark = "\ufeff"
	fields, err := c.split([]byte(strings.TrimPrefix(string(line), byteOrderMark)))
	if err != nil {
		return &HeaderError{err.Error()}
	}
	for at, field := range fields {
		name := strings.ToLower(strings.TrimSpace(field))
		for i, names := range columnNames {
			if name != names[0] && name != names[len(names)-1] {
				continue
			}
			if c.column[i] >= 0 {
				return &HeaderError{fmt.Sprintf("two columns for %s", column(i))}
			}
			c.column[i] = at
		}
	}
	for _, needed := range []column{columnTime, columnKey} {
		if c.column[needed] < 0 {
			return &HeaderError{fmt.Sprintf("no column %q in %s", needed, log.Excerpt(line))}
		}
	}
	return nil
}

// csvRow is a row.
type csvRow struct {
	time    float64 // seconds
	request string
	key     string
	size    int64 // bytes; 0: unknown
}

// field returns the cell of a column, "" if there is no such column or cell.
func (c *CSV) field(fields []string, of column) string {
	if at := c.column[of]; at >= 0 && at < len(fields) {
		return fields[at]
	}
	return ""
}

// row reads the fields of a row. The request is valid even with an error.
func (c *CSV) row(fields []string) (r csvRow, err error) {
	r.request = strings.Clone(c.field(fields, columnRequest))
	at := c.field(fields, columnTime)
	if r.time, err = strconv.ParseFloat(strings.TrimSpace(at), 64); err != nil || math.IsInf(r.time, 0) || math.IsNaN(r.time) {
		return r, fmt.Errorf("time must be a number of seconds, is %s", excerpt(at))
	}
	if err := log.CheckTimestamp(columnTime.String(), r.time); err != nil {
		return r, err
	}
	key := c.field(fields, columnKey)
	if key == "" || !utf8.ValidString(key) {
		return r, fmt.Errorf("key must be text in UTF-8, is %s", excerpt(key))
	}
	r.key = strings.Clone(key)
	if size := strings.TrimSpace(c.field(fields, columnSize)); size != "" {
		if r.size, err = strconv.ParseInt(size, 10, 64); err != nil || r.size < 1 {
			return r, fmt.Errorf("size must be an integer from 1 to 2^63-1, is %s", excerpt(size))
		}
	}
	return r, nil
}

func excerpt(cell string) string {
	if cell == "" {
		return "empty"
	}
	return log.Excerpt([]byte(cell))
}
