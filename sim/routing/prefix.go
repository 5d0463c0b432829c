package routing

import "math"

const optBounded = "bounded"

// prefix gives all requests that begin alike to one node.
//
// With bounded loads, a node takes a request only if it then has at most ⌈c × m / n⌉, where m are the requests of all n nodes,
// this one included. Mirrokni, Thorup and Zadimoghaddam: Consistent hashing with bounded loads, SODA 2018. The requests of a node are
// those that were dealt to it within the load window, whatever they hit, so the router stays oblivious.
var prefix = kind{
	about: About{
		Name:     "prefix",
		Argument: "K",
		Text: "a consistent hash ring of the first K chunks, or of all of a request that has fewer; " +
			"each node in turn gets a request that has none",
		Load:       "requests",
		LoadOption: optBounded,
		Source:     "Karger et al., Consistent hashing and random trees, STOC 1997; Mirrokni et al., Consistent hashing with bounded loads, SODA 2018",
		Date:       readOn,
		Options: []Option{
			{Name: optBounded, Text: "passes over nodes that would have more than this times the mean of the requests within the load window; 0: no bound",
				Values: "0 or from 1 to 1000", Valid: func(v float64) bool { return v == 0 || v >= 1 && v <= 1000 }},
		},
	},
	make: func(c config) Router {
		r := &prefixRouter{k: c.k, ring: newRing(c.nodes), others: roundRobinRouter{nodes: c.nodes}}
		if bound := c.option(optBounded); bound > 0 {
			return &boundedRouter{prefixRouter: r, bound: bound, loads: NewLoads(c.nodes, LoadModel{Window: c.Load.Window})}
		}
		return r
	},
}

type prefixRouter struct {
	k      int
	ring   ring
	others roundRobinRouter
}

func (r *prefixRouter) Route(q *Request, _ Fleet) int {
	if len(q.Keys) == 0 {
		return r.others.Route(q, nil)
	}
	return r.ring.node(r.hash(q))
}

// hash returns the place of a request on the ring.
func (r *prefixRouter) hash(q *Request) uint64 { return hashKeys(q.Keys[:min(r.k, len(q.Keys))]) }

type boundedRouter struct {
	*prefixRouter
	bound float64
	loads *Loads
}

func (r *boundedRouter) Route(q *Request, _ Fleet) int {
	r.loads.Advance(q.Time)
	node := r.choose(q)
	r.loads.Add(node, q, 0)
	return node
}

func (r *boundedRouter) choose(q *Request) int {
	if len(q.Keys) == 0 {
		return r.others.Route(q, nil)
	}
	nodes := r.loads.Nodes()
	most := int64(math.Ceil(r.bound * float64(r.loads.Requests()+1) / float64(len(nodes))))
	// The mean is less than the bound, so some node has room.
	for at := r.ring.find(r.hash(q)); ; at = r.ring.next(at) {
		if node := r.ring.nodeAt(at); nodes[node].Requests < most {
			return node
		}
	}
}
