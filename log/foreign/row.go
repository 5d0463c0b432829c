package foreign

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"hashlog/log"
)

// row reads the fields of a line, which is a JSON object.
type row struct {
	in     string // what the object is in, for messages: "", or as "request."
	names  []string
	object *log.Object
	buf    []byte
	models map[string]string // interned names
}

// maxInterned is the number of model names that a row keeps.
const maxInterned = 64

func newRow(names []string) row {
	return row{names: names, object: log.NewObject(names...), models: make(map[string]string)}
}

// newRowIn returns a row for an object within another one.
func newRowIn(in string, names ...string) row {
	r := newRow(names)
	r.in = in + "."
	return r
}

// isObject reports whether JSON is an object.
func isObject(value []byte) bool { return len(value) > 0 && value[0] == '{' }

// nested reads the fields of an object within the row.
func (r *row) nested(i int, into *row) error {
	value := r.object.Value(i)
	switch {
	case value == nil:
		return r.missing(i)
	case !isObject(value):
		return r.mistyped(i, "an object", value)
	}
	return into.object.Parse(value)
}

// nameOf returns the name of a field for messages.
func (r *row) nameOf(i int) string { return r.in + r.names[i] }

// has reports whether the row has a member.
func (r *row) has(i int) bool { return r.object.Value(i) != nil }

func (r *row) missing(i int) error { return fmt.Errorf("missing %q", r.nameOf(i)) }

func (r *row) mistyped(i int, want string, value []byte) error {
	return fmt.Errorf("%s must be %s, is %s", r.nameOf(i), want, log.Excerpt(value))
}

// oneOf reads a field that has several names. If more than one is there, their values must
// agree.
func oneOf[T comparable](r *row, read func(int) (T, error), members ...int) (value T, err error) {
	first := -1
	for _, i := range members {
		if !r.has(i) {
			continue
		}
		v, err := read(i)
		if err != nil {
			return value, err
		}
		if first >= 0 && v != value {
			return value, fmt.Errorf("%s is %v, but %s is %v", r.names[first], value, r.names[i], v)
		}
		value, first = v, i
	}
	if first < 0 {
		return value, r.missing(members[0])
	}
	return value, nil
}

// number reads a finite number.
func (r *row) number(i int) (float64, error) {
	value := r.object.Value(i)
	if value == nil {
		return 0, r.missing(i)
	}
	if !isNumber(value) {
		return 0, r.mistyped(i, "a number", value)
	}
	x, err := strconv.ParseFloat(string(value), 64)
	if err != nil || math.IsInf(x, 0) {
		return 0, r.mistyped(i, "finite", value)
	}
	return x, nil
}

// seconds reads a timestamp in seconds.
func (r *row) seconds(i int) (float64, error) {
	at, err := r.number(i)
	if err == nil {
		err = log.CheckTimestamp(r.names[i], at)
	}
	return at, err
}

func isNumber(value []byte) bool { return jsontext.Value(value).Kind() == '0' }

// tokens reads a number of tokens.
func (r *row) tokens(i int) (int64, error) {
	value := r.object.Value(i)
	if value == nil {
		return 0, r.missing(i)
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil || n < 0 {
		return 0, r.mistyped(i, "an integer from 0 to 2^63-1", value)
	}
	return n, nil
}

// text appends a string or a number to dst; nothing if it is missing.
func (r *row) text(i int, dst []byte) ([]byte, error) {
	value := r.object.Value(i)
	switch {
	case value == nil:
		return dst, nil
	case value[0] == '"':
		return jsontext.AppendUnquote(dst, value)
	case isNumber(value):
		return append(dst, value...), nil
	}
	return dst, r.mistyped(i, "a string or a number", value)
}

// name reads the model's name from any of the fields; it is empty if all are missing.
func (r *row) name(members ...int) (string, error) {
	none := true
	for _, i := range members {
		none = none && !r.has(i)
	}
	if none {
		return "", nil
	}
	return oneOf(r, r.interned, members...)
}

// interned reads a string that has few different values.
func (r *row) interned(i int) (_ string, err error) {
	value := r.object.Value(i)
	if value[0] != '"' {
		return "", r.mistyped(i, "a string", value)
	}
	if r.buf, err = jsontext.AppendUnquote(r.buf[:0], value); err != nil {
		return "", err
	}
	if err := log.CheckModelName(r.buf); err != nil {
		return "", err
	}
	return r.intern(r.buf), nil
}

// intern returns the one string for all equal texts.
func (r *row) intern(text []byte) string {
	name, ok := r.models[string(text)]
	if !ok {
		name = string(text)
		if len(r.models) == maxInterned {
			clear(r.models)
		}
		r.models[name] = name
	}
	return name
}

// required reads a string.
func (r *row) required(i int) (string, error) {
	if !r.has(i) {
		return "", r.missing(i)
	}
	return r.interned(i)
}

// integer reads an integer from 0 to 2⁶⁴−1.
func (r *row) integer(i int) (uint64, error) {
	n, err := strconv.ParseUint(string(r.object.Value(i)), 10, 64)
	if err != nil {
		return 0, r.mistyped(i, "an integer from 0 to 2^64-1", r.object.Value(i))
	}
	return n, nil
}

// integers appends the elements of a list to dst: integers from 0 to 2⁶⁴−1.
func (r *row) integers(i int, dst []uint64) ([]uint64, error) {
	value := r.object.Value(i)
	if value == nil {
		return dst, r.missing(i)
	}
	const want = "a list of integers from 0 to 2^64-1"
	if value[0] != '[' {
		return dst, r.mistyped(i, want, value)
	}
	dst = slices.Grow(dst, bytes.Count(value, []byte(","))+1) // growing step by step would hold several copies of a very long list
	for at := skip(value, 1); value[at] != ']'; {
		n, end := digits(value, at)
		if end == at || !ends(value[end]) {
			return dst, r.mistyped(i, want, element(value, at))
		}
		dst = append(dst, n)
		at = skip(value, end)
	}
	return dst, nil
}

// reuse empties s, or drops it if it has become exceptionally large.
func reuse(s []uint64) []uint64 {
	const large = 1 << 20
	if cap(s) > large {
		return nil
	}
	return s[:0]
}

// skip returns the position of the next element or bracket, from at on. The list is valid JSON.
func skip(list []byte, at int) int {
	for isSpace(list[at]) || list[at] == ',' {
		at++
	}
	return at
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// ends reports whether b may follow a number.
func ends(b byte) bool { return isSpace(b) || b == ',' || b == ']' }

// digits reads an integer ≥ 0 and returns where it ends. That is at if there is none, or it
// exceeds 64 bits.
func digits(list []byte, at int) (n uint64, end int) {
	for end = at; list[end] >= '0' && list[end] <= '9'; end++ {
		d := uint64(list[end] - '0')
		if n > (math.MaxUint64-d)/10 {
			return 0, at
		}
		n = n*10 + d
	}
	return n, end
}

// element returns an element of a list for a message. A nested one may be cut short.
func element(list []byte, at int) []byte {
	end := at
	for end < len(list) && !ends(list[end]) {
		end++
	}
	return list[at:end]
}
