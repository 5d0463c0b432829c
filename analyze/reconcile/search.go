package reconcile

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"

	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// leastGain is the gain in points below which a step explains nothing.
const leastGain = 0.1

// certain is how many standard errors a gain must have.
const certain = 2

// leastWindows are needed to search in one half and judge in the other.
const leastWindows = 8

// search looks for the setting that explains what was measured.
type search struct {
	*replays
	series *measured.Series
	points []measured.Window // those that are compared
	half   int               // the windows before it are searched, the others judge
	base   setting           // the prediction
	// coarse are the capacities that are tried in all replays.
	coarse []units.Capacity
}

// candidate is a setting with its mean difference in the half that is searched, in points.
type candidate struct {
	setting
	off   float64
	score float64 // off, and a charge for each change
}

// explain returns the setting that explains the most. Changes may cancel each other out, so they are not tried one after the other: all
// combinations are.
func (s *search) explain() (setting, error) {
	if !s.halved() || apart(s.rates(&s.base), s.points).MeanPoints < leastGain {
		return s.base, nil
	}
	if err := s.explore(); err != nil {
		return s.base, err
	}
	best := s.base
	for range attempts {
		next, err := s.confirmed()
		if err != nil || next == best {
			return next, err
		}
		best = next
	}
	return best, nil
}

// attempts is how often a search begins anew at most. What it has replayed closer to an explanation may let more of it hold.
const attempts = 3

// confirmed returns the best setting of whose changes each holds in the half that judges.
func (s *search) confirmed() (setting, error) {
	var barred kindSet
	for {
		best, err := s.refined(barred)
		if err != nil {
			return s.base, err
		}
		weakest, ok, err := s.weakest(best)
		if err != nil || !ok {
			return best, err
		}
		barred |= weakest
	}
}

// halved reports whether there are enough windows to search in one half and judge in the other.
func (s *search) halved() bool { return len(s.points) >= leastWindows }

// explore replays the caches that differ in touch order, watermark and store delay, each at many capacities.
func (s *search) explore() error {
	s.coarse = s.capacities()
	if s.opts.Cache.Policy != nil { // each capacity takes time
		s.coarse = s.fewCapacities()
	}
	var orders []sim.Order
	for _, order := range s.orders() {
		other := s.base
		other.order = order
		if err := s.count(other.replayed, s.coarse); err != nil {
			return err
		}
		if order == s.base.order || s.moves(&other) {
			orders = append(orders, order)
		}
	}
	for _, order := range orders {
		for _, w := range s.watermarks() {
			if err := s.exploreDelays(replayed{order: order, watermark: w}); err != nil {
				return err
			}
		}
	}
	return nil
}

// exploreDelays replays a cache with several store delays, but for those that are longer than the compared time.
func (s *search) exploreDelays(what replayed) error {
	for _, d := range s.delays() {
		if what.delay = d; d.Seconds() > s.points[len(s.points)-1].End-s.points[0].Start {
			continue
		}
		if err := s.count(what, s.coarse); err != nil {
			return err
		}
	}
	return nil
}

// count replays a cache at some capacities, and counts its hits in every way.
func (s *search) count(what replayed, capacities []units.Capacity) error {
	var settings []setting
	for _, c := range capacities {
		for _, u := range s.units() {
			for _, once := range []bool{false, true} {
				if !once || s.repeats {
					settings = append(settings, setting{replayed: what, counted: counted{capacity: c, unit: u, once: once}})
				}
			}
		}
	}
	return s.replay(settings)
}

// moves reports whether a setting predicts something else than the prediction.
func (s *search) moves(other *setting) bool {
	before, after := s.rates(&s.base), s.rates(other)
	var points, tokens float64
	for i, w := range s.points {
		points += 100 * w.RequestedTokens * math.Abs(after[i]-before[i])
		tokens += w.RequestedTokens
	}
	return points/tokens >= leastGain/4
}

// refined returns the best candidate, after replays of caches closer to the best ones.
func (s *search) refined(barred kindSet) (setting, error) {
	for round := range delaySpreads {
		for i, c := range s.contenders(barred) {
			at := c.replayed
			near := s.near(c.capacity, round)
			list := []time.Duration{at.delay}
			if at.delay != s.base.delay && i < 2 {
				list = append(list, closerDelays(at.delay, round)...)
			}
			for _, at.delay = range list {
				if err := s.count(at, near); err != nil {
					return c.setting, err
				}
			}
		}
	}
	return s.contenders(barred)[0].setting, nil
}

