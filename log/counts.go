package log

// counts are the Stats of a pass, or of what belongs to earlier parts.
type counts struct {
	Stats
	spans bool // the times are set
}

// span extends the times that are covered.
func (c *counts) span(first, last float64) {
	if !c.spans {
		c.spans, c.First, c.Last = true, first, last
	}
	c.First, c.Last = min(c.First, first), max(c.Last, last)
}

// counts returns what counts that which is met now.
//
// With Options.Part, the records that one pass over all logs would yield, in its order, are divided where they reach Since and Until: the first
// record at or after a bound, and all that follow it, lie behind it, late ones included. A line is read into the window of its log when a
// certain record has left it, or when the log begins, and that depends on nothing but the log. So whatever is wrong with a line is met in the same
// place of that order in each pass, and lies before or behind a bound like the record that has left. A log that isn't read because it ends before
// Since lies before it with all that is wrong with it.
func (r *Reader) counts() *counts {
	if r.within {
		return &r.stats
	}
	return &r.preceding
}

// beforeSince reports whether a record, the current one, is kept back.
func (r *Reader) beforeSince(timestamp float64) bool {
	if r.opts.Part {
		return !r.within
	}
	return r.opts.beforeSince(timestamp)
}
