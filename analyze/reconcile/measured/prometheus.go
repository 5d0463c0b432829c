package measured

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// An answer is one of Prometheus' /api/v1/query_range (docs/querying/api.md of prometheus/prometheus 3.14.0, 2026-11-28), or one series
// of it alone, as promtool query range -o json lists them.
type answer struct {
	Status   string   `json:"status"`
	Error    string   `json:"error"`
	Warnings []string `json:"warnings"`
	Data     *struct {
		ResultType string          `json:"resultType"`
		Result     json.RawMessage `json:"result"`
	} `json:"data"`
	answeredSeries
}

// answeredSeries is one series of an answer.
type answeredSeries struct {
	Metric     map[string]string `json:"metric"`
	Values     []answeredValue   `json:"values"`
	Histograms json.RawMessage   `json:"histograms"`
}

// An answeredValue is a pair of a time and a value, which is a text: [1435781430.781, "1"].
type answeredValue struct{ time, value float64 }

func (v *answeredValue) UnmarshalJSON(data []byte) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(data, &pair); err != nil || len(pair) != 2 {
		return fmt.Errorf("value %.100s: must be a pair of a time and a value", data)
	}
	var text string
	if json.Unmarshal(pair[0], &v.time) != nil || json.Unmarshal(pair[1], &text) != nil {
		return fmt.Errorf(`value %.100s: must be of the form [1435781430.781, "1"]`, data)
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("value %q: must be a number", text)
	}
	v.value = number
	return nil
}

// readAnswers makes a series of all answers in files.
func readAnswers(files []file, metric string) (*Series, error) {
	found := &collection{byName: map[string]*counter{}}
	var names []string
	for _, f := range files {
		names = append(names, f.name)
		if err := found.readFile(f); err != nil {
			return nil, err
		}
	}
	if err := found.finish(); err != nil {
		return nil, err
	}
	m, err := found.choose(names, metric)
	if err != nil {
		return nil, err
	}
	hit, requested := m.Hit.chosen(found.counters), m.Requested.chosen(found.counters)
	for _, counters := range [][]*counter{hit, requested} {
		if err := checkUnit(counters); err != nil {
			return nil, err
		}
		if err := checkFalls(counters); err != nil {
			return nil, err
		}
	}
	s := &Series{Metric: m.Name(), Denominator: m.Denominator, Notes: found.warnings}
	if m.Denominator == FoundTokens {
		s.Notes = append(s.Notes, m.About)
	}
	if found.nameless {
		s.Notes = append(s.Notes, "A series without a name is left out.")
	}
	if len(hit) > 1 || len(requested) > 1 {
		s.Notes = append(s.Notes, fmt.Sprintf("Hit tokens are summed over %d series, requested tokens over %d.", len(hit), len(requested)))
	}
	return s, sumWindows(s, hit, requested)
}

// readFile adds the answers of a file.
func (c *collection) readFile(f file) error {
	in := json.NewDecoder(bytes.NewReader(f.data))
	for {
		var raw json.RawMessage
		err := in.Decode(&raw)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = c.addAll(raw)
		}
		if err != nil {
			return &SyntaxError{f.name, 1 + bytes.Count(f.data[:offsetOf(err, in)], []byte("\n")), err}
		}
	}
}

// offsetOf returns where in a file a decoder met an error.
func offsetOf(err error, in *json.Decoder) int64 {
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return max(syntax.Offset-1, 0)
	}
	return in.InputOffset()
}

// addAll adds an answer or a list of answers.
func (c *collection) addAll(raw json.RawMessage) error {
	answers := []answer{{}}
	var to any = &answers[0]
	if raw[0] == '[' {
		to = &answers
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return noAnswer(err)
	}
	for _, a := range answers {
		if err := c.add(&a); err != nil {
			return err
		}
	}
	return nil
}

// noAnswer words an error of the JSON decoder.
func noAnswer(err error) error {
	mistyped := (*json.UnmarshalTypeError)(nil)
	switch {
	case !errors.As(err, &mistyped):
		return fmt.Errorf("no answer of query_range: %w", err)
	case mistyped.Field == "":
		return fmt.Errorf("no answer of query_range, but a JSON %s", mistyped.Value)
	}
	return fmt.Errorf("no answer of query_range: %s is a JSON %s", mistyped.Field, mistyped.Value)
}

func (c *collection) add(a *answer) error {
	switch {
	case a.Metric != nil || a.Values != nil || a.Histograms != nil:
		return c.addSeries(&a.answeredSeries)
	case a.Status == "error":
		return fmt.Errorf("the query failed: %s", a.Error)
	case a.Data == nil:
		return errors.New("no answer of query_range: it has no data")
	case a.Data.ResultType != "matrix":
		return fmt.Errorf("result type %q: must be matrix, which /api/v1/query_range answers with", a.Data.ResultType)
	}
	var all []answeredSeries
	if err := json.Unmarshal(a.Data.Result, &all); err != nil {
		return noAnswer(err)
	}
	for i := range all {
		if err := c.addSeries(&all[i]); err != nil {
			return err
		}
	}
	for _, text := range a.Warnings {
		c.warnings = append(c.warnings, "Prometheus warns: "+text+".")
	}
	return nil
}

// addSeries adds the values of a series to the counter of its name and labels.
func (c *collection) addSeries(s *answeredSeries) error {
	found := &counter{name: s.Metric["__name__"], labels: map[string]string{}}
	for name, value := range s.Metric {
		if name != "__name__" {
			found.labels[name] = value
		}
	}
	if found.name == "" {
		c.nameless = true
		return nil
	}
	if known := c.byName[found.String()]; known != nil {
		found = known
	} else {
		c.byName[found.String()] = found
		c.counters = append(c.counters, found)
	}
	for _, v := range s.Values {
		if math.IsNaN(v.value) { // stale
			continue
		}
		if err := checkSample(sample(v)); err != nil {
			return fmt.Errorf("%s: %w", found, err)
		}
		found.samples = append(found.samples, sample(v))
	}
	return nil
}
