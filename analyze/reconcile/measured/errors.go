package measured

import (
	"fmt"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
)

// SyntaxError locates what is wrong with a file.
type SyntaxError struct {
	File string
	Line int // counted from 1
	Err  error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d: %v", log.Quoted(e.File), e.Line, e.Err)
}

func (e *SyntaxError) Unwrap() error { return e.Err }

// MetricError says that files hold no pair of counters that says a hit rate.
type MetricError struct {
	Files   []string
	Found   []string // the names of all metrics in them, sorted
	Missing []string // the other halves of pairs of which one is there
	Why     []string // why some of Found say no tokens, a sentence each without its end
}

func (e *MetricError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: ", quotedList(e.Files))
	switch {
	case len(e.Missing) > 0:
		fmt.Fprintf(&text, "found %s without %s", list(e.Found), list(e.Missing))
	case len(e.Found) > 0:
		fmt.Fprintf(&text, "no counters of hit and of requested tokens; found %s", list(e.Found))
	case len(e.Why) > 0:
		text.WriteString("no counters of hit and of requested tokens")
	default:
		text.WriteString("no counters of hit and of requested tokens; found no series")
	}
	for _, why := range e.Why {
		text.WriteString("; " + why)
	}
	var pairs []string
	for _, m := range Metrics() {
		pairs = append(pairs, m.Name())
	}
	fmt.Fprintf(&text, "; accepted are %s", strings.Join(pairs, ", "))
	return text.String()
}

// ChoiceError says that files hold several pairs of counters, or not the one that was chosen.
type ChoiceError struct {
	Metric string   // the one that was chosen, "" if none
	Found  []string // the pairs that are there
}

func (e *ChoiceError) Error() string {
	if e.Metric != "" {
		return fmt.Sprintf("metric %q: must be a counter of %s", e.Metric, strings.Join(e.Found, " or of "))
	}
	return fmt.Sprintf("several pairs of counters: %s", strings.Join(e.Found, ", "))
}

// UnitError says that what was measured isn't tokens.
type UnitError struct {
	Name  string // of the metric or column
	Found string // what it seems to be
}

func (e *UnitError) Error() string {
	return fmt.Sprintf("%s: %s; accepted are tokens, counted from the start of the server", e.Name, e.Found)
}

// FallError says that a counter falls, and not because its server started again.
type FallError struct {
	Name     string  // of the metric or column, with its labels
	Time     float64 // of the first fall, Unix seconds
	From, To float64
	Falls    int
}

func (e *FallError) Error() string {
	often := ""
	if e.Falls > 1 {
		often = fmt.Sprintf(", and %s more", units.Count(int64(e.Falls-1), "time"))
	}
	return fmt.Sprintf("%s: falls from %g to %g at %s%s, which is no restart: a gauge, not a counter of tokens",
		e.Name, e.From, e.To, formatTime(e.Time), often)
}

// FormError says that a CSV has too few rows to tell counters from deltas.
type FormError struct {
	File string
	Rows int
}

func (e *FormError) Error() string {
	return fmt.Sprintf("%s: %s can't tell counters from deltas", log.Quoted(e.File), units.Count(int64(e.Rows), "row"))
}

// formatTime returns a time in UTC, or as seconds if it is none of a calendar.
func formatTime(seconds float64) string {
	t, ok := units.UTC(seconds)
	if !ok {
		return fmt.Sprintf("%g", seconds)
	}
	return t.Format("2006-01-02 15:04:05") + " UTC"
}

func quotedList(names []string) string {
	var quoted []string
	for _, name := range names {
		quoted = append(quoted, log.Quoted(name))
	}
	return list(quoted)
}

// list joins names: "a, b and c", and no more than the first ten.
func list(names []string) string {
	const most = 10
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
