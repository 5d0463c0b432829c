package analyze

import "hashlog/sim"

// largerAges appends to dst the largest ages of the prefixes of a request, given those of the chunks that its part knew and those of the
// chunks that it didn't, which met has. All leave the others out of account.
func largerAges(dst []sim.MaxAge, q *deferredRequest, met []sim.MaxAge) []sim.MaxAge {
	known := ageSteps{list: q.ages}
	others := ageSteps{list: met}
	for _, run := range q.runs {
		for left := run.N; left > 0; {
			n, seconds := known.step(left), 0.0
			if run.Need.Chunks == sim.Never {
				n = others.step(n)
				others.take(n)
			}
			known.take(n)
			seconds = max(known.seconds, others.seconds)
			if last := len(dst) - 1; last >= 0 && dst[last].Seconds == seconds {
				dst[last].N += n
			} else {
				dst = append(dst, sim.MaxAge{N: n, Seconds: seconds})
			}
			left -= n
		}
	}
	return dst
}

// ageSteps goes through largest ages.
type ageSteps struct {
	list    []sim.MaxAge
	taken   int     // chunks of the first stretch of list
	seconds float64 // at the chunks taken last
}

// step returns how many chunks, at most so many, are left of the stretch at hand.
func (s *ageSteps) step(most int) int { return min(most, s.list[0].N-s.taken) }

// take goes on by n chunks, which step has allowed.
func (s *ageSteps) take(n int) {
	s.seconds = s.list[0].Seconds
	if s.taken += n; s.taken == s.list[0].N {
		s.list, s.taken = s.list[1:], 0
	}
}

// upToNever returns the largest ages of the prefixes before the first chunk that was never touched.
func upToNever(ages []sim.MaxAge, runs []sim.Run) (out []sim.MaxAge) {
	n := 0
	for _, run := range runs {
		if run.Need.Chunks == sim.Never {
			break
		}
		n += run.N
	}
	for _, a := range ages {
		if a.N = min(a.N, n); a.N == 0 {
			break
		}
		out = append(out, a)
		n -= a.N
	}
	return out
}
