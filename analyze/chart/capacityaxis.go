package chart

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Axis is the capacity range of a picture, in the unit of the report's curve (bytes or chunks).
type Axis struct {
	From, To int64 // 0 < From < To
	Linear   bool  // false: logarithmic
}

// TableAxis returns the axis over the capacities of a table.
func TableAxis(t *analyze.Table) Axis {
	return Axis{From: t.Capacities[0], To: t.Capacities[len(t.Capacities)-1], Linear: t.Linear}
}

func (a Axis) check() error {
	if a.From <= 0 || a.To <= a.From {
		return fmt.Errorf("capacities from %d to %d: the range must be positive and not empty", a.From, a.To)
	}
	return nil
}

// position returns the place of c along the axis, in [0, 1]. It subtracts integers, so that an axis over a narrow range of
// huge capacities keeps its precision.
func (a Axis) position(c int64) float64 {
	c = min(max(c, a.From), a.To)
	part, whole := float64(c-a.From), float64(a.To-a.From)
	if a.Linear {
		return part / whole
	}
	from := float64(a.From)
	return math.Log1p(part/from) / math.Log1p(whole/from)
}

// capacity returns the largest capacity at or before a position: the inverse of position.
func (a Axis) capacity(at float64) int64 {
	if at >= 1 {
		return a.To
	}
	whole := float64(a.To - a.From)
	part := at * whole
	if !a.Linear {
		from := float64(a.From)
		part = from * math.Expm1(at*math.Log1p(whole/from))
	}
	// Slightly more, because the inverse of an exact capacity may round to just below it.
	switch part *= 1 + 1e-12; {
	case !(part > 0):
		return a.From
	case part >= whole: // also keeps the conversion within int64
		return a.To
	}
	return a.From + int64(part)
}

// contains reports whether c lies on the axis.
func (a Axis) contains(c int64) bool { return a.From <= c && c <= a.To }

// within returns the values of the capacities that lie on an axis.
func within[T any](a Axis, capacities []int64, values []T) (out []T) {
	for i, c := range capacities {
		if a.contains(c) {
			out = append(out, values[i])
		}
	}
	return out
}

// columns returns the capacities of the pixel columns of an axis of that width, without duplicates.
func (a Axis) columns(width vg.Length) (capacities []int64) {
	columns := int(width / dot)
	for i := range columns + 1 {
		capacities = append(capacities, a.capacity(float64(i)/float64(columns)))
	}
	return slices.Compact(capacities)
}

// capacityAxis is an axis of capacities in a unit.
type capacityAxis struct {
	Axis
	unit    units.Unit
	answers []int64 // capacities that were asked for, which get ticks of their own
}

// ticks returns the ticks of an axis of that width.
func (a capacityAxis) ticks(width vg.Length) []tick {
	var asked []tick
	for _, c := range a.answers {
		if a.contains(c) {
			asked = append(asked, tick{at: a.position(c), label: answerLabel(c, a.unit)})
		}
	}
	return withAnswers(capacityTicks(a.Axis, a.unit, width), asked, beside(width))
}

// label returns the name of an axis with these ticks.
func (a capacityAxis) label(ticks []tick) string {
	if a.unit == units.Bytes {
		return "Cache capacity"
	}
	for _, t := range ticks {
		if strings.HasSuffix(t.label, "i") {
			return "Cache capacity in chunks (Ki = 1,024, Mi = 1,048,576, …)"
		}
	}
	return "Cache capacity in chunks"
}

// answerLabel prints a capacity that is no round number.
func answerLabel(c int64, unit units.Unit) string {
	if unit == units.Bytes {
		return units.FormatBytes(c)
	}
	return units.Comma(c)
}

// capacityTicks returns an axis's ticks: at powers of two, with every 2nd, 5th … labelled so that byte labels come at KiB,
// MiB, GiB; or evenly spaced if the axis is linear or spans too few powers.
func capacityTicks(a Axis, unit units.Unit, width vg.Length) []tick {
	if !a.Linear {
		for _, every := range []int{1, 2, 5, 10, 20} {
			if t := powerTicks(a, unit, every); labelled(t) >= 2 && fit(t, width) {
				return t
			}
		}
	}
	for n := int64(8); n >= 2; n-- {
		if t := evenTicks(a, unit, n); labelled(t) >= 2 && fit(t, width) {
			return withStart(t, a, unit, width)
		}
	}
	ends := []tick{{at: 0, label: exactLabel(a.From, unit)}, {at: 1, label: exactLabel(a.To, unit)}}
	if !fit(ends, width) {
		ends[0].label = ""
	}
	return ends
}

// powerTicks returns ticks at the powers of two, labelled if the exponent is a multiple of every.
func powerTicks(a Axis, unit units.Unit, every int) []tick {
	var ticks []tick
	for e := bits.Len64(uint64(a.From - 1)); e < bits.Len64(uint64(a.To)); e++ {
		c := int64(1) << e
		t := tick{at: a.position(c)}
		if e%every == 0 {
			t.label = tickLabel(c, a, unit)
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// evenTicks returns about n ticks, at multiples of a round step.
func evenTicks(a Axis, unit units.Unit, n int64) []tick {
	step := roundStep((a.To-a.From-1)/n+1, unit)
	first := (a.From-1)/step + 1
	if first > a.To/step {
		return nil
	}
	var ticks []tick
	for c := first * step; ; c += step {
		ticks = append(ticks, tick{at: a.position(c), label: tickLabel(c, a, unit)})
		if c > a.To-step {
			return ticks
		}
	}
}

// withStart also labels the start of the axis, if its label is short and there is room: an axis that starts at one chunk
// has no round number near its start.
func withStart(ticks []tick, a Axis, unit units.Unit, width vg.Length) []tick {
	start := tick{label: exactLabel(a.From, unit)}
	more := append([]tick{start}, ticks...)
	if len(start.label) > len("1,023 MiB") || ticks[0].at == 0 || !fit(more, width) {
		return ticks
	}
	return more
}

// roundStep returns the smallest round number ≥ n: a power of two for bytes; 1, 2 or 5 times a power of ten for chunks.
func roundStep(n int64, unit units.Unit) int64 {
	if unit == units.Bytes {
		return int64(1) << min(bits.Len64(uint64(n-1)), 62)
	}
	const largest = int64(1e18)
	for p := int64(1); ; p *= 10 {
		for _, m := range []int64{1, 2, 5} {
			if p*m >= n || p == largest && m == 5 {
				return p * m
			}
		}
	}
}

// tickLabel prints a capacity exactly. On a logarithmic axis of chunks, numbers too long to read are in Ki, Mi, Gi.
func tickLabel(c int64, a Axis, unit units.Unit) string {
	if unit != units.Bytes && !a.Linear && a.To >= 1<<24 {
		return scaled(c, "")
	}
	return exactLabel(c, unit)
}

func exactLabel(c int64, unit units.Unit) string {
	if unit == units.Bytes {
		return scaled(c, "B")
	}
	return units.Comma(c)
}
