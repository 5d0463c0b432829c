package line

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// simple decodes a line of simple JSON and reports whether it is one: an object with fields in
// any order, any white space and other fields, but with none of its fields twice and nothing
// unusual in the lists. It computes fingerprints as canonicalPrints does. The general decoder
// handles everything else, errors included, so simple may refuse good lines but must never
// accept bad ones.
func (f *Fields) simple(line []byte) bool {
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

// member decodes a name and its value.
func (f *Fields) member(c *cursor) {
	c.literal(`"`)
	name, known := fieldNamed(c.string().of(c.text))
	c.space()
	c.literal(":")
	c.space()
	switch {
	case !known:
		f.skip(c)
	case f.have.has(name):
		c.bad = true // the last of two wins, but the first is decoded already
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

// value decodes the value of one field.
func (f *Fields) value(c *cursor, name field) {
	switch name {
	case fieldTimestamp:
		f.Timestamp = c.float()
	case fieldRequestID:
		f.RequestID = f.string(c)
	case fieldModelName:
		f.ModelName = f.string(c)
	case fieldChunkSize:
		f.ChunkSize = c.integer()
	case fieldSeqLen:
		f.SeqLen = c.integer()
	case fieldDTypes:
		c.literal("[")
		c.dtypes(&f.layout)
	case fieldShapes:
		c.literal("[")
		c.shapes(&f.layout)
	case fieldChunkHashes:
		c.literal("[")
		f.Fingerprints = c.fingerprints(f.Fingerprints)
		c.literal("]")
	case fieldSessionID:
		f.SessionID = f.string(c)
	case fieldCacheSalt:
		f.CacheSalt = f.string(c)
	case fieldSource:
		f.Source = f.string(c)
	case fieldCachedTokens:
		f.CachedTokens = c.integer()
	case fieldDropped:
		f.Dropped = c.integer()
	}
}

// string steps over any string and returns it unquoted.
func (f *Fields) string(c *cursor) []byte {
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

// skip steps over any value. The JSON decoder checks a list or object, unless it may be nested
// deeper than that decoder allows within a line.
func (f *Fields) skip(c *cursor) {
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

// deepest is a depth of nesting that the JSON decoder accepts within a line.
const deepest = 9000

// brackets counts opening brackets and braces, an upper bound of the depth.
func brackets(value []byte) int {
	return bytes.Count(value, []byte("[")) + bytes.Count(value, []byte("{"))
}
