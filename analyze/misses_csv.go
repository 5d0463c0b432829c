package analyze

import (
	"io"

	"hashlog/analyze/units"
)

// WriteMissesCSV writes where the tokens go: a header and one row per capacity of the table. Shares are fractions of all tokens
// and add up to 1; an unknown capacity is an empty cell. If chunks expire, there is a column for expired tokens, and if they
// must be admitted, one for the tokens of those that weren't; with a match unit, one for unaligned tokens. If there is a largest capacity, the shares of cold and capacity misses
// are empty, and the last column has their sum.
func WriteMissesCSV(w io.Writer, t *Table) error {
	out := csvWriter{w: w}
	names, last := "capacity_bytes,capacity_chunks,total_tokens,token_hit_rate,capacity_miss_share,broken_prefix_share,cold_share,tail_share", ""
	if len(t.Figures) > 0 {
		if t.Figures[0].Miss.Expired != nil {
			names += ",expired_share"
		}
		if t.Figures[0].Miss.NotAdmitted != nil {
			names += ",not_admitted_share"
		}
		if t.Figures[0].Miss.Unaligned != nil {
			names += ",unaligned_share"
		}
	}
	if t.misses().ColdOrCapacity != nil {
		last = ",cold_or_capacity_share"
	}
	out.header(names + ",capacity_label" + last)
	for i, f := range t.Figures {
		out.size(t.Sizes[i])
		out.integers(f.TotalTokens)
		m := f.Miss
		shares := func(kinds ...*int64) {
			for _, tokens := range kinds {
				if tokens != nil {
					out.fractions(Rate(*tokens, f.TotalTokens))
				}
			}
		}
		if m.ColdOrCapacity == nil {
			shares(&f.HitTokens, &m.Capacity, &m.BrokenPrefix, &m.Cold)
		} else {
			shares(&f.HitTokens)
			out.empty(1)
			shares(&m.BrokenPrefix)
			out.empty(1)
		}
		shares(&m.Tail, m.Expired, m.NotAdmitted, m.Unaligned)
		out.text(units.Capacity{N: t.Capacities[i], Unit: t.Unit}.Label())
		shares(m.ColdOrCapacity)
		if err := out.end(); err != nil {
			return err
		}
	}
	return out.flush()
}
