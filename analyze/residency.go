package analyze

import "hashlog/analyze/units"

// residency is how many chunks were resident at one moment, at the capacities that figures may be asked for.
type residency struct {
	all     int64                    // in an unlimited cache
	several bool                     // there are several nodes, so all doesn't tell how many are resident at a capacity
	at      map[units.Capacity]int64 // at some capacities, where the others don't tell
	now     float64                  // when, in seconds since the Unix epoch
	seen    int64                    // chunks looked up before; set only in a summary
	full    bool                     // as deferred.full: what came before a summary is resident at no capacity that is asked about
}

// residency returns how many chunks are resident now.
func (r *replay) residency() *residency {
	s := &residency{several: len(r.nodes) > 1, now: r.told, seen: r.known, full: r.deferred != nil && r.deferred.full}
	for _, n := range r.nodes {
		n.advance(r.told)
		s.all += n.stack.Resident()
	}
	possible := append(r.followed.listed(), r.opts.Capacities...)
	if r.opts.Grid != nil && r.caches == nil && s.all > 0 && r.sizes.known {
		possible = append(possible, possibleInBytes(r.opts)...)
	}
	s.at = make(map[units.Capacity]int64, len(possible))
	for i, n := range r.residentsAt(possible) {
		s.at[possible[i]] = n
	}
	return s
}

// possibleInBytes returns the capacities in bytes that a table may have, as far as they are known before the end of the logs. It
// takes them to tell how many chunks of unlike sizes are resident.
func possibleInBytes(o *Options) []units.Capacity {
	if grid, fixed := o.fixedGrid(); fixed && grid.Unit == units.Bytes {
		return grid.listed()
	}
	if !o.Grid.hasSteps() {
		return nil
	}
	var list []units.Capacity
	if o.bounded() && o.MaxCapacity.Unit == units.Bytes {
		list = append(list, o.MaxCapacity)
	}
	for k := 0; ; k++ {
		c := step(k)
		list = append(list, units.InBytes(c))
		if c == largest {
			return list
		}
	}
}

// chunks returns how many chunks were resident at a capacity; ok is false if that can't be known. curve is in the capacity's unit
// unless the capacity is unlimited.
func (s *residency) chunks(c units.Capacity, curve *Curve) (n int64, ok bool) {
	if n, ok := s.at[c]; ok {
		return n, true
	}
	switch {
	case s.all == 0, c.Unit == units.Unlimited:
		return s.all, true
	case s.several:
		return 0, false
	case c.Unit == units.Chunks:
		return min(c.N, s.all), true
	case curve.ChunkBytes > 0:
		return min(c.N/curve.ChunkBytes, s.all), true
	}
	return 0, false
}

// evictions sets the evictions of a table, given the chunks that were resident before and after the counted part.
func (t *Table) evictions(before *residency, after []*int64) {
	t.Evictions = make([]*int64, len(t.Capacities))
	for i, c := range t.listed() {
		t.Evictions[i] = before.evictions(c, t.curve, t.Figures[i], after[i])
	}
}

// evictions returns how many chunks left a cache in the counted part: touches − hits, since each of the others stored a chunk, + chunks
// resident before − after. It is nil if one of these is unknown.
func (s *residency) evictions(c units.Capacity, curve *Curve, f Figures, after *int64) *int64 {
	before, ok := s.chunks(c, curve)
	if !ok || after == nil {
		return nil
	}
	n := f.ChunkTouches - f.ChunkHits + before - *after
	return &n
}

// residentsNow returns how many chunks are resident now, by capacity; nil where that is unknown.
func (r *replay) residentsNow(capacities []units.Capacity) []*int64 {
	out := make([]*int64, len(capacities))
	if r.beside != nil {
		for i, c := range capacities {
			if n, ok := r.beside.after.chunks(c, &Curve{}); ok {
				out[i] = &n
			}
		}
		return out
	}
	for i, n := range r.residentsAt(capacities) {
		out[i] = &n
	}
	return out
}

// residentsAt returns how many chunks are resident now, by capacity of a node. A chunk on two nodes counts twice.
func (r *replay) residentsAt(capacities []units.Capacity) []int64 {
	out := make([]int64, len(capacities))
	for _, n := range r.nodes {
		n.advance(r.told)
		for i, chunks := range n.residents(capacities) {
			out[i] += chunks
		}
	}
	return out
}
