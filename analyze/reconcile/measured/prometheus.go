package measured

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// An answer is one of Prometheus' /api/v1/query_range (docs/querying/api.md of prometheus/prometheus 3.14.0, 2026-11-28), or one series
// of it alone, as promtool query range -o json lists them.
type answer struct {
	Status   string
	Error    string
	Warnings []string
	Data     *struct {
		ResultType string
		Result     json.RawMessage
	}
	answeredSeries
}

// answeredSeries is one series of an answer.
type answeredSeries struct {
	Metric     map[string]string
	Values     []answeredValue
	Histograms json.RawMessage
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

// A collection is the counters of all files. One that is in several answers is one counter.
type collection struct {
	counters []*counter
	byName   map[string]*counter // by name and labels
	warnings []string
	nameless bool // whether there is a series without a name
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
		return fmt.Errorf("no answer of query_range: %w", err)
	}
	for _, a := range answers {
		if err := c.add(&a); err != nil {
			return err
		}
	}
	return nil
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
		return fmt.Errorf("no answer of query_range: %w", err)
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

// finish sorts the samples of each counter, and leaves out counters without any.
func (c *collection) finish() error {
	for _, one := range c.counters {
		slices.SortStableFunc(one.samples, func(a, b sample) int {
			if a.time < b.time {
				return -1
			} else if a.time > b.time {
				return 1
			}
			return 0
		})
		for i := 1; i < len(one.samples); i++ {
			if a, b := one.samples[i-1], one.samples[i]; a.time == b.time && a.value != b.value {
				return fmt.Errorf("%s: both %g and %g at %s", one, a.value, b.value, formatTime(a.time))
			}
		}
		one.samples = slices.Compact(one.samples)
	}
	c.counters = slices.DeleteFunc(c.counters, func(one *counter) bool { return len(one.samples) == 0 })
	return nil
}

// choose returns the pair of counters that is there.
func (c *collection) choose(files []string, metric string) (*Metric, error) {
	var whole []Metric
	var missing []string
	for _, m := range Metrics() {
		hit, requested := m.Hit.chosen(c.counters), m.Requested.chosen(c.counters)
		switch {
		case len(hit) > 0 && len(requested) > 0:
			whole = append(whole, m)
		case len(hit) > 0:
			missing = append(missing, m.Requested.String())
		case len(requested) > 0:
			missing = append(missing, m.Hit.String())
		}
	}
	if len(whole) == 0 {
		return nil, c.noMetric(files, missing)
	}
	var names []string
	for _, m := range whole {
		names = append(names, m.Name())
		if metric != "" && (sameName(metric, m.Hit.Name) || sameName(metric, m.Requested.Name)) {
			return &m, nil
		}
	}
	if metric != "" || len(whole) > 1 {
		return nil, &ChoiceError{metric, names}
	}
	return &whole[0], nil
}

// noMetric says what there is instead of a pair of counters.
func (c *collection) noMetric(files, missing []string) error {
	e := &MetricError{Files: files, Missing: missing}
	for _, one := range c.counters {
		e.Found = append(e.Found, one.name)
	}
	slices.Sort(e.Found)
	e.Found = slices.Compact(e.Found)
	for _, name := range e.Found {
		for known, why := range noTokens {
			if sameName(name, known) {
				e.Why = append(e.Why, name+" "+why)
			}
		}
	}
	if c.nameless {
		e.Why = append(e.Why, "there is a series without a name, which rate, increase or sum take away: query the counters themselves")
	}
	slices.Sort(e.Why)
	return e
}

// maxTime and maxValue bound what can be a time in seconds and a number of tokens.
const maxTime, maxValue = 1e11, 1e18

// checkSample returns an error if a reading can't be one of a counter of tokens.
func checkSample(s sample) error {
	switch {
	case !(math.Abs(s.time) < maxTime):
		return fmt.Errorf("time %s: must be in seconds since the Unix epoch", strings.TrimSuffix(fmt.Sprintf("%f", s.time), ".000000"))
	case !(s.value < maxValue):
		return fmt.Errorf("value %g: too many for tokens", s.value)
	case s.value < 0:
		return fmt.Errorf("value %g: a counter is never below 0", s.value)
	}
	return nil
}
