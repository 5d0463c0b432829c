package page

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// data is what the script reads. Counts are lists by capacity, in the order of Capacities.
type data struct {
	Unit        string  `json:"unit"`       // of the curve: "bytes" or "chunks"
	HasChunks   bool    `json:"has_chunks"` // whether the curve's capacities are known in chunks too
	Exact       bool    `json:"exact"`      // whether the curve is exact; else it is known at its points alone
	TotalTokens int64   `json:"total_tokens"`
	CeilingHits int64   `json:"ceiling_hits"`
	Undated     bool    `json:"undated"` // whether times count from the beginning of the trace
	First       float64 `json:"first"`   // timestamp of the first request

	Capacities []capacity        `json:"capacities"` // rising, the unlimited one last
	Chosen     int               `json:"chosen"`     // the one to begin with
	Kinds      []kind            `json:"kinds"`
	Windows    *windows          `json:"windows"`
	Divisions  []division        `json:"divisions"`
	Requests   *requests         `json:"requests"`
	Tables     map[string]string `json:"tables"` // texts of CSV files, by section
}

// capacity is a capacity that the page can be read at.
type capacity struct {
	Label  string  `json:"label"`
	Bytes  *int64  `json:"bytes"` // both are nil if it is unlimited
	Chunks *int64  `json:"chunks"`
	Hits   int64   `json:"hits"`
	Misses []int64 `json:"misses"` // by kind
	Limit  limit   `json:"limit"`

	size units.Capacity
}

// division is a dimension with its classes.
type division struct {
	Dimension string    `json:"dimension"`
	Classes   []string  `json:"classes"`
	Requests  []int64   `json:"requests"`
	Tokens    []int64   `json:"tokens"`
	Ceiling   []int64   `json:"ceiling"` // hit tokens of an unlimited cache
	Hits      [][]int64 `json:"hits"`    // by capacity and class

	Left int64 `json:"left"` // classes left out
}

// requests are what single requests hit.
type requests struct {
	Lengths []string  `json:"lengths"`
	Tokens  []int64   `json:"tokens"` // by length
	Hits    [][]int64 `json:"hits"`   // by capacity and length
	Rates   [][]int64 `json:"rates"`  // requests, by capacity and class of the rate
}

// mostClasses is the most classes of a dimension that a page holds.
const mostClasses = 50

// dataOf returns the data of a report, without tables.
func dataOf(r *analyze.Report) *data {
	lines := distinctLines(r.Rolling)
	d := &data{Unit: "bytes", Exact: r.Table.Exact, CeilingHits: r.Ceiling.HitTokens, TotalTokens: totalTokens(r), Undated: r.Input.Period().Undated(), First: r.Input.FirstTimestamp}
	if math.IsInf(d.First, 0) || math.IsNaN(d.First) {
		d.First = 0
	}
	if r.Table.Unit == units.Chunks {
		d.Unit = "chunks"
	}
	d.HasChunks = d.Unit == "chunks" || !slices.ContainsFunc(r.Table.Sizes, func(s analyze.Size) bool { return s.Chunks == nil })
	d.Kinds = kindsOf(r.Curve.At(0).Miss)
	d.Windows = windowsOf(r.Rolling, lines, d.Kinds)
	for i, line := range lines {
		d.Capacities = append(d.Capacities, capacityAt(r.Rolling, line, d.Windows, i))
	}
	d.Chosen = chosen(d.Capacities)
	for _, of := range r.By {
		if of.Dimension != analyze.ByModel || of.Len() > 1 {
			d.Divisions = append(d.Divisions, divisionOf(of, r.Rolling, lines))
		}
	}
	d.Requests = requestsOf(r.Requests, lines)
	return d
}

func totalTokens(r *analyze.Report) int64 { return r.Curve.At(0).TotalTokens }

