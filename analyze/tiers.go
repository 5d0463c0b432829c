package analyze

import (
	"math"
	"slices"

	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// tiers counts what each tier serves and what is written to it.
type tiers struct {
	opts    *TierOptions
	unit    units.Unit
	limits  []int64 // capacities, rising; of exclusive tiers where each ends, in chunks, for the request at hand
	sums    tierReads
	now     tierReads // of the request at hand
	runs    []sim.Run // memory
	room    int64     // bytes until the count of served bytes overflows
	windows *window.List[tierReads]
	writes  tierWrites
}

// tierReads are what the tiers serve in a part of the log. The slices are by tier.
type tierReads struct {
	requests, total int64
	tokens, bytes   []int64
}

func newTiers(opts *TierOptions) *tiers {
	s := &tiers{opts: opts, room: math.MaxInt64, unit: opts.Tiers[0].Capacity.Unit}
	for _, t := range opts.Tiers {
		s.limits = append(s.limits, t.Capacity.Limit())
	}
	s.now = tierReads{tokens: make([]int64, len(s.limits)), bytes: make([]int64, len(s.limits))}
	s.windows = window.New(opts.Window, (*tierReads).merge)
	s.writes = newTierWrites(s.limits, s.unit, opts.Window)
	if opts.exclusive() {
		s.unit = units.Chunks
	}
	return s
}

func (t *tierReads) merge(from *tierReads) {
	t.requests += from.requests
	t.total += from.total
	if len(t.tokens) == 0 {
		t.tokens, t.bytes = make([]int64, len(from.tokens)), make([]int64, len(from.tokens))
	}
	for i := range from.tokens {
		t.tokens[i] += from.tokens[i]
		t.bytes[i] += from.bytes[i]
	}
}

func (s *tiers) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	s.begin(q)
	if s.opts.exclusive() {
		s.limits = q.edges
	}
	of, runs := q.tokens, q.runs
	if q.unit > 0 {
		of, runs = s.wholeUnits(q)
	}
	if !s.serve(of, runs) {
		return ErrTooManyBytes
	}
	s.end(q)
	return nil
}

// begin makes ready to count what the tiers serve of a request, in now.
func (s *tiers) begin(q *request) {
	s.now.requests, s.now.total = 1, q.tokens.seqLen
	clear(s.now.tokens)
	clear(s.now.bytes)
}

// end counts now.
func (s *tiers) end(q *request) {
	s.sums.merge(&s.now)
	s.windows.At(q.time).merge(&s.now)
}

// touch counts the writes of a counted request, in the window in which its touches take effect.
func (s *tiers) touch(t *touches) error {
	if !t.counted {
		return nil
	}
	s.follow()
	if s.opts.exclusive() {
		return s.move(t)
	}
	return s.writes.add(t.time, t.distances)
}

// move counts what touches write to exclusive tiers. What comes into any but the first is read from the one before.
func (s *tiers) move(t *touches) error {
	if err := s.writes.addEach(t.time, t.moved); err != nil {
		return err
	}
	for _, n := range t.moved[1:] {
		if n > s.room {
			return ErrTooManyBytes
		}
		s.room -= n
	}
	return nil
}

// follow lengthens the windows of writes to the length of those of requests, which alone decide it.
func (s *tiers) follow() {
	if s.writes.windows.Length() < s.windows.Length() {
		s.writes.windows.Join(s.windows.Length())
	}
}

func (s *tiers) merge(later counter) error {
	from := later.(*tiers)
	read := math.MaxInt64 - from.room
	if read > s.room {
		return ErrTooManyBytes
	}
	s.room -= read
	if from.sums.tokens != nil {
		s.sums.merge(&from.sums)
	}
	s.windows.Merge(from.windows)
	return s.writes.merge(&from.writes)
}

// serve finds the tier that serves each chunk of the hit prefix of the request at hand. ok is false if the bytes served
// exceed an int64.
func (s *tiers) serve(t tokens, runs []sim.Run) (ok bool) {
	first := 0
	for _, run := range runs {
		if run.Need.Chunks == sim.Never || run.Expired {
			return true
		}
		for i := 0; i < run.N; {
			need, step := s.need(run, i)
			tier, _ := slices.BinarySearch(s.limits, need)
			if tier == len(s.limits) {
				return true
			}
			n := min(run.N-i, s.stretch(tier, need, step))
			if !s.add(tier, t.between(first+i, first+i+n), n, run.Size) {
				return false
			}
			i += n
		}
		first += run.N
	}
	return true
}

// add counts n chunks of a size that a tier serves. ok is false if the bytes served exceed an int64.
func (s *tiers) add(tier int, tokens int64, n int, size int64) (ok bool) {
	s.now.tokens[tier] += tokens
	if size > s.room/int64(n) {
		return false
	}
	s.room -= int64(n) * size
	s.now.bytes[tier] += int64(n) * size
	return true
}

// need returns the need of chunk i of a run, and the difference to the need of the next chunk.
func (s *tiers) need(run sim.Run, i int) (need, step int64) {
	d := run.NeedAt(i)
	if s.unit == units.Bytes {
		return d.Bytes, run.Step * run.Size
	}
	return d.Chunks, run.Step
}

// stretch returns how many chunks at most a tier serves from the first on, if the needs change by step from one to the
// next.
func (s *tiers) stretch(tier int, need, step int64) int {
	const all = 1 << 31
	switch {
	case step > 0:
		return int(min((s.limits[tier]-need)/step+1, all))
	case step < 0 && tier > 0:
		over := need - s.limits[tier-1]
		return int((over - step - 1) / -step)
	}
	return all
}
