package chart

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

func TestTimeTicks(t *testing.T) {
	const day = 86400
	for _, c := range []struct {
		name           string
		span           float64
		want, contexts []string
	}{
		{"a second", 1, []string{"12:00:00.0", "12:00:00.1", "12:00:00.2", "12:00:00.3", "12:00:00.4", "12:00:00.5",
			"12:00:00.6", "12:00:00.7", "12:00:00.8", "12:00:00.9", "12:00:01.0"}, []string{"31 Mar 2024"}},
		{"a minute", 60, []string{"12:00:00", "12:00:10", "12:00:20", "12:00:30", "12:00:40", "12:00:50", "12:01:00"}, []string{"31 Mar 2024"}},
		{"an hour", 3600, []string{"12:00", "12:10", "12:20", "12:30", "12:40", "12:50", "13:00"}, []string{"31 Mar 2024"}},
		{"a day", day, []string{"12:00", "15:00", "18:00", "21:00", "00:00", "03:00", "06:00", "09:00", "12:00"}, []string{"31 Mar 2024", "1 Apr 2024"}},
		{"a week", 7 * day, []string{"1 Apr", "2 Apr", "3 Apr", "4 Apr", "5 Apr", "6 Apr", "7 Apr"}, []string{"2024"}},
		{"two months", 61 * day, []string{"1 Apr", "6 Apr", "11 Apr", "16 Apr", "21 Apr", "26 Apr", "1 May", "6 May", "11 May", "16 May", "21 May", "26 May"}, []string{"2024"}},
		{"a year", 365 * day, []string{"Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"}, []string{"2024", "2025"}},
		{"ten years", 3652 * day, []string{"2025", "2026", "2027", "2028", "2029", "2030", "2031", "2032", "2033", "2034"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ticks := timeTicks(timeAxis{noon, noon + c.span}, 540)
			require.Equal(t, c.want, labels(ticks))
			require.Equal(t, c.contexts, contexts(ticks))
		})
	}
}

// From a second to ten years, starting at any time: at least two labels, and no overlap in either line.
func TestTimeTicksNeverCollide(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		span := math.Exp(rnd.Float64() * math.Log(3650*86400))
		from := rnd.Float64()*4e9 - 1e9
		width := vg.Length(400 + rnd.IntN(300))
		a := timeAxis{from, from + span}
		ticks := timeTicks(a, width)
		require.GreaterOrEqual(t, len(labels(ticks)), 2, "%v", a)
		require.LessOrEqual(t, len(labels(ticks)), 12)
		checkTicks(t, ticks, width)
		var second []tick
		for _, k := range ticks {
			if k.context != "" {
				second = append(second, tick{at: k.at, label: k.context})
			}
		}
		checkTicks(t, second, width)
	}
}

func TestTimesThatNoCalendarHolds(t *testing.T) {
	require.Equal(t, []string{"1,000,000,000,000", "1,000,000,002,000", "1,000,000,004,000", "1,000,000,006,000"}, labels(timeTicks(timeAxis{1e12, 1e12 + 6000}, 540)))
	rnd := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		from := (rnd.Float64() - .5) * math.Pow(10, 12+rnd.Float64()*296)
		to := from + math.Abs(from)*math.Pow(10, rnd.Float64()*20-12)
		if !(to > from) {
			continue
		}
		ticks := timeTicks(timeAxis{from, to}, 540)
		require.NotEmpty(t, labels(ticks))
		for _, k := range ticks {
			require.False(t, k.at < 0 || k.at > 1)
		}
	}
	require.NotEmpty(t, labels(timeTicks(timeAxis{-math.MaxFloat64, math.MaxFloat64}, 540)))
}
