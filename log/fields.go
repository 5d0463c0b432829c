package log

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// span is a piece of a text: text[start:end].
type span struct{ start, end int }

func (s span) of(text []byte) []byte { return text[s.start:s.end] }

// field numbers the eight fields of a record, in canonical order.
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
	fieldDropped // not a field of the canonical line
	fieldCount
)

var fieldNames = [fieldCount]string{"timestamp", "request_id", "model_name", "chunk_size",
	"seq_len", "dtypes", "shapes", "chunk_hashes", "dropped"}

func (f field) String() string { return fieldNames[f] }

// fieldSet is a set of fields.
type fieldSet uint

func (s fieldSet) has(f field) bool { return s>>f&1 != 0 }

const allFields fieldSet = 1<<fieldDropped - 1

// fields is a line taken apart, by either decoder. It is reused from line to
// line.
type fields struct {
	have      fieldSet
	text      []byte // holds the hashes
	unquoted  []byte // holds strings that aren't plain
	timestamp float64
	chunkSize int64
	seqLen    int64
	requestID []byte
	model     []byte
	hashes    []span
	prints    []uint64 // fingerprints of the hashes
	dropped   int64
	layout    layout
}

// reset empties f, except for the layout, which may serve the next line too.
func (f *fields) reset() {
	*f = fields{hashes: reuse(f.hashes), prints: reuse(f.prints), unquoted: reuse(f.unquoted), layout: f.layout}
}

// reuse empties s, and lets go of it if it has become exceptionally large.
func reuse[T any](s []T) []T {
	const large = 1 << 20
	if cap(s) > large {
		return nil
	}
	return s[:0]
}

// check says what makes the line a bad record though its JSON is of the right
// types. It stands behind both decoders.
func (f *fields) check(anyDType bool) error {
	const required = 1<<fieldTimestamp | 1<<fieldChunkSize | 1<<fieldSeqLen | 1<<fieldChunkHashes
	if f.have&required != required {
		for field := range fieldCount {
			if fieldSet(required).has(field) && !f.have.has(field) {
				return fmt.Errorf("missing %q", field)
			}
		}
	}
	if err := checkNumbers(f.timestamp, f.chunkSize, f.seqLen); err != nil {
		return err
	}
	if err := checkNameLength(len(f.model)); err != nil {
		return err
	}
	return f.layout.check(anyDType)
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

// layout is what a chunk stores: its dtypes and shapes. Most records repeat the
// layout of the record before, so it remembers the canonical text it came from.
type layout struct {
	key    []byte // from behind seq_len up to the first hash; empty if not canonical
	text   []byte // holds the dtypes
	dtypes []span
	dims   []int64 // of all shapes
	ends   []int   // where each shape ends in dims

	checked bool // size and err are known
	size    int64
	err     error
}

// reset empties l, and forgets the key.
func (l *layout) reset() {
	*l = layout{key: reuse(l.key), text: reuse(l.text), dtypes: reuse(l.dtypes), dims: reuse(l.dims), ends: reuse(l.ends)}
}

// check works out the size of a chunk, once per layout. With anyDType an unknown
// dtype only makes the size unknown.
func (l *layout) check(anyDType bool) error {
	if !l.checked {
		l.size, l.err = l.bytes(anyDType)
		l.checked = true
	}
	return l.err
}

func (l *layout) bytes(anyDType bool) (sum int64, err error) {
	if err := checkLengths(len(l.dtypes), len(l.ends)); err != nil {
		return 0, err
	}
	known := true
	for i, dtype := range l.dtypes {
		add := sum
		sum, err = addTensor(add, string(dtype.of(l.text)), l.shape(i))
		if unknown := (*unknownDType)(nil); anyDType && errors.As(err, &unknown) {
			known = false
			sum, err = addElements(add, 1, l.shape(i))
		}
		if err != nil {
			return 0, err
		}
	}
	if !known {
		return 0, nil
	}
	return sum, nil
}

// shape returns the dimensions of tensor i.
func (l *layout) shape(i int) []int64 {
	start := 0
	if i > 0 {
		start = l.ends[i-1]
	}
	return l.dims[start:l.ends[i]:l.ends[i]]
}

func (l *layout) dtypeStrings() []string { return spanStrings(l.dtypes, l.text) }

// shapes returns a copy of all shapes; empty lists are nil.
func (l *layout) shapes() [][]int64 {
	if len(l.ends) == 0 {
		return nil
	}
	out := make([][]int64, len(l.ends))
	for i := range out {
		out[i] = append([]int64(nil), l.shape(i)...)
	}
	return out
}

// quoteMost is how many bytes of bad input an error message repeats.
const quoteMost = 60

// quote quotes bad input for an error message, bounded, and with control
// characters escaped.
func quote(s string) string {
	if len(s) <= quoteMost {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:quoteMost]) + "…"
}
