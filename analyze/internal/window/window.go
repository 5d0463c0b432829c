// Package window keeps sums by time window.
//
// A caller makes a [List] with a fixed window length, or with one that adapts to the log. For each event it gets the sums
// of the window that contains the timestamp ([List.At]) and adds to them. At the end it reads all windows in time order
// ([List.Sort], [List.Bounds], [List.Sums]). Timestamps may come in any order, and may be any finite numbers.
package window

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Most is the largest number of windows at the default length, except at the longest one.
const Most = 200

// lengths are the default lengths. Each divides the next, so windows can be joined as the time range grows: the start of
// every longer window is the start of a shorter one, and is rounded the same way.
var lengths = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute,
	15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// List holds sums of type T by time window. New and NewFollowing make one.
type List[T any] struct {
	length time.Duration // of a window
	grows  bool          // the length grows to keep the number of windows within Most
	merge  func(into, from *T)

	list     []window[T]     // in time order while places is nil; windows without timestamps are absent
	recent   int             // index of the window requested last
	places   map[float64]int // index in list by start; nil while list is sorted
	from, to float64         // start of the first window and end of the last
}

// window is [start, end) in seconds since the Unix epoch.
type window[T any] struct {
	start, end float64
	within     float64 // some timestamp in the window
	sums       T
}

// New returns an empty list of windows of a length. For length 0 it uses the shortest default length that gives at most
// [Most] windows from the first timestamp to the last, or the longest if none does. merge adds the sums of from to those of
// into, and must not modify from.
func New[T any](length time.Duration, merge func(into, from *T)) *List[T] {
	if length > 0 {
		return &List[T]{length: length, merge: merge}
	}
	return &List[T]{length: lengths[0], grows: true, merge: merge}
}

// NewFollowing returns an empty list of windows of a length. For length 0 it starts with the shortest default length, and
// only [List.Join] changes it.
func NewFollowing[T any](length time.Duration, merge func(into, from *T)) *List[T] {
	w := New(length, merge)
	w.grows = false
	return w
}

// At returns the sums of the window that contains a timestamp. They are valid until the next call.
func (w *List[T]) At(timestamp float64) *T {
	if len(w.list) > 0 {
		if recent := &w.list[w.recent]; recent.start <= timestamp && timestamp < recent.end { // nearly always
			return &recent.sums
		}
	}
	found := w.find(timestamp)
	for w.grows && w.Count() > Most {
		w.lengthen()
		found = w.find(timestamp)
	}
	return &found.sums
}

// Length returns the length of the windows.
func (w *List[T]) Length() time.Duration { return w.length }

// Sort sorts the windows by time; call it before reading them. At may still be called afterwards.
func (w *List[T]) Sort() {
	if w.places != nil {
		slices.SortFunc(w.list, func(a, b window[T]) int { return cmp.Compare(a.start, b.start) })
		w.places, w.recent = nil, 0
	}
}

// Len returns the number of windows that contain a timestamp.
func (w *List[T]) Len() int { return len(w.list) }

// Bounds returns the start and end of window i, in seconds since the Unix epoch.
func (w *List[T]) Bounds(i int) (start, end float64) { return w.list[i].start, w.list[i].end }

// Within returns some timestamp in window i.
func (w *List[T]) Within(i int) float64 { return w.list[i].within }

// Sums returns the sums of window i.
func (w *List[T]) Sums(i int) *T { return &w.list[i].sums }

// Merge adds the windows of another list, which is not modified. Both lists must have the same fixed length, or both
// default lengths; the result then has the longer one, or a longer one still.
func (w *List[T]) Merge(from *List[T]) {
	if w.length < from.length {
		w.Join(from.length)
	}
	for i := range from.list {
		win := &from.list[i]
		w.merge(w.At(win.within), &win.sums)
	}
}

// Count returns the number of windows from the first to the last, empty ones included. It is +Inf on overflow.
func (w *List[T]) Count() float64 {
	if len(w.list) == 0 {
		return 0
	}
	return max(1, math.Round((w.to-w.from)/w.length.Seconds()))
}

// maxIndex is the largest window number, counted from the epoch, at which floating point still separates windows.
const maxIndex = 1 << 51

// Of returns the window of a length that contains a timestamp, as [start, end) in seconds since the Unix epoch. If floating
// point cannot separate windows there, the window contains this timestamp alone.
func Of(timestamp float64, length time.Duration) (start, end float64) {
	if math.Abs(timestamp/length.Seconds()) <= maxIndex {
		if i := index(timestamp, length); math.Abs(i) < maxIndex {
			return startOf(i, length), startOf(i+1, length)
		}
	}
	return timestamp, min(math.Nextafter(timestamp, math.Inf(1)), math.MaxFloat64)
}

// index returns the number i of the window that contains a timestamp, counted from the epoch: start(i) ≤ timestamp <
// start(i+1). i must not exceed maxIndex by much.
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

// startOf returns the start of a window, in seconds since the Unix epoch: index × length, without the rounding errors of
// multiplying fractions of a second.
func startOf(index float64, length time.Duration) float64 {
	if math.Abs(index)*float64(length) >= math.MaxInt64/2 {
		return index * length.Seconds()
	}
	ns := int64(index) * int64(length)
	return float64(ns/1e9) + float64(ns%1e9)/1e9
}

// find returns the window that contains a timestamp, and adds it if it is missing.
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

// place returns the index in list of the window with a start; ok is false if there is none.
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

// add appends a window and returns its index. If the window comes before an existing one, the list is no longer sorted.
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

// Possible reports whether a list like this one can have windows of a length.
func (w *List[T]) Possible(length time.Duration) bool {
	return length == w.length || w.grows && slices.Contains(lengths, length)
}

// lengthen joins windows to the next default length. It keeps a longer one, which a caller joined them to.
func (w *List[T]) lengthen() {
	next := slices.Index(lengths, w.length) + 1
	if next == 0 || next == len(lengths) {
		w.grows = false
		return
	}
	w.Join(lengths[next])
}

// Join merges the windows into windows of a longer length, which must be a multiple of the current one.
func (w *List[T]) Join(length time.Duration) {
	w.Sort()
	narrow := w.list
	w.length, w.list, w.recent = length, nil, 0
	for i := range narrow {
		w.merge(&w.find(narrow[i].within).sums, &narrow[i].sums)
	}
}
