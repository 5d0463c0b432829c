package analyze

// FleetSection holds the figures of fleets of one number of nodes, each with a cache of one capacity.
type FleetSection struct {
	Nodes    int
	Capacity Size           // of one node
	Results  []*FleetResult // by routing
	Pool     *PooledResult  // one cache of the capacity of all nodes
}

// Sections returns the figures by number of nodes, then by capacity, in the order asked.
func (r *FleetReport) Sections() []FleetSection {
	capacities := len(r.Results)
	out := make([]FleetSection, len(r.Pooled))
	for i := range r.Pooled {
		p, at := &r.Pooled[i], i%capacities
		s := FleetSection{Nodes: p.Nodes, Capacity: Size{r.Results[at].CapacityBytes, r.Results[at].CapacityChunks}, Pool: p}
		for j := at; j < len(r.Fleet); j += capacities {
			if r.Fleet[j].Nodes == p.Nodes {
				s.Results = append(s.Results, &r.Fleet[j])
			}
		}
		out[i] = s
	}
	return out
}

// Best returns the routing that hits most, the first of a tie; nil if there is none.
func (s *FleetSection) Best() (best *FleetResult) {
	for _, r := range s.Results {
		if best == nil || r.HitTokens > best.HitTokens {
			best = r
		}
	}
	return best
}

// PoolGain returns how much higher the token hit rate of the pool is than that of the nodes. It can be negative: a plain LRU
// that all requests share is not always better than several.
func (s *FleetSection) PoolGain(of *FleetResult) float64 {
	return s.Pool.TokenHitRate - of.TokenHitRate
}

// Residents sums up Copies.
type Residents struct {
	Chunks   int64 // on all nodes, a chunk on two nodes counted twice
	Distinct int64
	Single   int64 // distinct chunks on one node alone
	Most     int   // nodes that hold the chunk with the most copies
}

// Spare are the copies beyond the first of each chunk.
func (r Residents) Spare() int64 { return r.Chunks - r.Distinct }

// Several are the distinct chunks on more than one node.
func (r Residents) Several() int64 { return r.Distinct - r.Single }

// Residents sums up how many chunks are resident on how many nodes at the end.
func (r *FleetResult) Residents() (sum Residents) {
	for _, c := range r.Copies {
		sum.Chunks += int64(c.Nodes) * c.Chunks
		sum.Distinct += c.Chunks
		sum.Most = max(sum.Most, c.Nodes)
		if c.Nodes == 1 {
			sum.Single += c.Chunks
		}
	}
	return sum
}

// Dealings divides Nodes by routing and number of nodes, in their order.
func (r *FleetReport) Dealings() (out [][]FleetNode) {
	first := 0
	for i := range r.Nodes {
		n, start := &r.Nodes[i], &r.Nodes[first]
		if n.Routing != start.Routing || n.Nodes != start.Nodes {
			out, first = append(out, r.Nodes[first:i]), i
		}
	}
	if len(r.Nodes) > 0 {
		out = append(out, r.Nodes[first:])
	}
	return out
}
