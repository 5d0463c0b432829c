package analyze

import (
	"io"
	"strconv"
	"strings"

	"hashlog/analyze/units"
)

// WriteCapacityCSV writes a table: a header and one row per capacity. Rates are fractions; an unknown number is an empty
// cell. If chunks expire, there is a column for expired tokens; if they must be admitted, one for the tokens of those
// that weren't; and if the cache evicts in batches, one for the token hit rate of a plain LRU. If there is a largest capacity, the cells
// of cold and capacity misses are empty, and the last column has their sum.
func WriteCapacityCSV(w io.Writer, t *Table) error {
	out := csvWriter{w: w}
	names := "capacity_bytes,capacity_chunks,hit_tokens,total_tokens,token_hit_rate,chunk_hit_rate,cacheable_token_hit_rate," + missColumns(t.misses())
	if t.LRU != nil {
		names += ",lru_token_hit_rate"
	}
	out.header(names + ",capacity_label,evictions,bytes_written" + lastMissColumn(t.misses()))
	for i, f := range t.Figures {
		out.size(t.Sizes[i])
		out.integers(f.HitTokens, f.TotalTokens)
		out.fractions(f.TokenHitRate(), f.ChunkHitRate(), f.CacheableTokenHitRate())
		out.misses(f.Miss)
		if t.LRU != nil {
			out.fractions(t.LRU[i].TokenHitRate())
		}
		out.label(units.Capacity{N: t.Capacities[i], Unit: t.Unit})
		out.known(t.Evictions[i])
		out.known(t.BytesWritten[i])
		out.lastMiss(f.Miss)
		if err := out.end(); err != nil {
			return err
		}
	}
	return out.flush()
}

// misses returns the misses at one capacity, which tell what kinds there are.
func (t *Table) misses() (m MissTokens) {
	if len(t.Figures) > 0 {
		m = t.Figures[0].Miss
	}
	return m
}

// missColumns returns the names of the cells that misses writes.
func missColumns(m MissTokens) string {
	names := "tail_tokens,cold_tokens,capacity_miss_tokens,broken_prefix_tokens"
	if m.Expired != nil {
		names += ",expired_tokens"
	}
	if m.NotAdmitted != nil {
		names += ",not_admitted_tokens"
	}
	if m.Unaligned != nil {
		names += ",unaligned_tokens"
	}
	return names
}

// lastMissColumn returns the name of the cell that lastMiss writes, after a comma; "" if it writes none.
func lastMissColumn(m MissTokens) string {
	if m.ColdOrCapacity == nil {
		return ""
	}
	return ",cold_or_capacity_tokens"
}

// lastMiss writes the cell of a kind of miss that stands at the end of a row.
func (c *csvWriter) lastMiss(m MissTokens) {
	if m.ColdOrCapacity != nil {
		c.integers(*m.ColdOrCapacity)
	}
}

// misses writes a cell for each kind of miss but the last one.
func (c *csvWriter) misses(m MissTokens) {
	c.integers(m.Tail)
	if m.ColdOrCapacity != nil {
		c.empty(2)
	} else {
		c.integers(m.Cold, m.Capacity)
	}
	c.integers(m.BrokenPrefix)
	if m.Expired != nil {
		c.integers(*m.Expired)
	}
	if m.NotAdmitted != nil {
		c.integers(*m.NotAdmitted)
	}
	if m.Unaligned != nil {
		c.integers(*m.Unaligned)
	}
}

// WriteRollingCSV writes the windows in long form: a header and one row per window and capacity. Times are Unix seconds;
// the cumulative rate covers all windows up to this one. Both capacity cells are empty for an unlimited cache.
func WriteRollingCSV(w io.Writer, r *Rolling) error {
	out := csvWriter{w: w}
	out.header("window_start,window_end,capacity_bytes,capacity_chunks,requests,hit_tokens,total_tokens,token_hit_rate,cumulative_token_hit_rate," +
		"capacity_label,chunk_lookups," + missColumns(r.misses()) + lastMissColumn(r.misses()))
	sums := make([]int64, len(r.Lines))
	var total int64
	var hits []int64
	var misses []MissTokens
	for w := range r.Windows {
		win := &r.Windows[w]
		hits, misses = win.Hits(hits), win.Misses(misses)
		total += win.TotalTokens
		for i, size := range r.Sizes {
			sums[i] += hits[i]
			out.fractions(win.Start, win.End)
			out.size(size)
			out.integers(win.Requests, hits[i], win.TotalTokens)
			out.fractions(Rate(hits[i], win.TotalTokens), Rate(sums[i], total))
			out.label(r.Lines[i])
			out.integers(win.ChunkLookups)
			out.misses(misses[i])
			out.lastMiss(misses[i])
			if err := out.end(); err != nil {
				return err
			}
		}
	}
	return out.flush()
}

// misses returns the misses of one window at one line, which tell what kinds there are.
func (r *Rolling) misses() (m MissTokens) {
	if len(r.Windows) > 0 && len(r.Lines) > 0 {
		m = r.Windows[0].Misses(nil)[0]
	}
	return m
}

