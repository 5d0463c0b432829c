package analyze

import (
	"errors"
	"math"
	"slices"

	"hashlog/sim"
)

// TierResult is a tier's own share of what a cache with tiers would have hit. A request hits as in the largest tier, and
// each chunk of its hit prefix is served by the smallest that holds it.
type TierResult struct {
	Name           string  `json:"name"`
	CapacityBytes  *int64  `json:"capacity_bytes"` // both nil: unlimited
	CapacityChunks *int64  `json:"capacity_chunks"`
	Tokens         int64   `json:"tokens"` // that it served
	Bytes          *int64  `json:"bytes"`  // of the chunks that it served, whole; nil where a size is unknown
	TokenHitRate   float64 `json:"token_hit_rate"`
	// Bandwidth is nil where a size is unknown.
	Bandwidth *TierBandwidth `json:"bandwidth"`
}

// TierBandwidth is how fast a tier is read, by window of time.
type TierBandwidth struct {
	WindowSeconds float64 `json:"window_seconds"`
	// Average is from the first window to the last, those without requests included.
	Average   float64 `json:"average_bytes_per_second"`
	Peak      float64 `json:"peak_bytes_per_second"` // in one window
	PeakStart float64 `json:"peak_window_start"`     // seconds since the Unix epoch
	Available *int64  `json:"available_bytes_per_second"`
	Above     *int64  `json:"windows_above_available"` // windows that ask for more; nil where it is not known what there is
}

// TierWindow is what the tiers served in one window, [Start, End) in seconds since the Unix epoch.
type TierWindow struct {
	Start, End  float64
	Requests    int64
	TotalTokens int64
	Tokens      []int64 // by tier
	Bytes       []int64 // by tier; nil where a size is unknown
}

// ErrTooManyBytes says that tiers would serve more bytes than an int64 counts.
var ErrTooManyBytes = errors.New("the tiers serve more than 2^63 bytes in all")

// tiers counts what each tier serves.
type tiers struct {
	opts    *TierOptions
	unit    Unit
	limits  []int64 // capacities, rising
	sums    tiered
	now     tiered // of the request at hand
	room    int64  // bytes that may still be served
	windows *windows[tiered]
}

// tiered is what is counted of a part of the log. Slices are by tier.
type tiered struct {
	requests, total int64
	tokens, bytes   []int64
}

func newTiers(opts *TierOptions) *tiers {
	s := &tiers{opts: opts, room: math.MaxInt64, unit: opts.Tiers[0].Capacity.Unit}
	for _, t := range opts.Tiers {
		s.limits = append(s.limits, t.Capacity.limit())
	}
	s.now = tiered{tokens: make([]int64, len(s.limits)), bytes: make([]int64, len(s.limits))}
	s.windows = newWindows(opts.Window, (*tiered).merge)
	return s
}

func (into *tiered) merge(from *tiered) {
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

// add counts a request.
func (s *tiers) add(timestamp float64, t tokens, runs []sim.Run) error {
	s.now.requests, s.now.total = 1, t.seqLen
	clear(s.now.tokens)
	clear(s.now.bytes)
	if !s.serve(t, runs) {
		return ErrTooManyBytes
	}
	s.sums.merge(&s.now)
	s.windows.at(timestamp).merge(&s.now)
	return nil
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
	if s.unit == Bytes {
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

// results returns what was counted. curve is that of the same requests in the tiers' unit.
func (s *tiers) results(curve *Curve, sizesKnown bool) ([]TierResult, []TierWindow) {
	s.windows.sort()
	var out []TierResult
	for i, t := range s.opts.Tiers {
		r := TierResult{Name: t.Name}
		r.CapacityBytes, r.CapacityChunks = curve.Listed(t.Capacity)
		if s.sums.tokens != nil {
			r.Tokens = s.sums.tokens[i]
			r.TokenHitRate = Rate(r.Tokens, s.sums.total)
		}
		if sizesKnown && s.sums.tokens != nil {
			r.Bytes = &s.sums.bytes[i]
			r.Bandwidth = s.bandwidth(i, t.Bandwidth)
		}
		out = append(out, r)
	}
	var list []TierWindow
	for i := range s.windows.list {
		w := &s.windows.list[i].sums
		start, end := s.windows.bounds(i)
		window := TierWindow{Start: start, End: end, Requests: w.requests, TotalTokens: w.total, Tokens: w.tokens}
		if sizesKnown {
			window.Bytes = w.bytes
		}
		list = append(list, window)
	}
	return out, list
}

// bandwidth returns how fast a tier is read.
func (s *tiers) bandwidth(tier int, available int64) *TierBandwidth {
	length := s.windows.length.Seconds()
	b := &TierBandwidth{WindowSeconds: length, Available: known(available)}
	b.Average = float64(s.sums.bytes[tier]) / (s.windows.count() * length)
	var above int64
	for i := range s.windows.list {
		rate := float64(s.windows.list[i].sums.bytes[tier]) / length
		if i == 0 || rate > b.Peak {
			b.Peak = rate
			b.PeakStart, _ = s.windows.bounds(i)
		}
		if rate > float64(available) {
			above++
		}
	}
	if available > 0 {
		b.Above = &above
	}
	return b
}
