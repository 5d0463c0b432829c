package analyze

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
)

// Sieve applies a filter to records as they arrive, in the order since/until, model, empty, max requests.
type Sieve struct {
	Filter
	Read   int64               // records seen
	Empty  int64               // records dropped because they have neither chunks nor tokens
	Passed int64               // records let through
	named  int64               // records of the model asked for, at any time
	others map[string]struct{} // other models' names, at most maxOthers; complete only while named is 0
	first  float64             // earliest and latest timestamps seen
	last   float64
}

// maxOthers is how many model names are kept for error messages.
const maxOthers = 1000

// NewSieve returns a sieve for a filter.
func NewSieve(f Filter) *Sieve { return &Sieve{Filter: f, others: make(map[string]struct{})} }

// Passes reports whether a record is to be replayed.
func (s *Sieve) Passes(e *log.Entry) bool {
	if s.Read == 0 {
		s.first, s.last = e.Timestamp, e.Timestamp
	}
	s.Read++
	s.first, s.last = min(s.first, e.Timestamp), max(s.last, e.Timestamp)
	other := s.Model != nil && e.ModelName != *s.Model
	switch {
	case !other:
		s.named++
	case s.named == 0 && len(s.others) < maxOthers:
		s.others[e.ModelName] = struct{}{}
	}
	if s.Since != nil && e.Timestamp < *s.Since || s.Until != nil && e.Timestamp >= *s.Until || other {
		return false
	}
	if len(e.Hashes) == 0 && e.SeqLen == 0 {
		s.Empty++
		return false
	}
	s.Passed++
	return true
}

// Full reports whether MaxRequests is reached.
func (s *Sieve) Full() bool { return s.MaxRequests > 0 && s.Passed >= s.MaxRequests }

// Nothing explains why no record passed although there were some. stats are the reader's.
func (s *Sieve) Nothing(stats log.Stats) error {
	until := stats.Beyond != nil // the logs go on after Until
	switch {
	case s.Read == 0:
		return fmt.Errorf("no record before %s; the logs begin at %s", units.FormatTime(*s.Until), units.FormatTime(*stats.Beyond))
	case s.named == 0:
		var names []string
		for _, name := range slices.Sorted(maps.Keys(s.others)) {
			names = append(names, fmt.Sprintf("%q", name))
		}
		list := strings.Join(names, ", ")
		if len(names) == maxOthers {
			list = strings.Join(names[:maxOthers-1], ", ") + " and others"
		}
		if until {
			return fmt.Errorf("no record of model %q before %s; until then the logs have %s", *s.Model, units.FormatTime(*s.Until), list)
		}
		return fmt.Errorf("no record of model %q; the logs have %s", *s.Model, list)
	case s.Empty > 0:
		return fmt.Errorf("no usable record: %d records have neither chunks nor tokens", s.Empty)
	case until:
		return fmt.Errorf("no record between --since and --until; the logs go from %s to %s, and on at %s",
			units.FormatTime(s.first), units.FormatTime(s.last), units.FormatTime(*stats.Beyond))
	}
	return fmt.Errorf("no record between --since and --until; the logs go from %s to %s", units.FormatTime(s.first), units.FormatTime(s.last))
}