// distinctLines returns the indices of the lines of different capacities, rising.
func distinctLines(r *analyze.Rolling) (lines []int) {
	for i, c := range r.Lines {
		if slices.Index(r.Lines, c) == i {
			lines = append(lines, i)
		}
	}
	unit := units.Chunks
	if slices.ContainsFunc(r.Sizes, func(s analyze.Size) bool { return s.Bytes != nil }) {
		unit = units.Bytes
	}
	order := func(i int) int64 {
		switch size := r.Sizes[i].In(unit); {
		case r.Lines[i].Unit == units.Unlimited:
			return math.MaxInt64
		case size != nil:
			return *size
		}
		return r.Lines[i].N
	}
	slices.SortStableFunc(lines, func(a, b int) int { return cmp.Compare(order(a), order(b)) })
	return lines
}

// capacityAt sums up what a cache of a line's capacity does.
func capacityAt(r *analyze.Rolling, line int, w *windows, i int) capacity {
	c := capacity{Label: r.Lines[line].String(), Bytes: r.Sizes[line].Bytes, Chunks: r.Sizes[line].Chunks, Misses: make([]int64, len(w.Misses[i])), size: r.Lines[line]}
	c.Hits = sum(w.Hits[i])
	for k, list := range w.Misses[i] {
		c.Misses[k] = sum(list)
	}
	return c
}

func sum(list []int64) (n int64) {
	for _, v := range list {
		n += v
	}
	return n
}

// chosen returns the largest capacity that is not unlimited; 0 if there is none.
func chosen(list []capacity) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].size.Unit != units.Unlimited {
			return i
		}
	}
	return 0
}

func divisionOf(of *analyze.Division, r *analyze.Rolling, lines []int) division {
	shown := of.Largest(mostClasses)
	d := division{Dimension: string(of.Dimension), Hits: make([][]int64, len(lines)), Left: int64(of.Len() - len(shown))}
	for _, i := range shown {
		c := of.Class(i)
		d.Classes, d.Requests, d.Tokens, d.Ceiling = append(d.Classes, cleanName(c.Name)), append(d.Requests, c.Requests), append(d.Tokens, c.TotalTokens), append(d.Ceiling, *c.CeilingHitTokens)
		at := of.AtLines(i, r)
		for j, line := range lines {
			d.Hits[j] = append(d.Hits[j], at[line].HitTokens)
		}
	}
	return d
}

func requestsOf(r *analyze.Requests, lines []int) *requests {
	if r == nil || len(r.Lengths) == 0 {
		return nil
	}
	out := &requests{Hits: make([][]int64, len(lines))}
	for _, l := range r.Lengths {
		out.Lengths = append(out.Lengths, lengthName(l))
		out.Tokens = append(out.Tokens, l.TotalTokens)
		for j, line := range lines {
			out.Hits[j] = append(out.Hits[j], l.HitTokens[line])
		}
	}
	for _, line := range lines {
		out.Rates = append(out.Rates, r.Rates[line])
	}
	return out
}

// lengthName names a class of lengths as a division by length does.
func lengthName(l analyze.LengthRates) string {
	switch l.To {
	case l.From + 1:
		return fmt.Sprint(l.From)
	case math.MaxInt64:
		return fmt.Sprintf("%d+", l.From)
	}
	return fmt.Sprintf("%d-%d", l.From, l.To-1)
}

// json returns the data as JSON that can stand in a script element: "<", ">" and "&" are escaped.
func (d *data) json() (string, error) {
	text, err := json.Marshal(d)
	return string(text), err
}

// text renders a CSV file; "" if it has more than most bytes.
func text(most int, write func(io.Writer) error) (string, error) {
	b := &bounded{most: most}
	if err := write(b); err != nil && err != errTooLarge {
		return "", err
	}
	if b.full {
		return "", nil
	}
	return b.String(), nil
}

// bounded keeps what is written to it, unless it is too much.
type bounded struct {
	bytes.Buffer
	most int
	full bool
}

var errTooLarge = errors.New("too large for the page")

func (b *bounded) Write(p []byte) (int, error) {
	if b.full = b.full || b.Len()+len(p) > b.most; b.full {
		return 0, errTooLarge
	}
	return b.Buffer.Write(p)
}
