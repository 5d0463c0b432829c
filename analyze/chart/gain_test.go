package chart

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type gainCase struct {
	name   string
	report *analyze.Report
	unit   units.Unit
	at     table
	axis   Axis
	grid   *analyze.Table
	step   int64
}

func (c gainCase) made() *gainChart {
	return newGainChart(c.report, measured{unit: c.unit, at: c.at, grid: c.grid}, c.axis, c.step)
}

func (c gainCase) picture() picture { return c.made().picture() }

func gainCases() []gainCase {
	full := Axis{From: 1 << 20, To: 200_000 << 10}
	linear := full
	linear.Linear = true
	with := func(ceiling float64, bytes, chunks int64) *analyze.Report {
		r := report()
		r.Ceiling.TokenHitRate, r.Ceiling.HitTokens = ceiling, int64(ceiling*1e6)
		r.Knee = &analyze.Knee{CapacityChunks: &chunks}
		if bytes > 0 || chunks == 0 {
			r.Knee.CapacityBytes = &bytes
		}
		return r
	}
	curve := table(scaledBy(1024, 1).table)
	batched := with(.3734, 0, 0)
	batched.Settings = analyze.Settings{Cache: "lmcache-server", EvictTrigger: of(.8)}
	grid := gridOf(units.Bytes, 1<<19, 400_000<<10, 60)
	batched.Knee.CapacityBytes = &grid.Capacities[45]
	batched.Table = grid
	atEnd := with(.3734, 0, 0)
	atEnd.Settings, atEnd.Table, atEnd.Knee.CapacityBytes = batched.Settings, grid, &grid.Capacities[53]
	beyond := with(.3734, 0, 0)
	beyond.Knee, beyond.Table = nil, grid
	none := with(0, 0, 0)
	none.Input = analyze.Input{}
	return []gainCase{
		{"typical", with(.3734, 60_398<<10, 60_398), units.Bytes, curve, full, nil, 16 << 20},
		{"linear", with(.3734, 60_398<<10, 60_398), units.Bytes, curve, linear, nil, 16 << 20},
		{"chunks", with(.3734, 0, 60_398), units.Chunks, scaledBy(1, 1).table, Axis{From: 1000, To: 200_000}, nil, 20_000},
		{"linear-chunks", with(.3734, 0, 60_398), units.Chunks, scaledBy(1, 1).table, Axis{From: 1000, To: 200_000, Linear: true}, nil, 20_000},
		{"high", with(.9335, 90_000<<10, 90_000), units.Bytes, scaledBy(1024, 2.5).table, full, nil, 16 << 20},
		{"low", with(.003734, 0, 0), units.Bytes, scaledBy(1024, .01).table, full, nil, 16 << 20},
		{"elsewhere", with(.3734, 60_398<<10, 60_398), units.Bytes, curve, Axis{From: 1 << 20, To: 1 << 24}, nil, 16 << 20},
		{"grid", batched, units.Bytes, nil, full, grid, 16 << 20},
		{"grid-linear", batched, units.Bytes, nil, linear, grid, 16 << 20},
		{"grid-end", atEnd, units.Bytes, nil, Axis{From: 1 << 20, To: 400_000 << 10}, grid, 16 << 20},
		{"grid-beyond", beyond, units.Bytes, nil, Axis{From: 1 << 20, To: 8 << 20}, grid, 1 << 20},
		{"all-hits", with(1, 0, 1), units.Chunks, constant(1, 1).table, Axis{From: 1, To: 2}, nil, 1},
		{"no-room", with(.9, 0, 13), units.Chunks, rates(func(c int64) (float64, float64) { return .97 * one(c >= 13), 0 }).table, Axis{From: 1, To: 14}, nil, 1},
		{"no-hits", with(0, 0, 0), units.Chunks, constant(0, 0).table, Axis{From: 1, To: 2}, nil, 1},
		{"no-tokens", none, units.Chunks, func(c []int64) []analyze.Figures { return make([]analyze.Figures, len(c)) }, Axis{From: 1, To: 2}, nil, 1},
		{"narrow", with(.3734, 0, 5002), units.Chunks, scaledBy(1, 1).table, Axis{From: 5000, To: 5004}, nil, 500},
		{"huge", with(.9, 1<<62, 0), units.Bytes, scaledBy(1<<45, 2.4).table, Axis{From: 1, To: math.MaxInt64}, nil, 64 << 30},
		{"nan", with(.9, 1<<20, 0), units.Bytes, constant(math.NaN(), 0).table, full, nil, 64 << 30},
	}
}

func gainCaseNamed(t *testing.T, name string) gainCase {
	t.Helper()
	return caseNamed(t, gainCases(), name, func(c gainCase) string { return c.name })
}

