package log

import "hashlog/log/internal/line"

// Record is one lookup, whole, as a server logs it.
type Record struct {
	Timestamp   float64   // seconds since the Unix epoch, at most MaxTimestamp before or after
	RequestID   string    // may be empty
	ModelName   string    // may be empty, MaxModelName bytes at most
	ChunkSize   int64     // tokens in a full chunk, > 0
	SeqLen      int64     // tokens in the request, tail included, ≥ 0
	DTypes      []string  // one per tensor that a chunk stores
	Shapes      [][]int64 // one per tensor
	ChunkHashes []string  // hashes of the complete chunks in prefix order
	SessionID   string    // the conversation; may be empty
	CacheSalt   string    // part of the key of every chunk; may be empty

	Source       string // the server that answered; may be empty, MaxModelName bytes at most
	CachedTokens *int64 // tokens that it found cached, from 0 to SeqLen; nil: not measured
}

// ChunkBytes returns the bytes that a full chunk stores, or 0 if the record has neither
// dtypes nor shapes. It fails where dtypes and shapes don't match, a dtype is unknown, a
// dimension is not positive, or the sum exceeds an int64.
func (r *Record) ChunkBytes() (int64, error) { return (*line.Record)(r).ChunkBytes() }

// AppendRecord appends r to dst as a canonical line, newline included, and returns the
// extended slice. It refuses what [Decode] would refuse, so Decode returns the same record,
// except that invalid UTF-8 in strings becomes U+FFFD. On an error dst is returned unchanged.
func AppendRecord(dst []byte, r *Record) ([]byte, error) {
	return line.AppendRecord(dst, (*line.Record)(r))
}

// Decode decodes one line, canonical or not, with or without its newline. Empty lists
// become nil. To decode many lines without the texts of their hashes, use a [LineDecoder].
func Decode(text []byte) (Record, error) {
	r, err := line.DecodeRecord(text)
	return Record(r), err
}
