package log

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"

	"golang.org/x/sync/errgroup"

	"hashlog/log/internal/source"
)

// survey finds out when logs begin, and which of them end before Options.Since, before any of them is read. It looks at the first records of
// logs, and at the last ones of plain logs.
type survey struct {
	ctx   context.Context
	files *Files
	opts  Options
	idle  *source.Decompressors

	earliest []float64 // by rank: a time before which the log holds no record, late ones apart
	ended    []bool    // by rank: the log holds no record from Options.Since on, late ones apart, and isn't read
	known    []bool    // by rank: no look is needed
	times    []times   // by rank: of what has been looked at
}

// times are the earliest and the latest time that are known of a log.
type times struct{ first, last float64 }

// newSurvey surveys the logs of a pass. The only log of a pass needs none.
func newSurvey(ctx context.Context, f *Files, opts Options, idle *source.Decompressors, tallies []tally) (*survey, error) {
	n := len(f.logs)
	s := &survey{ctx: ctx, files: f, opts: opts, idle: idle, earliest: slices.Repeat([]float64{math.Inf(-1)}, n), ended: make([]bool, n), known: make([]bool, n)}
	s.times = slices.Repeat([]times{{math.Inf(1), math.Inf(-1)}}, n)
	if n == 1 {
		return s, nil
	}
	for rank := range s.known {
		s.known[rank] = tallies[rank].unchanged()
	}
	if opts.readAll {
		return s, s.beginnings()
	}
	for _, step := range []func() error{s.succeeding, s.lastRecords, s.beginnings, s.endings} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	s.keepOne()
	return s, nil
}

// each calls f with each index below n, several at once.
func (s *survey) each(n int, f func(i int) error) error {
	var group errgroup.Group
	group.SetLimit(peeksAtOnce(s.files, s.opts))
	for i := range n {
		group.Go(func() error { return f(i) })
	}
	return group.Wait()
}

// peek looks at the beginning of a log unless an earlier pass has.
func (s *survey) peek(rank int) (*peeked, error) {
	at := &s.files.seen.peeked[rank]
	if p := at.Load(); p != nil && p.with(s.opts.Formats) {
		return p, nil
	}
	p, err := peek(s.ctx, s.files.logs[rank], &s.files.seen.extents[rank], s.opts, s.idle)
	if err == nil {
		at.Store(p)
	}
	return p, err
}

// lastRecords looks at the last record of each plain log that its writer's next logs say ends before Since, in case something else has been
// written into the folder after it.
func (s *survey) lastRecords() error {
	return s.each(len(s.ended), func(rank int) error {
		if !s.ended[rank] {
			return nil
		}
		ends, _, err := s.endsBefore(rank, *s.opts.Since, 1)
		s.ended[rank] = ends || !s.files.logs[rank].IsPlainFile()
		return err
	})
}

// beginnings finds out when the logs begin that may matter.
func (s *survey) beginnings() error {
	return s.each(len(s.earliest), func(rank int) error {
		if s.files.logs[rank].Stream || s.known[rank] || s.ended[rank] {
			return nil
		}
		p, err := s.peek(rank)
		if err == nil {
			s.earliest[rank] = p.noneBefore()
			s.times[rank] = times{p.earliest, p.latest}
		}
		return err
	})
}

// endings finds the logs that end before Since by their own records: short ones, and plain ones by their last records.
func (s *survey) endings() error {
	if s.opts.Since == nil {
		return nil
	}
	return s.each(len(s.ended), func(rank int) error {
		p := s.files.seen.peeked[rank].Load()
		if s.ended[rank] || s.known[rank] || s.files.logs[rank].Stream || p.records == 0 || p.latest >= *s.opts.Since {
			return nil
		}
		if p.whole {
			s.ended[rank] = true
			return nil
		}
		e, err := s.ending(rank, p)
		s.ended[rank] = e.ended
		s.times[rank].last = max(s.times[rank].last, e.latest)
		return err
	})
}

// ending is what the last records of a log say about a time: whether they are before it.
type ending struct {
	since  float64
	ended  bool
	latest float64 // timestamp of a record; of the last ones, if ended
}

// ending finds out whether a log ends before Since by its last Window records, unless an earlier pass has. It fixes the end of a log that does,
// so that further passes don't read it either.
func (s *survey) ending(rank int, p *peeked) (e ending, err error) {
	at, since := &s.files.seen.endings[rank], *s.opts.Since
	if e := at.Load(); e != nil && e.since == since {
		return *e, nil
	}
	e = ending{since: since, latest: math.Inf(-1)}
	if p.ours {
		if e.ended, e.latest, err = s.endsBefore(rank, since, s.opts.window); err != nil {
			return e, err
		}
	}
	at.Store(&e)
	return e, nil
}

