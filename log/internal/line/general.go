package line

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// general decodes any JSON object that holds a record, in two steps. A JSON decoder checks the
// line as a whole and finds the last value of each field, then those values are decoded. So
// only the last of duplicate names must have the right type.
type general struct {
	object Object
	text   []byte // unquoted strings; becomes Fields.text
}

// parse decodes line into f.
func (g *general) parse(line []byte, f *Fields) error {
	f.reset()
	f.layout.reset()
	g.object.names = fieldNames[:]
	if err := g.object.Parse(line); err != nil {
		return err
	}
	g.reset()
	for i := range fieldNames {
		value := g.object.Value(i)
		if value == nil {
			continue
		}
		if err := g.read(field(i), value, f); err != nil {
			return err
		}
		f.have |= 1 << i
	}
	f.text = g.text
	return nil
}

// reset empties g.
func (g *general) reset() { g.object.name, g.text = reuse(g.object.name), reuse(g.text) }

// read decodes the value of one field, which is valid JSON and not null.
func (g *general) read(name field, value jsontext.Value, f *Fields) (err error) {
	switch name {
	case fieldTimestamp:
		f.Timestamp, err = number(name, value)
	case fieldRequestID:
		f.RequestID, err = g.unquoted(name, value)
	case fieldModelName:
		f.ModelName, err = g.unquoted(name, value)
	case fieldChunkSize:
		f.ChunkSize, err = integer(name, value)
	case fieldSeqLen:
		f.SeqLen, err = integer(name, value)
	case fieldDTypes:
		f.layout.dtypes, err = g.strings(name, value, f.layout.dtypes, &f.layout.text)
	case fieldShapes:
		err = g.shapes(name, value, &f.layout)
	case fieldChunkHashes:
		f.hashes, err = g.strings(name, value, f.hashes, &g.text)
	case fieldSessionID:
		f.SessionID, err = g.unquoted(name, value)
	case fieldCacheSalt:
		f.CacheSalt, err = g.unquoted(name, value)
	case fieldSource:
		f.Source, err = g.unquoted(name, value)
	case fieldCachedTokens:
		f.CachedTokens, err = integer(name, value)
	case fieldDropped: // with another type it is another program's field
		if n, err := integer(name, value); err == nil && n > 0 {
			f.Dropped = n
		}
	}
	return err
}

func number(name field, value jsontext.Value) (float64, error) {
	if value.Kind() != '0' {
		return 0, mistyped(name, "a number", value)
	}
	n, err := strconv.ParseFloat(string(value), 64)
	if err != nil {
		return 0, mistyped(name, "finite", value)
	}
	return n, nil
}

func integer(name field, value jsontext.Value) (int64, error) {
	n, err := strconv.ParseInt(string(value), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, mistyped(name, "within 64 bits", value)
	case err != nil:
		return 0, mistyped(name, "an integer", value)
	}
	return n, nil
}

// string appends the unquoted value to text.
func (g *general) string(name field, value jsontext.Value, text *[]byte) (span, error) {
	if value.Kind() != '"' {
		return span{}, mistyped(name, "a string", value)
	}
	start := len(*text)
	if plain := value[1 : len(value)-1]; plainLen(plain) == len(plain) {
		*text = append(*text, plain...)
		return span{start, len(*text)}, nil
	}
	var err error
	*text, err = jsontext.AppendUnquote(*text, value)
	return span{start, len(*text)}, err
}

// unquoted returns the unquoted value, a string.
func (g *general) unquoted(name field, value jsontext.Value) ([]byte, error) {
	s, err := g.string(name, value, &g.text)
	return s.of(g.text), err
}

// strings appends the unquoted elements of a list to text, and their positions to spans.
func (g *general) strings(name field, value jsontext.Value, spans []span, text *[]byte) ([]span, error) {
	if value.Kind() != '[' {
		return spans, mistyped(name, "a list of strings", value)
	}
	for list := elements(value); list.next(); {
		s, err := g.string(name, list.value, text)
		if err != nil {
			return spans, mistyped(name, "a list of strings", list.value)
		}
		spans = append(spans, s)
	}
	return spans, nil
}

func (g *general) shapes(name field, value jsontext.Value, l *layout) error {
	if value.Kind() != '[' {
		return mistyped(name, "a list of lists of integers", value)
	}
	for list := elements(value); list.next(); {
		if list.value.Kind() != '[' {
			return mistyped(name, "a list of lists of integers", list.value)
		}
		for shape := elements(list.value); shape.next(); {
			dim, err := integer(name, shape.value)
			if err != nil {
				return mistyped(name, "a list of lists of integers", shape.value)
			}
			l.dims = append(l.dims, dim)
		}
		l.ends = append(l.ends, len(l.dims))
	}
	return nil
}

// mistyped is the error of a value of the wrong type.
func mistyped(name field, want string, value jsontext.Value) error {
	return fmt.Errorf("%s must be %s, is %s", name, want, Excerpt(value))
}

// Excerpt returns the beginning of bad input for an error message, quoted if it holds
// anything but printable ASCII.
func Excerpt(value []byte) string {
	for i, b := range value {
		if i == quoteMost || b < ' ' || b > '~' {
			return quote(string(value[:min(len(value), quoteMost+1)]))
		}
	}
	return string(value)
}

// quoteMost is how many bytes of bad input an error message shows.
const quoteMost = 60

// quote quotes the beginning of bad input for an error message.
func quote(s string) string {
	if len(s) <= quoteMost {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:quoteMost]) + "…"
}
