package policy

import (
	"cmp"
	"math"
	"slices"

	"hashlog/sim"
)

// ask is a request of a trace that a test makes up.
type ask struct {
	chunks      []int // any numbers
	size        int64
	unit, limit int64
	uncounted   bool
	at          float64 // time
}

// traceOf numbers chunks in order of first sight.
func traceOf(asks []ask) *Trace {
	t, ids := &Trace{}, make(map[int]uint32)
	for _, a := range asks {
		var rows []sim.Row
		for _, chunk := range a.chunks {
			id, ok := ids[chunk]
			if !ok {
				id = uint32(len(ids))
				ids[chunk] = id
			}
			if n := len(rows); n > 0 && rows[n-1].First+uint32(rows[n-1].N) == id {
				rows[n-1].N++
			} else {
				rows = append(rows, sim.Row{First: id, N: 1})
			}
		}
		t.Add(Request{Rows: rows, Size: a.size, Time: a.at, Unit: a.unit, Limit: a.limit, Counted: !a.uncounted})
	}
	return t
}

// plainTrace is a trace in the simplest form.
type plainTrace struct {
	*Trace
	chunks [][]uint32 // by request
}

func plainOf(t *Trace) plainTrace {
	p := plainTrace{Trace: t}
	for i := range t.requests {
		var chunks []uint32
		for _, r := range t.rowsOf(i) {
			for j := range r.n {
				chunks = append(chunks, r.first+j)
			}
		}
		p.chunks = append(p.chunks, chunks)
	}
	return p
}

// sizeIn returns what a chunk takes of a capacity.
func (p plainTrace) sizeIn(c Capacity, id uint32) int64 {
	if !c.InBytes {
		return 1
	}
	return p.sizes.of(id)
}

// known returns the chunks of a request before its first never-seen one.
func (p plainTrace) known(request int) []uint32 {
	for i, id := range p.chunks[request] {
		if !slices.ContainsFunc(p.chunks[:request], func(chunks []uint32) bool { return slices.Contains(chunks, id) }) {
			return p.chunks[request][:i]
		}
	}
	return p.chunks[request]
}

// interval is one of a single chunk.
type interval struct {
	id         uint32
	start, end int
	place      int
	weight     int64
	size       int64
}

// intervals returns those of a weight.
func (p plainTrace) intervals(c Capacity) (list []interval) {
	for end := range p.requests {
		q := &p.requests[end]
		if !q.counted {
			continue
		}
		known := p.known(end)
		for place, id := range known {
			if slices.Index(known, id) < place {
				continue
			}
			v := interval{id: id, end: end, place: place, size: p.sizeIn(c, id)}
			for v.start = end - 1; !slices.Contains(p.chunks[v.start], id); v.start-- {
			}
			for k := range known {
				if known[k] == id {
					v.weight += q.worth(k+1) - q.worth(k)
				}
			}
			if v.weight > 0 {
				list = append(list, v)
			}
		}
	}
	return list
}

// plainMost returns the size of the most intervals of which nowhere more than room overlaps, where an interval may be taken in
// part. It takes them in order of their starts, and cuts those that end last.
func plainMost(list []interval, room int64) (sum int64) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b interval) int { return cmp.Compare(a.start, b.start) })
	for i := range list {
		for used := int64(0); ; {
			used = 0
			last := i
			for j := range list[:i+1] {
				if list[j].end <= list[i].start || list[j].size == 0 {
					continue
				}
				used += list[j].size
				if list[last].size == 0 || list[j].end > list[last].end {
					last = j
				}
			}
			if used <= room {
				break
			}
			list[last].size -= min(list[last].size, used-room)
		}
	}
	for _, v := range list {
		sum += v.size
	}
	return sum
}

// plainBound is Bound with a capacity in chunks, as its definition says it.
func plainBound(list []interval, room int64) (sum int64) {
	var weights []int64
	for i := range list {
		list[i].size = 1
		weights = append(weights, list[i].weight)
	}
	slices.Sort(weights)
	below := int64(0)
	for _, w := range slices.Compact(weights) {
		heavy := slices.DeleteFunc(slices.Clone(list), func(v interval) bool { return v.weight < w })
		sum += (w - below) * plainMost(heavy, room)
		below = w
	}
	return sum
}

// plainRelaxed is the bound with a capacity in bytes where any part of a chunk may be held, in floating point.
func plainRelaxed(list []interval, room int64) (sum float64) {
	density := func(v interval) float64 { return float64(v.weight) / float64(v.size) }
	var densities []float64
	for _, v := range list {
		densities = append(densities, density(v))
	}
	slices.Sort(densities)
	below := 0.0
	for _, d := range slices.Compact(densities) {
		heavy := slices.DeleteFunc(slices.Clone(list), func(v interval) bool { return density(v) < d })
		sum += (d - below) * float64(plainMost(heavy, room))
		below = d
	}
	return sum
}

// plainFractional returns the weight of the heaviest intervals that fit, whole or in parts: a flow of room units from the first
// request to the last, each along the way that gains most, which may take back what an earlier one took (Carlisle and Lloyd).
func plainFractional(list []interval, room int64, requests int) (sum float64) {
	type edge struct {
		from, to int
		room     int64
		gain     float64
	}
	var edges []edge // the opposite of an edge is beside it
	add := func(from, to int, room int64, gain float64) {
		edges = append(edges, edge{from, to, room, gain}, edge{to, from, 0, -gain})
	}
	for i := range requests - 1 {
		add(i, i+1, room, 0)
	}
	for _, v := range list {
		add(v.start, v.end, v.size, float64(v.weight)/float64(v.size))
	}
	for room > 0 {
		gain, by := make([]float64, requests), make([]int, requests)
		for i := range gain[1:] {
			gain[i+1] = math.Inf(-1)
		}
		for changed := true; changed; {
			changed = false
			for i, e := range edges {
				if e.room > 0 && gain[e.from]+e.gain > gain[e.to]+1e-9 {
					gain[e.to], by[e.to], changed = gain[e.from]+e.gain, i, true
				}
			}
		}
		flow := room
		for at := requests - 1; at > 0; at = edges[by[at]].from {
			flow = min(flow, edges[by[at]].room)
		}
		for at := requests - 1; at > 0; at = edges[by[at]].from {
			edges[by[at]].room -= flow
			edges[by[at]^1].room += flow
		}
		sum += gain[requests-1] * float64(flow)
		room -= flow
	}
	return sum
}
