package analyze

import "hashlog/sim"

// wholeUnits returns the part of a request that the tiers serve where hits count in match units: the tokens of whole units in its hit
// prefix, and the chunks that these reach into.
func (s *tiers) wholeUnits(q *request) (tokens, []sim.Run) {
	prefix := 0
	s.runs = s.runs[:0]
	for _, run := range q.runs {
		n := s.held(run)
		prefix += n
		if n < run.N {
			break
		}
	}
	of := tokens{chunkSize: q.tokens.chunkSize, seqLen: q.hit(prefix)}
	left := of.chunksFor(of.seqLen)
	for _, run := range q.runs {
		if left == 0 {
			break
		}
		run.N = min(run.N, left)
		left -= run.N
		s.runs = append(s.runs, run)
	}
	return of, s.runs
}

// held returns how many of the leading chunks of a run the last tier holds.
func (s *tiers) held(run sim.Run) (n int) {
	if run.Need.Chunks == sim.Never || run.Expired {
		return 0
	}
	last := len(s.limits) - 1
	for n < run.N {
		need, step := s.need(run, n)
		switch {
		case need > s.limits[last]:
			return n
		case step <= 0: // the others need less
			return run.N
		}
		n += min(run.N-n, s.stretch(last, need, step))
	}
	return n
}
