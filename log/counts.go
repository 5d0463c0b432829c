package log

import "slices"

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
// record at or after a bound, and all that follow it, lie behind it, late ones included. What is wrong with a line lies where the record before
// it in its log does, or where the log begins. A log that isn't read because it ends before Since lies before it with all that is wrong with it.
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

// reportIn reports what is wrong with the line of a log that is being read, once the record before it is met: the log is read a window ahead.
// What no record precedes is reported at once, as is everything if the first problem ends the reading.
func (r *Reader) reportIn(f *mergeInput, p Problem) {
	if f.last == nil || r.opts.Strict && !r.opts.Part {
		r.report(p)
		return
	}
	if f.last.behind == nil {
		f.last.behind = &Stats{}
	}
	f.last.behind.Add(p)
}

// reportBehind reports what is wrong with the lines behind a record, which has been met.
func (r *Reader) reportBehind(it *item) {
	if it.behind == nil {
		return
	}
	r.counts().Merge(it.behind)
	if i := slices.IndexFunc(it.behind.Problems, func(p Problem) bool { return p.fatal() }); i >= 0 && r.opts.Strict && r.within {
		r.err = &it.behind.Problems[i]
	}
	it.behind = nil
}

// endAt ends the reading at Until, before a record at the given time. What is wrong with the lines that have been read ahead belongs to the next
// part, if there are parts.
func (r *Reader) endAt(beyond float64) {
	if !r.opts.Part {
		r.reportAhead()
	}
	r.stats.Beyond = &beyond
}

// reportAhead reports what is wrong with the lines that have been read ahead.
func (r *Reader) reportAhead() {
	type ahead struct {
		position
		*item
	}
	var items []ahead
	for _, f := range r.inputs {
		f.window.each(func(it *item) {
			if it.behind != nil {
				items = append(items, ahead{position{it.Timestamp, f.next.rank, it.Line}, it})
			}
		})
	}
	slices.SortFunc(items, func(a, b ahead) int {
		if a.position.before(b.position) {
			return -1
		}
		return 1
	})
	for _, a := range items {
		r.reportBehind(a.item)
	}
}
