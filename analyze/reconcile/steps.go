package reconcile

import (
	"math"
	"math/bits"
)

// step is a part of an explanation.
type step struct {
	kind  Kind
	after setting // with this step and those before it
	gain  float64 // in points, in the half that judges
	left  float64
	holds bool
}

// steps splits the way from the prediction to the explanation, the largest gain first, as the half that judges has it.
func (s *search) steps(end setting) (steps []step, err error) {
	judges := s.points[s.half:]
	for now := s.base; now != end; now = steps[len(steps)-1].after {
		best := step{gain: math.Inf(-1)}
		for _, k := range kinds {
			next := now
			if k.set(&next, &end); next == now {
				continue
			}
			points, _, err := s.gain(&now, &next)
			if err != nil {
				return nil, err
			}
			if points > best.gain {
				best = step{k.Kind, next, points, apart(s.rates(&next)[s.half:], judges).MeanPoints, true}
			}
		}
		steps = append(steps, best)
	}
	return steps, nil
}

// alone returns the best change of each kind on its own, as the searched half has it, with its gain in the half that judges. Kinds that
// gain next to nothing in the former are left out.
func (s *search) alone() (steps []step, err error) {
	before := apart(s.rates(&s.base)[:s.half], s.points[:s.half]).MeanPoints
	best := make(map[kindSet]candidate)
	s.candidates(func(c candidate) {
		changes := s.changes(&c.setting)
		if bits.OnesCount(uint(changes)) != 1 || before-c.off < leastGain/2 {
			return
		}
		if b, ok := best[changes]; !ok || c.score < b.score {
			best[changes] = c
		}
	})
	for i, k := range kinds {
		c, ok := best[1<<i]
		if !ok {
			continue
		}
		points, uncertain, err := s.gain(&s.base, &c.setting)
		if err != nil {
			return nil, err
		}
		left := apart(s.rates(&c.setting)[s.half:], s.points[s.half:]).MeanPoints
		steps = append(steps, step{k.Kind, c.setting, points, left, before-c.off >= leastGain && holds(points, uncertain)})
	}
	return steps, nil
}
