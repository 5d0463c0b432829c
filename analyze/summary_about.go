package analyze

import (
	"fmt"

	"hashlog/analyze/units"
	"hashlog/log"
)

// Settings returns what the summary fixes.
func (s *Summary) Settings() *SummarySettings {
	settings := SettingsOf(s.opts)
	return &settings
}

// Span returns the time that the summary covers, and the logs it has read. The caller must not change it.
func (s *Summary) Span() *Span { return &s.span }

// Caches returns whose counts these are: 1, or as many as were put beside one another.
func (s *Summary) Caches() int { return s.caches }

// Requests returns the number of requests, deferred ones included.
func (s *Summary) Requests() int64 { return s.replay.sums.input.sum.Requests }

// Log returns what the reader of the logs has met.
func (s *Summary) Log() log.Stats { return s.read.stats }

// Notes returns what a person should know of the parts that were joined, a sentence each.
func (s *Summary) Notes() (notes []string) {
	if late := s.read.stats.Late; late > 0 && len(s.span.Parts) > 1 && s.caches == 1 {
		notes = append(notes, fmt.Sprintf("The parts had %s: one run of all logs might order them otherwise.", units.Count(late, "late record")))
	}
	return notes
}

// followedBy returns why a part cannot follow the summary; if it can, the span of the summary is extended by it.
func (s *Summary) followedBy(part *Summary) error {
	if err := s.Settings().Differ(part.Settings()); err != nil {
		return err
	}
	late, err := s.span.late(&part.span)
	if err != nil {
		return err
	}
	if err := s.span.Then(&part.span); err != nil {
		return err
	}
	for _, l := range late {
		s.read.stats.TooLate(l.name, l.records)
	}
	return nil
}

// standsBeside is followedBy for another cache.
func (s *Summary) standsBeside(other *Summary) error {
	if err := s.Settings().Differ(other.Settings()); err != nil {
		return err
	}
	return s.span.Beside(&other.span)
}
