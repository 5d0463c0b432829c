package line

import (
	"fmt"
	"math"
	"unicode/utf8"
)

const (
	// MaxTimestamp is how many seconds before or after the Unix epoch a timestamp may lie.
	MaxTimestamp = 1e12

	// MaxModelName is the length in bytes of the longest model name and of the longest source, in
	// UTF-8 and without escapes.
	MaxModelName = 64 << 10
)

// CheckTimestamp returns an error unless seconds is finite and within MaxTimestamp. field names
// the value in the error.
func CheckTimestamp(field string, seconds float64) error {
	switch {
	case math.Abs(seconds) <= MaxTimestamp:
		return nil
	case seconds-seconds != 0:
		return fmt.Errorf("%s must be finite, is %v", field, seconds)
	}
	return fmt.Errorf("%s must lie within %g seconds of 1970, is %v: another unit?", field, MaxTimestamp, seconds)
}

// CheckModelName returns an error if name is too long once invalid UTF-8 has been replaced.
func CheckModelName[S string | []byte](name S) error { return checkName(fieldModelName, name) }

// CheckSource is CheckModelName for a source.
func CheckSource[S string | []byte](source S) error { return checkName(fieldSource, source) }

func checkName[S string | []byte](of field, name S) error {
	n := len(name)
	if most := len(string(utf8.RuneError)); n <= MaxModelName/most {
		return nil
	}
	if s := string(name); !utf8.ValidString(s) {
		n = len(string([]rune(s)))
	}
	return checkNameLength(of, n)
}

func checkNameLength(of field, n int) error {
	if n > MaxModelName {
		return fmt.Errorf("%s must have %d bytes at most, has %d", of, MaxModelName, n)
	}
	return nil
}
