package analyze

import "math"

// timeEncoding encodes times as differences, which is part of the format of files: see summary_file.go. The zero value is before the first
// time.
type timeEncoding struct {
	bits   uint64 // of the time before
	micros int64  // of the last time that was a whole number of microseconds
}

// encode returns the number that stands for the next time. odd reports that the time is no whole number of microseconds.
func (t *timeEncoding) encode(seconds float64) (n int64, odd bool) {
	bits := math.Float64bits(seconds)
	micros, even := microseconds(seconds)
	if even {
		n = micros - t.micros
		t.micros = micros
	} else {
		n = int64(bits - t.bits)
	}
	t.bits = bits
	return n, !even
}

// decode returns the next time.
func (t *timeEncoding) decode(n int64, odd bool) (seconds float64) {
	if odd {
		seconds = math.Float64frombits(t.bits + uint64(n))
	} else {
		t.micros += n
		seconds = float64(t.micros) / 1e6
	}
	t.bits = math.Float64bits(seconds)
	return seconds
}

// microseconds returns a time in microseconds; ok is false if it is no whole number of them that a float has exactly.
func microseconds(seconds float64) (n int64, ok bool) {
	f := math.Round(seconds * 1e6)
	if !(math.Abs(f) < 1<<53) {
		return 0, false
	}
	return int64(f), math.Float64bits(f/1e6) == math.Float64bits(seconds)
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
