package analyze

// mergeSums returns the sums of several stretches of requests, each later than the one before, as if a single replay had
// counted them. All must have the same options. The stretches stay as they are and share nothing with the result.
//
// The result is exact with two exceptions: a request_id that occurs in two stretches is not counted as a repeat, and of many
// requests other blocks are joined, to whose ends Stats.CumulativeTokenHitRate is rounded. Touches may be counted in a later
// stretch than their lookup.
//
// Each stretch's requests must have been looked up in the stack as the earlier stretches left it; mergeSums cannot add that
// afterwards.
func mergeSums(stretches ...*sums) (*sums, error) {
	first := stretches[0]
	out := newSums(first.opts, first.caches, first.lines)
	for _, s := range stretches {
		if err := out.merge(s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// merge adds the sums of a later stretch with the same options, which stay as they are.
func (s *sums) merge(others *sums) error {
	if err := s.input.merge(others.input); err != nil {
		return err
	}
	return s.mergeRest(others)
}

// mergeRest adds other sums but for their input.
func (s *sums) mergeRest(others *sums) error {
	for i, c := range others.all {
		if c == counter(others.input) {
			continue
		}
		if err := s.all[i].merge(c); err != nil {
			return err
		}
	}
	return nil
}

// countInput counts a request whose lookup is counted later.
func (s *sums) countInput(q *request) error {
	q.model = s.names.find(q.name)
	if err := s.input.lookUp(q); err != nil {
		return q.source.at(err)
	}
	return nil
}

// countRest counts the lookup of a request that countInput has counted.
func (s *sums) countRest(q *request) error {
	for _, c := range s.all {
		if c == counter(s.input) {
			continue
		}
		if err := c.lookUp(q); err != nil {
			return q.source.at(err)
		}
	}
	return nil
}

// beside adds the sums of another cache, which may be of the same time and stay as they are.
func (s *sums) beside(other *sums) error {
	from := s.input.from
	if err := s.merge(other); err != nil {
		return err
	}
	if later := other.input.from; from != nil && later != nil && *later < *from {
		s.input.from = later
	}
	return nil
}
