package log

import (
	"fmt"
	"math"

	"hashlog/log/internal/source"
)

// Behind is where a pass over some logs has ended, so that a later pass can continue behind it: [Reader.Behind] returns one. The logs may have
// grown and been compressed meanwhile, new ones may have come, and old ones may have gone. A log is recognised by its absolute path or
// URL, without the suffix of compression.
//
// The later pass yields the records after the end. Those before it are passed over, and counted as Stats.BeforeState. At the very time of the end
// as many are passed over of each log as were read of it. Records that have come too late are not yielded either, but counted as late and
// located: all records before the end of a log that was not there, and of another log those beyond the number that was read. If a log has fewer
// records than were read of it, the pass ends with a [*NotSameLogError]. Whatever was wrong with the lines that were read isn't counted again. A
// log that was read to its end, and has as many bytes now as then, isn't read.
//
// Options.Since must be the same in both passes.
type Behind struct {
	End  *float64  // the latest timestamp of a record that was read, in seconds since the Unix epoch; nil if there was none
	Logs []LogRead // of each log
}

// NotSameLogError is the error of a log that has fewer records than an earlier pass has read of it.
type NotSameLogError struct {
	File       string
	Read, Left int64 // records: then and now
}

func (e *NotSameLogError) Error() string {
	return fmt.Sprintf("%s is not the log that was read before: it had %d records up to the end then, and has %d now", Quoted(e.File), e.Read, e.Left)
}

// byName returns what was read of the logs by their names.
func (b *Behind) byName() map[string]*LogRead {
	if b == nil {
		return nil
	}
	logs := make(map[string]*LogRead, len(b.Logs))
	for i := range b.Logs {
		logs[b.Logs[i].Name] = &b.Logs[i]
	}
	return logs
}

// end returns the end, -∞ if there is none.
func (b *Behind) end() float64 {
	if b == nil || b.End == nil {
		return math.Inf(-1)
	}
	return *b.End
}

// until returns one of b.Logs as it is for another end, at or after that of b.
func (b *Behind) until(l LogRead, end float64) LogRead {
	if end > b.end() {
		return l.until()
	}
	return l
}

// check returns an *OptionError for an end that has no meaning.
func (b *Behind) check() error {
	if b != nil && b.End != nil && (math.IsNaN(*b.End) || math.IsInf(*b.End, 0)) {
		return &OptionError{"Behind", fmt.Sprintf("must end at a finite time, ends at %v", *b.End)}
	}
	return nil
}

// unchanged reports whether a log has been read as it is, so that it needs no reading.
func (c *tally) unchanged() bool {
	return c.known != nil && c.known.Read && c.known.Bytes > 0 && c.known.Bytes == c.log.Size()
}

// passOver reports whether the current record, of a log, was yielded by the pass before, or comes too late.
func (r *Reader) passOver(c *tally) bool {
	it, end := r.current, r.opts.Behind.end()
	if it.Timestamp > end {
		return false
	}
	if it.Timestamp == end {
		c.same++
		if c.known == nil || c.same > c.known.At {
			return false
		}
		r.stats.BeforeState++
	} else {
		r.earlier(c, location{it.Line, it.Timestamp})
	}
	c.count(it.Timestamp)
	return true
}

// earlier counts a record before the end of the pass before.
func (r *Reader) earlier(c *tally, at location) {
	c.earlier++
	switch {
	case c.known == nil:
		r.tooLate(c.log, at)
		return
	case c.earlier <= c.known.Before:
		r.stats.BeforeState++
	}
	if !c.counted(at.line) && len(c.newer) < MaxProblems {
		c.newer = append(c.newer, at)
	}
}

// tooLate reports a record that is left out. Its line is 0 if it is unknown.
func (r *Reader) tooLate(l *source.Log, at location) {
	msg := "comes before what was read earlier: left out"
	if at.line > 0 {
		msg = "late by " + seconds(r.opts.Behind.end()-at.timestamp) + ": left out, since later ones were read before"
	}
	r.report(Problem{l.Path, at.line, KindLate, msg})
}

// leaveUnchanged counts a log that isn't read, since it is as the pass before has read it.
func (r *Reader) leaveUnchanged(c *tally) {
	r.stats.BeforeState += c.known.Before + c.known.At
	if r.total >= 0 {
		r.total -= c.log.Size()
	}
}

// settle compares what there is of the logs with what the pass before has read, at the end of the pass. A pass that doesn't reach the end of the
// one before can't tell.
func (r *Reader) settle() {
	if r.opts.atUntil(r.opts.Behind.end()) {
		return
	}
	for i := range r.tallies {
		if c := &r.tallies[i]; c.known != nil && !c.unchanged() && r.err == nil {
			r.settleLog(c)
		}
	}
}

// settleLog is settle for a log of both passes.
func (r *Reader) settleLog(c *tally) {
	k := c.known
	if c.earlier < k.Before || c.same < k.At {
		r.err = &NotSameLogError{c.log.Path, k.Before + k.At, min(c.earlier, k.Before) + min(c.same, k.At)}
		return
	}
	late := c.earlier - k.Before
	for i := range late {
		at := location{}
		if i < int64(len(c.newer)) {
			at = c.newer[i]
		}
		r.tooLate(c.log, at)
	}
}

// begin begins with a log. It takes back what the pass before has counted about its end, since this pass finds out about that anew.
func (r *Reader) begin(c *tally) {
	c.read = true
	s, k := &r.stats, c.known
	if k == nil {
		return
	}
	if k.Torn {
		s.Torn--
	}
	if k.Damaged {
		s.Damaged--
		s.ProblemCount--
	}
	if k.wasEmpty() {
		s.EmptyFiles--
	}
}
