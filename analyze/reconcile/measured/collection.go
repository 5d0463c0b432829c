package measured

import (
	"cmp"
	"fmt"
	"slices"
)

// A collection is the counters of all files. One that is in several answers is one counter.
type collection struct {
	counters []*counter
	byName   map[string]*counter // by name and labels
	warnings []string
	nameless bool // whether there is a series without a name
}

// finish sorts the samples of each counter, and leaves out counters without any.
func (c *collection) finish() error {
	for _, one := range c.counters {
		slices.SortStableFunc(one.samples, func(a, b sample) int { return cmp.Compare(a.time, b.time) })
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
