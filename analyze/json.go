package analyze

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// WriteJSON writes a report as JSON, indented by two spaces, with <, > and & unescaped. The bytes equal those of an
// [encoding/json.Encoder] with these settings, but results, models and classes are written one at a time, so memory stays bounded.
func WriteJSON(w io.Writer, r *Report) error {
	j := jsonWriter{w: w}
	short := *r
	if len(r.Results) > 0 {
		short.Results = []Result{}
	}
	if len(r.By) > 0 {
		short.By = Breakdown{{}} // an empty list that is not left out
	}
	j.lists(short, 0,
		elements{"results", len(r.Results), func(i int) { j.result(&r.Results[i]) }},
		elements{"by", r.By.len(), func(i int) { j.value(r.By.class(i), 2) }})
	j.text([]byte("\n"))
	return j.err
}

// MarshalJSON returns the result with the figures of all models.
func (r Result) MarshalJSON() ([]byte, error) {
	out := plainResult(r)
	if r.models != nil {
		out.Models = make([]ModelResult, r.ModelCount())
		for i := range out.Models {
			out.Models[i] = r.Model(i)
		}
	}
	return asJSON(out, "", "")
}

// plainResult is a Result without its MarshalJSON.
type plainResult Result

// asJSON leaves <, > and & unescaped; callers such as json.Marshal escape them if they want to.
func asJSON(v any, prefix, indent string) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent(prefix, indent)
	err := enc.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// jsonWriter writes indented JSON in pieces. It keeps the first error.
type jsonWriter struct {
	w   io.Writer
	err error
}

func (j *jsonWriter) text(p []byte) {
	if j.err == nil {
		_, j.err = j.w.Write(p)
	}
}

// value writes a value that begins at a depth.
func (j *jsonWriter) value(v any, depth int) {
	text, err := asJSON(v, indent(depth), indent(1))
	if j.err == nil {
		j.err = err
	}
	j.text(text)
}

func (j *jsonWriter) result(r *Result) {
	short, n := plainResult(*r), r.ModelCount()
	if n > 0 {
		short.Models = []ModelResult{}
	}
	j.lists(short, 2, elements{"models", n, func(i int) { j.value(r.Model(i), 4) }})
}

// elements are the elements of the list of a key, each written by put.
type elements struct {
	key string
	n   int
	put func(i int)
}

// lists writes an object that begins at a depth. Its empty lists of some keys, in their order, are filled with elements.
func (j *jsonWriter) lists(v any, depth int, lists ...elements) {
	text, err := asJSON(v, indent(depth), indent(1))
	if err != nil {
		j.err = err
		return
	}
	rest := string(text)
	for _, l := range lists {
		if l.n == 0 {
			continue
		}
		line := "\n" + indent(depth+1) + `"` + l.key + `": [` // only keys follow so much white space
		before, after, _ := strings.Cut(rest, line+"]")
		j.text([]byte(before + line))
		for i := 0; i < l.n && j.err == nil; i++ {
			if i > 0 {
				j.text([]byte(","))
			}
			j.text([]byte("\n" + indent(depth+2)))
			l.put(i)
		}
		rest = "\n" + indent(depth+1) + "]" + after
	}
	j.text([]byte(rest))
}

func indent(depth int) string { return strings.Repeat("  ", depth) }

// MarshalJSON returns the text as a JSON string.
func (n Note) MarshalJSON() ([]byte, error) { return asJSON(n.Text, "", "") }

// UnmarshalJSON reads the text. The kind is not stored; it becomes Remark.
func (n *Note) UnmarshalJSON(text []byte) error {
	n.Kind = Remark
	return json.Unmarshal(text, &n.Text)
}
