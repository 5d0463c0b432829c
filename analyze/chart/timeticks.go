package chart

import (
	"math"
	"time"

	"gonum.org/v1/plot/vg"
)

// timeStep is a distance between ticks: a number of milliseconds, days, or months. Whole weeks begin on Mondays; other
// numbers of days are counted from the first of each month.
type timeStep struct {
	ms, days, months int64
	label, context   string // layouts
}

// timeSteps are the available distances, finest first.
var timeSteps = func() []timeStep {
	var steps []timeStep
	add := func(label, context string, unit int64, counts ...int64) {
		for _, n := range counts {
			steps = append(steps, timeStep{ms: n * unit, label: label, context: context})
		}
	}
	const day = "Mon 2 Jan 2006"
	add("15:04:05.000", day, 1, 1, 2, 5)
	add("15:04:05.00", day, 10, 1, 2, 5)
	add("15:04:05.0", day, 100, 1, 2, 5)
	add("15:04:05", day, 1000, 1, 2, 5, 10, 15, 30)
	add("15:04", day, 60_000, 1, 2, 5, 10, 15, 30)
	add("15:04", day, 3_600_000, 1, 2, 3, 6, 12)
	for _, n := range []int64{1, 2, 7, 14} {
		steps = append(steps, timeStep{days: n, label: "Mon 2 Jan", context: "2006"})
	}
	for _, n := range []int64{1, 2, 3, 6} {
		steps = append(steps, timeStep{months: n, label: "Jan", context: "2006"})
	}
	for _, n := range []int64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000} {
		steps = append(steps, timeStep{months: 12 * n, label: "2006"})
	}
	return steps
}()

// timeTicks returns the ticks of a time axis of that width: the finest round times whose labels don't collide and that are
// not too many for the eye.
func timeTicks(a timeAxis, width vg.Length) []tick {
	switch a.clock() {
	case elapsed:
		return elapsedTicks(a, width)
	case seconds1970:
		return secondTicks(a, width)
	}
	const comfortable, narrowest = 12, 18 // number of ticks; width in points of the narrowest label
	for _, most := range []int{comfortable, int(width/narrowest) + 1} {
		for _, s := range timeSteps {
			ticks := labelTimes(a, s, s.times(a, most+1))
			if len(ticks) < 2 || len(ticks) > most {
				continue
			}
			if ticks = dropContext(ticks, width); fit(ticks, width) {
				return ticks
			}
		}
	}
	return endTicks(a, width, func(t float64) string { return utc(t).Format("2006-01-02 15:04:05.999999") })
}

// times returns the step's times within the axis, at most n of them.
func (s timeStep) times(a timeAxis, n int) []time.Time {
	var out []time.Time
	switch {
	case s.ms > 0:
		for k := int64(math.Ceil(a.from * 1000 / float64(s.ms))); len(out) < n; k++ {
			t := time.UnixMilli(k * s.ms).UTC()
			if seconds(t) > a.to {
				break
			}
			out = append(out, t)
		}
	default:
		for t := s.start(utc(a.from)); len(out) < n && seconds(t) <= a.to; t = s.next(t) {
			if seconds(t) >= a.from {
				out = append(out, t)
			}
		}
	}
	return out
}

// start returns the step's last time not after t; for days that are no whole weeks, the first of the month. Weeks are
// counted from the first Monday of the year 1, so that a step of two has the same Mondays everywhere.
func (s timeStep) start(t time.Time) time.Time {
	if s.weeks() {
		return t.Truncate(time.Duration(s.days) * 24 * time.Hour)
	}
	if s.months == 0 {
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	month := int64(t.Year())*12 + int64(t.Month()) - 1
	return time.Date(0, time.Month(month/s.months*s.months+1), 1, 0, 0, 0, 0, time.UTC)
}

// weeks reports whether the step is a number of weeks.
func (s timeStep) weeks() bool { return s.days > 0 && s.days%7 == 0 }

// next returns the step's time after t. Of days counted from the first of each month, one closer than half a step before the
// next first is left out.
func (s timeStep) next(t time.Time) time.Time {
	switch {
	case s.months > 0:
		return t.AddDate(0, int(s.months), 0)
	case s.weeks():
		return t.AddDate(0, 0, int(s.days))
	}
	first := time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	n := t.AddDate(0, 0, int(s.days))
	if first.Sub(n) < time.Duration(s.days)*12*time.Hour {
		return first
	}
	return n
}

func seconds(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }

// labelTimes gives each time its label, and its context if that changes.
func labelTimes(a timeAxis, s timeStep, times []time.Time) []tick {
	ticks := make([]tick, len(times))
	last := ""
	for i, t := range times {
		ticks[i] = tick{at: a.position(seconds(t)), label: t.Format(s.label)}
		if s.context == "" {
			continue
		}
		if c := t.Format(s.context); c != last {
			ticks[i].context, last = c, c
		}
	}
	return ticks
}

// dropContext drops the first context if there is no room for it before the second one, which marks a change and so says
// more.
func dropContext(ticks []tick, width vg.Length) []tick {
	var with []int
	for i, t := range ticks {
		if t.context != "" {
			with = append(with, i)
		}
	}
	if len(with) < 2 {
		return ticks
	}
	_, end := labelSpan(ticks[with[0]].at, ticks[with[0]].context, width)
	next, _ := labelSpan(ticks[with[1]].at, ticks[with[1]].context, width)
	if end+gap > next {
		ticks[with[0]].context = ""
	}
	return ticks
}

// secondTicks labels times outside the calendar's range: plain seconds, at multiples of 1, 2 or 5 times a power of ten.
func secondTicks(a timeAxis, width vg.Length) []tick {
	for n := 8.0; n >= 2; n-- {
		step := roundFloat(a.to/n - a.from/n)
		var ticks []tick
		for k := math.Ceil(a.from / step); k*step <= a.to && len(ticks) < 20; k++ {
			ticks = append(ticks, tick{at: a.position(k * step), label: secondsLabel(k * step)})
		}
		if len(ticks) >= 2 && distinct(ticks) && fit(ticks, width) {
			return ticks
		}
	}
	return endTicks(a, width, secondsLabel)
}

// roundFloat returns 1, 2 or 5 times a power of ten, not much less than x > 0.
func roundFloat(x float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(x)))
	switch m := x / p; {
	case m <= 1:
		return p
	case m <= 2:
		return 2 * p
	case m <= 5:
		return 5 * p
	}
	return 10 * p
}

func distinct(ticks []tick) bool {
	for i := 1; i < len(ticks); i++ {
		if ticks[i].label == ticks[i-1].label {
			return false
		}
	}
	return true
}

// endTicks labels both ends of an axis, or only its start if no more fits.
func endTicks(a timeAxis, width vg.Length, label func(float64) string) []tick {
	ticks := []tick{{at: 0, label: label(a.from)}, {at: 1, label: label(a.to)}}
	if !fit(ticks, width) {
		ticks[1].label = ""
	}
	return ticks
}
