package analyze

import (
	"io"

	"hashlog/analyze/units"
)

// WriteMissesCSV writes where the tokens go: a header and one row per capacity of the table. Shares are fractions of all tokens
// and add up to 1; an unknown capacity is an empty cell. If chunks expire, there is a column for expired tokens, and if they
// must be admitted, one for the tokens of those that weren't.
func WriteMissesCSV(w io.Writer, t *Table) error {
	out := csvWriter{w: w}
	names := "capacity_bytes,capacity_chunks,total_tokens,token_hit_rate,capacity_miss_share,broken_prefix_share,cold_share,tail_share"
	if len(t.Figures) > 0 {
		if t.Figures[0].Miss.Expired != nil {
			names += ",expired_share"
		}
		if t.Figures[0].Miss.NotAdmitted != nil {
			names += ",not_admitted_share"
		}
	}
	out.header(names + ",capacity_label")
	for i, f := range t.Figures {
		out.size(t.Sizes[i])
		out.integers(f.TotalTokens)
		m := f.Miss
		for _, tokens := range []*int64{&f.HitTokens, &m.Capacity, &m.BrokenPrefix, &m.Cold, &m.Tail, m.Expired, m.NotAdmitted} {
			if tokens != nil {
				out.fractions(Rate(*tokens, f.TotalTokens))
			}
		}
		out.text(units.Capacity{N: t.Capacities[i], Unit: t.Unit}.Label())
		if err := out.end(); err != nil {
			return err
		}
	}
	return out.flush()
}
