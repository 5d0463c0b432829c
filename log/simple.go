package log

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// simple takes a line of simple JSON apart, and reports whether it is one: an
// object whose fields stand in any order, with any white space and other fields
// between them, but none of the eight twice, and nothing unusual in the lists.
// It computes fingerprints as canonicalPrints does. All else is left to the
// general decoder, errors above all, so nothing here has to be complete, only
// right.
func (f *fields) simple(line []byte) bool {
	f.reset()
	f.layout.reset()
	f.text = line
	c := cursor{text: line, loose: true}
	c.space()
	c.literal("{")
	c.space()
	for more := true; more && !c.bad; more = c.more() {
		f.member(&c)
	}
	c.literal("}")
	c.space()
	return !c.bad && c.at == len(line)
}

// member takes a name and its value.
func (f *fields) member(c *cursor) {
	c.literal(`"`)
	name, known := fieldNamed(c.string().of(c.text))
	c.space()
	c.literal(":")
	c.space()
	switch {
	case !known:
		f.skip(c)
	case f.have.has(name):
		c.bad = true // the last one counts, but this one is taken
	case !c.accept("null"):
		f.have |= 1 << name
		f.value(c, name)
	}
}

// fieldNamed returns the field of that name.
func fieldNamed(name []byte) (field, bool) {
	for i := range fieldNames {
		if string(name) == fieldNames[i] {
			return field(i), true
		}
	}
	return 0, false
}

// value takes the value of one field.
func (f *fields) value(c *cursor, name field) {
	switch name {
	case fieldTimestamp:
		f.timestamp = c.float()
	case fieldRequestID:
		f.requestID = f.string(c)
	case fieldModelName:
		f.model = f.string(c)
	case fieldChunkSize:
		f.chunkSize = c.integer()
	case fieldSeqLen:
		f.seqLen = c.integer()
	case fieldDTypes:
		c.literal("[")
		c.dtypes(&f.layout)
	case fieldShapes:
		c.literal("[")
		c.shapes(&f.layout)
	case fieldChunkHashes:
		c.literal("[")
		f.prints = c.fingerprints(f.prints)
		c.literal("]")
	case fieldDropped:
		f.dropped = c.integer()
	}
}

// string takes any string, and returns what it says.
func (f *fields) string(c *cursor) []byte {
	start := c.at
	c.literal(`"`)
	plain := c.plain()
	if c.accept(`"`) || c.bad {
		return plain.of(c.text)
	}
	c.at = stringEnd(c.text, start)
	c.literal(`"`)
	value := jsontext.Value(c.text[start:c.at])
	if !value.IsValid() {
		c.bad = true
		return nil
	}
	begin := len(f.unquoted)
	f.unquoted, _ = jsontext.AppendUnquote(f.unquoted, value)
	return f.unquoted[begin:]
}

// skip takes any value. What isn't simple is for the JSON decoder to check, unless
// it may be nested deeper than that allows within a line.
func (f *fields) skip(c *cursor) {
	switch b := c.peek(); {
	case b == '"':
		f.string(c)
	case b == '-' || b >= '0' && b <= '9':
		c.float()
	case b == '[' || b == '{':
		start := c.at
		c.at = valueEnd(c.text, start)
		value := jsontext.Value(c.text[start:c.at])
		if brackets(value) > deepest || !value.IsValid(jsontext.AllowDuplicateNames(true)) {
			c.bad = true
		}
	case !c.accept("null") && !c.accept("true"):
		c.literal("false")
	}
}

// deepest is how deep a value may surely be nested, and some.
const deepest = 9000

// brackets returns how many are opened in a value, which is no less than its depth.
func brackets(value []byte) int {
	return bytes.Count(value, []byte("[")) + bytes.Count(value, []byte("{"))
}
