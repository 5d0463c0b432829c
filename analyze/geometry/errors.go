package geometry

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var errTooLarge = errors.New("a token takes more than 2^63 bytes: the figures can't be right")

// fieldDType is the field that Options.KVDType stands in for.
const fieldDType = "torch_dtype"

// UnknownError reports an architecture that is not in the table. The size of a chunk has to come from elsewhere.
type UnknownError struct {
	Architecture string
	Missing      []string // fields that most architectures have and the file lacks
}

func (e *UnknownError) Error() string {
	if len(e.Missing) == 0 {
		return fmt.Sprintf("architecture %q is not known: all the usual fields are there, but they don't tell which layers keep a KV cache that grows, "+
			"and of what", e.Architecture)
	}
	return fmt.Sprintf("architecture %q is not known, and %s", e.Architecture, missingText(e.Missing))
}

// UnsupportedError reports a model whose file says something that this package can't work with, although its architecture is
// in the table. The size of a chunk has to come from elsewhere.
type UnsupportedError struct {
	Reason string
}

func (e *UnsupportedError) Error() string { return e.Reason }

// MissingError reports the fields that an architecture needs and a file lacks. Options.KVDType stands in for torch_dtype.
type MissingError struct {
	Architecture string
	Missing      []string
}

func (e *MissingError) Error() string {
	text := fmt.Sprintf("architecture %q: %s", e.Architecture, missingText(e.Missing))
	if e.LacksDType() {
		text += ": Options.KVDType can give the dtype"
	}
	return text
}

// LacksDType reports whether the dtype is among the missing fields.
func (e *MissingError) LacksDType() bool { return slices.Contains(e.Missing, fieldDType) }

// DTypeError reports a dtype whose size is not known.
type DTypeError struct {
	DType string
	Given bool // by Options.KVDType, not by the file
}

func (e *DTypeError) Error() string {
	if e.Given {
		return fmt.Sprintf("Options.KVDType %q is not known", e.DType)
	}
	return fmt.Sprintf("%s %q is not known: set Options.KVDType", fieldDType, e.DType)
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
