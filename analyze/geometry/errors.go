package geometry

import (
	"errors"
	"fmt"
	"strings"
)

// instead is what to do where a config.json doesn't help.
const instead = "give --bytes-per-chunk instead"

var errTooLarge = errors.New("a token takes more than 2^63 bytes: the figures can't be right")

// UnknownError says that an architecture is not in the table.
type UnknownError struct {
	Architecture string
	Missing      []string // of the fields that most architectures have
}

func (e *UnknownError) Error() string {
	if len(e.Missing) == 0 {
		return fmt.Sprintf("architecture %q is not known: no usual field is missing, but which layers keep a KV cache that grows, "+
			"and of what, can't be told: %s", e.Architecture, instead)
	}
	return fmt.Sprintf("architecture %q is not known, and %s: %s", e.Architecture, missingText(e.Missing), instead)
}

// MissingError says which fields a file lacks that its architecture needs.
type MissingError struct {
	Architecture string
	Missing      []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("architecture %q: %s", e.Architecture, missingText(e.Missing))
}

// missingText returns "a is missing" or "a, b and c are missing".
func missingText(names []string) string {
	if len(names) == 1 {
		return names[0] + " is missing"
	}
	return listText(names) + " are missing"
}

// listText returns "a", "a and b" or "a, b and c".
func listText(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
