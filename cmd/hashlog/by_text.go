package main

import (
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
	"hashlog/log"
)

// mostClasses is the largest number of classes that the text shows.
const mostClasses = 30

// byText prints a table for each dimension: a row for each class and capacity, or for each class if there are no capacities.
func byText(w io.Writer, r *analyze.Report) {
	all := r.Curve.At(0).TotalTokens
	for _, d := range r.By {
		head := string(d.Dimension)
		if d.Dimension == analyze.ByHour {
			head += " (" + *r.Settings.TimeZone + ")"
		}
		fmt.Fprintln(w)
		divisionText(w, head, d, r.Results, all)
	}
}

// divisionText prints the classes of a dimension, the largest if there are many. all is the number of tokens of all classes.
func divisionText(w io.Writer, head string, d *analyze.Division, results []analyze.Result, all int64) {
	var t table.Table
	heads := []string{head, "requests", "tokens", "share", "ceiling"}
	if len(results) > 0 {
		misses := missHeads(results[0].MissTokens)
		misses[0] = "missed: " + misses[0]
		heads = append(append(heads, "capacity", "token hit rate"), misses...)
	}
	t.Row(heads...)
	rest := all
	shown := d.Largest(mostClasses)
	for _, i := range shown {
		c := d.Class(i)
		rest -= c.TotalTokens
		classRows(&t, c, results, all)
	}
	t.Write(w)
	if more := d.Len() - len(shown); more > 0 {
		fmt.Fprintf(w, "  … and %s more: %s of all tokens\n", units.Comma(int64(more)), share(rest, all))
	}
}

// classRows adds a row for each capacity. What is the same in all of them stands in the first.
func classRows(t *table.Table, c analyze.Class, results []analyze.Result, all int64) {
	cells := []string{log.Quoted(c.Name), units.Comma(c.Requests), units.Comma(c.TotalTokens), share(c.TotalTokens, all), orDash(c.CeilingHitTokens, func(n int64) string { return share(n, c.TotalTokens) })}
	if len(results) == 0 {
		t.Row(cells...)
	}
	for i, at := range c.Results {
		capacity, _ := capacityCells(results[i])
		row := append(cells, capacity, units.FormatPercent(at.TokenHitRate))
		row = append(row, missCells(at.MissTokens, c.TotalTokens)...)
		for j := len(cells) + 1; at.Unknown && j < len(row); j++ {
			row[j] = "–"
		}
		t.Row(row...)
		cells = make([]string, len(cells))
	}
}
