package line

import "errors"

// layout is the dtypes and shapes of a chunk. Most records repeat the layout of the record
// before, so a layout remembers the canonical text it was decoded from.
type layout struct {
	key    []byte // the text between seq_len and the first hash; empty if not canonical
	text   []byte // holds the dtypes
	dtypes []span
	dims   []int64 // of all shapes
	ends   []int   // the end of each shape in dims

	checked  bool // size and err are valid
	anyDType bool // for this
	size     int64
	err      error
}

// reset empties l, its key included.
func (l *layout) reset() {
	*l = layout{key: reuse(l.key), text: reuse(l.text), dtypes: reuse(l.dtypes), dims: reuse(l.dims), ends: reuse(l.ends)}
}

// check computes the size of a chunk, once per layout. With anyDType an unknown dtype makes
// the size unknown instead of being an error.
func (l *layout) check(anyDType bool) error {
	if !l.checked || l.anyDType != anyDType {
		l.size, l.err = l.bytes(anyDType)
		l.checked, l.anyDType = true, anyDType
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

// shapes returns a copy of all shapes. Empty lists are nil.
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
