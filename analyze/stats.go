package analyze

import (
	"math"

	"hashlog/analyze/internal/distribution"
	"hashlog/analyze/internal/idcount"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// statsTally counts what Report.Stats holds. Chunks and requests that hit are counted at the smallest capacity at which they
// do, so each is counted once, however many capacities there are.
type statsTally struct {
	capacities []units.Capacity // none: they are chosen after the replay
	levels     *hitLevels
	lists      []statsList // by list of levels
	progress   *progress
	writes     bool // whether writes are counted

	first, last  float64 // timestamps of requests, in seconds since the Unix epoch
	tokens       int64
	lengths      distribution.Counts // tokens of requests
	withTokens   int64               // requests
	touchedBytes float64
}

// statsList holds the counts at a list of capacities.
type statsList struct {
	*hitLevelList
	levels []statsLevel // by level
	// reuse counts the hits of each chunk by level; if capacities are chosen after the replay, at all levels together.
	reuse   []*idcount.Counter
	written float64 // bytes; of a cache that evicts in batches only
}

// statsLevel holds the counts that begin at a capacity: those of the levels up to a capacity add up to its own. Requests that hit
// nothing are added to these in the end.
type statsLevel struct {
	rates      distribution.Counts // of requests with hit tokens, by rateOf
	prefixes   distribution.Counts // hit chunks of requests with any
	allHit     int64               // requests all of whose tokens hit
	spans      distribution.Counts // of hits, in lookups
	positions  distribution.Counts // of hits, in chunks
	micros     distribution.Counts // of hits, in microseconds
	hitTouches float64             // bytes of touches that found their chunk
}

// rateUnits is a rate of 1 as it is counted: as finely as a float64 tells rates apart.
const rateUnits = 1 << 53

// needChunkDemand reports whether anything asked for needs the demand of chunks without regard to their tokens.
func (o *Options) needChunkDemand() bool { return o.Stats || o.Requests }

// statsCapacities returns the capacities that Stats covers; none if they are chosen after the replay. lines are those of the
// rolling lines.
func (o *Options) statsCapacities(lines []units.Capacity) []units.Capacity {
	switch {
	case len(o.Capacities) > 0:
		return o.Capacities
	case o.Rolling != nil:
		return lines
	}
	return []units.Capacity{{Unit: units.Unlimited}}
}

// newStatsTally returns an empty tally for the capacities of levels, which must count before it.
func newStatsTally(opts *Options, levels *hitLevels) *statsTally {
	y := &statsTally{capacities: levels.capacities, levels: levels, writes: len(opts.Capacities) > 0, first: math.Inf(1), last: math.Inf(-1)}
	y.progress = newProgress(levels.counter)
	for i := range y.levels.lists {
		l := statsList{hitLevelList: &y.levels.lists[i]}
		l.levels = make([]statsLevel, l.size)
		counters := l.size
		if len(y.capacities) == 0 {
			counters = 1
		}
		for range counters {
			l.reuse = append(l.reuse, &idcount.Counter{})
		}
		y.lists = append(y.lists, l)
	}
	return y
}

// reuseCounters returns how many counters of hits by chunk there are. Those of a joint list stand in for the others.
func (y *statsTally) reuseCounters() (n int) {
	for i := range y.levels.separate() {
		n += len(y.lists[i].reuse)
	}
	return n
}

func (y *statsTally) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	y.first, y.last = min(y.first, q.time), max(y.last, q.time)
	y.tokens += q.tokens.seqLen
	y.lengths.Add(q.tokens.seqLen, 1)
	if q.tokens.seqLen > 0 {
		y.withTokens++
	}
	y.progress.add(q, &y.levels.found)
	from, to := y.levels.in(q.sizes)
	for i := from; i < to; i++ {
		l := &y.lists[i]
		l.countRequest(q)
		l.countChunks(q)
	}
	return nil
}

// countRequest moves a request, at each level at which it hits more, from one class to another. At the first of them it comes
// from none.
func (l *statsList) countRequest(q *request) {
	var prefix, tokens int64
	total := q.tokens.seqLen
	for _, hit := range l.hits {
		level := &l.levels[hit.capacity]
		if prefix > 0 {
			level.prefixes.Add(prefix, -1)
		}
		prefix += hit.tokens
		level.prefixes.Add(prefix, 1)
		before := tokens
		if tokens = q.hit(int(prefix)); tokens == before { // of surplus hashes
			continue
		}
		if before > 0 {
			level.rates.Add(rateOf(before, total), -1)
		}
		level.rates.Add(rateOf(tokens, total), 1)
		if tokens == total {
			level.allHit++
		}
	}
}

