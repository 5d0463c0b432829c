package analyze

import (
	"slices"

	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
)

// secondsPerDay converts an average rate into bytes per day.
const secondsPerDay = 24 * 60 * 60

func (s *tiers) report(rep *Report, end *ending) {
	if end.opts.Tiers == nil {
		return
	}
	s.opts = end.opts.Tiers // of a summary, whose sizes alone are fixed
	list := s.list(end.sizesKnown)
	curve := end.chunks
	if s.unit == units.Bytes {
		curve = end.bytes
	}
	for i := range s.opts.Tiers {
		rep.Tiers = append(rep.Tiers, s.result(i, curve, end.sizesKnown, list))
	}
	rep.TierWindows, rep.tierWindow = list, s.windows.Length()
}

// result returns what a tier serves. list are all windows.
func (s *tiers) result(tier int, curve *Curve, sizesKnown bool, list []TierWindow) TierResult {
	t := s.opts.Tiers[tier]
	r := TierResult{Name: t.Name, Capacity: t.Capacity, EnduranceBytes: known(t.Endurance)}
	r.CapacityBytes, r.CapacityChunks = curve.listed(t.Capacity)
	if s.sums.tokens != nil {
		r.Tokens = s.sums.tokens[tier]
		r.TokenHitRate = Rate(r.Tokens, s.sums.total)
	}
	if sizesKnown && s.sums.tokens != nil {
		bytes, written := s.sums.bytes[tier], s.writes.sums[tier]
		r.Bytes, r.BytesWritten = &bytes, &written
		if s.opts.exclusive() {
			moved := movedDown(s.writes.sums)[tier]
			bytes += moved
			r.BytesMovedDown = &moved
		}
		r.Bandwidth = s.bandwidth(tier, bytes, list)
		r.wear()
	}
	return r
}

// wear computes the bytes written per day, and how long the tier lasts at that rate.
func (r *TierResult) wear() {
	perDay := r.Bandwidth.AverageWrite * secondsPerDay
	r.BytesWrittenPerDay = &perDay
	if r.EnduranceBytes != nil && perDay > 0 {
		days := float64(*r.EnduranceBytes) / perDay
		r.EnduranceDays = &days
	}
}

// list returns all windows in which a request came or something was written.
func (s *tiers) list(sizesKnown bool) []TierWindow {
	s.follow()
	reads, writes := s.windows, s.writes.windows
	reads.Sort()
	writes.Sort()
	var list []TierWindow
	none := make([]int64, len(s.limits))
	for i, j := 0, 0; i < reads.Len() || j < writes.Len(); {
		w := TierWindow{Tokens: none}
		bytes, written := none, none
		read := j == writes.Len() || i < reads.Len() && starts(reads, i) <= starts(writes, j)
		wrote := i == reads.Len() || j < writes.Len() && starts(writes, j) <= starts(reads, i)
		if wrote {
			w.Start, w.End = writes.Bounds(j)
			written = *writes.Sums(j)
			j++
		}
		if read {
			w.Start, w.End = reads.Bounds(i)
			sums := reads.Sums(i)
			w.Requests, w.TotalTokens, w.Tokens, bytes = sums.requests, sums.total, sums.tokens, sums.bytes
			i++
		}
		if sizesKnown {
			w.Bytes, w.BytesWritten = bytes, written
			if s.opts.exclusive() {
				w.BytesMovedDown = movedDown(written)
				w.Bytes = nil
				addByTier(&w.Bytes, &bytes)
				addByTier(&w.Bytes, &w.BytesMovedDown)
			}
		}
		list = append(list, w)
	}
	return list
}

// movedDown returns the bytes that leave each exclusive tier for the next one, given those written to each.
func movedDown(written []int64) []int64 { return append(slices.Clone(written[1:]), 0) }

// starts returns the start of a window.
func starts[T any](w *window.List[T], i int) float64 {
	start, _ := w.Bounds(i)
	return start
}

// bandwidth returns how fast a tier is read and written. read are the bytes read from it in all.
func (s *tiers) bandwidth(tier int, read int64, list []TierWindow) *TierBandwidth {
	t := s.opts.Tiers[tier]
	length := s.windows.Length().Seconds()
	all := s.windows.Count() * length
	b := &TierBandwidth{WindowSeconds: length, Available: known(t.Bandwidth), AvailableWrite: known(t.WriteBandwidth),
		Average: float64(read) / all, AverageWrite: float64(s.writes.sums[tier]) / all}
	if t.WriteBandwidth == 0 {
		b.Shared, b.AvailableWrite = t.Bandwidth > 0, b.Available
	}
	var above int64
	for i, w := range list {
		read, write := float64(w.Bytes[tier])/length, float64(w.BytesWritten[tier])/length
		if i == 0 || read > b.Peak {
			b.Peak, b.PeakStart = read, w.Start
		}
		if i == 0 || write > b.PeakWrite {
			b.PeakWrite, b.PeakWriteStart = write, w.Start
		}
		if t.above(read, write) {
			above++
		}
	}
	if t.Bandwidth > 0 {
		b.Above = &above
	}
	return b
}

// above reports whether reads or writes, in bytes per second, exceed what is available.
func (t *Tier) above(read, write float64) bool {
	if t.WriteBandwidth == 0 {
		return read+write > float64(t.Bandwidth)
	}
	return read > float64(t.Bandwidth) || write > float64(t.WriteBandwidth)
}
