package routing

// roundRobin gives each node a request in turn.
var roundRobin = kind{
	about: About{
		Name:   "round-robin",
		Text:   "each node gets a request in turn",
		Source: "the model",
		Date:   readOn,
	},
	make: func(c config) Router { return &roundRobinRouter{nodes: c.nodes} },
}

type roundRobinRouter struct {
	nodes int
	next  int
}

func (r *roundRobinRouter) Route(*Request, Fleet) int {
	node := r.next
	if r.next++; r.next == r.nodes {
		r.next = 0
	}
	return node
}

// random gives each request to any node.
var random = kind{
	about: About{
		Name:   "random",
		Text:   "any node, each with the same probability; the seed decides",
		Source: "the model",
		Date:   readOn,
	},
	make: func(c config) Router { return &randomRouter{nodes: c.nodes, draws: newDraws(c.Seed)} },
}

type randomRouter struct {
	nodes int
	draws
}

func (r *randomRouter) Route(*Request, Fleet) int { return r.below(r.nodes) }

// session gives all requests of a session to one node.
var session = kind{
	about: About{
		Name:   "session",
		Text:   "a consistent hash ring of session_id, so that a session stays on its node; each node in turn gets a request that has none",
		Source: "Karger et al., Consistent hashing and random trees, STOC 1997; production-stack's session routing",
		Date:   readOn,
	},
	needsSession: true,
	make: func(c config) Router {
		return &sessionRouter{ring: newRing(c.nodes), others: roundRobinRouter{nodes: c.nodes}}
	},
}

type sessionRouter struct {
	ring   ring
	others roundRobinRouter
}

func (r *sessionRouter) Route(q *Request, _ Fleet) int {
	if q.Session == "" {
		return r.others.Route(q, nil)
	}
	return r.ring.node(hashSession(q.Session))
}
