package line

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Object finds the members of lines that hold one JSON object each. Names are case-sensitive,
// the last of duplicate names wins, null means missing, and invalid UTF-8 is an error.
type Object struct {
	names  []string
	values []jsontext.Value
	json   *jsontext.Decoder
	name   []byte // of the member being read, unquoted
}

// NewObject returns an Object that finds the members of these names.
func NewObject(names ...string) *Object { return &Object{names: names} }

// Value returns the JSON of the member of the i-th name in the last line, or nil. It aliases
// the line.
func (o *Object) Value(i int) []byte {
	if i >= len(o.values) {
		return nil
	}
	if value := o.values[i]; len(value) > 0 && value[0] != 'n' {
		return value
	}
	return nil
}

// Parse checks that line is one JSON object, and finds its members.
func (o *Object) Parse(line []byte) error {
	if o.json == nil {
		o.json = new(jsontext.Decoder)
		o.values = make([]jsontext.Value, len(o.names))
	}
	clear(o.values)
	o.json.Reset(bytes.NewBuffer(line), jsontext.AllowDuplicateNames(true))
	defer o.json.Reset(new(bytes.Buffer)) // let go of line
	err := o.members(line)
	if err != nil {
		clear(o.values)
	}
	return err
}

// members reads the whole line.
func (o *Object) members(line []byte) error {
	token, err := o.json.ReadToken()
	if err != nil {
		return notJSON(err)
	}
	if token.Kind() != '{' {
		return errors.New("not a JSON object")
	}
	for o.json.PeekKind() != '}' {
		if err := o.member(line); err != nil {
			return notJSON(err)
		}
	}
	if _, err := o.json.ReadToken(); err != nil {
		return notJSON(err)
	}
	if _, err := o.json.ReadToken(); err != io.EOF {
		return &notJSONError{"something follows the object"}
	}
	return nil
}

// member reads a name and its value. What the JSON decoder returns is valid only until its
// next call, so the value is kept as a slice of line.
func (o *Object) member(line []byte) error {
	name, err := o.json.ReadValue()
	if err != nil {
		return err
	}
	if o.name, err = jsontext.AppendUnquote(reuse(o.name), name); err != nil {
		return err
	}
	value, err := o.json.ReadValue()
	if err != nil {
		return err
	}
	end := o.json.InputOffset()
	value = line[end-int64(len(value)) : end]
	for i := range o.names {
		if string(o.name) == o.names[i] {
			o.values[i] = value
		}
	}
	return nil
}

// notJSON shortens an error of the JSON decoder.
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

// IsNotJSON reports whether an error says that a line is not one JSON value.
func IsNotJSON(err error) bool {
	notJSON := (*notJSONError)(nil)
	return errors.As(err, &notJSON)
}
