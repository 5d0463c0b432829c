package analyze

import (
	"errors"
	"fmt"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
)

// What cannot be asked together, and what has no number.
var (
	// ErrTargetNeedsCurve says that a target was asked for of a cache that evicts in batches. A grid makes it possible: then the
	// smallest of its capacities is found.
	ErrTargetNeedsCurve = errors.New("a target needs a curve that rises with the capacity, and a cache that evicts in batches has none")
	// ErrTiersNeedLRU says that tiers were asked for of a cache that evicts in batches.
	ErrTiersNeedLRU = errors.New("tiers are those of a plain LRU, where each holds what the ones before it hold")
	// ErrSizesUnknown says that a capacity in bytes means nothing, since the sizes of chunks are not logged.
	ErrSizesUnknown = errors.New("chunk sizes are unknown")
	// ErrTooManyTokens says that the log has more tokens than an int64 counts.
	ErrTooManyTokens = errors.New("the requests have more than 2^63 tokens in all")
	// ErrTooManyBytes says that tiers would serve more bytes than an int64 counts.
	ErrTooManyBytes = errors.New("the tiers serve more than 2^63 bytes in all")
	// ErrTooManyWritten says that more bytes would be written to a tier than an int64 counts.
	ErrTooManyWritten = errors.New("more than 2^63 bytes are written to a tier in all")
)

// UnknownSizeError says that a capacity is in bytes, but that a record doesn't say how large its chunks are. Options.Geometry
// or Options.BytesPerChunk would.
type UnknownSizeError struct {
	Capacity units.Capacity
	Why      string // what is wrong with the record
}

func (e *UnknownSizeError) Error() string {
	return fmt.Sprintf("capacity %s is in bytes, but %s", e.Capacity, e.Why)
}

// RangeError says that a curve cannot be tabulated from one capacity to another.
type RangeError struct {
	From, To units.Capacity // as far as they are known
	End      string         // which of the two is wrong, "from" or "to"; "": nothing lies between them
	Why      error          // nil if nothing lies between them
}

func (e *RangeError) Error() string {
	switch e.End {
	case "from":
		return fmt.Sprintf("from %s: %s", e.From, e.Why)
	case "to":
		return fmt.Sprintf("to %s: %s", e.To, e.Why)
	}
	return fmt.Sprintf("nothing lies between the capacities %s and %s: the first must be below the second", e.From, e.To)
}

// Unwrap returns Why.
func (e *RangeError) Unwrap() error { return e.Why }

// NothingError says that no record was left to count, and why.
type NothingError struct {
	Why error
	Log log.Stats // what the reader met on the way
}

func (e *NothingError) Error() string { return e.Why.Error() }

// Unwrap returns Why.
func (e *NothingError) Unwrap() error { return e.Why }

// NotLogsError says that files hold no record of a lookup-hash log, nor of another format that was looked for.
type NotLogsError struct{ Paths []string }

func (e *NotLogsError) Error() string {
	return fmt.Sprintf("no usable record: looked for JSON lines with timestamp, chunk_size, seq_len and chunk_hashes in %s", few(e.Paths))
}

// few lists the first paths, and how many more there are.
func few(paths []string) string {
	const most = 3
	var names []string
	for _, path := range paths[:min(most, len(paths))] {
		names = append(names, log.Quoted(path))
	}
	list := strings.Join(names, ", ")
	if more := len(paths) - most; more > 0 {
		list += fmt.Sprintf(" and %d more files", more)
	}
	return list
}
