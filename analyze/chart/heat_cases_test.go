package chart

import (
	"math"
	"math/rand/v2"
	"time"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type heatCase struct {
	name   string
	report *analyze.Report
}

func (c heatCase) picture() picture { return heatPicture(c.report) }

// quarters returns n capacities, four to an octave.
func quarters(from int64, unit units.Unit, n int) (out []units.Capacity) {
	for i := range n {
		out = append(out, units.Capacity{N: int64(float64(from) * math.Exp2(float64(i)/4)), Unit: unit})
	}
	return out
}

// nights makes windows of a week with quiet nights: what they need moves with the hour, and some have no requests.
func nights(n int, start float64, window time.Duration, lines []units.Capacity, ceiling float64) (out []analyze.Window) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		s := start + float64(i)*window.Seconds()
		day := math.Sin((s/86400 - .25) * 2 * math.Pi)
		if day < -.9 {
			continue
		}
		w := analyze.Window{Start: s, End: s + window.Seconds(), Requests: 100, TotalTokens: 1_000_000}
		middle := float64(len(lines)) * (.5 + .18*day + .03*rnd.NormFloat64())
		for l := range lines {
			w.HitTokens = append(w.HitTokens, int64(1e6*ceiling/(1+math.Exp((middle-float64(l))/4))))
		}
		out = append(out, w)
	}
	return out
}

func heatReport(window time.Duration, lines []units.Capacity, windows []analyze.Window) *analyze.Report {
	r := rollingReport(window, lines, windows)
	r.Heat, r.Rolling = r.Rolling, nil
	return r
}

func heatCases() []heatCase {
	lines := quarters(1<<30, units.Bytes, 48)
	week := nights(168, noon, time.Hour, lines, .93)
	dips := nights(168, noon, time.Hour, lines, .93)
	for i := range dips {
		for _, l := range []int{20, 21, 33} {
			dips[i].HitTokens[l] -= 150_000
		}
	}
	zero := nights(30, noon, time.Hour, lines, 0)
	full := nights(30, noon, time.Hour, lines, 0)
	for i := range full {
		for l := range full[i].HitTokens {
			full[i].HitTokens[l] = 1_000_000
		}
	}
	empty := nights(30, noon, time.Hour, lines, .9)
	for i := range empty {
		empty[i].TotalTokens = 0
	}
	noise := nights(400, noon, time.Hour, lines, .97)
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range noise {
		sum := int64(0)
		for l := range noise[i].HitTokens {
			sum = min(sum+rnd.Int64N(60_000), 1_000_000)
			noise[i].HitTokens[l] = sum
		}
	}
	hits := make([]int64, 48)
	at := func(start float64) analyze.Window {
		return analyze.Window{Start: start, End: start + 300, TotalTokens: 5, HitTokens: hits}
	}
	return []heatCase{
		{"typical", heatReport(time.Hour, lines, week)},
		{"low", heatReport(time.Hour, lines, nights(168, noon, time.Hour, lines, .42))},
		{"chunks", heatReport(time.Hour, quarters(100, units.Chunks, 40), nights(60, noon, time.Hour, quarters(100, units.Chunks, 40), .9))},
		{"dips", heatReport(time.Hour, lines, dips)},
		{"noise", heatReport(time.Hour, lines, noise)},
		{"one-capacity", heatReport(time.Hour, lines[:1], nights(30, noon, time.Hour, lines[:1], .9))},
		{"two-capacities", heatReport(time.Hour, lines[1:3], nights(30, noon, time.Hour, lines[1:3], .9))},
		{"one-window", heatReport(time.Hour, lines, week[:1])},
		{"year", heatReport(7*24*time.Hour, lines, nights(53, noon+6*3600, 7*24*time.Hour, lines, .9))},
		{"all-octaves", heatReport(time.Hour, quarters(1, units.Chunks, 251), nights(40, noon, time.Hour, quarters(1, units.Chunks, 251), .9))},
		{"no-windows", heatReport(time.Hour, lines, nil)},
		{"no-hits", heatReport(time.Hour, lines, zero)},
		{"all-hits", heatReport(time.Hour, lines, full)},
		{"no-tokens", heatReport(time.Hour, lines, empty)},
		{"absurd", heatReport(time.Hour, lines, []analyze.Window{at(-1e300), at(1e300)})},
		{"short-counts", heatReport(time.Hour, lines, []analyze.Window{{Start: noon, End: noon + 300, TotalTokens: 5}})},
	}
}
