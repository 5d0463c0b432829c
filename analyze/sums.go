package analyze

import (
	"slices"

	"hashlog/analyze/units"
)

// sums holds all counters of a replay.
type sums struct {
	opts   *Options
	caches *caches // nil unless caches are simulated
	lines  []units.Capacity

	names   *modelNames
	input   *input
	tally   *tally
	caching *cacheTally // nil unless caches are simulated
	writes  *writeTally // nil unless there is a table, or a summary
	stats   *statsTally // nil unless Options.Stats is set
	all     []counter   // input, tally, caching and all others
}

// newSums returns empty sums. lines are the capacities of the rolling lines; none if they are chosen after the replay.
func newSums(opts *Options, caches *caches, lines []units.Capacity) *sums {
	s := &sums{opts: opts, caches: caches, lines: lines, names: newModelNames(), tally: newTallyOf(opts.missKinds())}
	s.input = newInput(opts, s.names)
	if caches != nil {
		s.caching = newCacheTally(caches)
	}
	s.all = []counter{s.input}
	if opts.Grid != nil || opts.summary {
		s.writes = newWriteTally(s.tally, s.caching)
		s.all = append(s.all, s.writes) // before the tally, from which it reads
	}
	s.all = append(s.all, s.tally)
	if caches != nil {
		s.all = append(s.all, s.caching)
	}
	s.countParts()
	s.countSingly()
	return s
}

// countParts adds the counters of parts of the log, and of tiers and TTLs. A summary has all of them that may be asked for.
func (s *sums) countParts() {
	opts, caches := s.opts, s.caches
	if len(opts.Capacities) > 0 || opts.summary {
		s.all = append(s.all, newModelTally(s.input, opts.partCounter(caches, opts.Capacities)))
	}
	if len(opts.dimensions()) > 0 {
		s.all = append(s.all, newByTally(opts, caches, s.names, s.tally))
	}
	if opts.Rolling != nil || opts.summary {
		windows := newWindowTally(opts.windowLength(), s.lines, opts.partCounter(caches, s.lines))
		s.all = append(s.all, windows)
		if opts.Heat {
			s.all = append(s.all, heatBeside(windows, opts, caches))
		}
	}
	if opts.Tiers != nil {
		s.all = append(s.all, newTiers(opts.Tiers))
	}
	if opts.TTLs != nil {
		s.all = append(s.all, newTTLTally(opts))
	}
}

// countSingly adds the counters of single requests and chunks, which a summary can't have.
func (s *sums) countSingly() {
	opts, caches := s.opts, s.caches
	var levels *hitLevels
	if opts.Stats {
		levels = newHitLevels(caches, opts.statsCapacities(s.lines))
		s.stats = newStatsTally(opts, levels)
		s.all = append(s.all, levels, s.stats)
	}
	if opts.Requests {
		if levels == nil || !slices.Equal(levels.capacities, s.lines) {
			levels = newHitLevels(caches, s.lines)
			s.all = append(s.all, levels)
		}
		s.all = append(s.all, newRequestTally(opts, levels))
	}
	if opts.Reuse {
		s.all = append(s.all, newReuseTally())
	}
	if opts.Audit {
		s.all = append(s.all, newAudit())
	}
}

// idCounters returns how many counters by chunk there are.
func (s *sums) idCounters() (n int64) {
	if s.stats != nil {
		n += int64(s.stats.reuseCounters())
	}
	if s.opts.Reuse {
		n++
	}
	return n
}

func (s *sums) lookUp(q *request) error {
	q.model = s.names.find(q.name)
	for _, c := range s.all {
		if err := c.lookUp(q); err != nil {
			return q.source.at(err)
		}
	}
	return nil
}

func (s *sums) touch(t *touches) error {
	for _, c := range s.all {
		if err := c.touch(t); err != nil {
			return t.source.at(err)
		}
	}
	return nil
}

func (s *sums) report(rep *Report, end *ending) {
	for _, c := range s.all {
		c.report(rep, end)
	}
	end.rungs = s.rungNote(rep, end)
}
