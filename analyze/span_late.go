package analyze

import "hashlog/log"

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
	read := make(map[string]int64, len(s.Logs))
	for _, l := range s.Logs {
		read[l.Name] = l.Earlier + l.Before + l.At
	}
	compareNew := s.Since == nil && s.shareLogs(next)
	for _, l := range next.Logs {
		n, known := read[l.Name]
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
	read := make(map[string]bool, len(s.Logs))
	for _, l := range s.Logs {
		read[l.Name] = true
	}
	for _, l := range t.Logs {
		if read[l.Name] {
			return true
		}
	}
	return false
}
