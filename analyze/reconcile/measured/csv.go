package measured

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
)

// csvColumns are the columns of a CSV. It may have others.
var csvColumns = [3]string{"time", "hit_tokens", "requested_tokens"}

// A csvRow is one row of a CSV.
type csvRow struct {
	time, hit, requested float64
}

// readCSV makes a series of a CSV.
//
// A row of counters ends a window, which the row before begins. A row of deltas is a window by itself: it ends at the row's time
// and begins at that of the row before. The first one, and one behind a gap, is as long as windows usually are.
func readCSV(f file, form Form) (*Series, error) {
	rows, err := csvRows(f)
	if err != nil {
		return nil, err
	}
	s := &Series{Metric: "hit_tokens / requested_tokens"}
	hit, requested := columns(rows)
	for _, column := range []*counter{hit, requested} {
		if err := checkUnit([]*counter{column}); err != nil {
			return nil, err
		}
	}
	fall := checkFalls([]*counter{hit})
	if fall == nil {
		fall = checkFalls([]*counter{requested})
	}
	if form == AnyForm {
		if err := checkSameForm(f.name, hit, requested); err != nil {
			return nil, err
		}
		if form, err = findForm(f.name, requested, fall); err != nil {
			return nil, err
		}
		s.Notes = append(s.Notes, map[Form]string{
			Counters: "The rows never fall, but for restarts: they are read as counters.",
			Deltas:   "The rows rise and fall: each is read as what was counted since the one before.",
		}[form])
	}
	if form == Counters {
		if fall != nil {
			return nil, fall
		}
		return s, sumWindows(s, []*counter{hit}, []*counter{requested})
	}
	if len(rows) == 1 {
		return nil, fmt.Errorf("%s: 1 row doesn't say how long it counts for", log.Quoted(f.name))
	}
	s.deltas(rows)
	return s, s.checkTotal()
}

// findForm tells counters from deltas: counters grow, and hardly ever fall. Deltas of a server with little to do fall to 0, as
// counters do that begin again, but often.
func findForm(file string, requested *counter, fall error) (Form, error) {
	const enough = 4 // of as many deltas that have nothing to do with each other, one in 24 rises all the way
	n := len(requested.samples)
	first, last := requested.samples[0].value, requested.samples[n-1].value
	if _, resets := requested.growths(); fall != nil || resets > max(1, n/8) || first == last && first > 0 {
		return Deltas, nil
	}
	if n < enough {
		return AnyForm, &FormError{file, n}
	}
	return Counters, nil
}

// columns returns both columns as counters.
func columns(rows []csvRow) (hit, requested *counter) {
	hit, requested = &counter{name: csvColumns[1]}, &counter{name: csvColumns[2]}
	for _, r := range rows {
		hit.samples = append(hit.samples, sample{r.time, r.hit})
		requested.samples = append(requested.samples, sample{r.time, r.requested})
	}
	return hit, requested
}

// checkSameForm returns a [*FormError] if one column falls as no counter does, and the other one grows as deltas hardly do: without a
// fall in this many rows. One of them may be a gauge.
func checkSameForm(file string, hit, requested *counter) error {
	const enough = 8
	if len(hit.samples) < enough {
		return nil
	}
	for _, pair := range [][2]*counter{{hit, requested}, {requested, hit}} {
		if checkFalls(pair[:1]) != nil && pair[1].grows() {
			return fmt.Errorf("%s falls as no counter does, but %s never falls: %w", pair[0].name, pair[1].name, &FormError{file, len(hit.samples)})
		}
	}
	return nil
}

// deltas makes each row a window.
func (s *Series) deltas(rows []csvRow) {
	var times []float64
	for _, r := range rows {
		times = append(times, r.time)
	}
	step, gaps := stepOf(times), 0
	start := rows[0].time - step
	for _, r := range rows {
		if r.time-start > gapFrom*step {
			start = r.time - step
			gaps++
		}
		s.Windows = append(s.Windows, Window{start, r.time, r.hit, r.requested})
		start = r.time
	}
	usual := units.FormatSpan(step)
	s.note(gaps, "row comes after a gap: it counts for the "+usual+" before it.",
		"rows come after gaps: each counts for the "+usual+" before it.")
}

// csvRows reads the rows of a CSV, at least one, in order of time. Rows without one of the values are left out.
func csvRows(f file) (rows []csvRow, err error) {
	in := csv.NewReader(bytes.NewReader(f.data))
	in.TrimLeadingSpace = true
	header, err := in.Read()
	at := [3]int{}
	if err == nil {
		at, err = csvColumnsOf(header)
	}
	line := 1
	for err == nil {
		var record []string
		if record, err = in.Read(); err == nil {
			line, _ = in.FieldPos(0)
			rows, err = addRow(rows, record, at)
		}
	}
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		line, err = parse.Line, parse.Err
	}
	if err != io.EOF {
		return nil, &SyntaxError{f.name, line, err}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no rows", log.Quoted(f.name))
	}
	return rows, nil
}

// csvColumnsOf returns where the columns are.
func csvColumnsOf(header []string) (at [3]int, err error) {
	for i, column := range csvColumns {
		if at[i] = slices.Index(header, column); at[i] < 0 {
			return at, fmt.Errorf("no column %s: found %s; accepted are the columns %s, or the JSON of Prometheus' query_range",
				column, list(header), list(csvColumns[:]))
		}
	}
	return at, nil
}

// addRow adds a row to those before it.
func addRow(rows []csvRow, record []string, at [3]int) ([]csvRow, error) {
	var values [3]float64
	for i, column := range csvColumns {
		text := strings.TrimSpace(record[at[i]])
		if i > 0 && (text == "" || strings.EqualFold(text, "nan")) {
			return rows, nil
		}
		var err error
		if i == 0 {
			values[i], err = units.ParseTime(text)
		} else if values[i], err = strconv.ParseFloat(text, 64); err != nil {
			err = fmt.Errorf("%s %q: must be a number of tokens", column, text)
		}
		if err != nil {
			return rows, err
		}
	}
	row := csvRow{values[0], values[1], values[2]}
	for i, value := range []float64{row.hit, row.requested} {
		if err := checkSample(sample{row.time, value}); err != nil {
			return rows, fmt.Errorf("%s: %w", csvColumns[1+i], err)
		}
	}
	if len(rows) > 0 && row.time <= rows[len(rows)-1].time {
		return rows, fmt.Errorf("time %s is not behind that of the row before", record[at[0]])
	}
	return append(rows, row), nil
}
