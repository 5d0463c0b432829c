package page

import (
	"fmt"
	"strconv"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// table is a table of the page.
type table struct {
	ID, Caption string
	Heads       []head
	Rows        [][]cell
	Note        string // below it
}

// head is the head of a column. Those of numbers are aligned to the right.
type head struct {
	Text   string
	Number bool
}

// cell is a cell: its text, and the value by which it sorts and that a CSV holds; "" if that is the text.
type cell struct{ Text, Value string }

func textHead(s string) head   { return head{Text: s} }
func numberHead(s string) head { return head{s, true} }

func countCell(n int64) cell { return cell{units.Comma(n), strconv.FormatInt(n, 10)} }

// shareCell shows a share as a percentage and holds the fraction.
func shareCell(part, whole int64) cell {
	return cell{percent(part, whole), fraction(analyze.Rate(part, whole))}
}

func rateCell(rate float64) cell { return cell{percentOf(rate), fraction(rate)} }

func fraction(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// sizeHeads are the heads of sizeCells.
func (f *facts) sizeHeads() []head {
	if f.data.Unit == "bytes" && f.data.HasChunks {
		return []head{numberHead("capacity"), numberHead("chunks")}
	}
	return []head{numberHead("capacity")}
}

// sizeCells shows a capacity and, where that is in bytes and chunks are alike, its number of chunks.
func (f *facts) sizeCells(s analyze.Size) []cell {
	if len(f.sizeHeads()) == 1 {
		return []cell{sizeCell(s)}
	}
	chunks := cell{Text: "–"}
	if s.Chunks != nil {
		chunks = countCell(*s.Chunks)
	}
	return []cell{sizeCell(s), chunks}
}

// sizeCell shows a capacity in bytes if they are known.
func sizeCell(s analyze.Size) cell {
	switch {
	case s.Bytes != nil:
		return cell{sizeText(s), strconv.FormatInt(*s.Bytes, 10)}
	case s.Chunks != nil:
		return cell{sizeText(s), strconv.FormatInt(*s.Chunks, 10)}
	}
	return cell{sizeText(s), "inf"}
}

// capacitiesTable has a row for each capacity of the page.
func (f *facts) capacitiesTable() table {
	t := table{ID: "capacities", Caption: "Where the tokens go, by capacity",
		Heads: append(f.sizeHeads(), numberHead("hit"))}
	for _, k := range f.data.Kinds {
		t.Heads = append(t.Heads, numberHead(k.Name))
	}
	t.Heads = append(t.Heads, numberHead("hit tokens"))
	for _, c := range f.data.Capacities {
		row := append(f.sizeCells(analyze.Size{Bytes: c.Bytes, Chunks: c.Chunks}), shareCell(c.Hits, f.data.TotalTokens))
		for i := range f.data.Kinds {
			row = append(row, shareCell(c.Misses[i], f.data.TotalTokens))
		}
		t.Rows = append(t.Rows, append(row, countCell(c.Hits)))
	}
	return t
}

// curveTable has a row for each capacity of the curve.
func (f *facts) curveTable() table {
	t := table{ID: "curve", Caption: "Hit rate at every capacity of the curve",
		Heads: append(f.sizeHeads(), numberHead("token hit rate"), numberHead("hit tokens"), numberHead("missed for capacity"))}
	for i, at := range f.report.Table.Figures {
		if i == mostRows {
			t.Note = fmt.Sprintf("The first %d of %s capacities.", mostRows, units.Comma(int64(len(f.report.Table.Figures))))
			break
		}
		t.Rows = append(t.Rows, append(f.sizeCells(f.report.Table.Sizes[i]), shareCell(at.HitTokens, at.TotalTokens), countCell(at.HitTokens), countCell(at.Miss.Capacity)))
	}
	return t
}

// mostRows is the most rows of a table.
const mostRows = 400

// divisionTable has a row for each class of a dimension.
func (f *facts) divisionTable(d *division) table {
	t := table{ID: "classes-" + d.Dimension, Caption: "Token hit rate " + lowerFirst(divisionHeading(analyze.Dimension(d.Dimension))),
		Heads: []head{{Text: d.Dimension, Number: d.Dimension == string(analyze.ByLength)}, numberHead("requests"), numberHead("tokens"), numberHead("share of tokens")}}
	for _, c := range f.data.Capacities {
		t.Heads = append(t.Heads, numberHead(c.Label))
	}
	for i, name := range d.Classes {
		row := []cell{{Text: name}, countCell(d.Requests[i]), countCell(d.Tokens[i]), shareCell(d.Tokens[i], f.data.TotalTokens)}
		if d.Dimension == string(analyze.ByLength) || d.Dimension == string(analyze.ByTurn) {
			row[0].Value = name
		}
		for j := range f.data.Capacities {
			row = append(row, shareCell(d.Hits[j][i], d.Tokens[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	if d.Left > 0 {
		t.Note = fmt.Sprintf("The %d classes with the most tokens; %s more are left out.", len(d.Classes), units.Comma(d.Left))
	}
	return t
}

// lengthsTable has a row for each class of prompt lengths.
func (f *facts) lengthsTable() table {
	r := f.data.Requests
	d := division{Dimension: string(analyze.ByLength), Classes: r.Lengths, Tokens: r.Tokens, Hits: r.Hits}
	for _, l := range f.report.Requests.Lengths {
		d.Requests = append(d.Requests, l.Requests)
	}
	return f.divisionTable(&d)
}

func lowerFirst(s string) string { return string(s[0]|0x20) + s[1:] }

// comparedTable has a row for each cache at each capacity of a comparison.
func (f *facts) comparedTable() table {
	t := table{ID: "compared", Caption: "Caches side by side",
		Heads: []head{textHead("cache"), textHead("touch order"), numberHead("capacity"), numberHead("token hit rate"), numberHead("hit tokens")}}
	for _, at := range f.compared.Capacities {
		for _, c := range at.Caches {
			if len(t.Rows) == mostRows {
				t.Note = fmt.Sprintf("The first %d rows; caches.csv has all.", mostRows)
				return t
			}
			order := "–"
			if c.TouchOrder != nil {
				order = *c.TouchOrder
			}
			t.Rows = append(t.Rows, []cell{{Text: cleanName(c.Cache)}, {Text: cleanName(order)}, sizeCell(at.Size), shareCell(c.HitTokens, f.compared.TotalTokens), countCell(c.HitTokens)})
		}
	}
	return t
}

// inputTable says which records are in the figures.
func (f *facts) inputTable() table {
	in := f.report.Input
	t := table{ID: "input", Caption: "Records", Heads: []head{textHead("records"), numberHead("number"), textHead("what that means")}}
	for _, row := range []struct {
		what  string
		n     int64
		about string
	}{
		{"replayed", in.Requests, "in the figures, warm-up included"},
		{"filtered out", in.Filtered, "not asked for"},
		{"empty", in.Empty, "neither chunks nor tokens"},
		{"skipped", in.Skipped, "unreadable"},
		{"torn", in.Torn, "a last line that was being written"},
		{"late", in.Late, "replayed, but too late to be put in order"},
		{"damaged files", in.Damaged, "read only in part"},
	} {
		t.Rows = append(t.Rows, []cell{{Text: row.what}, countCell(row.n), {Text: row.about}})
	}
	return t
}
