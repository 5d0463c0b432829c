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
		for i, c := range s.all {
			if err := out.all[i].merge(c); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
