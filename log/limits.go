package log

import (
	"fmt"
	"math"
	"unicode/utf8"
)

const (
	// MaxTimestamp is how many seconds before or after the Unix epoch a record's timestamp may lie, some 31,700 years.
	// Beyond it is none: a clock gone wild, or another unit.
	MaxTimestamp = 1e12

	// MaxModelName is the length in bytes of the longest model name, in UTF-8 and without escapes.
	MaxModelName = 64 << 10
)

// CheckTimestamp returns why a record cannot have come at that time, in seconds since the Unix epoch. field is where it
// stands.
func CheckTimestamp(field string, seconds float64) error {
	switch {
	case math.Abs(seconds) <= MaxTimestamp:
		return nil
	case seconds-seconds != 0:
		return fmt.Errorf("%s must be finite, is %v", field, seconds)
	}
	return fmt.Errorf("%s must lie within %g seconds of 1970, is %v: another unit?", field, MaxTimestamp, seconds)
}

// CheckModelName returns why no record can have that name. Invalid UTF-8 counts as what is written for it.
func CheckModelName[S string | []byte](name S) error {
	n := len(name)
	if most := len(string(utf8.RuneError)); n <= MaxModelName/most {
		return nil
	}
	if s := string(name); !utf8.ValidString(s) {
		n = len(string([]rune(s)))
	}
	return checkNameLength(n)
}

func checkNameLength(n int) error {
	if n > MaxModelName {
		return fmt.Errorf("model_name must have %d bytes at most, has %d", MaxModelName, n)
	}
	return nil
}
