package chart

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"hashlog/analyze"
	"hashlog/analyze/units"

	"github.com/stretchr/testify/require"
)

type missesCase struct {
	name   string
	report *analyze.Report
	unit   units.Unit
	at     table
	axis   Axis
	grid   *analyze.Table
}

func (c missesCase) made() *missesChart {
	return newMissesChart(c.report, measured{unit: c.unit, at: c.at, grid: c.grid}, c.axis)
}

func (c missesCase) picture() picture {
	return missesPicture(c.report, measured{unit: c.unit, at: c.at, grid: c.grid}, c.axis)
}

// missing splits the misses of made-up figures: cold and tail are those of an unlimited cache.
func missing(at rates, expired, notAdmitted bool) table {
	return func(capacities []int64) []analyze.Figures {
		figures := at.table(capacities)
		ceiling, _ := at(math.MaxInt64)
		for i := range figures {
			f := &figures[i]
			whole := float64(f.TotalTokens)
			f.Miss.Tail = int64(whole * .04)
			f.Miss.BrokenPrefix = int64(math.Abs(float64(int64(whole*ceiling)-f.HitTokens)) * .2)
			f.Miss.Capacity = int64(whole*ceiling) - f.HitTokens - f.Miss.BrokenPrefix
			if expired {
				n := int64(whole * .1)
				f.Miss.Expired = &n
			}
			if notAdmitted {
				n := int64(whole * .07)
				f.Miss.NotAdmitted = &n
			}
			f.Miss.Cold = f.TotalTokens - f.HitTokens - f.Miss.Tail - f.Miss.BrokenPrefix - f.Miss.Capacity - int64(.1*whole*one(expired)) - int64(.07*whole*one(notAdmitted))
		}
		return figures
	}
}

