package analyze

import (
	"errors"
	"fmt"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
)

// Errors for options that cannot be combined, and for counts out of range.
var (
	// ErrTargetNeedsCurve says that a target was given for a cache that evicts in batches. With a grid it works: the answer
	// is then the smallest capacity of the grid that reaches the target.
	ErrTargetNeedsCurve = errors.New("a target needs a curve that rises with the capacity, and a cache that evicts in batches has none")
	// ErrTiersNeedLRU says that tiers were given for a cache that evicts in batches.
	ErrTiersNeedLRU = errors.New("tiers need a plain LRU, whose stack tells what each tier holds")
	// ErrExclusiveNeedsAll says that exclusive tiers were given for a part of a log, or a state: what they hold depends on what came before.
	ErrExclusiveNeedsAll = errors.New("tiers that hold each chunk once are replayed from the first request on: parts of a log and states can only have inclusive tiers")
	// ErrTTLsNeedLRU says that several TTLs were given for a cache that evicts in batches.
	ErrTTLsNeedLRU = errors.New("several TTLs need a plain LRU, where the age of a chunk tells at which TTLs it hits; a cache that evicts in batches can have one")
	// ErrRowsNeedLRU says that rows were asked for and the cache evicts in batches.
	ErrRowsNeedLRU = errors.New("a row says what a request hits at every capacity, which is not known of a cache that evicts in batches")
	// ErrSizesUnknown says that a capacity in bytes is meaningless because some chunk sizes are unknown.
	ErrSizesUnknown = errors.New("chunk sizes are unknown")
	// ErrTooManyTokens says that the token count exceeds an int64.
	ErrTooManyTokens = errors.New("the requests have more than 2^63 tokens in total")
	// ErrTooManyLookups says that the requests of joined parts of a log, or the lookups of their chunks, exceed an int64.
	ErrTooManyLookups = errors.New("the parts have more than 2^63 requests or lookups of chunks in total")
	// ErrTooManyBytes says that the bytes read from tiers exceed an int64.
	ErrTooManyBytes = errors.New("the tiers serve more than 2^63 bytes in total")
	// ErrTooManyWritten says that the bytes written to a tier exceed an int64.
	ErrTooManyWritten = errors.New("more than 2^63 bytes are written to a tier")
)

// UnknownSizeError says that a capacity is in bytes, but the chunk size of a record is unknown. Options.Geometry or
// Options.BytesPerChunk can supply it.
type UnknownSizeError struct {
	Capacity units.Capacity
	Why      string // what is wrong with the record
}

func (e *UnknownSizeError) Error() string {
	return fmt.Sprintf("capacity %s is in bytes, but %s", e.Capacity, e.Why)
}

// RangeError says that a curve cannot be tabulated over the given range of capacities.
type RangeError struct {
	From, To units.Capacity // as far as known
	End      string         // which one is wrong, "from" or "to"; "" if the range is empty
	Why      error          // nil if the range is empty
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
	Why error     // such as a [*NoMatchError] or a [*NotLogsError]
	Log log.Stats // what the reader met
}

func (e *NothingError) Error() string { return e.Why.Error() }

// Unwrap returns Why.
func (e *NothingError) Unwrap() error { return e.Why }

// NotLogsError says that the files hold no record, neither of a lookup-hash log nor of any other format that was enabled.
type NotLogsError struct{ Paths []string }

func (e *NotLogsError) Error() string {
	return fmt.Sprintf("no usable record: looked for JSON lines with timestamp, chunk_size, seq_len and chunk_hashes in %s", few(e.Paths))
}

// few lists the first paths and says how many more there are.
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

// ListedOnlyError says that something was asked for that a cache with a policy of its own does not have. It is simulated at listed
// capacities, from the first request on, and its chunks do not expire.
type ListedOnlyError struct {
	Cache string
	Lacks string // what it doesn't have, such as "targets"
}

func (e *ListedOnlyError) Error() string {
	return fmt.Sprintf("cache %s is simulated at listed capacities alone, with no %s", e.Cache, e.Lacks)
}
