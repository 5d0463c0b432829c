package analyze

import (
	"context"
	"errors"

	"hashlog/log"
	"hashlog/sim"
)

// Summary is what a replay leaves of a stretch of a log: as much as it takes to join it with the stretches before and after it. Joined
// in order of time, stretches give what one replay of all their logs gives, to the last token.
//
// A summary is open or closed. Something may have come before an open one, so requests for chunks that it had not seen are deferred: see
// deferred.go. Nothing came before a closed one.
//
// A method that fails leaves the summary in a state that is good for nothing.
type Summary struct {
	opts   *Options
	span   Span
	replay *replay // after the last request; its sums are those of all requests that are not deferred
	read   *passed // what was read of the logs
	caches int     // whose sums these are; with more than one there are no stacks any more

	behind *log.Behind // how far a state has read the logs; nil: it is none
	last   log.Stats   // of the last run of Continue
}

// Summarize replays logs into an open summary. It refuses opts with which the parts of a log cannot be joined, with the error of
// [Options.CheckSummary]; the other errors are those of [Run], but logs may have no record to count.
func Summarize(ctx context.Context, files *log.Files, opts Options) (*Summary, error) {
	if err := opts.CheckSummary(); err != nil {
		return nil, err
	}
	opts.part = true
	s := newSummary(&opts)
	s.replay.deferred = newDeferred()
	if err := s.replayLogs(ctx, files, "replaying"); err != nil {
		return nil, err
	}
	s.span = s.newSpan()
	return s, nil
}

// newSummary returns a closed summary of nothing.
func newSummary(opts *Options) *Summary {
	opts.summary = true
	s := &Summary{opts: opts, replay: newReplay(opts, opts.followedFixed()), caches: 1}
	s.replay.index = sim.NewIndex()
	return s
}

// replayLogs replays logs behind what has been replayed.
func (s *Summary) replayLogs(ctx context.Context, files *log.Files, what string) error {
	read, err := s.replay.all(ctx, files, what)
	if err != nil {
		return err
	}
	var none *NotLogsError
	if whole := read.whole(); errors.As(nothing(s.replay, whole), &none) && whole.stats.Skipped > 0 && read.stats.BeforeState == 0 {
		return &NothingError{Why: none, Log: whole.stats}
	}
	s.read = read
	return nil
}

// something returns what was read of the logs. The error is a [*NothingError] if that leaves nothing to report.
func (s *Summary) something() (*passed, error) {
	read := s.read.whole()
	if err := nothing(s.replay, read); err != nil {
		return nil, &NothingError{Why: err, Log: read.stats}
	}
	return read, nil
}

// Continue replays logs behind a state, a closed summary that tells how far each log was read, with the settings that it has. Filter.Until,
// Warmup.State, Strict and Formats of opts may differ. The logs may be those that it has read, and others: records up to its end are passed
// over, as [log.Behind] says. The error is a [*log.NotSameLogError] if a log has fewer records than were read of it.
func (s *Summary) Continue(ctx context.Context, files *log.Files, opts Options) error {
	if err := s.continues(&opts); err != nil {
		return err
	}
	opts.summary = true
	since, before, r := s.span.Since, s.read, s.replay
	opts.Since = since
	s.opts, r.opts, r.behind = &opts, &opts, s.behind
	if r.countAll(); opts.Warmup.State {
		if err := r.countAlone(); err != nil {
			return err
		}
	}
	if err := s.replayLogs(ctx, files, "replaying"); err != nil {
		return err
	}
	s.span = s.newSpan()
	if e := r.earlier; e != nil {
		if err := e.sums.mergeRest(r.sums); err != nil {
			return err
		}
	}
	s.last = s.read.stats
	before.add(s.read)
	s.read, s.behind = before, before.behind
	s.span.Since, s.span.Until = since, nil
	return nil
}

// continues reports why logs cannot be replayed behind the summary with some options.
func (s *Summary) continues(opts *Options) error {
	switch settings := SettingsOf(opts); {
	case s.caches > 1:
		return errors.New("caches beside one another have no common order any more")
	case s.Open():
		return errors.New("the summary is open: something may have come before it")
	case s.behind == nil:
		return errors.New("the summary is no state: it doesn't tell how far each log was read")
	default:
		return s.Settings().Differ(&settings)
	}
}

// Open reports whether something may have come before the summary.
func (s *Summary) Open() bool { return s.replay.deferred != nil }

// close takes it for certain that nothing came before, so all chunks that the summary had not seen are cold.
func (s *Summary) close() error {
	d := s.replay.deferred
	if d == nil {
		return nil
	}
	s.replay.deferred = nil
	for q := range d.requests.all() {
		if err := s.replay.countDeferred(q, &d.names); err != nil {
			return err
		}
		if err := s.replay.countFirst(q); err != nil {
			return err
		}
	}
	return nil
}

// Report closes the summary for good, and reports what opts ask for, as far as the summary has it. Nothing can be joined with it and
// replayed behind it any more.
func (s *Summary) Report(opts Options) (*Report, error) {
	if !opts.bounded() {
		opts.MaxCapacity = s.opts.MaxCapacity
	}
	if opts.MaxCapacity != s.opts.MaxCapacity {
		return nil, &BeyondError{Capacity: opts.MaxCapacity, Max: s.opts.MaxCapacity, Why: errors.New("the summary has its own")}
	}
	if err := opts.Check(); err != nil {
		return nil, err
	}
	if err := s.close(); err != nil {
		return nil, err
	}
	r := s.replay
	if err := r.touchRest(); err != nil {
		return nil, err
	}
	read, err := s.something()
	if err != nil {
		return nil, err
	}
	if r.beside != nil {
		r.beside.caches = s.caches
	}
	if err := r.knows(&opts); err != nil {
		return nil, err
	}
	if r.caches != nil && opts.Rolling != nil && len(opts.Rolling.Capacities) == 0 {
		opts.Rolling = &RollingOptions{opts.Rolling.Window, s.opts.Capacities}
	}
	opts.summary = true
	r.opts = &opts
	rep, err := r.report(read)
	if err != nil {
		return nil, err
	}
	for _, note := range s.Notes() {
		rep.Notes = append(rep.Notes, Note{Text: note})
	}
	return rep, nil
}

// knows reports what opts ask for that the replay of a summary has not counted, or cannot count with the sizes that it has met.
func (r *replay) knows(opts *Options) error {
	if c := opts.inBytes(nil); c != nil && !r.sizes.known {
		return &UnknownSizeError{Capacity: *c, Why: "the summary has chunks of unknown size"}
	}
	if opts.bounded() {
		if err := newBound(opts).follow(r.sizes); err != nil {
			return err
		}
	}
	if err := r.sums.has(opts, r.sizes.one); err != nil {
		return err
	}
	return r.caches.have(opts)
}
