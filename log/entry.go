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
	SessionID  []byte // the conversation; empty if it is not logged
	CacheSalt  []byte // requests with unlike salts share no chunk; may be empty
	ModelName  string
	ChunkSize  int64 // tokens in a full chunk
	SeqLen     int64 // tokens in the request, tail included
	ChunkBytes int64 // bytes a full chunk stores, as logged; 0 = unknown
	// Hashes are the fingerprints of the chunk hashes, in prefix order. They are not cache keys: two
	// models or salts that log the same hash store different chunks. See AppendKeys.
	Hashes  []uint64
	Dropped int64  // records that the writer lost before this one
	File    string // the log that holds the record
	Line    int64  // and the line, counted from 1
	// Source is the server that answered, if the record says so. Else it is the argument of Find that
	// led to the log: a file, a folder, or "-".
	Source string
	Text   []byte // the record as a canonical line, from a Decoder that renders it; else empty

	CachedTokens    int64 // tokens that the server found cached, from 0 to SeqLen; 0 unless HasCachedTokens
	HasCachedTokens bool  // whether it has measured them
}

// AppendKeys appends the cache key of each chunk to dst, in prefix order, and returns the
// extended slice. A key is a 64-bit fingerprint of the model name, the cache salt and the chunk
// hash: the same for the same chunk of the same model and salt in all logs, and evenly spread.
func (e *Entry) AppendKeys(dst []uint64) []uint64 {
	return e.appendKeys(dst, line.FingerprintString(e.ModelName))
}

// AppendKeysOfAnyModel is AppendKeys without the model: models that log the same hash with the
// same salt share chunks.
func (e *Entry) AppendKeysOfAnyModel(dst []uint64) []uint64 {
	if len(e.CacheSalt) == 0 {
		return append(dst, e.Hashes...)
	}
	return e.appendKeys(dst, 0)
}

func (e *Entry) appendKeys(dst []uint64, model uint64) []uint64 {
	owner := model ^ line.FingerprintSalt(e.CacheSalt)
	dst = slices.Grow(dst, len(e.Hashes))
	for _, hash := range e.Hashes {
		dst = append(dst, spread(hash)^owner)
	}
	return dst
}

// textBytes returns how many bytes the texts have, apart from the name of the model, and for how
// many there is room.
func (e *Entry) textBytes() (held, room int) {
	return len(e.RequestID) + len(e.SessionID) + len(e.CacheSalt) + len(e.Text),
		cap(e.RequestID) + cap(e.SessionID) + cap(e.CacheSalt) + cap(e.Text)
}

// spread moves the bits of a hash's fingerprint, so that a name and a hash that change places
// make another key.
func spread(fingerprint uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio
	return bits.RotateLeft64(fingerprint*odd, 31)
}