// A candidate is looked at more closely if it is at most so many points behind the best one, and if there are fewer better ones.
const wide, mostContenders = 1, 3

// contenders returns the best candidates that don't change what is barred, the best first: one for each touch order and watermark, unless
// it is far behind.
func (s *search) contenders(barred kindSet) (list []candidate) {
	s.candidates(func(c candidate) {
		if s.changes(&c.setting)&barred != 0 {
			return
		}
		alike := func(other candidate) bool { return other.order == c.order && other.watermark == c.watermark }
		switch i := slices.IndexFunc(list, alike); {
		case i < 0:
			list = append(list, c)
		case c.score < list[i].score:
			list[i] = c
		}
	})
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(a.score, b.score) })
	most := list[0].score + wide
	list = slices.DeleteFunc(list, func(c candidate) bool { return c.score > most })
	return list[:min(len(list), mostContenders)]
}

// candidates calls f for every setting that follows from what has been replayed.
func (s *search) candidates(f func(candidate)) {
	denominators := s.denominators()
	points := s.points[:s.half]
	for _, key := range s.order {
		for _, d := range denominators {
			of := setting{replayed: key.replayed, counted: key.counted, denominator: d}
			for _, of.twice = range s.retries(&of) {
				for _, of.missing = range s.missing(&of) {
					c := candidate{setting: of, off: apart(s.rates(&of)[:s.half], points).MeanPoints}
					c.score = c.off + s.charge(&of)
					f(c)
				}
				of.missing = missing{}
			}
		}
	}
}

// charge is what a setting must gain over the prediction to be worth its changes. Requests that are missing as each window needs them fit
// more than one number.
func (s *search) charge(of *setting) float64 {
	n := bits.OnesCount(uint(s.changes(of)))
	if of.missing.byWindow {
		n++
	}
	return leastGain * float64(n)
}

// changes returns in what a setting differs from the prediction.
func (s *search) changes(of *setting) (set kindSet) {
	for i, k := range kinds {
		changed := s.base
		if k.set(&changed, of); changed != s.base {
			set |= 1 << i
		}
	}
	return set
}

// weakest returns the change that explains the least in the half that judges; ok is false if each of them holds, and all together do.
// Changes that only make up for each other hold one by one.
func (s *search) weakest(of setting) (weakest kindSet, ok bool, err error) {
	if of == s.base {
		return 0, false, nil
	}
	points, uncertain, err := s.gain(&s.base, &of)
	if err != nil {
		return 0, false, err
	}
	together, least := holds(points, uncertain), math.Inf(1)
	for i, k := range kinds {
		without := of
		if k.set(&without, &s.base); without == of {
			continue
		}
		points, uncertain, err := s.gain(&without, &of)
		if err != nil {
			return 0, false, err
		}
		if (!together || !holds(points, uncertain)) && points < least {
			weakest, ok, least = 1<<i, true, points
		}
	}
	return weakest, ok, nil
}

// holds reports whether the half that judges confirms a gain.
func holds(points, uncertain float64) bool { return points >= leastGain && points >= certain*uncertain }

// gain returns by how many points the second setting is closer to what was measured in the half that judges, and the standard error.
func (s *search) gain(before, after *setting) (points, uncertain float64, err error) {
	if err := s.replay([]setting{*before, *after}); err != nil {
		return 0, 0, err
	}
	points, uncertain = gain(s.rates(before)[s.half:], s.rates(after)[s.half:], s.points[s.half:])
	return points, uncertain, nil
}

// rates returns what a setting predicts. It has been replayed.
func (s *search) rates(of *setting) []float64 {
	hits, volume := s.of(of)
	out := make([]float64, len(s.points))
	for i := range out {
		out[i] = of.rate(hits[i], &volume[i], s.points[i].RequestedTokens)
	}
	return out
}

// excess returns by which part the server counted more tokens in the searched half than a setting predicts; negative if less.
func (s *search) excess(of *setting) float64 {
	var requested, predicted float64
	_, volume := s.of(of)
	for i := range s.half {
		requested += s.points[i].RequestedTokens
		predicted += of.volume(&volume[i])
	}
	if predicted == 0 {
		return 0
	}
	return requested/predicted - 1
}
