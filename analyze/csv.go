package analyze

import (
	"encoding/csv"
	"io"
	"strconv"
)

// WriteCapacityCSV writes the curve at the capacities of a grid, a row each, with a header. Rates are fractions; an
// unknown capacity is an empty cell.
func WriteCapacityCSV(w io.Writer, curve *Curve, g Grid) error {
	out := csv.NewWriter(w)
	out.Write([]string{"capacity_bytes", "capacity_chunks", "hit_tokens", "total_tokens", "token_hit_rate", "chunk_hit_rate",
		"cacheable_token_hit_rate", "tail_tokens", "cold_tokens", "capacity_miss_tokens", "broken_prefix_tokens"})
	for _, c := range g.Capacities {
		f := curve.At(c)
		bytes, chunks := curve.both(c)
		out.Write([]string{optional(bytes), optional(chunks), integer(f.HitTokens), integer(f.TotalTokens),
			fraction(f.TokenHitRate()), fraction(f.ChunkHitRate()), fraction(f.CacheableTokenHitRate()),
			integer(f.Miss.Tail), integer(f.Miss.Cold), integer(f.Miss.Capacity), integer(f.Miss.BrokenPrefix)})
	}
	out.Flush()
	return out.Error()
}

// WriteRollingCSV writes the windows in long form: a row for each window and capacity, with a header. Times are Unix
// seconds; the cumulative rate goes from the first window to this one. An unlimited cache has neither capacity. curve is
// that of the same replay; it tells the size of a chunk.
func WriteRollingCSV(w io.Writer, curve *Curve, r *Rolling) error {
	out := csv.NewWriter(w)
	out.Write([]string{"window_start", "window_end", "capacity_bytes", "capacity_chunks", "requests", "hit_tokens",
		"total_tokens", "token_hit_rate", "cumulative_token_hit_rate"})
	hits := make([]int64, len(r.Lines))
	var total int64
	for _, win := range r.Windows {
		total += win.TotalTokens
		for i, line := range r.Lines {
			hits[i] += win.HitTokens[i]
			bytes, chunks := curve.Listed(line)
			out.Write([]string{fraction(win.Start), fraction(win.End), optional(bytes), optional(chunks), integer(win.Requests),
				integer(win.HitTokens[i]), integer(win.TotalTokens), fraction(rate(win.HitTokens[i], win.TotalTokens)),
				fraction(rate(hits[i], total))})
		}
	}
	out.Flush()
	return out.Error()
}

// Listed returns a listed capacity in bytes and in chunks, each nil where it can't be derived, both where unlimited.
func (v *Curve) Listed(c Capacity) (bytes, chunks *int64) {
	if c.Unit == Unlimited {
		return nil, nil
	}
	asked := Curve{Unit: c.Unit, ChunkBytes: v.ChunkBytes}
	return asked.both(c.N)
}

func integer(n int64) string { return strconv.FormatInt(n, 10) }

func fraction(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func optional(n *int64) string {
	if n == nil {
		return ""
	}
	return integer(*n)
}
