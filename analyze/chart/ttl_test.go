package chart

import (
	"io"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type ttlCase struct {
	name   string
	report *analyze.Report
}

func (c ttlCase) picture() picture { return ttlPicture(c.report) }

// ttlReport makes a log of that many seconds, in which half of what ever hits does so after the square root of that time. A
// capacity hits what no more than reach of the TTL allows; listed are TTLs in seconds.
func ttlReport(span float64, capacities []units.Capacity, reach []float64, listed ...float64) *analyze.Report {
	const tokens = 1_000_000
	r := report()
	r.Input.LastTimestamp = r.Input.FirstTimestamp + span
	r.Settings.TTLs = listed
	c := &analyze.TTLCurve{Capacities: capacities, TotalTokens: tokens}
	hits := func(at float64) (out []int64) {
		for _, most := range reach {
			out = append(out, int64(tokens*min(most, .8/(1+math.Pow(min(at, 2), -3)))))
		}
		return out
	}
	add := func(seconds float64) {
		c.TTLs = append(c.TTLs, time.Duration(seconds*1e9))
		c.HitTokens = append(c.HitTokens, hits(2*math.Log(seconds)/math.Log(max(span, 10))))
	}
	for s := 1.0; s < min(span, 9e9); s *= 1.06 {
		for len(listed) > 0 && listed[0] <= s {
			add(listed[0])
			listed = listed[1:]
		}
		add(s)
	}
	for _, s := range listed {
		add(s)
	}
	c.Forever = hits(2)
	r.TTLCurve = c
	return r
}

var ttlCases = sync.OnceValue(func() []ttlCase {
	three, reach := append(sizes(8<<20, 64<<20), units.Capacity{Unit: units.Unlimited}), []float64{.3, .5, 1}
	one, all := []units.Capacity{{Unit: units.Unlimited}}, []float64{1}
	var crowd []float64
	for i := range 40 {
		crowd = append(crowd, float64(100+10*i))
	}
	var many []units.Capacity
	var reaches []float64
	for i := range 60 {
		many, reaches = append(many, units.InChunks(int64(i+1)*1000)), append(reaches, float64(i+1)/80)
	}
	none := ttlReport(daySeconds, one, all, 300, 3600)
	none.TTLCurve.TotalTokens = 0
	absurd := ttlReport(daySeconds, one, all, 60)
	absurd.Input.FirstTimestamp, absurd.Input.LastTimestamp = -math.MaxFloat64, math.MaxFloat64
	nan := ttlReport(daySeconds, one, all, 60)
	nan.Input.LastTimestamp = math.NaN()
	return []ttlCase{
		{"typical", ttlReport(daySeconds-100, three, reach, 300, 3600, 6*3600, daySeconds, 7*daySeconds)},
		{"hour", ttlReport(3580, three, reach, 300, 3600)},
		{"minute", ttlReport(55, three, reach, .25, 5, 60)},
		{"instant", ttlReport(0, one, all, 1, 300)},
		{"year", ttlReport(366*daySeconds, three, reach, 300, 3600, daySeconds, 30*daySeconds)},
		{"centuries", ttlReport(9e9, three, reach, 300, 3600, daySeconds, 30*daySeconds, 3650*daySeconds)},
		{"absurd", absurd},
		{"nan", nan},
		{"crowd", ttlReport(daySeconds, three, reach, crowd...)},
		{"many-lines", ttlReport(daySeconds, many[:12], reaches[:12], 300)},
		{"legend-overflow", ttlReport(daySeconds, many, reaches, 300)},
		{"no-tokens", none},
		{"no-hits", ttlReport(daySeconds, one, []float64{0}, 300, 3600)},
	}
})

func ttlCaseNamed(t *testing.T, name string) ttlCase {
	t.Helper()
	return caseNamed(t, ttlCases(), name, func(c ttlCase) string { return c.name })
}

func TestTTLSays(t *testing.T) {
	got := texts(t, ttlCaseNamed(t, "typical").picture())
	for _, want := range []string{"Token hit rate by TTL", "TTL (time after its last touch at which a chunk expires)", "TTLs for which prompt caches are sold",
		"5 min", "1 h", "1 s", "1 d", "6 h → 67.5 %", "1 d → 71.1 %", "Outside of this range: 7 d → 71.1 %",
		"Capacity", "No TTL", "unlimited", "71.1 %", "64 MiB", "50.0 %", "8 MiB", "30.0 %", "80 %"} {
		require.Contains(t, got, want)
	}
	got = texts(t, ttlCaseNamed(t, "minute").picture())
	require.NotContains(t, got, "TTLs for which prompt caches are sold", "none is on the axis")
	require.Contains(t, texts(t, ttlCaseNamed(t, "no-tokens").picture()), "No tokens were counted")
}

func TestTTLNeedsACurve(t *testing.T) {
	require.EqualError(t, TTL(io.Discard, PNG, report()), "draw hit rate by TTL: the report has no curve by TTL")
	require.ErrorContains(t, TTL(io.Discard, "gif", ttlCases()[0].report), "gif")
}

// TestTTLLinesAreTheCurve holds that every TTL on the axis is on its line, and that lines end where nothing expires.
func TestTTLLinesAreTheCurve(t *testing.T) {
	r := ttlReport(100, append(sizes(8<<20), units.Capacity{Unit: units.Unlimited}), []float64{.3, 1}, 10)
	ch := &ttlChart{curve: r.TTLCurve, axis: newTTLAxis(100), up: ratesUpTo(1), series: largestFirst(r.TTLCurve.Capacities)}
	ch.panel = box(0, 0, 2000, 100)
	ch.trace()
	require.Len(t, ch.lines, 2)
	for line, hits := range []int{1, 0} { // the largest capacity first
		points := ch.lines[line][0]
		for i, ttl := range r.TTLCurve.TTLs {
			x := math.Log(ttl.Seconds()) / math.Log(100) * 2000
			require.InDelta(t, x, float64(points[i].X), 1e-6)
			require.InDelta(t, float64(r.TTLCurve.HitTokens[i][hits])/1e4, float64(points[i].Y), 1e-6)
		}
		last := points[len(points)-1]
		require.EqualValues(t, 2000, last.X)
		require.InDelta(t, float64(r.TTLCurve.Forever[hits])/1e4, float64(last.Y), 1e-6)
	}
	ch.listed = []int{0}
	ch.mark()
	require.Len(t, ch.marks[0].discs, 2)
	require.Equal(t, ch.lines[0][0][0], ch.marks[0].at)
}

// TestTTLLabels holds that labels stay in the panel, apart from one another, and that those without room become notes.
func TestTTLLabels(t *testing.T) {
	for _, c := range ttlCases() {
		ch := &ttlChart{curve: c.report.TTLCurve, axis: newTTLAxis(c.report.Input.LastTimestamp - c.report.Input.FirstTimestamp),
			series: largestFirst(c.report.TTLCurve.Capacities), up: ratesUpTo(1)}
		ch.compose(frame{}, ch.sortListed(c.report.Settings.TTLs))
		notes := len(c.report.Settings.TTLs) - len(ch.listed)
		for i, m := range ch.marks {
			if !m.placed {
				notes++
				continue
			}
			for _, other := range ch.marks[:i] {
				require.False(t, other.placed && overlap(m.box, other.box), "%s: %s over %s", c.name, m.text, other.text)
			}
			require.True(t, ch.panel.Min.X <= m.box.Min.X && m.box.Max.X <= ch.panel.Max.X && ch.panel.Min.Y < m.box.Min.Y && m.box.Max.Y <= ch.panel.Max.Y)
		}
		said := 0
		for _, line := range ch.notes {
			said += len(line)
		}
		require.Equal(t, notes, said, c.name)
		if c.name == "crowd" {
			require.Greater(t, said, 10)
		}
	}
}

func TestTTLAxis(t *testing.T) {
	for _, tt := range []struct {
		span float64
		to   float64
		want []string
	}{
		{0, 10, []string{"1 s", "2 s", "5 s", "10 s"}},
		{math.NaN(), 10, []string{"1 s", "2 s", "5 s", "10 s"}},
		{3537, 3600, []string{"1 s", "2 s", "5 s", "10 s", "30 s", "1 min", "2 min", "5 min", "10 min", "30 min", "1 h"}},
		{daySeconds - 136, daySeconds, []string{"1 s", "2 s", "5 s", "10 s", "30 s", "1 min", "2 min", "5 min", "10 min", "30 min", "1 h", "2 h", "6 h", "12 h", "1 d"}},
		{daySeconds + 1, daySeconds + 1, []string{"1 s", "2 s", "5 s", "10 s", "30 s", "1 min", "2 min", "5 min", "10 min", "30 min", "1 h", "2 h", "6 h", "12 h", "1 d"}},
		{yearSeconds, yearSeconds, []string{"1 s", "10 s", "1 min", "10 min", "1 h", "6 h", "1 d", "7 d", "30 d", "365 d"}},
		{1e300, math.MaxInt64 / 1e9, []string{"1 s", "10 s", "1 min", "10 min", "1 h", "6 h", "1 d", "7 d", "30 d", "365 d", "3,650 d", "36,500 d"}},
	} {
		a := newTTLAxis(tt.span)
		require.Equal(t, tt.to, a.to)
		require.Equal(t, tt.want, labels(a.ticks(560)), "%g", tt.span)
	}
}

// TestTTLTicksNeverCollide has every span, on axes as narrow as the widest legend leaves them.
func TestTTLTicksNeverCollide(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		a := newTTLAxis(math.Exp(25 * rnd.Float64()))
		width := vg.Length(350 + rnd.IntN(300))
		ticks := a.ticks(width)
		require.GreaterOrEqual(t, labelled(ticks), 2)
		checkTicks(t, ticks, width)
	}
}
