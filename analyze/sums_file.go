package analyze

import "hashlog/analyze/internal/section"

// save writes the counts of all counters of a summary, which [sums.load] reads.
func (s *sums) save(w *section.Writer) { panic("analyze: not yet") }

// load adds the counts that save has written to empty sums with the same options. The reader has the error, if there is one.
func (s *sums) load(r *section.Reader) { panic("analyze: not yet") }
