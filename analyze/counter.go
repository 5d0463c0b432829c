package analyze

import "hashlog/analyze/units"

// counter counts some part of what requests meet. [newSums] lists them; to add one takes a file, and a line there.
type counter interface {
	// lookUp counts a request as it is looked up: one of the warm-up too, for those who count these. q is good for the call.
	lookUp(q *request) error
	// touch counts the touches of a request as they take effect, those of the warm-up too. t is good for the call.
	touch(t *touches) error
	// merge adds what another counter of the same kind and options has counted, of requests that came later. That one stays as
	// it is, and the two share nothing afterwards.
	merge(later counter) error
	// report writes what was counted into a report, which holds what the counters before have written. It may be called again,
	// and then says the same.
	report(rep *Report, end *ending)
}

// sums are all that a replay counts.
type sums struct {
	opts   *Options
	caches *caches // nil unless the cache evicts in batches
	lines  []units.Capacity

	names   *modelNames
	input   *input
	tally   *tally
	batched *batchTally // nil unless the cache evicts in batches
	tiers   *tiers      // nil unless there are tiers
	all     []counter   // these and the others
	lent    bool        // a report reads in them
}

// newSums returns sums of nothing. lines are the capacities of the rolling lines, none if they are chosen in the end.
func newSums(opts *Options, caches *caches, lines []units.Capacity) *sums {
	s := &sums{opts: opts, caches: caches, lines: lines, names: newModelNames(), tally: newTally(opts.Cache.TTL > 0)}
	s.input = newInput(opts, s.names)
	s.all = []counter{s.input, s.tally}
	if caches != nil {
		s.batched = newBatchTally(caches)
		s.all = append(s.all, s.batched)
	}
	s.all = append(s.all, newModelTally(s.names, newPartCounter(caches, opts.Capacities)))
	if opts.Rolling != nil {
		s.all = append(s.all, newRoller(opts.Rolling.Window, lines, newPartCounter(caches, lines)))
	}
	if opts.Tiers != nil {
		s.tiers = newTiers(opts.Tiers)
		s.all = append(s.all, s.tiers)
	}
	if opts.Audit {
		s.all = append(s.all, newAudit())
	}
	return s
}

func (s *sums) lookUp(q *request) error {
	if err := s.own(); err != nil {
		return err
	}
	for _, c := range s.all {
		if err := c.lookUp(q); err != nil {
			return err
		}
	}
	return nil
}

func (s *sums) touch(t *touches) error {
	if err := s.own(); err != nil {
		return err
	}
	for _, c := range s.all {
		if err := c.touch(t); err != nil {
			return err
		}
	}
	return nil
}

func (s *sums) report(rep *Report, end *ending) {
	s.lent = true
	for _, c := range s.all {
		c.report(rep, end)
	}
}

// own leaves what a report reads in to that report, and goes on with a copy.
func (s *sums) own() error {
	if !s.lent {
		return nil
	}
	copied, err := mergeSums(s)
	if err == nil {
		*s = *copied
	}
	return err
}
