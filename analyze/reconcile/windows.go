package reconcile

import (
	"fmt"
	"strings"
	"time"

	"hashlog/analyze"
	"hashlog/analyze/internal/window"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
)

// NoOverlapError says that no measured window can be compared with the log.
type NoOverlapError struct {
	Measured, Log units.Period
	Why           []string // how many windows are left out, and why: a sentence for each reason, without its end
}

func (e *NoOverlapError) Error() string {
	return fmt.Sprintf("no measured window can be compared: the measured series covers %s to %s, the counted part of the log %s to %s; %s",
		units.FormatTime(e.Measured.First), units.FormatTime(e.Measured.Last), units.FormatTime(e.Log.First), units.FormatTime(e.Log.Last),
		strings.Join(e.Why, "; "))
}

// covered is the part of a window that the log has to cover for the window to count.
const covered = 0.9

// joined joins adjacent windows up to a length. For length 0 it is the shortest of the standard lengths that gives at most
// window.Most windows.
func joined(windows []measured.Window, length time.Duration) (out []measured.Window) {
	count := window.New(length, func(_, _ *struct{}) {})
	for _, w := range windows {
		count.At(middle(w))
	}
	at := 0.0 // the start of the joined window that the last one belongs to
	for i, w := range windows {
		start, _ := window.Of(middle(w), count.Length())
		last := len(out) - 1
		if i == 0 || start != at || out[last].End != w.Start {
			out, at = append(out, w), start
			continue
		}
		out[last].End = w.End
		out[last].HitTokens += w.HitTokens
		out[last].RequestedTokens += w.RequestedTokens
	}
	return out
}

func middle(w measured.Window) float64 { return w.Start + (w.End-w.Start)/2 }

func spansOf(windows []measured.Window) []span {
	out := make([]span, len(windows))
	for i, w := range windows {
		out[i] = span{w.Start, w.End}
	}
	return out
}

// countedPeriod returns the times between which the requests of a report are counted.
func countedPeriod(r *analyze.Report) units.Period {
	p := r.Input.Period()
	if r.CountedFrom != nil {
		p.First = max(p.First, *r.CountedFrom)
	}
	return p
}

// within reports whether a period covers enough of a window.
func (s span) within(p units.Period) bool {
	return min(s.end, p.Last)-max(s.start, p.First) >= covered*(s.end-s.start) && s.end > s.start
}

// leftOut counts the windows that are not compared.
type leftOut struct {
	outside, cut      int // of the log: wholly, or more than a tenth
	unasked, unlogged int // nothing was requested; the log has nothing
}

// reasons says how many windows are left out for which reason, a sentence each without its end.
func (l leftOut) reasons() (list []string) {
	add := func(n int, why string) {
		if n > 0 {
			list = append(list, fmt.Sprintf("%s left out: %s", units.Count(int64(n), "measured window"), why))
		}
	}
	add(l.outside, "outside of the counted part of the log")
	add(l.cut, "not wholly within the counted part of the log")
	add(l.unasked, "the server counted no token")
	add(l.unlogged, "the log has no token there, though the server counted some")
	return list
}

// choose says which windows to compare, given what the log has in each.
// If they are windows of the log itself, it covers them.
func choose(windows []measured.Window, log []volume, period units.Period, own bool) (chosen []int, left leftOut) {
	for i, w := range windows {
		s := span{w.Start, w.End}
		switch {
		case !own && (s.end <= period.First || s.start > period.Last):
			left.outside++
		case !own && !s.within(period):
			left.cut++
		case w.RequestedTokens <= 0:
			left.unasked++
		case log[i].tokens == 0:
			left.unlogged++
		default:
			chosen = append(chosen, i)
		}
	}
	return chosen, left
}

// pick returns the elements of a list at some places.
func pick[T any](list []T, places []int) []T {
	out := make([]T, len(places))
	for i, p := range places {
		out[i] = list[p]
	}
	return out
}
