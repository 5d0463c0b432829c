package log

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// general decodes any JSON object that holds a record, in two steps: a JSON
// decoder checks the line as a whole and finds where the last value of each
// field stands, then those are read. So only the last of duplicate names has
// to be of the right type.
type general struct {
	json *jsontext.Decoder
	name []byte // of the field being read, unquoted
	text []byte // what fields.text becomes: strings, unquoted
}

// parse takes line apart.
func (g *general) parse(line []byte, f *fields) error {
	f.reset()
	f.layout.reset()
	values, err := g.values(line)
	if err != nil {
		return err
	}
	g.reset()
	for i, value := range values {
		if len(value) == 0 || value[0] == 'n' {
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
func (g *general) reset() { g.name, g.text = reuse(g.name), reuse(g.text) }

// values checks that line is one JSON object, and returns the last value of
// each field, empty where it has none.
func (g *general) values(line []byte) (values [fieldCount]jsontext.Value, err error) {
	if g.json == nil {
		g.json = new(jsontext.Decoder)
	}
	g.json.Reset(bytes.NewBuffer(line), jsontext.AllowDuplicateNames(true))
	defer g.json.Reset(new(bytes.Buffer)) // let go of line
	token, err := g.json.ReadToken()
	if err != nil {
		return values, notJSON(err)
	}
	if token.Kind() != '{' {
		return values, errors.New("not a JSON object")
	}
	for g.json.PeekKind() != '}' {
		if err := g.member(line, &values); err != nil {
			return values, notJSON(err)
		}
	}
	if _, err := g.json.ReadToken(); err != nil {
		return values, notJSON(err)
	}
	if _, err := g.json.ReadToken(); err != io.EOF {
		return values, &notJSONError{"something follows the object"}
	}
	return values, nil
}

// member reads a name and its value. What the JSON decoder returns is good only
// until the next call, so the value is kept as a piece of line.
func (g *general) member(line []byte, values *[fieldCount]jsontext.Value) error {
	name, err := g.json.ReadValue()
	if err != nil {
		return err
	}
	if g.name, err = jsontext.AppendUnquote(reuse(g.name), name); err != nil {
		return err
	}
	value, err := g.json.ReadValue()
	if err != nil {
		return err
	}
	end := g.json.InputOffset()
	value = line[end-int64(len(value)) : end]
	for f := range fieldCount {
		if string(g.name) == f.String() {
			values[f] = value
		}
	}
	return nil
}

// notJSON shortens what the JSON decoder says.
func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &notJSONError{"ends early"}
	}
	if syntax := (*jsontext.SyntacticError)(nil); errors.As(err, &syntax) && syntax.Err != nil {
		return &notJSONError{fmt.Sprintf("%.80s at byte %d", syntax.Err, syntax.ByteOffset+1)}
	}
	return &notJSONError{fmt.Sprintf("%.80s", err)}
}

// notJSONError is the error of a line that is not one JSON value.
type notJSONError struct{ why string }

func (e *notJSONError) Error() string { return "not JSON: " + e.why }

// read reads the value of one field, which is valid JSON and not null.
func (g *general) read(name field, value jsontext.Value, f *fields) (err error) {
	switch name {
	case fieldTimestamp:
		f.timestamp, err = number(name, value)
	case fieldRequestID:
		f.requestID, err = g.unquoted(name, value)
	case fieldModelName:
		f.model, err = g.unquoted(name, value)
	case fieldChunkSize:
		f.chunkSize, err = integer(name, value)
	case fieldSeqLen:
		f.seqLen, err = integer(name, value)
	case fieldDTypes:
		f.layout.dtypes, err = g.strings(name, value, f.layout.dtypes, &f.layout.text)
	case fieldShapes:
		err = g.shapes(name, value, &f.layout)
	case fieldChunkHashes:
		f.hashes, err = g.strings(name, value, f.hashes, &g.text)
	case fieldDropped: // of another type it is somebody else's field
		if n, err := integer(name, value); err == nil && n > 0 {
			f.dropped = n
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

// strings appends the unquoted elements of a list to text, and where they stand
// to spans.
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

// mistyped says that value is not what it must be.
func mistyped(name field, want string, value jsontext.Value) error {
	return fmt.Errorf("%s must be %s, is %s", name, want, excerpt(value))
}

// excerpt returns the beginning of a JSON value, quoted if printing it as it is
// could do harm.
func excerpt(value jsontext.Value) string {
	for i, b := range value {
		if i == quoteMost || b < ' ' || b > '~' {
			return quote(string(value[:min(len(value), quoteMost+1)]))
		}
	}
	return string(value)
}