// unaligned makes half of the broken prefixes unaligned.
func unaligned(at table) table {
	return func(capacities []int64) []analyze.Figures {
		figures := at(capacities)
		for i := range figures {
			m := &figures[i].Miss
			n := m.BrokenPrefix / 2
			m.Unaligned, m.BrokenPrefix = &n, m.BrokenPrefix-n
		}
		return figures
	}
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func missesCases() []missesCase {
	full := Axis{From: 1 << 20, To: 200_000 << 10}
	curve := missing(scaledBy(1024, 1), false, false)
	ceiling := func(rate float64) *analyze.Report {
		r := report()
		r.Ceiling.TokenHitRate, r.Ceiling.HitTokens = rate, int64(rate*1e6)
		return r
	}
	server := ceiling(.3734)
	server.Settings = analyze.Settings{Cache: "lmcache-server", EvictTrigger: of(.8), TTL: of(3600.), Admit: of(2)}
	grid := gridOf(units.Bytes, 1<<19, 400_000<<10, 60)
	grid.Figures = missing(func(c int64) (float64, float64) { return scaledBy(1024/.7, 1)(c) }, true, true)(grid.Capacities)
	none := ceiling(0)
	none.Input = analyze.Input{}
	return []missesCase{
		{"typical", ceiling(.3734), units.Bytes, curve, full, nil},
		{"linear", ceiling(.3734), units.Bytes, curve, Axis{From: 1 << 20, To: 200_000 << 10, Linear: true}, nil},
		{"chunks", ceiling(.3734), units.Chunks, missing(scaledBy(1, 1), false, false), Axis{From: 1000, To: 200_000}, nil},
		{"high", ceiling(.9335), units.Bytes, missing(scaledBy(1024, 2.5), false, false), full, nil},
		{"all-kinds", ceiling(.3734), units.Bytes, missing(scaledBy(1024, 1), true, true), full, nil},
		{"unaligned", ceiling(.3734), units.Bytes, unaligned(curve), full, nil},
		{"grid", server, units.Bytes, nil, full, grid},
		{"all-hits", ceiling(1), units.Chunks, constant(1, 1).table, Axis{From: 1, To: 2}, nil},
		{"no-hits", ceiling(0), units.Chunks, missing(constant(0, 0), false, false), Axis{From: 1, To: 2}, nil},
		{"no-tokens", none, units.Chunks, func(c []int64) []analyze.Figures { return make([]analyze.Figures, len(c)) }, Axis{From: 1, To: 2}, nil},
		{"narrow", ceiling(.3734), units.Chunks, missing(scaledBy(1, 1), false, false), Axis{From: 5000, To: 5004}, nil},
		{"huge", ceiling(.9), units.Bytes, missing(scaledBy(1<<45, 2.4), false, false), Axis{From: 1, To: math.MaxInt64}, nil},
		{"outside", server, units.Bytes, nil, Axis{From: 1 << 50, To: 1 << 51}, grid},
	}
}

func missesCaseNamed(t *testing.T, name string) missesCase {
	t.Helper()
	return caseNamed(t, missesCases(), name, func(c missesCase) string { return c.name })
}

func TestMissesSays(t *testing.T) {
	bought := "More memory buys back, up to the dashed line: capacity (stored, but evicted too early), broken prefix (resident, but behind a miss)"
	for name, want := range map[string][]string{
		"typical": {"Token hit rate and misses by capacity", bought, "Memory can't buy back: cold (never looked up before), tail (covered by no hash)",
			"ceiling 37.3 %", "195.3 MiB", "58.7 %", "26.1 %", "hit", "capacity", "broken prefix", "cold", "tail", "100 %"},
		"grid":      {"Memory can't buy back: expired (last touched too long ago), not admitted (looked up too few times), cold (never looked up before), tail (covered by no hash)", "1.1 MiB"},
		"unaligned": {"Memory can't buy back: unaligned (resident, but short of a whole match unit), cold (never looked up before), tail (covered by no hash)", "unaligned"},
		"no-hits":   {"No request begins with a chunk that was looked up before", "96.0 %"},
		"no-tokens": {"No tokens were counted"},
		"outside":   {"No tokens were counted"},
	} {
		require.Subset(t, texts(t, missesCaseNamed(t, name).picture()), want, name)
	}
	for _, name := range []string{"no-hits", "no-tokens"} {
		for _, s := range texts(t, missesCaseNamed(t, name).picture()) {
			require.False(t, strings.HasPrefix(s, "ceiling "), s)
			require.NotContains(t, s, "dashed")
		}
	}
	require.ErrorContains(t, Misses(nil, PNG, report(), Axis{1, 2, false}), "no curve")
	r := report()
	r.Curve = &analyze.Curve{}
	require.ErrorContains(t, Misses(nil, PNG, r, Axis{2, 1, false}), "the range must be positive")
}

// TestMissesAddUp: at every capacity, the areas fill the panel.
func TestMissesAddUp(t *testing.T) {
	for _, c := range missesCases() {
		ch := c.made()
		if ch.nothing() {
			continue
		}
		for j := range ch.capacities {
			sum := 0.0
			for i := range ch.areas {
				sum += ch.areas[i].shares[j]
				require.InDelta(t, sum, ch.areas[i].sums[j], 1e-9, c.name)
			}
			require.InDelta(t, 1, sum, 1e-9, c.name)
		}
		top := ch.areas[len(ch.areas)-1].edge[0]
		require.InDelta(t, float64(ch.panel.Max.Y), float64(top[0].Y), 1e-6)
		hits := ch.areas[0].edge[0]
		require.InDelta(t, float64(ch.y(ch.areas[0].shares[0])), float64(hits[0].Y), 1e-9, c.name)
	}
}

// TestMissesLabelsLieInTheirAreas: every name is within its area, and covers neither the ceiling's line nor its label.
func TestMissesLabelsLieInTheirAreas(t *testing.T) {
	fit := 0
	for _, c := range missesCases() {
		ch := c.made()
		for i := range ch.areas {
			a := &ch.areas[i]
			if !a.fits {
				continue
			}
			fit++
			w := textWidth(strongFace, a.name)
			label := box(a.label.X-w/2, a.label.Y-labelDepth, w, labelHeight)
			low, high := ch.between(i, label.Min.X, label.Max.X)
			require.True(t, low <= label.Min.Y && label.Max.Y <= high, "%s: %s", c.name, a.name)
			require.False(t, c.report.Ceiling.HitTokens > 0 && overlap(label, ch.ceiling), c.name)
		}
	}
	require.Greater(t, fit, 25)
}

// TestFatesStayApart compares the lightness of any two areas that may touch, since print and some eyes have nothing else.
func TestFatesStayApart(t *testing.T) {
	optional := map[string]bool{"unaligned": true, "expired": true, "not admitted": true}
	for _, absent := range [][]string{{"cold or capacity"}, {"cold", "capacity"}} {
		present := slices.DeleteFunc(slices.Clone(fates), func(f fate) bool { return slices.Contains(absent, f.name) })
		for i, lower := range present {
			for _, upper := range present[i+1:] {
				require.GreaterOrEqual(t, contrast(lower.color, upper.color), 1.4, "%s and %s", lower.name, upper.name)
				if !optional[upper.name] {
					break
				}
			}
			require.GreaterOrEqual(t, contrast(inkOn(lower.color), lower.color), 4.5, lower.name)
		}
	}
	require.InDelta(t, 21, contrast(color.NRGBA{A: 255}, paper), 1e-9)
}
