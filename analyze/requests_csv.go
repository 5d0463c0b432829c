package analyze

import (
	"io"
	"math"

	"hashlog/analyze/units"
)

// WriteRequestsCSV writes what requests hit in long form: a header, a row of kind length for each class of lengths and capacity,
// and a row of kind rate for each class of rates and capacity. Classes without requests have no row. Lengths are from tokens_from
// to below tokens_to, which is empty if the class has no end. Rates are fractions, above rate_from and up to rate_to; where both
// are 0, the rate is exactly 0. Cells that a kind does not have are empty, as are those of an unknown capacity.
func WriteRequestsCSV(w io.Writer, r *Requests) error {
	out := csvWriter{w: w}
	out.header("kind,capacity_label,capacity_bytes,capacity_chunks,tokens_from,tokens_to,rate_from,rate_to,requests,hit_tokens,total_tokens,token_hit_rate")
	for i := range r.Lengths {
		l := &r.Lengths[i]
		for j, hits := range l.HitTokens {
			out.kind("length", r.Capacities[j], r.Sizes[j])
			out.integers(l.From)
			out.known(below(l.To))
			out.empty(2)
			out.integers(l.Requests, hits, l.TotalTokens)
			out.fractions(Rate(hits, l.TotalTokens))
			if err := out.end(); err != nil {
				return err
			}
		}
	}
	for j, counts := range r.Rates {
		for class, n := range counts {
			if n == 0 {
				continue
			}
			out.kind("rate", r.Capacities[j], r.Sizes[j])
			out.empty(2)
			out.fractions(float64(max(0, class-1))/100, float64(class)/100)
			out.integers(n)
			out.empty(3)
			if err := out.end(); err != nil {
				return err
			}
		}
	}
	return out.flush()
}

// kind writes the cells that begin a row.
func (c *csvWriter) kind(name string, capacity units.Capacity, s Size) {
	c.text(name)
	c.text(capacity.Label())
	c.size(s)
}

// below returns the upper end of a class, nil if it has none.
func below(to int64) *int64 {
	if to == math.MaxInt64 {
		return nil
	}
	return &to
}
