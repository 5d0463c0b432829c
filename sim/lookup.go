package sim

// lookUp finds the needs of the request's chunks before any of them is touched. Chunks of one size that are neighbours in
// the request and, in one direction, in the row of touches form one run, and only the first of them has its depth computed.
func (s *Stack) lookUp() {
	s.runs = s.runs[:0]
	at := uint32(nowhere)
	for _, r := range s.rows {
		for r.N > 0 {
			places := s.place.from(r.First, r.N)
			at = s.addRuns(at, places)
			r.First += uint32(len(places))
			r.N -= len(places)
		}
	}
}

// addRuns adds chunks to the runs, and returns the place of the last one. at is the place of the chunk before them.
func (s *Stack) addRuns(at uint32, places []uint32) (last uint32) {
	for len(places) > 0 {
		n := s.continueRun(at, places)
		if n == 0 {
			s.beginRun(places[0])
			n = 1
		}
		at, places = places[n-1], places[n:]
	}
	return at
}

func (s *Stack) beginRun(at uint32) {
	run := Run{N: 1, Need: never}
	if at != nowhere {
		run.Need, run.Size = s.depth(at), s.sizeAt(at)
	}
	s.runs = append(s.runs, run)
}

// continueRun extends the last run, whose last chunk is at the place at, by the leading chunks that continue it. It returns
// their number.
func (s *Stack) continueRun(at uint32, places []uint32) int {
	if len(s.runs) == 0 {
		return 0
	}
	run := &s.runs[len(s.runs)-1]
	n, step := 0, run.Step
	switch {
	case at == nowhere:
		n = lenNowhere(places)
	case places[0] == at+1 && step <= 0:
		n, step = lenRising(at, places), -1
		if s.weights != nil {
			n = s.weights.alikeFrom(at, 1+n) - 1
		}
	case places[0] == at-1 && step >= 0:
		n, step = lenFalling(at, places), 1
		if s.weights != nil {
			n = s.weights.alikeUpTo(at, 1+n) - 1
		}
	}
	if n > 0 && at != nowhere {
		run.Step = step
	}
	run.N += n
	return n
}

// lenNowhere returns how many leading places are those of new chunks.
func lenNowhere(places []uint32) int {
	for i, p := range places {
		if p != nowhere {
			return i
		}
	}
	return len(places)
}

// lenRising returns how many leading places follow at, each one above the one before.
func lenRising(at uint32, places []uint32) int {
	for i, p := range places {
		if p != at+uint32(i)+1 {
			return i
		}
	}
	return len(places)
}

// lenFalling returns how many leading places follow at, each one below the one before.
func lenFalling(at uint32, places []uint32) int {
	places = places[:min(int(at), len(places))] // below place 0 there is none
	for i, p := range places {
		if p != at-uint32(i)-1 {
			return i
		}
	}
	return len(places)
}
