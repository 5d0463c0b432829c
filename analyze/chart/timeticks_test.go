package chart

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"

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
			"12:00:00.6", "12:00:00.7", "12:00:00.8", "12:00:00.9", "12:00:01.0"}, []string{"Sun 31 Mar 2024"}},
		{"a minute", 60, []string{"12:00:00", "12:00:10", "12:00:20", "12:00:30", "12:00:40", "12:00:50", "12:01:00"}, []string{"Sun 31 Mar 2024"}},
		{"an hour", 3600, []string{"12:00", "12:10", "12:20", "12:30", "12:40", "12:50", "13:00"}, []string{"Sun 31 Mar 2024"}},
		{"a day", day, []string{"12:00", "15:00", "18:00", "21:00", "00:00", "03:00", "06:00", "09:00", "12:00"}, []string{"Sun 31 Mar 2024", "Mon 1 Apr 2024"}},
		{"a week", 7 * day, []string{"Mon 1 Apr", "Tue 2 Apr", "Wed 3 Apr", "Thu 4 Apr", "Fri 5 Apr", "Sat 6 Apr", "Sun 7 Apr"}, []string{"2024"}},
		{"two weeks", 14 * day, []string{"Mon 1 Apr", "Wed 3 Apr", "Fri 5 Apr", "Sun 7 Apr", "Tue 9 Apr", "Thu 11 Apr", "Sat 13 Apr"}, []string{"2024"}},
		{"two months", 61 * day, []string{"Mon 1 Apr", "Mon 8 Apr", "Mon 15 Apr", "Mon 22 Apr", "Mon 29 Apr", "Mon 6 May", "Mon 13 May", "Mon 20 May", "Mon 27 May"}, []string{"2024"}},
		{"a year", 365 * day, []string{"Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"}, []string{"2024", "2025"}},
		{"ten years", 3652 * day, []string{"2025", "2026", "2027", "2028", "2029", "2030", "2031", "2032", "2033", "2034"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ticks := timeTicks(timeAxis{from: noon, to: noon + c.span}, 540)
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
		from := 1e9 + rnd.Float64()*3e9
		width := vg.Length(400 + rnd.IntN(300))
		a := timeAxis{from: from, to: from + span}
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
	require.Equal(t, []string{"1,000,000,000,000", "1,000,000,002,000", "1,000,000,004,000", "1,000,000,006,000"}, labels(timeTicks(timeAxis{from: 1e12, to: 1e12 + 6000}, 540)))
	rnd := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		from := (rnd.Float64() - .5) * math.Pow(10, 12+rnd.Float64()*296)
		to := from + math.Abs(from)*math.Pow(10, rnd.Float64()*20-12)
		if !(to > from) {
			continue
		}
		ticks := timeTicks(timeAxis{from: from, to: to}, 540)
		require.NotEmpty(t, labels(ticks))
		for _, k := range ticks {
			require.False(t, k.at < 0 || k.at > 1)
		}
	}
	require.NotEmpty(t, labels(timeTicks(timeAxis{from: -math.MaxFloat64, to: math.MaxFloat64}, 540)))
}

// Timestamps that end before the year 2000 count from a trace's own start.
func TestElapsedTime(t *testing.T) {
	const minute, hour, day = 60, 3600, 86400
	for _, c := range []struct {
		from, to, origin float64
		want             []string
	}{
		{0, 3, 0, []string{"0 s", "0.5 s", "1 s", "1.5 s", "2 s", "2.5 s", "3 s"}},
		{0, 50, 0, []string{"0 s", "5 s", "10 s", "15 s", "20 s", "25 s", "30 s", "35 s", "40 s", "45 s", "50 s"}},
		{0, hour, 0, []string{"0 s", "10 min", "20 min", "30 min", "40 min", "50 min", "1 h"}},
		{7200, 7200 + 80*minute, 7210, []string{"0 s", "10 min", "20 min", "30 min", "40 min", "50 min", "1 h", "1 h 10 min"}},
		{0, day, 0, []string{"0 s", "3 h", "6 h", "9 h", "12 h", "15 h", "18 h", "21 h", "1 d"}},
		{0, 7 * day, 0, []string{"0 s", "1 d", "2 d", "3 d", "4 d", "5 d", "6 d", "7 d"}},
		{-1e6, -1e6 + 400*day, -1e6, []string{"0 s", "50 d", "100 d", "150 d", "200 d", "250 d", "300 d", "350 d", "400 d"}},
	} {
		a := timeAxis{from: c.from, to: c.to, origin: c.origin}
		require.Equal(t, "Time since the first request", a.label())
		require.Equal(t, c.want, labels(timeTicks(a, 540)))
	}
	rnd := rand.New(rand.NewPCG(11, 12))
	for range 2000 {
		from := (rnd.Float64() - .9) * 1e9
		a := timeAxis{from: from, to: from + math.Exp(rnd.Float64()*math.Log(1e8)-3)}
		a.origin = from + rnd.Float64()*(a.to-from)/100
		width := vg.Length(400 + rnd.IntN(300))
		ticks := timeTicks(a, width)
		require.GreaterOrEqual(t, len(labels(ticks)), 2, "%v", a)
		require.LessOrEqual(t, len(labels(ticks)), 12)
		require.True(t, distinct(ticks))
		checkTicks(t, ticks, width)
	}
}

func TestClockOf(t *testing.T) {
	require.Equal(t, elapsed, clockOf(0, 3600))
	require.Equal(t, elapsed, clockOf(-1e6, 0))
	require.Equal(t, calendar, clockOf(0, noon), "one record without a time")
	require.Equal(t, calendar, clockOf(noon, noon))
	require.Equal(t, seconds1970, clockOf(1e12, 2e12))
	require.Equal(t, seconds1970, clockOf(-1e300, 1e300))
}

// The axis begins with the warm-up, which is grey in every panel.
func TestWarmupIsGrey(t *testing.T) {
	windows := day(20, noon+3600, 5*time.Minute, .3)
	r := rollingReport(5*time.Minute, sizes(1), windows)
	r.Input.FirstTimestamp, r.CountedFrom = noon, of(noon+3610.)
	a := windowAxis(windows, rollingSpan).of(r)
	require.Equal(t, timeAxis{from: noon, to: noon + 3600 + 6000, origin: noon, counted: noon + 3610}, a)
	p := rollingPicture(r)
	require.Contains(t, texts(t, p), "warm-up, not counted")
	require.Equal(t, 3, bytes.Count(drawn(t, p, SVG), []byte("fill:#EEF0F3"))) // two panels, and the ground of the name
	r.CountedFrom = nil
	require.Equal(t, timeAxis{from: noon + 3600, to: noon + 3600 + 6000, origin: noon, counted: noon + 3600}, windowAxis(windows, rollingSpan).of(r))
	p = rollingPicture(r)
	require.NotContains(t, texts(t, p), "warm-up, not counted")
	require.NotContains(t, string(drawn(t, p, SVG)), "fill:#EEF0F3")
	r.Tiers, r.TierWindows, r.CountedFrom = threeTiers, tierDay(20, noon+3600, 5*time.Minute, .1, .1, .1), of(noon+3610.)
	require.Equal(t, 2, bytes.Count(drawn(t, tiersPicture(r), SVG), []byte("fill:#EEF0F3")))
}