func TestGainSays(t *testing.T) {
	for name, want := range map[string][]string{
		"typical":       {"Token hit rate gained by more capacity", "Points gained by doubling the capacity", "one point", "beyond 58.98 MiB a doubling gains less than one point", "0", "12", "1 MiB"},
		"linear":        {"Points gained by another 16 MiB", "beyond 58.98 MiB a doubling gains less than one point", "25"},
		"chunks":        {"beyond 60,398 chunks a doubling gains less than one point", "Cache capacity in chunks"},
		"linear-chunks": {"Points gained by another 20,000 chunks"},
		"low":           {"No doubling of the capacity gains a point", "1.2", "0.0"},
		"elsewhere":     {"Beyond 58.98 MiB a doubling gains less than one point"},
		"grid":          {"beyond 80.41 MiB (grid) a doubling gains less than one point", "−2"},
		"grid-beyond":   {"Where the grid ends, a doubling may still gain a point"},
		"no-room":       {"Beyond 13 chunks a doubling gains less than one point"},
		"no-hits":       {"No request begins with a chunk that was looked up before"},
		"no-tokens":     {"No tokens were replayed"},
	} {
		require.Subset(t, texts(t, gainCaseNamed(t, name).picture()), want, name)
	}
	require.NotContains(t, texts(t, gainCaseNamed(t, "linear").picture()), "one point", "a step is no doubling")
	require.ErrorContains(t, Gain(nil, PNG, report(), Axis{1, 2, false}), "no curve or no table")
	r := report()
	r.Curve, r.Table = &analyze.Curve{}, &analyze.Table{}
	require.ErrorContains(t, Gain(nil, PNG, r, Axis{2, 1, false}), "the range must be positive")
}

// Charts with lines at 0 say why nothing hits.
func TestEveryChartSaysWhyNothingHits(t *testing.T) {
	const why = "No chunk was looked up twice"
	r := rollingReport(5*time.Minute, sizes(1), day(20, noon, 5*time.Minute, 0))
	r.Ceiling, r.Knee = &analyze.Ceiling{}, nil
	r.Input.ChunkLookups = *r.Input.UniqueChunks
	rates := append([]int64{20}, make([]int64, 100)...)
	r.Requests = &analyze.Requests{Capacities: sizes(1), Lengths: []analyze.LengthRates{{From: 1, To: 2, Requests: 20, TotalTokens: 20, HitTokens: []int64{0}}}, Rates: [][]int64{rates}}
	none, axis := measured{unit: units.Chunks, at: missing(constant(0, 0), false, false)}, Axis{From: 1, To: 2}
	for name, p := range map[string]picture{
		"capacity": capacityPicture(r, none, axis), "misses": missesPicture(r, none, axis), "gain": newGainChart(r, none, axis, 1).picture(),
		"rolling": rollingPicture(r), "requests": requestsPicture(r),
	} {
		require.Contains(t, texts(t, p), why, name)
	}
}

// TestGainIsReadFromTheCurve compares the line with the difference of two rates, and the mark with the knee.
func TestGainIsReadFromTheCurve(t *testing.T) {
	for _, name := range []string{"typical", "linear", "chunks", "linear-chunks", "high"} {
		c := gainCaseNamed(t, name)
		ch := c.made()
		rates := ratesOf(c.at(ch.capacities))
		for i, at := range ch.capacities {
			more := 2 * at
			if c.axis.Linear {
				more = at + c.step
			}
			require.InDelta(t, 100*(c.at([]int64{more})[0].TokenHitRate()-rates[i]), ch.points[i], 1e-9)
		}
		require.True(t, ch.knee.marked && ch.knee.placed, name)
		knee := *analyze.Size{Bytes: c.report.Knee.CapacityBytes, Chunks: c.report.Knee.CapacityChunks}.In(c.unit)
		require.InDelta(t, float64(ch.x(c.axis.position(knee))), float64(ch.knee.at.X), 1e-9)
		if !c.axis.Linear {
			require.InDelta(t, float64(ch.onePointY), float64(ch.knee.at.Y), 1, "the made-up curves are smooth")
		}
	}
}

// TestGainOfBatchesIsTheTables joins the gains that the table knows.
func TestGainOfBatchesIsTheTables(t *testing.T) {
	ch := gainCaseNamed(t, "grid").made()
	gains := ch.grid.Gains()
	require.Len(t, ch.line, 1)
	var at []int
	for i, c := range ch.grid.Capacities {
		if ch.axis.contains(c) && gains[i].PerDoubling != nil {
			at = append(at, i)
		}
	}
	require.Len(t, ch.capacities, len(at))
	for j, i := range at {
		require.Equal(t, ch.grid.Capacities[i], ch.capacities[j])
		require.Equal(t, 100**gains[i].PerDoubling, ch.points[j])
		require.Contains(t, ch.line[0], vg.Point{X: ch.x(ch.axis.position(ch.capacities[j])), Y: ch.level(ch.points[j])})
	}
	require.Less(t, ch.low, 0.)
}

// TestGainIsNotMarkedWhereItIsUnknown: the knee may lie where the grid has no doubling; its line is there, but no gain of 0.
func TestGainIsNotMarkedWhereItIsUnknown(t *testing.T) {
	ch := gainCaseNamed(t, "grid-end").made()
	require.NotContains(t, ch.capacities, *ch.report.Knee.CapacityBytes)
	require.True(t, ch.kneeInView && ch.knee.placed)
	require.False(t, ch.knee.marked)
}

func TestPointStep(t *testing.T) {
	for span, want := range map[float64]float64{12: 2, 25: 5, 100: 20, 1.2: .2, 6: 1, 6.1: 2, 0: 1e-6} {
		require.InDelta(t, want, pointStep(span), 1e-9, span)
	}
	require.Equal(t, 1e-6, pointStep(math.NaN()))
}
