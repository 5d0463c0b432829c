package chart

import (
	"hashlog/analyze"
	"hashlog/analyze/units"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

// made returns a capacity chart laid out.
func made(c capacityCase) *capacityChart { return newCapacityChart(c.report, c.measured(), c.axis) }

func capacityCaseNamed(t *testing.T, name string) capacityCase {
	t.Helper()
	return caseNamed(t, capacityCases(), name, func(c capacityCase) string { return c.name })
}

func TestCapacitySays(t *testing.T) {
	got := texts(t, capacityCaseNamed(t, "typical").picture())
	for _, want := range []string{
		"Token hit rate by capacity",
		"23,608 requests  ·  47.1 million tokens  ·  2024-03-31 12:00 – 13:00 UTC (1 h)  ·  chunks of 16 tokens (1 KiB)  ·  meta-llama/Llama-3.1-8B",
		"90 %: not reachable",
		"ceiling 37.3 % at 166 MiB",
		"30 % → 19.7 MiB", "95 % of ceiling → 42.97 MiB", "50 % of ceiling → 8.11 MiB",
		"Token hit rate", "Cache capacity", "40 %", "0 %", "1 KiB", "64 MiB",
	} {
		require.Contains(t, got, want)
	}
	require.NotContains(t, got, "chunk hit rate", "it is the token hit rate times a constant where chunks are alike")
	require.Contains(t, texts(t, capacityCaseNamed(t, "chunks").picture()), "30 % → 20,173 chunks")
	require.Contains(t, texts(t, capacityCaseNamed(t, "off").picture()), "Outside of this range: 20 % → 8.79 MiB, weird")
	require.Contains(t, texts(t, capacityCaseNamed(t, "no-tokens").picture()), "No tokens were replayed")
}

// Every target appears once: at its mark, or in a line of text.
func TestCrowdedTargetsAreToldInText(t *testing.T) {
	c := capacityCaseNamed(t, "crowd")
	ch := made(c)
	placed := 0
	for _, m := range ch.targets {
		if m.placed {
			placed++
		}
	}
	require.Len(t, ch.targets, 24)
	require.Len(t, ch.notes, 1)
	require.Positive(t, placed)
	require.Equal(t, 24, placed+len(ch.notes[0]))
}

// Targets that one capacity reaches share a label.
func TestTargetsAtOneCapacityShareALabel(t *testing.T) {
	r := report()
	r.Targets = []analyze.TargetResult{target("30%", 20_173), target("80%ofceiling", 20_173), target("20%", 9_000)}
	said := texts(t, capacityCase{report: r, unit: units.Bytes, at: scaledBy(1024, 1), axis: Axis{From: 1 << 10, To: 200_000 << 10}}.picture())
	require.Contains(t, said, "30 %, 80 % of ceiling → 19.7 MiB")
	require.Contains(t, said, "20 % → 8.79 MiB")
	require.Equal(t, "30%", r.Targets[0].Target)
}

// What was asked for has a tick on both axes: the targets, the ceiling.
func TestAnswersHaveTicksOnBothAxes(t *testing.T) {
	ch := made(capacityCaseNamed(t, "typical"))
	var across, up []string
	for _, k := range ch.across.ticks(ch.panel.Max.X - ch.panel.Min.X) {
		if k.answer {
			across = append(across, k.label)
		}
	}
	for _, k := range ch.up.ticks(ch.panel.Max.Y-ch.panel.Min.Y, .3734, .1929, .3017, .3513) {
		if k.answer {
			up = append(up, k.label)
		}
	}
	require.Equal(t, []string{"8.11 MiB", "19.7 MiB", "", "166 MiB"}, across, "the label of 42.97 MiB would touch those beside it")
	require.Equal(t, []string{"19.3 %", "30.2 %", "35.1 %", "37.3 %"}, up)
}

// A range in which the curve is flat is zoomed, with the ceiling in view only if it is near.
func TestNarrowRangesAreZoomed(t *testing.T) {
	ch := made(capacityCaseNamed(t, "off"))
	require.Equal(t, "Token hit rate, zoomed to 34 % – 38 %", ch.yLabel)
	require.True(t, ch.ceilingInView())
	ch = made(capacityCaseNamed(t, "narrow"))
	require.Equal(t, "Token hit rate, zoomed to 1.00 % – 1.15 %", ch.yLabel)
	require.False(t, ch.ceilingInView())
	require.Equal(t, [][]string{{"Above this range: ceiling 37.3 % at 170,000 chunks"}}, ch.notes)
	require.NotContains(t, made(capacityCaseNamed(t, "typical")).yLabel, "zoomed")
}

func TestCapacityLabelsKeepApart(t *testing.T) {
	for _, c := range capacityCases() {
		ch := made(c)
		var boxes []vg.Rectangle
		for _, m := range append([]callout{ch.ceiling}, ch.targets...) {
			if m.placed {
				require.GreaterOrEqual(t, m.box.Max.X-m.box.Min.X+1e-9, textWidth(labelFace, m.text), c.name)
				boxes = append(boxes, m.box)
			}
		}
		require.Equal(t, ch.ceilingInView(), len(boxes) > 0, c.name)
		for i, a := range boxes {
			require.True(t, a.Min.X >= ch.panel.Min.X && a.Max.X <= ch.panel.Max.X && a.Min.Y >= ch.panel.Min.Y && a.Max.Y <= ch.panel.Max.Y, c.name)
			for _, b := range boxes[:i] {
				require.False(t, overlap(a, b), c.name)
			}
		}
	}
}

// The line is the step function: level up to a capacity, then vertical.
func TestCurveIsAStepFunction(t *testing.T) {
	at := func(c int64) (float64, float64) { return float64(c) / 10, 0 }
	r := report()
	r.Ceiling.TokenHitRate = 1
	ch := made(capacityCase{report: r, unit: units.Chunks, at: at, axis: Axis{From: 1, To: 5, Linear: true}})
	x := func(c int64) vg.Length { return ch.panel.Min.X + vg.Length(c-1)/4*(ch.panel.Max.X-ch.panel.Min.X) }
	y := func(rate float64) vg.Length { return ch.panel.Min.Y + vg.Length(rate)*(ch.panel.Max.Y-ch.panel.Min.Y) }
	want := []vg.Point{{X: x(1), Y: y(.1)}}
	for c := int64(2); c <= 5; c++ {
		want = append(want, vg.Point{X: x(c), Y: y(float64(c-1) / 10)}, vg.Point{X: x(c), Y: y(float64(c) / 10)})
	}
	require.Len(t, ch.token, 1)
	require.Len(t, ch.token[0], len(want))
	for i, p := range want {
		require.InDelta(t, float64(p.X), float64(ch.token[0][i].X), 1e-6)
		require.InDelta(t, float64(p.Y), float64(ch.token[0][i].Y), 1e-6)
	}
}

func TestCurveIsReadOncePerPixel(t *testing.T) {
	reads := 0
	at := func(int64) (float64, float64) { reads++; return .5, .5 }
	made(capacityCase{report: report(), at: at, axis: Axis{From: 1, To: math.MaxInt64}})
	require.LessOrEqual(t, reads, 1920)
	require.Greater(t, reads, 1000)
}
