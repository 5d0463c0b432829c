package measured

import (
	"fmt"
	"slices"

	"hashlog/analyze/units"
)

// sumWindows makes a series of the counters of hits and those of requests. All of them have been checked.
func sumWindows(s *Series, hit, requested []*counter) error {
	hits, requests := sumOf(hit), sumOf(requested)
	times := shared(hits.times, requests.times)
	if len(times) < 2 {
		return fmt.Errorf("%s: hits were read at %s, requests at %s, both at %d: a window needs two", s.Metric,
			units.Count(int64(len(hits.times)), "time"), units.Count(int64(len(requests.times)), "time"), len(times))
	}
	kept := withoutThoseWithin(times, hits.growths, requests.growths)
	s.Windows = windowsBetween(kept)
	addTokens(s.Windows, hits.growths, func(w *Window) *float64 { return &w.HitTokens })
	addTokens(s.Windows, requests.growths, func(w *Window) *float64 { return &w.RequestedTokens })
	s.note(hits.resets+requests.resets, "counter reset: what was counted between the last reading and the reset is unknown.",
		"counter resets: what was counted between the last reading and each reset is unknown.")
	s.note(hits.late+requests.late, "counter appears later than others: its first value counts from 0.",
		"counters appear later than others: their first values count from 0.")
	s.note(hits.unknown+requests.unknown,
		"counter appears later than others with more than it can have counted since: its first value doesn't count.",
		"counters appear later than others with more than they can have counted since: their first values don't count.")
	s.noteGaps()
	return s.checkTotal()
}

// A sum is what is known of counters of one name together.
type sum struct {
	times         []float64 // at which any of them was read, sorted
	growths       []growth
	resets        int
	late, unknown int // counters that appear later than others, and whether their first value can be what they counted since
}

func sumOf(counters []*counter) (s sum) {
	for _, c := range counters {
		for _, at := range c.samples {
			s.times = append(s.times, at.time)
		}
	}
	slices.Sort(s.times)
	s.times = slices.Compact(s.times)
	rate, step := fastest(counters), stepOf(s.times)
	for _, c := range counters {
		growths, resets := c.withoutRepeats(step).growths()
		s.growths = append(s.growths, growths...)
		s.resets += resets
		first := c.samples[0]
		i, _ := slices.BinarySearch(s.times, first.time)
		if i == 0 || first.value == 0 {
			continue
		}
		// The server may have started since the others were read last, as a new replica does. If it ran before, and only
		// its readings begin late, it has counted more than that.
		before := s.times[i-1]
		if first.value > 2*rate*(first.time-before) {
			s.unknown++
			continue
		}
		s.late++
		s.growths = append(s.growths, growth{before, first.time, first.value})
	}
	return s
}

// shared returns the times that are in both of two sorted lists.
func shared(a, b []float64) (both []float64) {
	for _, t := range a {
		if _, ok := slices.BinarySearch(b, t); ok {
			both = append(both, t)
		}
	}
	return both
}

// withoutThoseWithin returns the times that lie within no growth, so that each growth is of one window.
func withoutThoseWithin(times []float64, growths ...[]growth) (kept []float64) {
	within := make([]bool, len(times))
	for _, all := range growths {
		for _, g := range all {
			i, found := slices.BinarySearch(times, g.from)
			if found {
				i++
			}
			for ; i < len(times) && times[i] < g.to; i++ {
				within[i] = true
			}
		}
	}
	for i, t := range times {
		if !within[i] {
			kept = append(kept, t)
		}
	}
	return kept
}

// windowsBetween returns empty windows between successive times.
func windowsBetween(times []float64) (windows []Window) {
	for i := 1; i < len(times); i++ {
		windows = append(windows, Window{Start: times[i-1], End: times[i]})
	}
	return windows
}

// addTokens adds each growth to the tokens of the window that holds it. Growth before the first window and after the last is
// left out.
func addTokens(windows []Window, growths []growth, tokens func(*Window) *float64) {
	for _, g := range growths {
		i, _ := slices.BinarySearchFunc(windows, g.to, func(w Window, t float64) int {
			switch {
			case w.End < t:
				return -1
			case w.Start >= t:
				return 1
			}
			return 0
		})
		if i < len(windows) && windows[i].Start <= g.from && g.to <= windows[i].End {
			*tokens(&windows[i]) += g.tokens
		}
	}
}

// note adds a note about a number of things, if there are any.
func (s *Series) note(n int, one, many string) {
	if n == 1 {
		s.Notes = append(s.Notes, "1 "+one)
	} else if n > 1 {
		s.Notes = append(s.Notes, units.Comma(int64(n))+" "+many)
	}
}

// noteGaps adds a note about windows that are longer than others, since nothing was read for a while.
func (s *Series) noteGaps() {
	step, gaps, longest := s.step(), 0, 0.0
	for _, w := range s.Windows {
		if length := w.End - w.Start; length > gapFrom*step {
			gaps++
			longest = max(longest, length)
		}
	}
	usual := units.FormatSpan(step)
	s.note(gaps, fmt.Sprintf("window covers a gap in the readings: it is %s long, others are %s.", units.FormatSpan(longest), usual),
		fmt.Sprintf("windows cover gaps in the readings: the longest is %s, others are %s.", units.FormatSpan(longest), usual))
}

// gapFrom is the length of a gap in usual windows. Readings of a scraper may be late by less.
const gapFrom = 1.5

// step returns the usual length of a window.
func (s *Series) step() float64 {
	times := []float64{s.Windows[0].Start}
	for _, w := range s.Windows {
		times = append(times, w.End)
	}
	return stepOf(times)
}

// stepOf returns the usual distance of successive times, the median; 0 if there is but one.
func stepOf(times []float64) float64 {
	var steps []float64
	for i := 1; i < len(times); i++ {
		steps = append(steps, times[i]-times[i-1])
	}
	if len(steps) == 0 {
		return 0
	}
	slices.Sort(steps)
	return steps[(len(steps)-1)/2]
}

// checkTotal returns an error if nothing was requested, or more hit than was requested. In a single window, a little more may
// hit, as some servers don't count both at the same moment.
func (s *Series) checkTotal() error {
	var hit, requested float64
	for _, w := range s.Windows {
		hit += w.HitTokens
		requested += w.RequestedTokens
	}
	switch {
	case requested == 0:
		from, to := s.Windows[0].Start, s.Windows[len(s.Windows)-1].End
		return fmt.Errorf("%s: no tokens were requested from %s to %s", s.Metric, formatTime(from), formatTime(to))
	case hit > requested:
		const format = "%.0f hit of %.0f requested, so that these aren't both tokens of the same requests"
		return &UnitError{s.Metric, fmt.Sprintf(format, hit, requested)}
	}
	return nil
}
