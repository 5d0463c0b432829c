package analyze

import (
	"math"
	"slices"
	"sort"
	"time"
)

// maxWindows is how many windows the default window length may give.
const maxWindows = 200

// windowLengths are the default window lengths. Each divides the next, so windows can be joined as the log grows longer.
var windowLengths = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute,
	15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// windows are sums by window of time, of whatever kind.
type windows[T any] struct {
	length time.Duration // of a window
	grows  bool          // the length, so that there are at most maxWindows
	merge  func(into, from *T)
	list   []window[T] // in order of time; those without requests are absent
}

// window is one of them. Its index is its start in window lengths since the epoch: a whole number, in floating point since
// timestamps are.
type window[T any] struct {
	index float64
	sums  T
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
	found := w.find(windowIndex(timestamp, w.length))
	if w.grows && w.lengthen() {
		found = w.find(windowIndex(timestamp, w.length))
	}
	return &found.sums
}

// bounds returns the start and the end of a window, in seconds since the Unix epoch.
func (w *windows[T]) bounds(i int) (start, end float64) {
	index := w.list[i].index
	return windowStart(index, w.length), windowStart(index+1, w.length)
}

// count returns how many windows there are from the first to the last one, those without requests included.
func (w *windows[T]) count() float64 {
	if len(w.list) == 0 {
		return 0
	}
	return w.list[len(w.list)-1].index - w.list[0].index + 1
}

// windowIndex returns the whole number i of the window that a timestamp lies in: start(i) ≤ timestamp < start(i+1), but
// for times so far off that floating point cannot tell windows apart.
func windowIndex(timestamp float64, length time.Duration) float64 {
	i := math.Floor(timestamp / length.Seconds())
	switch {
	case windowStart(i, length) > timestamp:
		return i - 1
	case windowStart(i+1, length) <= timestamp:
		return i + 1
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

// find returns the window of an index, most often the last one.
func (w *windows[T]) find(index float64) *window[T] {
	n := len(w.list)
	if n == 0 || w.list[n-1].index < index {
		w.list = append(w.list, window[T]{index: index})
		return &w.list[n]
	}
	i := n - 1
	if w.list[i].index != index {
		i = sort.Search(n, func(i int) bool { return w.list[i].index >= index })
		if w.list[i].index != index {
			w.list = slices.Insert(w.list, i, window[T]{index: index})
		}
	}
	return &w.list[i]
}

// lengthen joins windows until there are few enough, counting those without requests.
func (w *windows[T]) lengthen() (longer bool) {
	for w.count() > maxWindows {
		i := slices.IndexFunc(windowLengths, func(d time.Duration) bool { return d > w.length })
		if i < 0 {
			break
		}
		w.join(windowLengths[i])
		longer = true
	}
	return longer
}

// join puts the windows together into windows of a multiple of their length.
func (w *windows[T]) join(length time.Duration) {
	factor := float64(length / w.length)
	narrow := w.list
	w.length, w.list = length, nil
	for i := range narrow {
		w.merge(&w.find(math.Floor(narrow[i].index/factor)).sums, &narrow[i].sums)
	}
}
