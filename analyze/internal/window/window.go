// Package window sums by window of time.
//
// A caller makes a [List] of windows of one length, or of the length that suits the log, asks it for the sums of the window
// that a timestamp lies in ([List.At]), adds to these, and reads all windows in order of time in the end ([List.Sort],
// [List.Bounds], [List.Sums]). Timestamps may come in any order, and may be any finite numbers.
package window

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Most is how many windows the default length may give.
const Most = 200

// lengths are the default lengths. Each divides the next, so windows can be joined as the log grows longer: the starts of
// longer ones are starts of shorter ones, rounded alike if they must be.
var lengths = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute,
	15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// List is sums by window of time, of whatever kind. It is made with New.
type List[T any] struct {
	length time.Duration // of a window
	grows  bool          // the length, so that there are at most Most windows
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

// New returns windows of a length, or, for 0, of the shortest default length that gives at most [Most] windows from the first
// timestamp to the last. merge adds the sums of one window to those of another, and leaves the former as they are.
func New[T any](length time.Duration, merge func(into, from *T)) *List[T] {
	if length > 0 {
		return &List[T]{length: length, merge: merge}
	}
	return &List[T]{length: lengths[0], grows: true, merge: merge}
}

// NewFollowing returns windows of a length, or, for 0, of a length that only [List.Join] changes.
func NewFollowing[T any](length time.Duration, merge func(into, from *T)) *List[T] {
	w := New(length, merge)
	w.grows = false
	return w
}

// At returns the sums of the window that a timestamp lies in. They are good until the next call.
func (w *List[T]) At(timestamp float64) *T {
	found := w.find(timestamp)
	for w.grows && w.Count() > Most {
		w.lengthen()
		found = w.find(timestamp)
	}
	return &found.sums
}

// Lengths returns the default lengths, each of which divides the next.
func Lengths() []time.Duration { return slices.Clone(lengths) }

// Length returns how long a window is.
func (w *List[T]) Length() time.Duration { return w.length }

// Sort puts the windows in order of time, for those who read them. At may be called again afterwards.
func (w *List[T]) Sort() {
	if w.places != nil {
		slices.SortFunc(w.list, func(a, b window[T]) int { return cmp.Compare(a.start, b.start) })
		w.places, w.recent = nil, 0
	}
}

// Len returns how many windows a timestamp lies in.
func (w *List[T]) Len() int { return len(w.list) }

// Bounds returns the start and the end of a window, in seconds since the Unix epoch.
func (w *List[T]) Bounds(i int) (start, end float64) { return w.list[i].start, w.list[i].end }

// Sums returns what was added up in a window.
func (w *List[T]) Sums(i int) *T { return &w.list[i].sums }

// Merge adds the windows of another list, which stays as it is. Both have one length, or default ones, of which the longer
// is that of the result.
func (w *List[T]) Merge(from *List[T]) {
	if w.length < from.length {
		w.Join(from.length)
	}
	for i := range from.list {
		win := &from.list[i]
		w.merge(w.At(win.within), &win.sums)
	}
}

// Count returns how many windows there are from the first to the last one, those that no timestamp lies in included: +Inf if
// there is no number for that.
func (w *List[T]) Count() float64 {
	if len(w.list) == 0 {
		return 0
	}
	return max(1, math.Round((w.to-w.from)/w.length.Seconds()))
}

// maxIndex is how many windows from the epoch on floating point can tell windows apart.
const maxIndex = 1 << 51

// Of returns the window of a length that a timestamp lies in, in seconds since the Unix epoch. If floating point cannot tell
// windows apart there, it holds this timestamp alone.
func Of(timestamp float64, length time.Duration) (start, end float64) {
	if math.Abs(timestamp/length.Seconds()) <= maxIndex {
		if i := index(timestamp, length); math.Abs(i) < maxIndex {
			return startOf(i, length), startOf(i+1, length)
		}
	}
	return timestamp, min(math.Nextafter(timestamp, math.Inf(1)), math.MaxFloat64)
}

// index returns the whole number i of the window that a timestamp lies in, its start in window lengths since the
// epoch: start(i) ≤ timestamp < start(i+1). It must be about maxIndex at most.
func index(timestamp float64, length time.Duration) float64 {
	i := math.Floor(timestamp / length.Seconds())
	for startOf(i, length) > timestamp {
		i--
	}
	for startOf(i+1, length) <= timestamp {
		i++
	}
	return i
}

// startOf returns the start of a window, in seconds since the Unix epoch: index × length, without the noise that a
// product of fractions of a second would have.
func startOf(index float64, length time.Duration) float64 {
	if math.Abs(index)*float64(length) >= math.MaxInt64/2 {
		return index * length.Seconds()
	}
	ns := int64(index) * int64(length)
	return float64(ns/1e9) + float64(ns%1e9)/1e9
}

// find returns the window that a timestamp lies in, most often that of the one before, or else a new one.
func (w *List[T]) find(timestamp float64) *window[T] {
	start, end := Of(timestamp, w.length)
	if len(w.list) == 0 || w.list[w.recent].start != start {
		var ok bool
		if w.recent, ok = w.place(start); !ok {
			w.recent = w.add(window[T]{start: start, end: end, within: timestamp})
		}
	}
	return &w.list[w.recent]
}

// place returns where in the list the window of a start stands, if it is there.
func (w *List[T]) place(start float64) (i int, ok bool) {
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
func (w *List[T]) add(win window[T]) int {
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
func (w *List[T]) lengthen() {
	next := slices.Index(lengths, w.length) + 1
	if next == len(lengths) {
		w.grows = false
		return
	}
	w.Join(lengths[next])
}

// Join puts the windows together into windows of a multiple of their length.
func (w *List[T]) Join(length time.Duration) {
	w.Sort()
	narrow := w.list
	w.length, w.list, w.recent = length, nil, 0
	for i := range narrow {
		w.merge(&w.find(narrow[i].within).sums, &narrow[i].sums)
	}
}
