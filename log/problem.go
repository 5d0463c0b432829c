package log

import (
	"fmt"
	"slices"

	"hashlog/log/internal/source"
)

// Kind says what kind of problem a [Problem] is.
type Kind int

const (
	// KindSkipped is a bad record. It was skipped.
	KindSkipped Kind = iota + 1
	// KindLate is a record that came too late to be put in order.
	KindLate
	// KindDamaged is a log that ends early: its compressed data ends early or is corrupt, or the
	// file has been cut short or removed since it was found.
	KindDamaged
	// KindTorn is an unparsable last line without a newline.
	KindTorn
	// KindEmpty is a log without lines, or with blank ones only, as a new log is. That is no damage.
	KindEmpty
)

// String returns a word for k.
func (k Kind) String() string {
	switch k {
	case KindSkipped:
		return "skipped"
	case KindLate:
		return "late"
	case KindDamaged:
		return "damaged"
	case KindTorn:
		return "torn"
	case KindEmpty:
		return "empty"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// MarshalText returns the same word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Problem says what is wrong with a log, and where. A strict [Reader] ends with a *Problem as
// its error.
type Problem struct {
	File string `json:"file"`
	Line int64  `json:"line"` // counted from 1; 0 = the file as a whole
	Kind Kind   `json:"kind"`
	Msg  string `json:"message"`
}

// String returns "file:line: what", or "file: what" without a line.
func (p Problem) String() string {
	if p.Line == 0 {
		return source.Quoted(p.File) + ": " + p.Msg
	}
	return fmt.Sprintf("%s:%d: %s", source.Quoted(p.File), p.Line, p.Msg)
}

// Error returns the same as String.
func (p *Problem) Error() string { return p.String() }

// MaxProblems is how many problems [Stats] locates. It counts all.
const MaxProblems = 10

// Stats says what a [Reader] has met so far.
type Stats struct {
	Records    int64 // records yielded
	Skipped    int64 // bad records
	Torn       int64 // unparsable last lines
	Late       int64 // records yielded out of order
	OutOfOrder int64 // records that did not stand in order, but were put into it
	Damaged    int64 // logs that end early: see KindDamaged
	EmptyFiles int64 // logs without a line

	FirstEmpty   string    // the first of the empty logs
	Beyond       *float64  // the time at which Options.Until has ended the reading; nil if it has not
	Problems     []Problem // the first skipped, late and damaged, where they are
	ProblemCount int64     // and how many there are
	TornAt       []Problem // the first torn lines
	Foreign      []Foreign // what was read in another format than that of package log
}

// EmptyNote says which logs are empty. It returns "" if none is.
func (s *Stats) EmptyNote() string {
	first := source.Quoted(s.FirstEmpty)
	switch s.EmptyFiles {
	case 0:
		return ""
	case 1:
		return first + " is empty"
	case 2:
		return first + " and another log are empty"
	}
	return fmt.Sprintf("%s and %d more logs are empty", first, s.EmptyFiles-1)
}

// Add counts and locates a problem.
func (s *Stats) Add(p Problem) {
	switch p.Kind {
	case KindEmpty:
		if s.EmptyFiles++; s.EmptyFiles == 1 {
			s.FirstEmpty = p.File
		}
		return
	case KindTorn:
		s.Torn++
		if len(s.TornAt) < MaxProblems {
			s.TornAt = append(s.TornAt, p)
		}
		return
	case KindSkipped:
		s.Skipped++
	case KindLate:
		s.Late++
	case KindDamaged:
		s.Damaged++
	}
	s.ProblemCount++
	if len(s.Problems) < MaxProblems {
		s.Problems = append(s.Problems, p)
	}
}

// clone returns a copy that shares nothing with s.
func (s *Stats) clone() Stats {
	c := *s
	c.Problems = slices.Clone(s.Problems)
	c.TornAt = slices.Clone(s.TornAt)
	c.Foreign = slices.Clone(s.Foreign)
	return c
}

// damaged locates the damage that has ended the reading of a log in the given line.
func damaged(file string, line int64, err error) *Problem {
	p := &Problem{file, line, KindDamaged, source.Damage(err)}
	switch {
	case source.IsGone(err) && line == 1:
		p.Line, p.Msg = 0, p.Msg+": it is left out"
	case source.IsGone(err):
		p.Msg += ": the rest of it is left out"
	}
	return p
}
