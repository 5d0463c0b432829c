package analyze

import (
	"io"

	"hashlog/analyze/internal/cell"
)

// WriteByCSV writes the classes in long form: a header and one row per class and capacity of the report's table. Rates are
// fractions; an unknown capacity or figure is an empty cell. If chunks expire, there is a column for expired tokens, and if they must be
// admitted, one for the tokens of those that weren't; with a match unit, one for unaligned tokens.
func WriteByCSV(w io.Writer, r *Report) error { return writeClasses(w, r.Table, r.By) }

// WriteModelsCSV writes the models of Report.Models as WriteByCSV does classes.
func WriteModelsCSV(w io.Writer, r *Report) error {
	return writeClasses(w, r.Table, Breakdown{r.Models})
}

func writeClasses(w io.Writer, t *Table, b Breakdown) error {
	out := csvWriter{w: w}
	out.header("dimension,class,capacity_bytes,capacity_chunks,requests,hit_tokens,total_tokens,token_hit_rate,ceiling_hit_tokens," + missColumns(t.misses()) + ",capacity_label" + lastMissColumn(t.misses()))
	for _, d := range b {
		for i := range d.Len() {
			if err := out.class(d, i); err != nil {
				return err
			}
		}
	}
	return out.flush()
}

// class writes the rows of a class.
func (c *csvWriter) class(d *Division, i int) error {
	class := d.Class(i)
	for j, at := range d.Table(i) {
		c.text(string(class.Dimension))
		c.name(class.Name)
		c.size(Size{at.CapacityBytes, at.CapacityChunks})
		c.integers(class.Requests)
		c.numbers(at.Unknown, func() { c.integers(at.HitTokens) })
		c.integers(class.TotalTokens)
		c.numbers(at.Unknown, func() { c.fractions(at.TokenHitRate) })
		c.known(class.CeilingHitTokens)
		c.numbers(at.Unknown, func() { c.misses(at.MissTokens) })
		c.label(d.grid[j].Capacity)
		c.numbers(at.Unknown, func() { c.lastMiss(at.MissTokens) })
		if err := c.end(); err != nil {
			return err
		}
	}
	return nil
}

// name writes a cell of text from a log. A spreadsheet would run one that begins like a formula, so an apostrophe is put before
// it.
func (c *csvWriter) name(s string) {
	if cell.Formula(s) {
		s = "'" + s
	}
	c.text(s)
}

// ByCSVSize returns how many rows WriteByCSV would write, and how many bytes, estimated from up to three classes of each
// dimension.
func ByCSVSize(r *Report) (rows, bytes int64) { return classesSize(r.By) }

// ModelsCSVSize is ByCSVSize for WriteModelsCSV.
func ModelsCSVSize(r *Report) (rows, bytes int64) {
	if r.Models == nil {
		return 0, 0
	}
	return classesSize(Breakdown{r.Models})
}

func classesSize(b Breakdown) (rows, bytes int64) {
	for _, d := range b {
		n := d.Len()
		rows += int64(n) * int64(len(d.grid))
		var sample byteCount
		out := csvWriter{w: &sample}
		for _, i := range []int{0, n / 2, n - 1} {
			_ = out.class(d, i) // a byteCount doesn't fail
		}
		_ = out.flush()
		bytes += int64(float64(sample) / 3 * float64(n))
	}
	return rows, bytes
}
