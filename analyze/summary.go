package analyze

import (
	"context"
	"io"

	"hashlog/log"
	"hashlog/sim"
)

// Summary is what a replay leaves of a stretch of a log: as much as it takes to join it with the stretches before and after it. Joined
// in order of time, stretches give what one replay of all their logs gives, to the last token.
//
// A summary is open or closed. Something may have come before an open one, so requests for chunks that it had not seen are deferred: see
// deferred.go. Nothing came before a closed one.
type Summary struct {
	opts     *Options
	span     Span
	replay   *replay    // after the last request; its sums are those of all requests that are not deferred
	index    *sim.Index // of the replay's chunks; nil after Beside
	read     *passed    // what was read of the logs
	deferred *deferred  // nil if the summary is closed
	caches   int        // whose sums these are; more than 1 after Beside
}

// Span is the time that a summary covers, and what it has read of the logs. Times are in seconds since the Unix epoch.
type Span struct {
	Since, Until *float64 // as asked for; nil: unlimited
	First, Last  float64  // timestamps of the first and the last record; 0 if there is none
	Parts        []string // fingerprints of the parts that were joined, so that none is joined twice
	Logs         []LogSpan
}

// LogSpan is what a summary has read of one log.
type LogSpan struct {
	Name   string // without the suffix of its compression
	GoesOn bool   // the log has records behind the end of the summary
	Before int64  // records before the time of the last one
	At     int64  // records at that time
}

// Summarize replays logs into an open summary. opts must be such that parts of a log can be joined.
func Summarize(ctx context.Context, files *log.Files, opts Options) (*Summary, error) {
	panic("analyze: not yet")
}

// Then joins a summary with the one of the stretch that follows it, which must not be used any more.
func (s *Summary) Then(next *Summary) error { panic("analyze: not yet") }

// Beside adds the summary of another cache, of the capacity that is asked. Both are closed.
func (s *Summary) Beside(other *Summary) error { panic("analyze: not yet") }

// Continue replays logs behind a closed summary.
func (s *Summary) Continue(ctx context.Context, files *log.Files, opts Options) error {
	panic("analyze: not yet")
}

// Report closes the summary and reports what opts ask for, as far as the summary has it.
func (s *Summary) Report(opts Options) (*Report, error) { panic("analyze: not yet") }

// Encode writes the summary to a file.
func (s *Summary) Encode(w io.Writer) error { panic("analyze: not yet") }

// ReadSummary reads what Encode has written.
func ReadSummary(r io.Reader) (*Summary, error) { panic("analyze: not yet") }
