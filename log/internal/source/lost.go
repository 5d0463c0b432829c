package source

import (
	"errors"
	"fmt"
)

// lostError says that a log is no longer as it was found. It is damage: records read before
// count.
type lostError struct {
	why  string
	gone bool // the log has been removed; why is empty
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

// IsGone reports whether an error says that a log has been removed.
func IsGone(err error) bool {
	lost := (*lostError)(nil)
	return errors.As(err, &lost) && lost.gone
}

func lost(format string, args ...any) error { return &lostError{why: fmt.Sprintf(format, args...)} }

// cutShort is the error of a log that has lost its end.
func cutShort(left, known int64) error {
	return lost("has been cut short since it was found: %d of %d bytes are left", left, known)
}
