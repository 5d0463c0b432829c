package reconcile

import "math"

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

// alone returns the best change of each kind on its own, as the searched half has it, with its gain in the half that judges.
func (s *search) alone() (steps []step, err error) {
	before := apart(s.rates(&s.base)[:s.half], s.points[:s.half]).MeanPoints
	best := make(map[Kind]candidate)
	s.candidates(func(c candidate) {
		changes := s.changes(&c.setting)
		if len(changes) != 1 || c.off >= before {
			return
		}
		if b, ok := best[changes[0]]; !ok || c.score < b.score {
			best[changes[0]] = c
		}
	})
	for _, k := range kinds {
		c, ok := best[k.Kind]
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
