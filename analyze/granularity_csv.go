package analyze

import "io"

// WriteGranularityCSV writes what caches hit with each granularity, in long form: a header and one row per granularity and capacity of the
// report's table. A match unit is as it is given (4chunks, 784tokens); a granularity without one, or with chunks as they are logged, has an
// empty cell there. Capacities in chunks count the chunks of the table, whatever the granularity.
func WriteGranularityCSV(w io.Writer, r *Report) error {
	out := csvWriter{w: w}
	out.header("match_unit,rechunk,capacity_bytes,capacity_chunks,hit_tokens,total_tokens,token_hit_rate,capacity_label")
	for i := range r.Granularities {
		g := &r.Granularities[i]
		for j, c := range r.Table.listed() {
			out.text(g.Granularity.MatchUnit.String())
			if g.Rechunk != nil {
				out.integers(int64(*g.Rechunk))
			} else {
				out.empty(1)
			}
			out.size(r.Table.Sizes[j])
			out.integers(g.HitTokens[j], g.TotalTokens)
			out.fractions(Rate(g.HitTokens[j], g.TotalTokens))
			out.label(c)
			if err := out.end(); err != nil {
				return err
			}
		}
	}
	return out.flush()
}
