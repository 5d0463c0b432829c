package analyze

// mergeSums returns the sums of several stretches of requests, each later than the one before, as if one replay had counted
// them all. All were made with the same options. They stay as they are, and share nothing with the result.
//
// All sums are exact, but that a request_id of one stretch that comes back in another is not counted as a repeat. Touches may
// be counted in a later stretch than their lookup.
//
// What a later stretch doesn't know is what its first touches met in the stack: that is for the replay to tell it. Here
// requests have been looked up already.
func mergeSums(stretches ...*sums) (*sums, error) {
	first := stretches[0]
	out := newSums(first.opts, first.caches, first.lines)
	for _, s := range stretches {
		for _, name := range s.names.list {
			out.names.find(name)
		}
		for i, c := range s.all {
			if err := out.all[i].merge(c); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
