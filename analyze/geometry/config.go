package geometry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// config is a config.json, or the part of it that is about the language model. It collects the first error and all missing
// fields, so that the code that reads fields need not check each.
type config struct {
	architecture string
	fields       map[string]json.RawMessage
	whole        *config // the file, if this is a part of it; else nil

	missing  []string
	defaults []string // missing fields for which the architecture has a default
	err      error    // the first

	shared    int64 // layers at the end that reuse the caches of earlier layers
	lastGrows bool  // the last layer has full attention, whatever the file says
}

// readConfig reads a JSON object.
func readConfig(data []byte) (*config, error) {
	c := &config{}
	err := json.Unmarshal(plain(data), &c.fields)
	var mistyped *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mistyped), err == nil && c.fields == nil:
		return nil, errors.New("is not a config.json: it holds no JSON object")
	case err != nil:
		return nil, fmt.Errorf("is not a config.json: %w", err)
	}
	return c, nil
}

// plain turns Python's output into JSON: Infinity and NaN, which some published files have in fields that are not read, become 0.
func plain(data []byte) []byte {
	out := bytes.Clone(data)
	quoted := false
	for i := 0; i < len(out); i++ {
		switch {
		case quoted && out[i] == '\\':
			i++
		case out[i] == '"':
			quoted = !quoted
		case !quoted:
			for _, word := range []string{"-Infinity", "Infinity", "NaN"} {
				if bytes.HasPrefix(out[i:], []byte(word)) {
					copy(out[i:], "0        "[:len(word)])
				}
			}
		}
	}
	return out
}

// raw returns a field. ok is false if it is missing or null.
func (c *config) raw(name string) (json.RawMessage, bool) {
	v, ok := c.fields[name]
	return v, ok && string(v) != "null"
}

// has reports whether a field is there, even if it is null.
func (c *config) has(name string) bool {
	_, ok := c.fields[name]
	return ok
}

// read decodes into v the first of the fields that is there. It returns false if none is, or if it is wrong.
func (c *config) read(v any, wanted string, names ...string) bool {
	for _, name := range names {
		raw, ok := c.raw(name)
		if !ok {
			continue
		}
		if err := json.Unmarshal(raw, v); err != nil {
			c.fail(fmt.Errorf("%s is %s, but should be %s", name, short(raw), wanted))
			return false
		}
		return true
	}
	return false
}

// find returns a number above zero from the first of the fields that is there.
func (c *config) find(names ...string) (int64, bool) {
	return c.atLeast(1, "a whole number above zero", names...)
}

// index returns a number that may be 0.
func (c *config) index(name string) int64 {
	n, ok := c.atLeast(0, "a whole number, 0 or more", name)
	if !ok {
		c.lack(name)
	}
	return n
}

func (c *config) atLeast(least int64, wanted string, names ...string) (int64, bool) {
	var n int64
	if !c.read(&n, wanted, names...) {
		return 0, false
	}
	if n < least {
		c.fail(fmt.Errorf("%s is %d, but should be %s", names[slices.IndexFunc(names, c.notNull)], n, wanted))
		return 0, false
	}
	return n, true
}

func (c *config) notNull(name string) bool {
	_, ok := c.raw(name)
	return ok
}

// need is find for a required field.
func (c *config) need(names ...string) int64 {
	n, ok := c.find(names...)
	if !ok {
		c.lack(names...)
	}
	return n
}

// orDefault is find for a field for which the architecture has a default.
func (c *config) orDefault(value int64, names ...string) int64 {
	if slices.ContainsFunc(names, c.notNull) {
		return c.need(names...)
	}
	c.defaults = append(c.defaults, names[0])
	return value
}

// indexOrDefault is orDefault for a number that may be 0.
func (c *config) indexOrDefault(value int64, name string) int64 {
	if c.notNull(name) {
		return c.index(name)
	}
	c.defaults = append(c.defaults, name)
	return value
}

// lack notes that a required field is missing under all of its names, unless it is there and wrong.
func (c *config) lack(names ...string) {
	if !slices.ContainsFunc(names, c.notNull) && !slices.Contains(c.missing, names[0]) {
		c.missing = append(c.missing, names[0])
	}
}

func (c *config) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// fault returns the first error, or else the missing fields.
func (c *config) fault() error {
	switch {
	case c.err != nil:
		return c.err
	case len(c.missing) > 0:
		return &MissingError{c.architecture, c.missing}
	}
	return nil
}

// flag returns a boolean field, false if it is missing.
func (c *config) flag(name string) (set bool) {
	c.read(&set, "true or false", name)
	return set
}

// word returns a text, "" if it is missing.
func (c *config) word(names ...string) (s string) {
	c.read(&s, "a text", names...)
	return s
}

// words returns a list of texts, nil if it is missing.
func (c *config) words(names ...string) (list []string) {
	c.read(&list, "a list of texts", names...)
	return list
}

// numbers returns a list of whole numbers, nil if it is missing.
func (c *config) numbers(name string) (list []int64) {
	c.read(&list, "a list of whole numbers", name)
	return list
}

// part returns an object within the file, nil if it is missing.
func (c *config) part(name string) *config {
	p := &config{whole: c}
	if !c.read(&p.fields, "an object", name) {
		return nil
	}
	return p
}

// short returns a value shortened for an error.
func short(raw json.RawMessage) string {
	const most = 40
	switch {
	case len(raw) <= most && !strings.ContainsFunc(string(raw), func(r rune) bool { return !unicode.IsPrint(r) }):
		return string(raw)
	case len(raw) <= most:
		return strconv.Quote(string(raw))
	}
	return strconv.Quote(string(raw[:min(len(raw), most)])) + "…"
}
