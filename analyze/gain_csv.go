package analyze

import (
	"io"

	"hashlog/analyze/units"
)

// WriteGainCSV writes what a cache gains when it grows: a header and one row per capacity of the table. Rates and gains are
// fractions, so a gain of 0.01 is a point; unknown capacities and gains are empty cells.
func WriteGainCSV(w io.Writer, t *Table) error {
	out := csvWriter{w: w}
	out.header("capacity_bytes,capacity_chunks,token_hit_rate,gain_per_doubling,step_bytes,step_chunks,gain_per_step,capacity_label")
	bytes, chunks := t.curve.both(t.Step())
	for i, gain := range t.Gains() {
		out.size(t.Sizes[i])
		out.fractions(t.Figures[i].TokenHitRate())
		out.fraction(gain.PerDoubling)
		out.size(Size{bytes, chunks})
		out.fraction(gain.PerStep)
		out.text(units.Capacity{N: t.Capacities[i], Unit: t.Unit}.Label())
		if err := out.end(); err != nil {
			return err
		}
	}
	return out.flush()
}
