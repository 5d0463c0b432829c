package log

import (
	"errors"
	"fmt"
)

// lostError says that a log is not there any more as it was found. It is damage: what was
// read before counts.
type lostError struct {
	why  string
	gone bool // the log has no name any more; why says nothing
}

func (e *lostError) Error() string {
	if e.gone {
		return "has gone since it was found"
	}
	return e.why
}

func isLost(err error) bool {
	lost := (*lostError)(nil)
	return errors.As(err, &lost)
}

func lost(format string, args ...any) error { return &lostError{why: fmt.Sprintf(format, args...)} }

// cutShort is the error of a log of which only some bytes are left.
func cutShort(left, known int64) error {
	return lost("has been cut short since it was found: %d of %d bytes are left", left, known)
}

// damaged locates what has ended the reading of a log in the given line.
func damaged(file string, line int64, err error) *Problem {
	p := &Problem{file, line, KindDamaged, damage(err)}
	if lost := (*lostError)(nil); errors.As(err, &lost) {
		p.Msg = lost.Error()
		switch {
		case lost.gone && line == 1:
			p.Line, p.Msg = 0, p.Msg+": it is left out"
		case lost.gone:
			p.Msg += ": the rest of it is left out"
		}
	}
	return p
}
