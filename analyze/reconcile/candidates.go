package reconcile

import (
	"math"
	"slices"
	"time"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// Kind is what a step changes.
type Kind string

// The kinds of steps.
const (
	Denominator Kind = "denominator"
	TouchOrder  Kind = "touch_order"
	Watermark   Kind = "watermark"
	StoreDelay  Kind = "store_delay"
	Capacity    Kind = "capacity"
	Granularity Kind = "granularity"
	Retries     Kind = "retries"
	Missing     Kind = "missing_requests"
)

// kindSet is a set of kinds: bit i stands for kinds[i].
type kindSet uint

// kinds are all kinds, and how a setting takes over what another one has of each.
var kinds = []struct {
	Kind
	set func(to, from *setting)
}{
	{Denominator, func(to, from *setting) { to.denominator = from.denominator }},
	{TouchOrder, func(to, from *setting) { to.order = from.order }},
	{Watermark, func(to, from *setting) { to.watermark = from.watermark }},
	{StoreDelay, func(to, from *setting) { to.delay = from.delay }},
	{Capacity, func(to, from *setting) { to.capacity = from.capacity }},
	{Granularity, func(to, from *setting) { to.unit = from.unit }},
	{Retries, func(to, from *setting) { to.once, to.twice = from.once, from.twice }},
	{Missing, func(to, from *setting) { to.missing = from.missing }},
}

// denominators follow the metric. Of a series that doesn't say what it counts, either one may be true.
func (s *search) denominators() []measured.Denominator {
	list := []measured.Denominator{s.base.denominator}
	for _, d := range []measured.Denominator{measured.TotalTokens, measured.CacheableTokens} {
		if d != s.base.denominator && (s.series.Denominator == measured.Unknown || s.series.Denominator == d) {
			list = append(list, d)
		}
	}
	return list
}

// orders are that of the prediction and the other one.
func (s *search) orders() []sim.Order {
	if s.base.order == sim.HeadFirst {
		return []sim.Order{sim.HeadFirst, sim.TailFirst}
	}
	return []sim.Order{sim.TailFirst, sim.HeadFirst}
}

// watermarks are that of the prediction, none, and those of servers. The zero value is none.
func (s *search) watermarks() []sim.Watermark {
	list := []sim.Watermark{s.base.watermark}
	if s.opts.Cache.Policy != nil {
		return list
	}
	add := func(w sim.Watermark) {
		if !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	add(sim.Watermark{})
	for _, p := range analyze.Presets() {
		if p.Watermark != nil {
			add(*p.Watermark)
		}
	}
	return list
}

// delays are that of the prediction and those that are tried first.
func (s *search) delays() []time.Duration {
	list := []time.Duration{s.base.delay}
	for _, d := range []time.Duration{0, 300 * time.Millisecond, 1500 * time.Millisecond, 6 * time.Second, 25 * time.Second, 100 * time.Second} {
		if d != s.base.delay {
			list = append(list, d)
		}
	}
	return list
}

// delaySpreads are how far around a delay others are tried, in octaves, in one round after the other.
var delaySpreads = [...]float64{1, 0.35, 0.1}

// closerDelays lie around a delay.
func closerDelays(at time.Duration, round int) (near []time.Duration) {
	for _, part := range []float64{-1, -0.5, 0.5, 1} {
		if d := twoDigits(float64(at) * math.Exp2(part*delaySpreads[round])); d > 0 && d != at {
			near = append(near, d)
		}
	}
	return near
}

// twoDigits rounds a duration in nanoseconds to two significant digits.
func twoDigits(ns float64) time.Duration {
	unit := math.Pow(10, math.Floor(math.Log10(ns))-1)
	return time.Duration(math.Round(ns/unit) * unit).Round(time.Millisecond)
}

// capacities are that of the prediction; from 1/16 of it to 16 times as much, a quarter of an octave apart; and those that are up to a
// quarter of an octave away from it.
func (s *search) capacities() []units.Capacity {
	list := []units.Capacity{s.base.capacity}
	for i := -16; i <= 16; i++ {
		list = addCapacity(list, s.base.capacity, math.Exp2(float64(i)/4))
	}
	return closerCapacities(list, s.base.capacity, 0)
}

// fewCapacities are those for a cache that is simulated by itself at each of them.
func (s *search) fewCapacities() []units.Capacity {
	list := []units.Capacity{s.base.capacity}
	for _, octaves := range []float64{-2, -1, -0.5, 0.5, 1} {
		list = addCapacity(list, s.base.capacity, math.Exp2(octaves))
	}
	return list
}

// near are that of the prediction and those close to a capacity, in one round closer than in the one before.
func (s *search) near(c units.Capacity, round int) []units.Capacity {
	list := []units.Capacity{s.base.capacity}
	if s.opts.Cache.Policy == nil {
		return closerCapacities(list, c, round)
	}
	for _, octaves := range []float64{-0.3, -0.15, 0, 0.15, 0.3} {
		list = addCapacity(list, c, math.Exp2(octaves/math.Exp2(float64(2*round))))
	}
	return list
}

// closerCapacities adds those that are up to a quarter of an octave away from a capacity, some 2 % apart, or in later rounds a quarter of
// that.
func closerCapacities(list []units.Capacity, c units.Capacity, round int) []units.Capacity {
	for i := -7; i <= 7; i++ {
		list = addCapacity(list, c, math.Exp2(float64(i)/32/math.Exp2(float64(2*round))))
	}
	return list
}

// addCapacity adds a capacity times a factor, unless it is out of range or in the list. Bytes are rounded to three digits of their binary
// unit: capacities are round numbers, whose fraction of a byte doesn't count, as [units.ParseCapacity] has it.
func addCapacity(list []units.Capacity, c units.Capacity, factor float64) []units.Capacity {
	n := math.Round(float64(c.N) * factor)
	if factor != 1 && c.Unit == units.Bytes && n >= 1 {
		unit := math.Exp2(math.Floor(math.Log2(n)/10) * 10)
		scale := math.Pow(10, 2-math.Floor(math.Log10(n/unit)))
		n = math.Floor(math.Round(n/unit*scale) * unit / scale)
	}
	if c.Unit == units.Unlimited || n < 1 || n >= math.MaxInt64 {
		return list
	}
	if c.N = int64(n); !slices.Contains(list, c) {
		list = append(list, c)
	}
	return list
}

// units are the match units of the prediction and those that are tried: none; all tokens of a prompt but the last one, since a server
// computes at least that; powers of two of a chunk; and the blocks in which servers match the prefixes of hybrid models.
func (s *search) units() []matchUnit {
	list := []matchUnit{s.base.unit, {}, {last: true}}
	for n := int64(2); n <= 32; n *= 2 {
		list = append(list, matchUnit{MatchUnit: analyze.MatchUnit{N: n}})
	}
	for _, n := range []int64{784, 3584} {
		list = append(list, matchUnit{MatchUnit: analyze.MatchUnit{N: n, Tokens: true}})
	}
	return list
}

// least is the smallest part by which the server counts more tokens than the log has, or fewer, that needs to be explained.
const least = 0.005

// retries are the ways in which a setting may count retries: as the log does, and, where the server counts more tokens than predicted, as
// many of the requests twice.
func (s *search) retries(of *setting) []float64 {
	if excess := s.excess(of); !of.once && excess > least && excess <= 1 {
		return []float64{0, excess}
	}
	return []float64{0}
}

// missing are the ways in which requests may be missing in the log: none, or, where the server counts more tokens than predicted, as many
// in all windows, or as many as each window lacks.
func (s *search) missing(of *setting) []missing {
	if excess := s.excess(of); of.twice == 0 && excess > least {
		return []missing{{}, {share: excess}, {byWindow: true}}
	}
	return []missing{{}}
}
