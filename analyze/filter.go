package analyze

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hashlog/log"
)

// sieve applies a filter to records as they come, in the order since/until, model, empty, max requests.
type sieve struct {
	Filter
	read   int64               // records met
	empty  int64               // dropped for having neither chunks nor tokens
	passed int64               // let through
	named  int64               // of the model asked for, at any time
	others map[string]struct{} // names of models that the filter keeps out
	first  float64             // timestamps of what was met
	last   float64
}

func newSieve(f Filter) *sieve { return &sieve{Filter: f, others: make(map[string]struct{})} }

// passes reports whether a record is to be replayed.
func (s *sieve) passes(e *log.Entry) bool {
	if s.read == 0 {
		s.first, s.last = e.Timestamp, e.Timestamp
	}
	s.read++
	s.first, s.last = min(s.first, e.Timestamp), max(s.last, e.Timestamp)
	other := s.Model != nil && e.ModelName != *s.Model
	if other {
		s.others[e.ModelName] = struct{}{}
	} else {
		s.named++
	}
	if s.Since != nil && e.Timestamp < *s.Since || s.Until != nil && e.Timestamp >= *s.Until || other {
		return false
	}
	if len(e.Hashes) == 0 && e.SeqLen == 0 {
		s.empty++
		return false
	}
	s.passed++
	return true
}

// full reports whether no more requests are wanted.
func (s *sieve) full() bool { return s.MaxRequests > 0 && s.passed >= s.MaxRequests }

// nothing explains why no record was let through.
func (s *sieve) nothing() error {
	switch {
	case s.named == 0:
		var names []string
		for _, name := range slices.Sorted(maps.Keys(s.others)) {
			names = append(names, fmt.Sprintf("%q", name))
		}
		return fmt.Errorf("no record of model %q; the logs have %s", *s.Model, strings.Join(names, ", "))
	case s.empty > 0:
		return fmt.Errorf("no usable record: %d records have neither chunks nor tokens", s.empty)
	}
	return fmt.Errorf("no record between --since and --until; the logs go from %s to %s", FormatTime(s.first), FormatTime(s.last))
}
