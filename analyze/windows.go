package analyze

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// maxWindows is how many windows the default window length may give.
const maxWindows = 200

// windowLengths are the default window lengths. Each divides the next, so windows can be joined as the log grows longer: the
// starts of longer ones are starts of shorter ones, rounded alike where they must be.
var windowLengths = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute,
	15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// windows are sums by window of time, of whatever kind.
type windows[T any] struct {
	length time.Duration // of a window
	grows  bool          // the length, so that there are at most maxWindows
	merge  func(into, from *T)

	list     []window[T]     // in order of time while places is nil; those without requests are absent
	recent   int             // the place of the last one that was asked for
	places   map[float64]int // in list, by start; nil while that is in order
	from, to float64         // the start of the first window, and the end of the last one
}

// window is one of them, [start, end) in seconds since the Unix epoch.
type window[T any] struct {
	start, end float64
	within     float64 // a timestamp that lies in it
	sums       T
}

// newWindows returns windows of a length, or, for 0, of one that suits the log.
func newWindows[T any](length time.Duration, merge func(into, from *T)) *windows[T] {
	if length > 0 {
		return &windows[T]{length: length}
	}
	return &windows[T]{length: windowLengths[0], grows: true, merge: merge}
}

// at returns the sums of the window that a timestamp lies in. They are good until the next call.
func (w *windows[T]) at(timestamp float64) *T {
	found := w.find(timestamp)
	for w.grows && w.count() > maxWindows {
		w.lengthen()
		found = w.find(timestamp)
	}
	return &found.sums
}

// sort puts the list in order of time, for those who read it.
func (w *windows[T]) sort() {
	if w.places != nil {
		slices.SortFunc(w.list, func(a, b window[T]) int { return cmp.Compare(a.start, b.start) })
		w.places, w.recent = nil, 0
	}
}

// bounds returns the start and the end of a window, in seconds since the Unix epoch.
func (w *windows[T]) bounds(i int) (start, end float64) { return w.list[i].start, w.list[i].end }

// count returns how many windows there are from the first to the last one, those without requests included: +Inf where
// there is no number for that.
func (w *windows[T]) count() float64 {
	if len(w.list) == 0 {
		return 0
	}
	return max(1, math.Round((w.to-w.from)/w.length.Seconds()))
}

// maxIndex is how many windows from the epoch on floating point can tell windows apart.
const maxIndex = 1 << 51

// windowBounds returns the window that a timestamp lies in. Where floating point cannot tell windows apart it holds this
// timestamp alone.
func windowBounds(timestamp float64, length time.Duration) (start, end float64) {
	if math.Abs(timestamp/length.Seconds()) <= maxIndex {
		if i := windowIndex(timestamp, length); math.Abs(i) < maxIndex {
			return windowStart(i, length), windowStart(i+1, length)
		}
	}
	return timestamp, min(math.Nextafter(timestamp, math.Inf(1)), math.MaxFloat64)
}

// windowIndex returns the whole number i of the window that a timestamp lies in, its start in window lengths since the
// epoch: start(i) ≤ timestamp < start(i+1). It must be about maxIndex at most.
func windowIndex(timestamp float64, length time.Duration) float64 {
	i := math.Floor(timestamp / length.Seconds())
	for windowStart(i, length) > timestamp {
		i--
	}
	for windowStart(i+1, length) <= timestamp {
		i++
	}
	return i
}

// windowStart returns the start of a window, in seconds since the Unix epoch: index × length, without the noise that a
// product of fractions of a second would have.
func windowStart(index float64, length time.Duration) float64 {
	if math.Abs(index)*float64(length) >= math.MaxInt64/2 {
		return index * length.Seconds()
	}
	ns := int64(index) * int64(length)
	return float64(ns/1e9) + float64(ns%1e9)/1e9
}

// find returns the window that a timestamp lies in, most often that of the one before, or else a new one.
func (w *windows[T]) find(timestamp float64) *window[T] {
	start, end := windowBounds(timestamp, w.length)
	if len(w.list) == 0 || w.list[w.recent].start != start {
		var ok bool
		if w.recent, ok = w.place(start); !ok {
			w.recent = w.add(window[T]{start: start, end: end, within: timestamp})
		}
	}
	return &w.list[w.recent]
}

// place returns where in the list the window of a start stands, if it is there.
func (w *windows[T]) place(start float64) (i int, ok bool) {
	n := len(w.list)
	switch {
	case w.places != nil:
		i, ok = w.places[start]
		return i, ok
	case n == 0 || w.list[n-1].start < start:
		return n, false
	}
	return slices.BinarySearchFunc(w.list, start, func(win window[T], start float64) int { return cmp.Compare(win.start, start) })
}

// add appends a window, and returns its place. From the first on that stands before another one the list is no longer
// in order.
func (w *windows[T]) add(win window[T]) int {
	n := len(w.list)
	if n == 0 {
		w.from, w.to = win.start, win.end
	}
	w.from, w.to = min(w.from, win.start), max(w.to, win.end)
	if w.places == nil && n > 0 && win.start < w.list[n-1].start {
		w.places = make(map[float64]int, n+1)
		for i := range w.list {
			w.places[w.list[i].start] = i
		}
	}
	if w.places != nil {
		w.places[win.start] = n
	}
	w.list = append(w.list, win)
	return n
}

// lengthen joins windows into those of the next length.
func (w *windows[T]) lengthen() {
	next := slices.Index(windowLengths, w.length) + 1
	if next == len(windowLengths) {
		w.grows = false
		return
	}
	w.join(windowLengths[next])
}

// join puts the windows together into windows of a multiple of their length.
func (w *windows[T]) join(length time.Duration) {
	w.sort()
	narrow := w.list
	w.length, w.list, w.recent = length, nil, 0
	for i := range narrow {
		w.merge(&w.find(narrow[i].within).sums, &narrow[i].sums)
	}
}
