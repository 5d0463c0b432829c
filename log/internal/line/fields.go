package line

import (
	"fmt"
	"math"
	"strings"
)

// span is a piece of a text: text[start:end].
type span struct{ start, end int }

func (s span) of(text []byte) []byte { return text[s.start:s.end] }

// field numbers the fields of a record, in canonical order.
type field int

const (
	fieldTimestamp field = iota
	fieldRequestID
	fieldModelName
	fieldChunkSize
	fieldSeqLen
	fieldDTypes
	fieldShapes
	fieldChunkHashes
	fieldSessionID // from here on a canonical line may lack them
	fieldCacheSalt
	fieldSource
	fieldCachedTokens
	fieldDropped
	fieldCount
)

var fieldNames = [fieldCount]string{"timestamp", "request_id", "model_name", "chunk_size",
	"seq_len", "dtypes", "shapes", "chunk_hashes", "session_id", "cache_salt", "source", "cached_tokens", "dropped"}

func (f field) String() string { return fieldNames[f] }

// fieldSet is a set of fields.
type fieldSet uint

func (s fieldSet) has(f field) bool { return s>>f&1 != 0 }

// canonicalFields are the fields of every canonical line.
const canonicalFields fieldSet = 1<<fieldSessionID - 1

// Fields are the fields of one line. A decoder reuses them from line to line.
type Fields struct {
	have         fieldSet
	text         []byte // holds the hashes
	unquoted     []byte // holds strings that aren't plain
	Timestamp    float64
	ChunkSize    int64
	SeqLen       int64
	RequestID    []byte
	ModelName    []byte
	SessionID    []byte
	CacheSalt    []byte
	Source       []byte
	CachedTokens int64 // at most SeqLen, if HasCachedTokens
	hashes       []span
	Fingerprints []uint64 // fingerprints of the hashes
	Dropped      int64
	layout       layout
}

// reset empties f except for the layout, which the next line may repeat.
func (f *Fields) reset() {
	*f = Fields{hashes: reuse(f.hashes), Fingerprints: reuse(f.Fingerprints), unquoted: reuse(f.unquoted), layout: f.layout}
}

// reuse empties s, and drops its memory if that is exceptionally large.
func reuse[T any](s []T) []T {
	const large = 1 << 20
	if cap(s) > large {
		return nil
	}
	return s[:0]
}

// check returns why the line is a bad record although its JSON has the right types. Every
// decoder ends with it.
func (f *Fields) check(anyDType bool) error {
	const required = 1<<fieldTimestamp | 1<<fieldChunkSize | 1<<fieldSeqLen | 1<<fieldChunkHashes
	if f.have&required != required {
		for field := range fieldCount {
			if fieldSet(required).has(field) && !f.have.has(field) {
				return fmt.Errorf("missing %q", field)
			}
		}
	}
	if err := checkNumbers(f.Timestamp, f.ChunkSize, f.SeqLen); err != nil {
		return err
	}
	if f.HasCachedTokens() {
		if err := checkCachedTokens(f.CachedTokens, f.SeqLen); err != nil {
			return err
		}
	}
	if err := checkNameLength(fieldModelName, len(f.ModelName)); err != nil {
		return err
	}
	if err := checkNameLength(fieldSource, len(f.Source)); err != nil {
		return err
	}
	return f.layout.check(anyDType)
}

// HasCachedTokens reports whether the line has cached_tokens.
func (f *Fields) HasCachedTokens() bool { return f.have.has(fieldCachedTokens) }

func checkCachedTokens(cached, seqLen int64) error {
	if cached < 0 || cached > seqLen {
		return fmt.Errorf("cached_tokens must be from 0 to seq_len, is %d of %d", cached, seqLen)
	}
	return nil
}

func checkNumbers(timestamp float64, chunkSize, seqLen int64) error {
	switch {
	case !(math.Abs(timestamp) <= MaxTimestamp):
		return CheckTimestamp(fieldTimestamp.String(), timestamp)
	case chunkSize <= 0:
		return fmt.Errorf("chunk_size must be > 0, is %d", chunkSize)
	case seqLen < 0:
		return fmt.Errorf("seq_len must be >= 0, is %d", seqLen)
	}
	return nil
}

// ChunkBytes returns the bytes that a full chunk stores, 0 if unknown. The fields must have been
// checked.
func (f *Fields) ChunkBytes() int64 { return f.layout.size }

// hashStrings returns copies of the hashes, nil if there are none.
func (f *Fields) hashStrings() []string { return spanStrings(f.hashes, f.text) }

// dtypeStrings returns copies of the dtypes, nil if there are none.
func (f *Fields) dtypeStrings() []string { return spanStrings(f.layout.dtypes, f.layout.text) }

// shapes returns a copy of the shapes. Empty lists are nil.
func (f *Fields) shapes() [][]int64 { return f.layout.shapes() }

// spanStrings returns the texts of the spans. They share one allocation.
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
