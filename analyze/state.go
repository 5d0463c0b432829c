package analyze

import (
	"errors"
	"fmt"

	"hashlog/log"
)

// A state is a closed summary that knows what it has read of each log, so that Continue goes on behind it: the same logs may have grown, and new
// ones may have come. Run by run it gives what one replay of everything would. Unlike parts that are joined, it may be of any cache, since the
// next run replays upon what the last one has left: the touches that wait for a store delay, the lookups that an admission counts, and
// what caches that evict in batches hold (state_file.go).

// NewState returns a state of nothing. It refuses opts with the error of [Options.CheckState].
func NewState(opts Options) (*Summary, error) {
	if err := opts.CheckState(); err != nil {
		return nil, err
	}
	s := newSummary(&opts)
	s.span.Since = opts.Since
	s.behind, s.read = &log.Behind{}, &passed{sieve: NewSieve(opts.Filter)}
	return s, nil
}

// CheckState reports options that a state cannot have, besides those that Check reports.
func (o *Options) CheckState() error {
	if err := o.Check(); err != nil {
		return err
	}
	_, fixed := o.fixedGrid()
	switch {
	case o.Source != nil:
		return errOneSource
	case o.Cache.Policy != nil:
		return &ListedOnlyError{o.Cache.name(), "state"}
	case o.Warmup.Fraction > 0 || o.MaxRequests > 0:
		return errors.New("a state needs a warm-up that lasts some time or ends at a time, and no limit on requests")
	case o.Tiers.exclusive():
		return ErrExclusiveNeedsAll
	case o.needAllRequests():
		return errors.New("figures on single requests and chunks need the whole log")
	case o.Cache.simulated() && (len(o.listed()) == 0 || o.Grid != nil && !fixed):
		return ErrStateNeedsCapacities
	case o.Cache.simulated() && o.Grid != nil && o.Grid.Points > maxStatePoints:
		return fmt.Errorf("a grid of %d points: a state has a cache at each, of at most %d", o.Grid.Points, maxStatePoints)
	}
	return o.errGranularityNeedsLogs()
}

// maxStatePoints limits what the head of a file can ask for.
const maxStatePoints = 10_000

// ErrStateNeedsCapacities says that the capacities of a cache that evicts in batches would be chosen after the replay.
var ErrStateNeedsCapacities = errors.New("a state of a cache that evicts in batches needs fixed capacities")

// IsState reports whether the summary is a state.
func (s *Summary) IsState() bool { return s.behind != nil }

// LastLog returns what the reader has met in the last run of Continue alone.
func (s *Summary) LastLog() log.Stats { return s.last }

// earlier is what was counted before the last run of a replay whose own sums are about that run alone (Warmup.State).
type earlier struct {
	sums   *sums      // of all requests, once the run has ended
	before *residency // before the first counted touches of all
}

// countAlone makes the sums those of what follows. The input alone goes on, since the requests so far are a warm-up of it.
func (r *replay) countAlone() error {
	r.earlier = &earlier{r.sums, r.before}
	r.sums, r.before = newSums(r.opts, r.caches, r.sums.lines), nil
	in := r.sums.input
	if err := in.merge(r.earlier.sums.input); err != nil {
		return err
	}
	in.from, in.counted, in.listed = nil, nil, nil
	in.oddities.uncounted = in.sum.Requests
	for i := range r.waiting.list {
		r.waiting.list[i].earlier = true
	}
	return nil
}

// countAll is the reverse of countAlone: it makes the sums those of all requests.
func (r *replay) countAll() {
	if r.earlier == nil {
		return
	}
	r.sums, r.before, r.earlier = r.earlier.sums, r.earlier.before, nil
	for i := range r.waiting.list {
		r.waiting.list[i].earlier = false
	}
}

// ofAll returns the replay with the sums of all requests. It shares all else.
func (r *replay) ofAll() *replay {
	if r.earlier == nil {
		return r
	}
	all := *r
	all.sums, all.before = r.earlier.sums, r.earlier.before
	return &all
}

// noteResidents notes what is resident before the first touches that are counted.
func (r *replay) noteResidents(p *pendingTouches) {
	if !p.counted {
		return
	}
	if r.before == nil && !p.earlier {
		r.before = r.residency()
	}
	if e := r.earlier; e != nil && e.before == nil {
		if e.before = r.before; p.earlier {
			e.before = r.residency()
		}
	}
}

// countTouches counts touches that have taken effect.
func (r *replay) countTouches(p *pendingTouches, t *touches) error {
	e := r.earlier
	if e == nil {
		return r.counters().touch(t)
	}
	if !p.earlier {
		if err := e.sums.input.touch(t); err != nil {
			return t.source.at(err)
		}
		return r.sums.touch(t)
	}
	if err := r.sums.input.touch(t); err != nil {
		return t.source.at(err)
	}
	return e.sums.touch(t)
}
