package analyze

import "hashlog/analyze/units"

// residency is how many chunks were resident at one moment, at the capacities that a table may have.
type residency struct {
	all     int64                    // in an unlimited cache
	several bool                     // there are several nodes, so all doesn't tell how many are resident at a capacity
	at      map[units.Capacity]int64 // at some capacities, where the others don't tell
}

// residency returns how many chunks are resident now.
func (r *replay) residency() residency {
	s := residency{several: len(r.nodes) > 1}
	for _, n := range r.nodes {
		n.advance(r.told)
		s.all += n.stack.Resident()
	}
	possible := r.followed.listed()
	if r.caches == nil && s.all > 0 && r.sizes.known {
		possible = possibleInBytes(r.opts)
	}
	if len(possible) == 0 {
		return s
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

// chunks returns how many chunks were resident at a capacity of a table; ok is false if that can't be known.
func (s *residency) chunks(t *Table, c units.Capacity) (n int64, ok bool) {
	if n, ok := s.at[c]; ok {
		return n, true
	}
	switch {
	case s.all == 0:
		return 0, true
	case s.several:
		return 0, false
	case t.curve.Unit == units.Chunks:
		return min(c.N, s.all), true
	case t.curve.ChunkBytes > 0:
		return min(c.N/t.curve.ChunkBytes, s.all), true
	}
	return 0, false
}

// evictions sets the evictions of a table, given the chunks that were resident before the counted part.
func (t *Table) evictions(before residency, after []int64) {
	t.Evictions = make([]*int64, len(t.Capacities))
	for i, c := range t.listed() {
		if n, ok := before.chunks(t, c); ok {
			evicted := evictions(t.Figures[i], n, after[i])
			t.Evictions[i] = &evicted
		}
	}
}

// evictions returns how many chunks left a cache in the counted part, given those that were resident before and after.
func evictions(f Figures, before, after int64) int64 {
	return f.ChunkTouches - f.ChunkHits + before - after
}

// residents returns how many chunks are resident now, by listed capacity.
func (r *replay) residents() []int64 { return r.residentsAt(r.opts.Capacities) }

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
