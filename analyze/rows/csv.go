package rows

import (
	"bytes"
	"strconv"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/internal/cell"
)

// csvEncoder writes rows as CSV.
type csvEncoder struct {
	out     Output
	columns Columns
	buf     []byte
	flushed bool  // something has been written to out
	inBytes bool  // demand is in bytes
	size    int64 // bytes of each chunk in the rows so far; 0 if unknown. Not used once demand is in bytes
}

func newCSVEncoder(out Output, columns Columns) *csvEncoder {
	return &csvEncoder{out: out, columns: columns, buf: []byte(strings.Join(columns.names(), ",") + "\n")}
}

func (c *csvEncoder) add(rows []analyze.Row) error {
	for i := range rows {
		if err := c.follow(rows[i].Sizes); err != nil {
			return err
		}
		c.row(&rows[i])
		if len(c.buf) >= 1<<16 {
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow changes the unit of demand when chunks begin to differ in size.
func (c *csvEncoder) follow(s analyze.RowSizes) error {
	if c.inBytes || !s.Unlike {
		c.size = s.One
		return nil
	}
	c.inBytes = true
	if c.flushed {
		if err := c.flush(); err != nil {
			return err
		}
		return c.out.Rewrite(inBytes(c.size, c.columns.demand()))
	}
	var out bytes.Buffer
	err := inBytes(c.size, c.columns.demand())(bytes.NewReader(c.buf), &out)
	c.buf = out.Bytes()
	return err
}

func (c *csvEncoder) row(r *analyze.Row) {
	c.buf = strconv.AppendFloat(c.buf, r.Timestamp, 'f', -1, 64)
	c.buf = append(c.buf, ',')
	c.buf = append(appendText(c.buf, r.RequestID), ',')
	c.buf = append(appendText(c.buf, []byte(r.Model)), ',')
	c.buf = append(appendText(c.buf, []byte(r.Source)), ',')
	for _, n := range [...]int64{r.SeqLen, r.Chunks, r.Turn, r.TailTokens, r.ColdTokens} {
		c.buf = append(strconv.AppendInt(c.buf, n, 10), ',')
	}
	for _, n := range r.Hits {
		c.buf = append(strconv.AppendInt(c.buf, n, 10), ',')
	}
	for i, s := range r.Demand {
		if i > 0 {
			c.buf = append(c.buf, ' ')
		}
		if c.inBytes {
			s.Chunks = s.Bytes
		}
		c.buf = appendStep(c.buf, s.Chunks, s.HitTokens, s.Stairs)
	}
	if c.columns.Node {
		c.buf = appendText(append(c.buf, ','), []byte(r.Node))
	}
	c.buf = append(c.buf, ',')
	if r.HasCachedTokens {
		c.buf = strconv.AppendInt(c.buf, r.CachedTokens, 10)
	}
	c.buf = append(c.buf, '\n')
}

// appendStep appends a step in the form of a cell.
func appendStep(buf []byte, capacity, tokens, stairs int64) []byte {
	buf = strconv.AppendInt(buf, capacity, 10)
	buf = append(buf, ':')
	buf = strconv.AppendInt(buf, tokens, 10)
	if stairs > 1 {
		buf = append(buf, '*')
		buf = strconv.AppendInt(buf, stairs, 10)
	}
	return buf
}

// appendText appends a cell of text, made inert if a spreadsheet would run it, and quoted where RFC 4180 requires it.
func appendText(buf, text []byte) []byte {
	quoted := bytes.ContainsAny(text, "\",\r\n")
	if quoted {
		buf = append(buf, '"')
	}
	if cell.Formula(text) {
		buf = append(buf, '\'')
	}
	if !quoted {
		return append(buf, text...)
	}
	for _, b := range text {
		if b == '"' {
			buf = append(buf, '"')
		}
		buf = append(buf, b)
	}
	return append(buf, '"')
}

func (c *csvEncoder) flush() error {
	_, err := c.out.Write(c.buf)
	c.buf, c.flushed = c.buf[:0], true
	return err
}

func (c *csvEncoder) end() error { return c.flush() }

func (c *csvEncoder) units() []string {
	if c.inBytes {
		return []string{"bytes"}
	}
	return []string{"chunks"}
}
