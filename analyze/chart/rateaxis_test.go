package chart

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

// An axis from 0 ends at a round rate above all that is drawn.
func TestRatesUpTo(t *testing.T) {
	for _, c := range []struct {
		highest float64
		want    []string
	}{
		{0.8542, []string{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"}},
		{0.61, []string{"0 %", "20 %", "40 %", "60 %", "80 %"}},
		{0.51, []string{"0 %", "10 %", "20 %", "30 %", "40 %", "50 %", "60 %"}},
		{0.41, []string{"0 %", "10 %", "20 %", "30 %", "40 %", "50 %"}},
		{0.373, []string{"0 %", "10 %", "20 %", "30 %", "40 %"}},
		{0.2, []string{"0 %", "10 %", "20 %", "30 %"}},
		{0.15, []string{"0 %", "5 %", "10 %", "15 %", "20 %"}},
		{0.07, []string{"0 %", "2 %", "4 %", "6 %", "8 %", "10 %"}},
		{0.03, []string{"0 %", "1 %", "2 %", "3 %", "4 %", "5 %"}},
		{0.015, []string{"0.0 %", "0.5 %", "1.0 %", "1.5 %", "2.0 %"}},
	} {
		a := ratesUpTo(c.highest)
		require.Equal(t, c.want, labels(a.ticks(200)), c.highest)
		require.Equal(t, c.want, labels(rateTicks(a.to)), "rateTicks")
		require.Equal(t, "rate", a.label("rate"))
		require.Less(t, c.highest, a.to)
	}
	for _, all := range []float64{0, 1, 0.99999, math.NaN(), 7} {
		require.Equal(t, 1.0, ratesUpTo(all).to, all)
	}
}

// A flat curve is zoomed, and the axis says so. The ceiling is in view if it lies near.
func TestRatesBetween(t *testing.T) {
	for _, c := range []struct {
		name                     string
		lowest, highest, ceiling float64
		want                     []string
		label                    string
	}{
		{"a whole curve", 0.003, 0.37, 0.3734, []string{"0 %", "10 %", "20 %", "30 %", "40 %"}, "rate"},
		{"half of it", 0.15, 0.37, 0.3734, []string{"0 %", "10 %", "20 %", "30 %", "40 %"}, "rate"},
		{"near the ceiling", 0.33, 0.365, 0.3734, []string{"33 %", "34 %", "35 %", "36 %", "37 %", "38 %"}, "rate, zoomed to 33 % – 38 %"},
		{"far below the ceiling", 0.201, 0.223, 0.3734, []string{"20.0 %", "20.5 %", "21.0 %", "21.5 %", "22.0 %", "22.5 %"}, "rate, zoomed to 20.0 % – 22.5 %"},
		{"one step", 0.41302, 0.41303, 0.41303, []string{"41.3020 %", "41.3022 %", "41.3024 %", "41.3026 %", "41.3028 %", "41.3030 %", "41.3032 %"}, "rate, zoomed to 41.3020 % – 41.3032 %"},
		{"far below, from nothing", 0, 0.0007, 0.8, []string{"0.00 %", "0.02 %", "0.04 %", "0.06 %", "0.08 %"}, "rate, zoomed to 0.00 % – 0.08 %"},
		{"flat", 0.4, 0.4, 0.4, []string{"0 %", "10 %", "20 %", "30 %", "40 %", "50 %"}, "rate"},
		{"nearly all", 0.98, 0.999, 1, []string{"98.0 %", "98.5 %", "99.0 %", "99.5 %", "100.0 %"}, "rate, zoomed to 98.0 % – 100.0 %"},
		{"nothing", 0, 0, 0, []string{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"}, "rate"},
		{"not a number", math.NaN(), math.NaN(), math.NaN(), []string{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"}, "rate"},
	} {
		a := ratesBetween(c.lowest, c.highest, c.ceiling)
		require.Equal(t, c.want, labels(a.ticks(200)), c.name)
		require.Equal(t, c.label, a.label("rate"), c.name)
	}
}

// Where ticks are closer than a point, an answer that is almost a round number differs from it, and is not rounded up to 100 %.
func TestAnswersBetweenCloseTicks(t *testing.T) {
	require.Contains(t, labels(ratesBetween(.535, .545, .85).ticks(250, .54016)), "54.02 %")
	require.Contains(t, labels(ratesBetween(.96, .9999, .99999).ticks(250, .9999999)), "99.99 %")
	require.NotContains(t, labels(ratesBetween(.996, .99999, .99999).ticks(250, .9999999)), "100.00 %")
}

// For any rates: all that is drawn is on the axis, ticks are at the rates that they state, and answers keep apart.
func TestRateAxisHoldsWhatIsDrawn(t *testing.T) {
	rnd := rand.New(rand.NewPCG(21, 22))
	for range 5000 {
		lowest := rnd.Float64() * rnd.Float64()
		highest := lowest + (1-lowest)*math.Pow(rnd.Float64(), 6)
		ceiling := highest + (1-highest)*math.Pow(rnd.Float64(), 6)
		a := ratesBetween(lowest, highest, ceiling)
		require.True(t, 0 <= a.from && a.from <= lowest && highest <= a.to && a.to <= 1, "%v %v %v: %v", lowest, highest, ceiling, a)
		require.True(t, a.zoomed || ceiling <= a.to)
		answers := []float64{lowest, highest, lowest + rnd.Float64()*(highest-lowest)}
		ticks := a.ticks(250, answers...)
		last := -math.MaxFloat64
		for _, k := range ticks {
			if k.label != "" {
				require.GreaterOrEqual(t, k.at-last, float64(rateLine/250)-1e-12, "%v", labels(ticks))
				last = k.at
			}
		}
		require.GreaterOrEqual(t, len(labels(ticks)), 2)
		require.LessOrEqual(t, len(labels(a.ticks(250))), 8)
		for _, rate := range answers {
			at := a.position(rate)
			require.True(t, firstLabel(ticks) <= at && at <= lastLabel(ticks), "an answer within the labelled range: %v %v", labels(ticks), answers)
		}
	}
}

func firstLabel(ticks []tick) float64 {
	for _, k := range ticks {
		if k.label != "" {
			return k.at
		}
	}
	return math.Inf(1)
}

func lastLabel(ticks []tick) (at float64) {
	for _, k := range ticks {
		if k.label != "" {
			at = k.at
		}
	}
	return at
}

func TestHalves(t *testing.T) {
	require.Equal(t, []string{"0 %", "20 %", "40 %"}, labels(ratesUpTo(.35).halves()))
	require.Equal(t, []string{"0.0 %", "2.5 %", "5.0 %"}, labels(ratesUpTo(.03).halves()))
	require.Equal(t, []string{"33.0 %", "35.5 %", "38.0 %"}, labels(ratesBetween(.33, .365, .3734).halves()))
}

// The answers have ticks of their own. Round numbers make room for them; of answers close together, the outermost keep their labels.
func TestAnswersHaveTicks(t *testing.T) {
	a := capacityAxis{Axis: Axis{From: 1 << 30, To: 1 << 40}, answers: []int64{700 << 30, 212 << 30, 690 << 30, 680 << 30, 64 << 30, 2 << 40}}
	ticks := a.ticks(600)
	require.Equal(t, []string{"1 GiB", "2 GiB", "4 GiB", "8 GiB", "16 GiB", "32 GiB", "64 GiB", "128 GiB", "212 GiB", "700 GiB"}, labels(ticks))
	var answers []int64
	for _, k := range ticks {
		if k.answer {
			answers = append(answers, a.capacity(k.at)>>30)
		}
	}
	require.Equal(t, []int64{64, 212, 680, 690, 700}, answers, "those on the axis")
}

// For any axis and any answers, no label covers another, and every answer is within the labelled range.
func TestAnswersNeverCollide(t *testing.T) {
	rnd := rand.New(rand.NewPCG(23, 24))
	for range 3000 {
		a := capacityAxis{Axis: Axis{From: 1 + rnd.Int64N(1<<rnd.IntN(50)), Linear: rnd.IntN(2) == 0}}
		a.To = a.From + 1 + rnd.Int64N(1<<rnd.IntN(50))
		for range rnd.IntN(12) {
			a.answers = append(a.answers, a.From+rnd.Int64N(a.To-a.From+1))
		}
		width := vg.Length(420 + rnd.IntN(400))
		ticks := a.ticks(width)
		end := -2 * overhang
		for _, k := range ticks {
			if k.label != "" {
				from, to := labelSpan(k.at, k.label, width)
				require.GreaterOrEqual(t, from, end+gap-1e-6, "%v", labels(ticks))
				end = to
			}
		}
		for _, c := range a.answers {
			at := a.position(c)
			require.True(t, firstLabel(ticks) <= at && at <= lastLabel(ticks), "%v", labels(ticks))
		}
	}
}
