package analyze

// unitCounter counts the requests of a replay in another match unit.
type unitCounter struct {
	opts   *Options
	caches *caches // nil unless caches are simulated
	sums   *sums

	// of the request at hand
	request request
	demand  []row
	found   []found

	spreads [][]int64 // by cache: hit tokens with other seeds; nil unless caches have a policy of their own
}

// newUnitCounter returns a counter of the requests of a replay.
func newUnitCounter(opts *Options, of *replay) *unitCounter {
	u := &unitCounter{opts: opts, caches: of.caches, sums: newSums(opts, of.caches, nil)}
	for _, p := range of.caches.ofPolicies() {
		u.spreads = append(u.spreads, make([]int64, len(p.others)))
	}
	return u
}

// lookUp counts a request.
func (u *unitCounter) lookUp(q *request) error {
	own := &u.request
	*own = *q
	own.unit = u.opts.MatchUnit.in(q.tokens.chunkSize)
	if q.unit > 0 {
		own.demand, own.prefix = q.prefix, nil
	}
	if own.unit > 0 {
		u.demand = inUnits(u.demand[:0], own.demand, own.whole)
		own.demand, own.prefix = u.demand, own.demand
	}
	u.found = append(u.found[:0], q.found...)
	own.found = u.found
	for i := range own.found {
		own.found[i].inUnits(own)
	}
	if q.counted {
		for i, p := range u.caches.ofPolicies() {
			for j, prefix := range p.prefixes {
				u.spreads[i][j] += own.hit(prefix)
			}
		}
	}
	return u.sums.lookUp(own)
}

// addSpreads adds to the results of a report how they vary with the seed.
func (u *unitCounter) addSpreads(rep *Report) {
	if u.spreads == nil {
		return
	}
	for i, c := range u.opts.Capacities {
		rep.Results[i].spread(u.spreads[u.caches.index[c]])
	}
}

// ofPolicies returns the caches with a policy of their own, by their index; none if the caches have none.
func (cs *caches) ofPolicies() []*policyCache {
	if cs == nil {
		return nil
	}
	return cs.policies
}

// inUnits counts the hit prefix in the match unit of a request.
func (f *found) inUnits(q *request) {
	if f.depth == noStack {
		f.hit, f.prefix = q.hit(int(f.chunks)), q.tokens.first(int(f.chunks))
		return
	}
	f.hit, f.prefix = upTo(q.demand, f.depth), upTo(q.prefix, f.depth)
}
