package log

import (
	"strings"

	"github.com/zeebo/xxh3"
)

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
}

// ChunkBytes returns the bytes that a full chunk stores, or 0 if the record
// doesn't say: neither dtypes nor shapes.
func (r *Record) ChunkBytes() (int64, error) {
	if err := checkLengths(len(r.DTypes), len(r.Shapes)); err != nil {
		return 0, err
	}
	var sum int64
	for i, dtype := range r.DTypes {
		var err error
		if sum, err = addTensor(sum, dtype, r.Shapes[i]); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// Fingerprint returns the 64 bits that stand for the text of a chunk hash in an
// [Entry].
func Fingerprint(hash []byte) uint64 { return xxh3.Hash(hash) }

// Entry is a record as a [Reader] yields it: what a replay needs, with
// fingerprints for hashes.
type Entry struct {
	Timestamp  float64
	RequestID  []byte
	ModelName  string
	ChunkSize  int64
	SeqLen     int64
	ChunkBytes int64    // bytes a full chunk stores, as logged; 0 = unknown
	Hashes     []uint64 // fingerprints in prefix order
	Dropped    int64    // records that the writer lost before this one
	File       string   // the file it stands in
	Line       int64    // and the line, counted from 1
	Text       []byte   // the record as a canonical line, from a Decoder that makes it; else empty
}

// check returns why a decoder would refuse the record, if it would.
func (r *Record) check() error {
	err := checkNumbers(r.Timestamp, r.ChunkSize, r.SeqLen)
	if err == nil {
		err = CheckModelName(r.ModelName)
	}
	if err == nil {
		_, err = r.ChunkBytes()
	}
	return err
}

// record copies f into a record of its own.
func (f *fields) record() Record {
	text := f.text
	return Record{
		Timestamp:   f.timestamp,
		RequestID:   string(f.requestID),
		ModelName:   string(f.model),
		ChunkSize:   f.chunkSize,
		SeqLen:      f.seqLen,
		DTypes:      f.layout.dtypeStrings(),
		Shapes:      f.layout.shapes(),
		ChunkHashes: spanStrings(f.hashes, text),
	}
}

// spanStrings returns the texts of the spans, all in one allocation: hashes
// mostly follow each other closely.
func spanStrings(spans []span, text []byte) []string {
	if len(spans) == 0 {
		return nil
	}
	var all strings.Builder
	for _, s := range spans {
		all.Write(s.of(text))
	}
	rest, out := all.String(), make([]string, len(spans))
	for i, s := range spans {
		n := s.end - s.start
		out[i], rest = rest[:n], rest[n:]
	}
	return out
}
