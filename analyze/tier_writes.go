package analyze

import (
	"math"
	"slices"
	"time"

	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// tierWrites counts what is written to each tier: every chunk of a counted request that the tier doesn't hold when the
// chunk is touched. These are the classic misses of a cache of the tier's size, access by access in touch order: a chunk
// evicted by earlier touches, even of the same request, is written again. Of exclusive tiers the replay tells what is written.
type tierWrites struct {
	limits  []int64 // capacities, rising
	unit    units.Unit
	sums    []int64 // bytes, by tier
	now     []int64 // bytes of the touches at hand, by tier
	windows *window.List[[]int64]
}

func newTierWrites(limits []int64, unit units.Unit, length time.Duration) tierWrites {
	return tierWrites{limits: limits, unit: unit, sums: make([]int64, len(limits)), now: make([]int64, len(limits)),
		windows: window.NewFollowing(length, addByTier)} // of the same length as those of requests
}

func addByTier(into, from *[]int64) {
	if *into == nil {
		*into = make([]int64, len(*from))
	}
	for i, n := range *from {
		(*into)[i] += n
	}
}

// add counts the touches of a request. They take effect at now, in seconds since the Unix epoch.
func (w *tierWrites) add(now float64, distances []sim.Distance) error {
	clear(w.now)
	room := math.MaxInt64 - w.sums[0] // no tier is written more than the first
	written := false
	for i := range distances {
		d := &distances[i]
		lacking := w.lacking(d)
		if lacking == 0 {
			continue
		}
		if d.Size > room/int64(d.N) {
			return ErrTooManyWritten
		}
		n := int64(d.N) * d.Size
		room -= n
		w.now[lacking-1] += n
		written = true
	}
	if !written {
		return nil
	}
	for i := len(w.now) - 2; i >= 0; i-- { // what a tier lacks, smaller tiers lack too
		w.now[i] += w.now[i+1]
	}
	addByTier(&w.sums, &w.now)
	addByTier(w.windows.At(now), &w.now)
	return nil
}

// addEach counts bytes written to each tier at now.
func (w *tierWrites) addEach(now float64, bytes []int64) error {
	if !w.haveRoom(bytes) {
		return ErrTooManyWritten
	}
	if slices.Max(bytes) > 0 {
		addByTier(&w.sums, &bytes)
		addByTier(w.windows.At(now), &bytes)
	}
	return nil
}

// haveRoom reports whether the sums with more bytes for each tier do not exceed an int64.
func (w *tierWrites) haveRoom(more []int64) bool {
	for i, n := range more {
		if n > math.MaxInt64-w.sums[i] {
			return false
		}
	}
	return true
}

// merge adds what other touches wrote.
func (w *tierWrites) merge(from *tierWrites) error {
	if !w.haveRoom(from.sums) {
		return ErrTooManyWritten
	}
	addByTier(&w.sums, &from.sums)
	w.windows.Merge(from.windows)
	return nil
}

// lacking returns how many tiers, counted from the first, don't hold the chunks of a run when they are touched. A tier
// smaller than the chunk never holds it: the chunk is written, and flushes the tier, itself included.
func (w *tierWrites) lacking(d *sim.Distance) int {
	need := d.Chunks
	if w.unit == units.Bytes {
		need = d.Bytes
	}
	if d.Expired || need == sim.Never {
		return len(w.limits)
	}
	tier, _ := slices.BinarySearch(w.limits, need)
	return tier
}
