package analyze

import (
	"slices"

	"hashlog/log"
)

// lateRecords are records of a log that are in neither of two stretches.
type lateRecords struct {
	name    string
	records int64
}

// late returns the records that came into logs before the end of a stretch after it had been read: more are before next now than were read
// then. The error is a [*log.NotSameLogError] if there are fewer. Only stretches that were cut at the same time can tell, of logs that next has
// read. A log that the stretch hasn't read may be a new one, unless all logs have other names in next.
func (s *Span) late(next *Span) (found []lateRecords, err error) {
	if s.Until == nil || next.Since == nil || *s.Until != *next.Since {
		return nil, nil
	}
	compareNew := s.Since == nil && s.shareLogs(next)
	for _, l := range next.Logs {
		at, known := s.log(l.Name)
		n := int64(0)
		if known {
			mine := &s.Logs[at]
			n = mine.Earlier + mine.Before + mine.At
		}
		switch {
		case !known && !compareNew:
		case l.Earlier < n:
			return nil, &log.NotSameLogError{File: l.Name, Read: n, Left: l.Earlier}
		case l.Earlier > n:
			found = append(found, lateRecords{l.Name, l.Earlier - n})
		}
	}
	return found, nil
}

// shareLogs reports whether both stretches have read some log.
func (s *Span) shareLogs(t *Span) bool {
	return slices.ContainsFunc(t.Logs, func(l LogSpan) bool {
		_, known := s.log(l.Name)
		return known
	})
}