// rateOf returns part / whole × rateUnits, rounded. Only none is 0, and only the whole is rateUnits.
func rateOf(part, whole int64) int64 {
	switch part {
	case 0:
		return 0
	case whole:
		return rateUnits
	}
	return min(max(int64(math.Round(float64(part)/float64(whole)*rateUnits)), 1), rateUnits-1)
}

// countChunks counts the chunks of the hit prefix of a request at the levels at which they hit.
func (l *statsList) countChunks(q *request) {
	var uses, runs, rows place
	for _, hit := range l.hits {
		level := &l.levels[hit.capacity]
		for left := int(hit.tokens); left > 0; {
			u := &q.uses[uses.i]
			_, n := uses.advance(left, u.n)
			level.spans.Add(u.span, int64(n))
			level.micros.Add(u.micros, int64(n))
			left -= n
		}
		for left := int(hit.tokens); left > 0; {
			run := &q.runs[runs.i]
			lowest, n := runs.advance(left, run.N)
			if run.Step < 0 {
				lowest += n - 1
			}
			level.positions.AddRow(run.NeedAt(lowest).Chunks-1, int64(n))
			left -= n
		}
		reuse := l.reuse[min(hit.capacity, len(l.reuse)-1)]
		for left := int(hit.tokens); left > 0; {
			row := &q.rows[rows.i]
			from, n := rows.advance(left, row.N)
			reuse.AddRow(row.First+uint32(from), n)
			left -= n
		}
	}
}

// place is one of a request's chunks, which are in stretches. The zero value is the first chunk.
type place struct {
	i    int // of its stretch
	done int // chunks of the stretch before it
}

// advance goes on by n chunks, but not beyond the stretch, which has all chunks. It returns the first of them within the stretch,
// and their number.
func (p *place) advance(n, all int) (from, taken int) {
	from, taken = p.done, min(n, all-p.done)
	if p.done += taken; p.done == all {
		p.i, p.done = p.i+1, 0
	}
	return from, taken
}

// touch counts what is written: the bytes of the touches that do not find their chunk.
func (y *statsTally) touch(t *touches) error {
	if !t.counted || !y.writes {
		return nil
	}
	for _, d := range t.distances {
		y.touchedBytes += float64(d.N) * float64(d.Size)
	}
	from, to := y.levels.in(t.sizes)
	for i := from; i < to; i++ {
		l := &y.lists[i]
		if l.cache != noCache {
			l.written += float64(t.written[l.cache])
			continue
		}
		for _, d := range t.distances {
			if d.Chunks != sim.Never && !d.Expired {
				l.countTouch(d)
			}
		}
	}
	return nil
}

// countTouch counts touches that find their chunk in a cache that is large enough.
func (l *statsList) countTouch(d sim.Distance) {
	depth := d.Chunks
	if l.unit == units.Bytes {
		depth = d.Bytes
	}
	if level := l.limits.reach(depth); level < len(l.levels) {
		l.levels[level].hitTouches += float64(d.N) * float64(d.Size)
	}
}

func (y *statsTally) merge(later counter) error {
	from := later.(*statsTally)
	y.first, y.last = min(y.first, from.first), max(y.last, from.last)
	y.tokens += from.tokens
	y.lengths.Merge(&from.lengths)
	y.withTokens += from.withTokens
	y.touchedBytes += from.touchedBytes
	y.progress.merge(from.progress)
	for i := range y.lists {
		into, more := &y.lists[i], &from.lists[i]
		for j := range into.levels {
			into.levels[j].merge(&more.levels[j])
		}
		for j := range into.reuse {
			into.reuse[j].Merge(more.reuse[j])
		}
		into.written += more.written
	}
	return nil
}

func (s *statsLevel) merge(from *statsLevel) {
	s.rates.Merge(&from.rates)
	s.prefixes.Merge(&from.prefixes)
	s.allHit += from.allHit
	s.spans.Merge(&from.spans)
	s.positions.Merge(&from.positions)
	s.micros.Merge(&from.micros)
	s.hitTouches += from.hitTouches
}
