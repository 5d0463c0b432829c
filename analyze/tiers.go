package analyze

import (
	"math"
	"slices"

	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// TierResult is a tier's own share of what a cache with tiers would have hit, and what is written to it. A request hits as
// in the largest tier, and each chunk of its hit prefix is served by the smallest that holds it. A chunk is written to
// every tier that doesn't hold it when it is touched.
type TierResult struct {
	Name           string `json:"name"`
	CapacityBytes  *int64 `json:"capacity_bytes"` // both nil: unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`
	Tokens         int64  `json:"tokens"`        // that it served
	Bytes          *int64 `json:"bytes"`         // of the chunks that it served, whole; nil where a size is unknown
	BytesWritten   *int64 `json:"bytes_written"` // of the chunks that are written to it; nil likewise
	// BytesWrittenPerDay is the average of 86,400 seconds; nil likewise.
	BytesWrittenPerDay *float64 `json:"bytes_written_per_day"`
	EnduranceBytes     *int64   `json:"endurance_bytes"` // that can be written in all; nil where not known
	// EnduranceDays is after how many days as the average one it is worn out; nil where that isn't known, and where nothing
	// is written.
	EnduranceDays *float64 `json:"endurance_days"`
	TokenHitRate  float64  `json:"token_hit_rate"`
	// Bandwidth is nil where a size is unknown.
	Bandwidth *TierBandwidth `json:"bandwidth"`
}

// TierBandwidth is how fast a tier is read and written, in bytes a second, by window of time.
type TierBandwidth struct {
	WindowSeconds float64 `json:"window_seconds"`
	// Average is over the time from the first window with requests to the last, those without between them included.
	Average        float64 `json:"average_bytes_per_second"` // read
	Peak           float64 `json:"peak_bytes_per_second"`    // read in one window
	PeakStart      float64 `json:"peak_window_start"`        // seconds since the Unix epoch
	AverageWrite   float64 `json:"average_write_bytes_per_second"`
	PeakWrite      float64 `json:"peak_write_bytes_per_second"`
	PeakWriteStart float64 `json:"peak_write_window_start"`
	Available      *int64  `json:"available_bytes_per_second"` // to read; nil where not known
	// AvailableWrite is the same as Available where Shared: what there is, is there for reads and writes together.
	AvailableWrite *int64 `json:"available_write_bytes_per_second"`
	Shared         bool   `json:"available_is_shared"`
	// Above is the number of windows in which more is read than there is, or written, or both together where Shared; nil
	// where it is not known what there is.
	Above *int64 `json:"windows_above_available"`
}

// TierWindow is what the tiers served, and what was written to them, in one window, [Start, End) in seconds since the Unix
// epoch. With a store delay there may be windows in which something is written but no request comes.
type TierWindow struct {
	Start, End   float64
	Requests     int64
	TotalTokens  int64
	Tokens       []int64 // by tier
	Bytes        []int64 // by tier; nil where a size is unknown
	BytesWritten []int64 // likewise
}

// tiers counts what each tier serves, and what is written to it.
type tiers struct {
	opts    *TierOptions
	unit    units.Unit
	limits  []int64 // capacities, rising
	sums    tierReads
	now     tierReads // of the request at hand
	room    int64     // bytes that may still be served
	windows *window.List[tierReads]
	writes  tierWrites
}

// tierReads are what tiers serve of a part of the log. Slices are by tier.
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
	return s
}

func (into *tierReads) merge(from *tierReads) {
	into.requests += from.requests
	into.total += from.total
	if len(into.tokens) == 0 {
		into.tokens, into.bytes = make([]int64, len(from.tokens)), make([]int64, len(from.tokens))
	}
	for i := range from.tokens {
		into.tokens[i] += from.tokens[i]
		into.bytes[i] += from.bytes[i]
	}
}

func (s *tiers) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	s.now.requests, s.now.total = 1, q.tokens.seqLen
	clear(s.now.tokens)
	clear(s.now.bytes)
	if !s.serve(q.tokens, q.runs) {
		return ErrTooManyBytes
	}
	s.sums.merge(&s.now)
	s.windows.At(q.time).merge(&s.now)
	return nil
}

// touch counts what the touches of a counted request write, in the window in which they take effect.
func (s *tiers) touch(t *touches) error {
	if !t.counted {
		return nil
	}
	s.follow()
	return s.writes.add(t.time, t.distances)
}

// follow makes the windows of writes as long as those of requests, which alone say how long that is.
func (s *tiers) follow() {
	if s.writes.windows.Length() < s.windows.Length() {
		s.writes.windows.Join(s.windows.Length())
	}
}

func (s *tiers) merge(later counter) error {
	from := later.(*tiers)
	for _, n := range from.sums.bytes {
		if n > s.room {
			return ErrTooManyBytes
		}
		s.room -= n
	}
	if from.sums.tokens != nil {
		s.sums.merge(&from.sums)
	}
	s.windows.Merge(from.windows)
	s.follow()
	return s.writes.merge(&from.writes)
}

// serve finds which tier serves which chunk of the hit prefix of the request at hand. ok is false where the bytes served
// are more than an int64 counts.
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
			s.now.tokens[tier] += t.between(first+i, first+i+n)
			if run.Size > s.room/int64(n) {
				return false
			}
			s.room -= int64(n) * run.Size
			s.now.bytes[tier] += int64(n) * run.Size
			i += n
		}
		first += run.N
	}
	return true
}

// need returns the need of chunk i of a run, and by how much that of the next is larger.
func (s *tiers) need(run sim.Run, i int) (need, step int64) {
	d := run.NeedAt(i)
	if s.unit == units.Bytes {
		return d.Bytes, run.Step * run.Size
	}
	return d.Chunks, run.Step
}

// stretch returns how many chunks, whose needs go up or down by a step, a tier serves at most from the first on.
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
