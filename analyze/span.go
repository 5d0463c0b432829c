package analyze

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"hashlog/analyze/units"
	"hashlog/log"
)

// Span is the time that a summary covers, and what it has read of the logs. Times are in seconds since the Unix epoch. Copies share their
// lists, so only one of them can be extended; Clone returns one that shares nothing.
type Span struct {
	Since, Until *float64 // as asked for; nil: unlimited
	Requests     int64
	First, Last  float64   // timestamps of the first and the last request; 0 if there is none
	Parts        []string  // fingerprints of the parts with requests that were joined, rising, so that none is joined twice
	Logs         []LogSpan // by name
}

// LogSpan is what a summary has read of one log.
type LogSpan struct {
	Name    string // without the suffix of its compression
	GoesOn  bool   // the log has records behind the end of the summary
	Before  int64  // records before the time of the last one
	At      int64  // records at that time
	Earlier int64  // records before the summary
}

// Clone returns a copy of the span.
func (s *Span) Clone() *Span {
	c := *s
	c.Parts, c.Logs = slices.Clone(s.Parts), slices.Clone(s.Logs)
	return &c
}

// Empty reports whether the stretch has no request.
func (s *Span) Empty() bool { return s.Requests == 0 }

// Compare orders stretches by time: by their beginnings, and those that begin together by their ends.
func (s *Span) Compare(t *Span) int {
	return cmp.Or(cmp.Compare(s.begin(), t.begin()), cmp.Compare(s.end(), t.end()))
}

// begin is the time from which on the stretch has all requests, as far as it is known.
func (s *Span) begin() float64 {
	switch {
	case s.Since != nil:
		return *s.Since
	case !s.Empty():
		return s.First
	}
	return math.Inf(-1)
}

// end is the time up to which it has all requests, as far as it is known.
func (s *Span) end() float64 {
	switch {
	case s.Until != nil:
		return *s.Until
	case !s.Empty():
		return s.Last
	}
	return s.begin()
}

// Then joins a stretch with the one that follows it. It leaves the stretch as it is and returns a [*TwiceError], an [*OverlapError], an
// [*UnreadError] or a [*log.NotSameLogError] if next cannot follow it. A gap between them is no error: see Gap.
func (s *Span) Then(next *Span) error {
	if err := s.shares(next); err != nil {
		return err
	}
	if s.overlaps(next) {
		return &OverlapError{s.end(), next.begin()}
	}
	if _, _, gap := s.Gap(next); !gap {
		if unread := s.unread(next); len(unread) > 0 {
			return &UnreadError{unread}
		}
	}
	if _, err := s.late(next); err != nil {
		return err
	}
	if next.Empty() && next.Since == nil && next.Until == nil {
		s.extend(next)
		return nil
	}
	if s.Empty() && s.Until == nil {
		s.Since = next.Since
	}
	s.Until = next.Until
	if !next.Empty() { // the records at the end of the stretch are before that of both
		for i := range s.Logs {
			l := &s.Logs[i]
			l.Before, l.At = l.Before+l.At, 0
		}
	}
	s.extend(next)
	return nil
}

// Beside adds the stretch of another cache, of any time. It returns a [*TwiceError] if they have a part in common.
func (s *Span) Beside(other *Span) error {
	if err := s.shares(other); err != nil {
		return err
	}
	s.extend(other)
	s.Since = outer(s.Since, other.Since, math.Min)
	s.Until = outer(s.Until, other.Until, math.Max)
	return nil
}

// outer returns the outer one of two bounds; nil, which is no bound, lies outside of all.
func outer(a, b *float64, choose func(a, b float64) float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	bound := choose(*a, *b)
	return &bound
}

// extend adds the requests and logs of another stretch.
func (s *Span) extend(t *Span) {
	switch {
	case t.Empty():
	case s.Empty():
		s.First, s.Last = t.First, t.Last
	default:
		s.First, s.Last = min(s.First, t.First), max(s.Last, t.Last)
	}
	s.Requests += t.Requests
	for _, p := range t.Parts {
		if at, known := slices.BinarySearch(s.Parts, p); !known {
			s.Parts = slices.Insert(s.Parts, at, p)
		}
	}
	for _, l := range t.Logs {
		at, known := s.log(l.Name)
		if !known {
			s.Logs = slices.Insert(s.Logs, at, LogSpan{Name: l.Name, Earlier: l.Earlier})
		}
		mine := &s.Logs[at]
		mine.GoesOn, mine.Before, mine.At = l.GoesOn, mine.Before+l.Before, mine.At+l.At
	}
}

// log returns the place of a log.
func (s *Span) log(name string) (at int, known bool) {
	return slices.BinarySearchFunc(s.Logs, name, func(l LogSpan, name string) int { return cmp.Compare(l.Name, name) })
}

// shares returns a [*TwiceError] if two stretches have a part in common.
func (s *Span) shares(t *Span) error {
	long, short := s.Parts, t.Parts
	if len(long) < len(short) {
		long, short = short, long
	}
	for _, p := range short {
		if _, twice := slices.BinarySearch(long, p); twice {
			return &TwiceError{p}
		}
	}
	return nil
}

// overlaps reports whether next begins before the stretch ends. Where the stretch was not cut by time, its last requests are at its end.
func (s *Span) overlaps(next *Span) bool {
	if s.Until != nil {
		return next.begin() < *s.Until || !next.Empty() && next.First < *s.Until
	}
	return !s.Empty() && (next.begin() <= s.Last || !next.Empty() && next.First <= s.Last)
}

// Gap returns the time between a stretch and the one that follows it, if there is any that neither has been asked for.
func (s *Span) Gap(next *Span) (from, to float64, ok bool) {
	if s.Until == nil || next.Since == nil || *s.Until >= *next.Since {
		return 0, 0, false
	}
	return *s.Until, *next.Since, true
}

// unread returns the logs with records behind the end of the stretch that next doesn't know.
func (s *Span) unread(next *Span) (names []string) {
	for i := range s.Logs {
		l := &s.Logs[i]
		if !l.GoesOn {
			continue
		}
		if _, known := next.log(l.Name); !known {
			names = append(names, l.Name)
		}
	}
	return names
}

// TwiceError says that two summaries have a part in common.
type TwiceError struct {
	Part string // its fingerprint
}

func (e *TwiceError) Error() string { return "they have a part of the log in common" }

// OverlapError says that two summaries overlap in time, so that their requests would be replayed in the wrong order.
type OverlapError struct {
	End   float64 // of the earlier one, in seconds since the Unix epoch
	Begin float64 // of the later one
}

func (e *OverlapError) Error() string {
	return fmt.Sprintf("they overlap in time: one ends at %s, and the other begins at %s", units.FormatTime(e.End), units.FormatTime(e.Begin))
}

// UnreadError says that logs go on behind the end of one summary, and the next one hasn't read them.
type UnreadError struct{ Logs []string }

func (e *UnreadError) Error() string {
	if len(e.Logs) == 1 {
		return fmt.Sprintf("the log %s goes on behind the end of the first, and the second hasn't read it", log.Quoted(e.Logs[0]))
	}
	return fmt.Sprintf("%d logs go on behind the end of the first, and the second hasn't read them: %s", len(e.Logs), few(e.Logs))
}
