package analyze

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"hashlog/analyze/units"
)

// dimension divides requests into classes, which it numbers from 0.
type dimension struct {
	Dimension
	of   func(q *request) (class int)
	name func(class int) string
	// find returns the number of a class by its name. It is nil if classes are numbered alike in all stretches of a log.
	find func(name string) (class int)
	last int // the largest number of a class; set only if find is nil
}

// newDimension returns a dimension. models are the names by which requests refer to their models.
func newDimension(d Dimension, opts *Options, models *modelNames) dimension {
	switch d {
	case ByLength:
		if len(opts.LengthClasses) > 0 {
			return boundedLengths(opts.LengthClasses)
		}
		return dimension{d, func(q *request) int { return powerClass(q.tokens.seqLen) }, powerName, nil, lastPower}
	case ByModel:
		return dimension{d, func(q *request) int { return q.model }, func(class int) string { return models.list[class] }, models.find, 0}
	case BySource:
		sources := newModelNames()
		return dimension{d, func(q *request) int { return sources.find(q.source.name) }, func(class int) string { return sources.list[class] }, sources.find, 0}
	case ByHour:
		return hours(opts.zone())
	case byNode:
		return dimension{d, func(q *request) int { return q.node }, strconv.Itoa, nil, math.MaxInt32}
	case BySalt:
		salts := newModelNames()
		return dimension{d, func(q *request) int { return salts.find(string(q.salt)) }, func(class int) string { return salts.list[class] }, salts.find, 0}
	case ByTurn:
		return dimension{d, func(q *request) int { return powerClass(int64(q.turn)) }, powerName, nil, lastPower}
	}
	panic(fmt.Sprintf("analyze: no dimension %q", d)) // the options have been checked
}

// powerClass returns the class of n ≥ 0 by powers of two: 0 for 0, and k for 2^(k−1) to 2^k − 1.
func powerClass(n int64) int { return bits.Len64(uint64(n)) }

// lastPower is the last class by powers of two.
const lastPower = 63

func powerName(class int) string {
	if class == 0 {
		return "0"
	}
	first := int64(1) << (class - 1)
	return rangeName(first, first+(first-1))
}

// boundedLengths divides lengths at some bounds. A class includes its lower bound.
func boundedLengths(bounds []int64) dimension {
	of := func(q *request) int { return boundedClass(bounds, q.tokens.seqLen) }
	name := func(class int) string {
		first, last := int64(0), int64(math.MaxInt64)
		if class > 0 {
			first = bounds[class-1]
		}
		if class < len(bounds) {
			last = bounds[class] - 1
		}
		return rangeName(first, last)
	}
	return dimension{ByLength, of, name, nil, len(bounds)}
}

// boundedClass returns the class of n ≥ 0: the number of bounds up to it.
func boundedClass(bounds []int64, n int64) int {
	i, isBound := slices.BinarySearch(bounds, n)
	if isBound {
		return i + 1
	}
	return i
}

// rangeName names a class of numbers: "4096-8191", "1", or "32768+" if it has no upper end.
func rangeName(first, last int64) string {
	text := strconv.FormatInt(first, 10)
	switch last {
	case first:
		return text
	case math.MaxInt64:
		return text + "+"
	}
	return text + "-" + strconv.FormatInt(last, 10)
}

// noHour is the class of times that no calendar has.
const noHour = 24

// hours divides requests by the hour of the day in a time zone.
func hours(zone *time.Location) dimension {
	of := func(q *request) int {
		seconds := math.Floor(q.time)
		if _, ok := units.UTC(seconds); !ok {
			return noHour
		}
		return time.Unix(int64(seconds), 0).In(zone).Hour()
	}
	name := func(class int) string {
		if class == noHour {
			return "unknown"
		}
		return fmt.Sprintf("%02d", class)
	}
	return dimension{ByHour, of, name, nil, noHour}
}
