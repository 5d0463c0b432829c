package analyze

import "io"

// WriteReuseCSV writes how chunks are reused in long form: a header, a row of kind popularity for each number or class of
// lookups, the most popular chunks first, a row of kind first with the tokens of chunks that no earlier request looked up, and a row
// of kind interval for each class of intervals since the last use. Chunks have from lookups_from to lookups_to lookups each, both
// inclusive; intervals are from seconds_from to below seconds_to. Cells that a kind does not have are empty.
func WriteReuseCSV(w io.Writer, r *Reuse) error {
	out := csvWriter{w: w}
	out.header("kind,lookups_from,lookups_to,seconds_from,seconds_to,chunks,lookups,tokens")
	for _, p := range r.Popularity {
		out.text("popularity")
		out.integers(p.LookupsFrom, p.LookupsTo)
		out.empty(2)
		out.integers(p.Chunks, p.Lookups)
		out.empty(1)
		if err := out.end(); err != nil {
			return err
		}
	}
	out.text("first")
	out.empty(6)
	out.integers(r.FirstTokens)
	if err := out.end(); err != nil {
		return err
	}
	for _, i := range r.Intervals {
		out.text("interval")
		out.empty(2)
		out.fractions(i.From, i.To)
		out.empty(2)
		out.integers(i.Tokens)
		if err := out.end(); err != nil {
			return err
		}
	}
	return out.flush()
}