// RollingCSVSize returns how many rows WriteRollingCSV would write, and how many bytes, estimated from up to three windows.
func RollingCSVSize(r *Rolling) (rows, bytes int64) {
	n := len(r.Windows)
	if n == 0 {
		return 0, 0
	}
	var sample byteCount
	for _, i := range []int{0, n / 2, n - 1} {
		_ = WriteRollingCSV(&sample, &Rolling{Lines: r.Lines, Sizes: r.Sizes, Windows: r.Windows[i : i+1]}) // a byteCount doesn't fail
	}
	return int64(n) * int64(len(r.Lines)), int64(float64(sample) / 3 * float64(n))
}

// byteCount counts the bytes written to it.
type byteCount int64

func (c *byteCount) Write(p []byte) (int, error) {
	*c += byteCount(len(p))
	return len(p), nil
}

// WriteTiersCSV writes, in long form, what each tier served and what was written to it: a header and one row per window and
// tier. Times are Unix seconds; rates are fractions; byte cells are empty if a chunk size is unknown, those of bytes moved down for
// inclusive tiers too.
func WriteTiersCSV(w io.Writer, r *Report) error {
	out := csvWriter{w: w}
	out.header("window_start,window_end,tier,capacity_bytes,capacity_chunks,requests,tokens,total_tokens,token_hit_rate,bytes,bytes_per_second,bytes_written,write_bytes_per_second,capacity_label,bytes_moved_down")
	for _, win := range r.TierWindows {
		for i, tier := range r.Tiers {
			out.fractions(win.Start, win.End)
			out.text(tier.Name)
			out.size(Size{tier.CapacityBytes, tier.CapacityChunks})
			out.integers(win.Requests, win.Tokens[i], win.TotalTokens)
			out.fractions(Rate(win.Tokens[i], win.TotalTokens))
			if tier.Bytes == nil {
				out.empty(4)
			} else {
				out.integers(win.Bytes[i])
				out.fractions(float64(win.Bytes[i]) / tier.Bandwidth.WindowSeconds)
				out.integers(win.BytesWritten[i])
				out.fractions(float64(win.BytesWritten[i]) / tier.Bandwidth.WindowSeconds)
			}
			out.label(tier.Capacity)
			if tier.BytesMovedDown == nil {
				out.empty(1)
			} else {
				out.integers(win.BytesMovedDown[i])
			}
			if err := out.end(); err != nil {
				return err
			}
		}
	}
	return out.flush()
}

// csvWriter writes rows of cells. It keeps the first error until flush.
type csvWriter struct {
	w      io.Writer
	buf    []byte
	err    error
	labels map[units.Capacity]string // so far
	blank  bool                      // whether numbers are unknown, so that their cells are empty
}

func (c *csvWriter) header(names string) { c.buf = append(append(c.buf, names...), '\n') }

// numbers writes cells, which are empty if the numbers are unknown.
func (c *csvWriter) numbers(unknown bool, write func()) {
	c.blank = unknown
	write()
	c.blank = false
}

func (c *csvWriter) integers(cells ...int64) {
	if c.blank {
		c.empty(len(cells))
		return
	}
	for _, n := range cells {
		c.buf = append(strconv.AppendInt(c.buf, n, 10), ',')
	}
}

func (c *csvWriter) fractions(cells ...float64) {
	if c.blank {
		c.empty(len(cells))
		return
	}
	for _, x := range cells {
		c.buf = append(strconv.AppendFloat(c.buf, x, 'f', -1, 64), ',')
	}
}

// fraction writes a cell; nil gives an empty one.
func (c *csvWriter) fraction(x *float64) {
	if x == nil {
		c.empty(1)
		return
	}
	c.fractions(*x)
}

// text writes a cell, quoted if RFC 4180 requires it.
func (c *csvWriter) text(s string) {
	if strings.ContainsAny(s, "\",\r\n") {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	c.buf = append(append(c.buf, s...), ',')
}

// empty writes n empty cells.
func (c *csvWriter) empty(n int) { c.buf = append(c.buf, strings.Repeat(",", n)...) }

// size writes two cells; nil gives an empty one.
func (c *csvWriter) size(s Size) {
	c.known(s.Bytes)
	c.known(s.Chunks)
}

// known writes a cell; nil gives an empty one.
func (c *csvWriter) known(n *int64) {
	if n != nil {
		c.buf = strconv.AppendInt(c.buf, *n, 10)
	}
	c.buf = append(c.buf, ',')
}

// label writes a cell that names a capacity. It is never empty.
func (c *csvWriter) label(capacity units.Capacity) {
	label, ok := c.labels[capacity]
	if !ok {
		if c.labels == nil {
			c.labels = make(map[units.Capacity]string)
		}
		label = capacity.Label()
		c.labels[capacity] = label
	}
	c.text(label)
}

// end ends a row. It returns an error if there is no point in going on.
func (c *csvWriter) end() error {
	c.buf[len(c.buf)-1] = '\n'
	if len(c.buf) < 1<<16 {
		return nil
	}
	return c.flush()
}

func (c *csvWriter) flush() error {
	if c.err == nil {
		_, c.err = c.w.Write(c.buf)
	}
	c.buf = c.buf[:0]
	return c.err
}
