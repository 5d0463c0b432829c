package log

import (
	"math/bits"
	"slices"

	"hashlog/log/internal/line"
)

// Entry is one lookup with fingerprints for its hashes, as a [Reader] yields it for a replay.
type Entry struct {
	Timestamp  float64 // seconds since the Unix epoch
	RequestID  []byte
	ModelName  string
	ChunkSize  int64 // tokens in a full chunk
	SeqLen     int64 // tokens in the request, tail included
	ChunkBytes int64 // bytes a full chunk stores, as logged; 0 = unknown
	// Hashes are the fingerprints of the chunk hashes, in prefix order. They are not cache keys: two
	// models that log the same hash store different chunks. See AppendKeys.
	Hashes  []uint64
	Dropped int64  // records that the writer lost before this one
	File    string // the log that holds the record
	Line    int64  // and the line, counted from 1
	Source  string // the argument of Find that led to the log: a file, a folder, or "-"
	Text    []byte // the record as a canonical line, from a Decoder that renders it; else empty
}

// AppendKeys appends the cache key of each chunk to dst, in prefix order, and returns the
// extended slice. A key is a 64-bit fingerprint of the model name and the chunk hash: the same
// for the same chunk of the same model in all logs, and evenly spread.
func (e *Entry) AppendKeys(dst []uint64) []uint64 {
	model := line.FingerprintString(e.ModelName)
	dst = slices.Grow(dst, len(e.Hashes))
	for _, hash := range e.Hashes {
		dst = append(dst, spread(hash)^model)
	}
	return dst
}

// spread moves the bits of a hash's fingerprint, so that a name and a hash that change places
// make another key.
func spread(fingerprint uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio
	return bits.RotateLeft64(fingerprint*odd, 31)
}
