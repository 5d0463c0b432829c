package log

import (
	"fmt"

	"hashlog/log/internal/source"
)

// Kind says what kind of problem a [Problem] is.
type Kind int

const (
	// KindSkipped is a bad record. It was skipped.
	KindSkipped Kind = iota + 1
	// KindLate is a record that came too late to be put in order, or to be read at all (see
	// [Behind]).
	KindLate
	// KindDamaged is a log that ends early: its compressed data ends early or is corrupt, or the
	// file has been cut short or removed since it was found.
	KindDamaged
	// KindTorn is an unparsable last line without a newline.
	KindTorn
	// KindEmpty is a log without lines, or with blank ones only, as a new log is. It is not damage.
	KindEmpty
)

// String returns a word: skipped, late, damaged, torn or empty.
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

// MarshalText returns the word that String returns.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the word that String returns.
func (k *Kind) UnmarshalText(text []byte) error {
	for *k = KindSkipped; *k <= KindEmpty; *k++ {
		if k.String() == string(text) {
			return nil
		}
	}
	return fmt.Errorf("no kind of problem: %q", text)
}

// Problem says what is wrong with a log, and where. A strict [Reader] ends with a *Problem as
// its error.
type Problem struct {
	File string `json:"file"`
	Line int64  `json:"line"` // counted from 1; 0 for the file as a whole
	Kind Kind   `json:"kind"`
	Msg  string `json:"message"`
}

// String returns "file:line: what", or "file: what" without a line.
func (p Problem) String() string {
	if p.Line == 0 {
		return Quoted(p.File) + ": " + p.Msg
	}
	return fmt.Sprintf("%s:%d: %s", Quoted(p.File), p.Line, p.Msg)
}

// fatal reports whether a strict reader ends with the problem.
func (p *Problem) fatal() bool { return p.Kind == KindSkipped || p.Kind == KindDamaged }

// Error implements error.
func (p *Problem) Error() string { return p.String() }

// MaxProblems is how many problems [Stats] locates. It counts all.
const MaxProblems = 10

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
