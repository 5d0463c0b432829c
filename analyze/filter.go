package analyze

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
)

// Sieve applies a filter to records as a reader yields them, in the order source, model, empty, max requests. Since and Until are
// the reader's: log.Options.
type Sieve struct {
	Filter
	Read   int64               // records met, those outside of Since and Until included
	Empty  int64               // dropped for having neither chunks nor tokens
	Passed int64               // admitted
	named  int64               // of the model asked for
	others map[string]struct{} // names of models that the filter keeps out, as long as it has admitted none; at most maxOthers
	first  float64             // timestamps of the records met
	last   float64
}

// maxOthers is how many names of models are kept for the error.
const maxOthers = 1000

// NewSieve returns a sieve.
func NewSieve(f Filter) *Sieve { return &Sieve{Filter: f, others: make(map[string]struct{})} }

// Admit counts a record, and reports whether it is to be replayed.
func (s *Sieve) Admit(e *log.Entry) bool {
	s.meet(1, e.Timestamp, e.Timestamp)
	if s.Source != nil && e.Source != *s.Source {
		return false
	}
	if s.Model != nil && e.ModelName != *s.Model {
		if s.named == 0 && len(s.others) < maxOthers {
			s.others[e.ModelName] = struct{}{}
		}
		return false
	}
	s.named++
	if len(e.Hashes) == 0 && e.SeqLen == 0 {
		s.Empty++
		return false
	}
	s.Passed++
	return true
}

// Covers reports whether a time, in seconds since the Unix epoch, is between Since and Until.
func (f *Filter) Covers(timestamp float64) bool {
	return (f.Since == nil || timestamp >= *f.Since) && (f.Until == nil || timestamp < *f.Until)
}

// Outside counts a record outside of Since and Until, for callers whose records do not come from a log.Reader.
func (s *Sieve) Outside(e *log.Entry) { s.meet(1, e.Timestamp, e.Timestamp) }

// Finish counts the records before Since that the reader has kept back. It is called once, after the last record.
func (s *Sieve) Finish(stats log.Stats) {
	if n := stats.BeforeSince; n > 0 {
		s.meet(n, stats.First, stats.Last)
	}
}

// add adds what a sieve with the same filter has met later.
func (s *Sieve) add(later *Sieve) {
	if later.Read > 0 {
		s.meet(later.Read, later.first, later.last)
	}
	s.Passed += later.Passed
	s.Empty += later.Empty
	s.named += later.named
	for name := range later.others {
		if s.named == 0 && len(s.others) < maxOthers {
			s.others[name] = struct{}{}
		}
	}
}

// meet counts n records with timestamps between first and last.
func (s *Sieve) meet(n int64, first, last float64) {
	if s.Read == 0 {
		s.first, s.last = first, last
	}
	s.Read += n
	s.first, s.last = min(s.first, first), max(s.last, last)
}

// Full reports whether no more requests are wanted.
func (s *Sieve) Full() bool { return s.MaxRequests > 0 && s.Passed >= s.MaxRequests }

// Nothing returns a *[NoMatchError] that says why no record was admitted, though the logs have some. stats are those of the
// reader.
func (s *Sieve) Nothing(stats log.Stats) error {
	e := &NoMatchError{Filter: s.Filter, Met: s.Read, First: s.first, Last: s.last, Empty: s.Empty, Beyond: stats.Beyond}
	if s.named == 0 {
		e.Models = slices.Sorted(maps.Keys(s.others))
	}
	if len(e.Models) == maxOthers {
		e.Models, e.MoreModels = e.Models[:maxOthers-1], true
	}
	return e
}

// NoMatchError says that a filter matches no record of the logs, and what the logs have instead.
type NoMatchError struct {
	Filter
	Met         int64    // records met, those outside of Since and Until included
	First, Last float64  // their earliest and latest timestamps, in seconds since the Unix epoch; 0 if Met is 0
	Beyond      *float64 // timestamp of the record at which Until has ended the reading, nil if all was read
	Models      []string // names of the models between Since and Until, sorted, if Model is not among them
	MoreModels  bool     // there are more than Models
	Empty       int64    // records of the model that have neither chunks nor tokens
}

func (e *NoMatchError) Error() string {
	switch {
	case e.Met == 0 && e.Beyond == nil:
		return "no record"
	case e.Met == 0:
		return fmt.Sprintf("no record before %s; the logs begin at %s", units.FormatTime(*e.Until), units.FormatTime(*e.Beyond))
	case len(e.Models) > 0:
		return e.otherModels()
	case e.Empty > 0:
		return fmt.Sprintf("no usable record: %d records have neither chunks nor tokens", e.Empty)
	}
	text := fmt.Sprintf("no record%s; the logs cover %s to %s", e.period(), units.FormatTime(e.First), units.FormatTime(e.Last))
	if e.Beyond != nil {
		text += ", and continue at " + units.FormatTime(*e.Beyond)
	}
	return text
}

// otherModels says which models there are instead of the one asked for.
func (e *NoMatchError) otherModels() string {
	var names []string
	for _, name := range e.Models {
		names = append(names, fmt.Sprintf("%q", name))
	}
	list := strings.Join(names, ", ")
	if e.MoreModels {
		list += " and others"
	}
	switch {
	case e.Since != nil:
		return fmt.Sprintf("no record of model %q%s; in that time the logs have %s", *e.Model, e.period(), list)
	case e.Beyond != nil:
		return fmt.Sprintf("no record of model %q%s; until then the logs have %s", *e.Model, e.period(), list)
	}
	return fmt.Sprintf("no record of model %q; the logs have %s", *e.Model, list)
}

// period says which time the filter is for.
func (f *Filter) period() string {
	switch {
	case f.Since != nil && f.Until != nil:
		return fmt.Sprintf(" between %s and %s", units.FormatTime(*f.Since), units.FormatTime(*f.Until))
	case f.Since != nil:
		return fmt.Sprintf(" from %s on", units.FormatTime(*f.Since))
	case f.Until != nil:
		return " before " + units.FormatTime(*f.Until)
	}
	return ""
}
