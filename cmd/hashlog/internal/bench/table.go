package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"hashlog/analyze/units"
)

// measure is the unit of a figure.
type measure string

const times measure = "x"

// write returns a value with its unit.
func (u measure) write(value float64) string {
	if u == times {
		return digits(value) + string(u)
	}
	return digits(value) + " " + string(u)
}

// digits returns a value with three digits, or all digits before the point.
func digits(value float64) string {
	if math.Abs(value) >= 1000 {
		return fmt.Sprintf("%.0f", value)
	}
	return fmt.Sprintf("%.3g", value)
}

// verdict compares a figure with its limit.
type verdict string

const (
	aimMet    verdict = "yes, aim met"
	barMet    verdict = "yes"
	barMissed verdict = "NO"
	unasked   verdict = "–"
	skipped   verdict = "skipped"
)

// judge compares a value with the limit.
func (l limit) judge(value float64) verdict {
	meets := func(what float64) bool { return value <= what && !l.higher || value >= what && l.higher }
	switch {
	case l == limit{}:
		return unasked
	case l.aim != 0 && meets(l.aim):
		return aimMet
	case meets(l.bar):
		return barMet
	}
	return barMissed
}

// write returns one side of a limit, "–" if there is none.
func (l limit) write(value float64, u measure) string {
	switch {
	case value == 0:
		return "–"
	case l.higher:
		return "≥ " + u.write(value)
	}
	return "≤ " + u.write(value)
}

// outcome is a row, measured or skipped.
type outcome struct {
	row
	figure  figure
	samples map[string][]sample // by command
	verdict verdict
	note    string // why it was skipped
}

// outcome returns the row as measured, or as skipped for the reason in note.
func (r row) outcome(of *results, note string) outcome {
	out := outcome{row: r, verdict: skipped, note: note}
	if note != "" {
		return out
	}
	var err error
	if out.figure, err = r.metric.figure(of); err != nil {
		out.note = err.Error()
		return out
	}
	out.verdict, out.samples = r.limit.judge(out.figure.value), make(map[string][]sample)
	for _, name := range r.metric.commands {
		out.samples[name] = of.samples[name]
	}
	return out
}

// missed reports whether the bar was missed.
func missed(outcomes []outcome) bool {
	return slices.ContainsFunc(outcomes, func(o outcome) bool { return o.verdict == barMissed })
}

// cells returns the row's text.
func (o outcome) cells() []string {
	bar, aim := o.limit.write(o.limit.bar, o.unit), o.limit.write(o.limit.aim, o.unit)
	if o.verdict == skipped {
		return []string{o.what, "–", bar, aim, string(skipped), "", ""}
	}
	spread := digits(o.figure.min) + " to " + o.unit.write(o.figure.max)
	return []string{o.what, o.unit.write(o.figure.value), bar, aim, string(o.verdict), spread, o.figure.from}
}

// table returns the rows as an aligned Markdown table, and the reasons for skipped rows.
func table(outcomes []outcome) string {
	rows := [][]string{{"what", "measured", "bar", "aim", "ok?", "spread", "medians"}}
	for _, o := range outcomes {
		rows = append(rows, o.cells())
	}
	widths := make([]int, len(rows[0]))
	for _, cells := range rows {
		for i, cell := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var out strings.Builder
	for i, cells := range rows {
		writeLine(&out, cells, widths, " ")
		if i == 0 {
			writeLine(&out, make([]string, len(widths)), widths, "-")
		}
	}
	for _, o := range outcomes {
		if o.verdict == skipped {
			fmt.Fprintf(&out, "\nskipped: %s: %s", o.key, o.note)
		}
		if cold := o.diskBytes(); cold > muchDisk {
			fmt.Fprintf(&out, "\nnot all in the page cache: %s: a run read %s from disk", o.key, units.FormatBytes(cold))
		}
	}
	return strings.TrimSuffix(out.String(), "\n") + "\n"
}

// muchDisk is the bytes that a process may read from disk while its logs count as cached.
const muchDisk = 16 << 20

// diskBytes returns the most bytes that a run read from disk.
func (o outcome) diskBytes() (most int64) {
	for _, samples := range o.samples {
		for _, s := range samples {
			most = max(most, s.Disk)
		}
	}
	return most
}

// writeLine writes a row of cells, filled up to their widths.
func writeLine(out *strings.Builder, cells []string, widths []int, fill string) {
	for i, cell := range cells {
		out.WriteString("|" + fill + cell + strings.Repeat(fill, widths[i]-utf8.RuneCountInString(cell)+1))
	}
	out.WriteString("|\n")
}

// MarshalJSON writes the row with every run behind it.
func (o outcome) MarshalJSON() ([]byte, error) {
	out := map[string]any{"key": o.key, "what": o.what, "unit": o.unit, "ok": o.verdict, "note": o.note}
	if o.verdict != skipped {
		out["measured"], out["min"], out["max"], out["runs"] = o.figure.value, o.figure.min, o.figure.max, o.samples
	}
	if o.limit != (limit{}) {
		out["bar"], out["aim"], out["higher_is_better"] = o.limit.bar, o.limit.aim, o.limit.higher
	}
	return json.Marshal(out)
}