// endsBefore reads some of the last records of a log of this package's format. Whatever prevents that leaves it to the merge to read the log.
func (s *survey) endsBefore(rank int, since float64, some int) (ended bool, latest float64, err error) {
	var decoder LineDecoder
	records, latest := 0, math.Inf(-1)
	x := &s.files.seen.extents[rank]
	end, err := source.Backwards(s.ctx, s.files.logs[rank], x, func(line []byte) bool {
		if t, ok := decoder.Timestamp(line); ok {
			latest = max(latest, t)
			records++
		}
		return latest < since && records < some
	})
	if err != nil || latest >= since || records == 0 {
		return false, latest, s.ctx.Err()
	}
	return x.EndAt(end) == end, latest, nil
}

// keepOne has one log read even if no log holds a record of the period: of those that end before it, the one that goes on longest, so that the
// pass says what there is.
func (s *survey) keepOne() {
	last := -1
	for rank, ended := range s.ended {
		switch {
		case !ended && s.mayHold(rank):
			return
		case ended && (last < 0 || s.times[rank].last >= s.times[last].last):
			last = rank
		}
	}
	if last >= 0 {
		s.ended[last] = false
	}
}

// mayHold reports whether a log that isn't ended may hold a record of the period.
func (s *survey) mayHold(rank int) bool {
	p := s.files.seen.peeked[rank].Load()
	return !s.opts.atUntil(s.earliest[rank]) && (p == nil || p.records > 0)
}

// succeeding uses the order of the logs of each writer. What it can tell of them needs no look at each.
func (s *survey) succeeding() error {
	if s.opts.Since == nil && s.opts.Until == nil {
		return nil
	}
	all := successions(s.files.logs)
	for i := range all { // those that are left of them follow each other as well
		all[i] = slices.DeleteFunc(all[i], func(rank int) bool { return s.known[rank] })
	}
	all, err := s.rising(all)
	if err != nil {
		return err
	}
	return s.each(len(all), func(i int) error { return s.succession(all[i]) })
}

// rising divides successions where a log begins before an earlier one does, by their first records: something else has been written into the
// folder then, and the order of the logs tells nothing.
func (s *survey) rising(all []succession) (parts []succession, err error) {
	firsts := make([]float64, len(s.files.logs)) // NaN: unknown
	ranks := slices.Concat(all...)
	one := s.opts
	one.window = 1
	err = s.each(len(ranks), func(i int) error {
		p, err := peek(s.ctx, s.files.logs[ranks[i]], &s.files.seen.extents[ranks[i]], one, s.idle)
		if err != nil {
			return err
		}
		if firsts[ranks[i]] = p.earliest; p.records == 0 {
			firsts[ranks[i]] = math.NaN()
		}
		return nil
	})
	for _, logs := range all {
		begin, latest := 0, math.Inf(-1)
		for i, rank := range logs {
			if firsts[rank] < latest {
				parts = append(parts, logs[begin:i])
				begin = i
			}
			if !math.IsNaN(firsts[rank]) {
				latest = firsts[rank]
			}
		}
		parts = append(parts, logs[begin:])
	}
	return parts, err
}

// succession finds which of the logs of a writer end before Since, and which begin at or after Until, by bisection.
func (s *survey) succession(logs succession) error {
	var failed error
	window := func(i int) joined {
		w, err := s.window(logs[i:])
		failed = cmp.Or(failed, err)
		return w
	}
	begin, end := 0, len(logs)
	if since := s.opts.Since; since != nil {
		reaches := sort.Search(len(logs), func(i int) bool { w := window(i); return !(w.full && w.latest < *since) })
		begin = max(0, reaches-1)
	}
	earliest := math.Inf(-1)
	if until := s.opts.Until; until != nil {
		beyond := begin + sort.Search(len(logs)-begin, func(i int) bool { w := window(begin + i); return w.full && w.earliest >= *until })
		if beyond < len(logs) {
			end, earliest = beyond, window(beyond).earliest
		}
	}
	if failed != nil {
		return failed
	}
	for _, rank := range logs[:begin] {
		s.ended[rank] = true
	}
	for _, rank := range logs[end:] {
		s.earliest[rank], s.known[rank] = earliest, true
	}
	return s.first(logs, begin)
}

// first looks at the first log of a writer, though it isn't read, since nothing else tells when the logs begin.
func (s *survey) first(logs succession, begin int) error {
	if begin == 0 {
		return nil
	}
	p, err := s.peek(logs[0])
	if err == nil {
		s.times[logs[0]] = times{p.earliest, p.latest}
	}
	return err
}

// joined is what is known of the first Window records of a succession.
type joined struct {
	logs             int // that hold them
	full             bool
	earliest, latest float64
}

// window looks at the first Window records of a succession. All records of earlier logs are before the last one of them, and all of later
// logs are after the first one, late ones apart.
func (s *survey) window(logs succession) (joined, error) {
	w := joined{earliest: math.Inf(1), latest: math.Inf(-1)}
	for records := 0; w.logs < len(logs) && !w.full; w.logs++ {
		p, err := s.peek(logs[w.logs])
		if err != nil || !p.whole && p.records < s.opts.window {
			return w, err
		}
		w.earliest, w.latest = min(w.earliest, p.earliest), max(w.latest, p.latest)
		records += p.records
		w.full = records >= s.opts.window
	}
	return w, nil
}
