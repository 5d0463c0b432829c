package analyze

import (
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/holders"
	"hashlog/sim/routing"
)

// aware deals the requests of a replay with a cache-aware router, which asks what the nodes hold at the one capacity of the replay.
type aware struct {
	by       routing.Routing
	settings routing.Settings
	router   routing.Router // nil before the first request
	capacity units.Capacity
	holders  *holders.Holders
	loads    *routing.Loads

	request routing.Request
	rows    []sim.Row // of the request, numbered for all nodes alike
	matches []int     // nil until the router asks
}

func newAware(nodes int, by routing.Routing, opts *Options, settings routing.Settings) *aware {
	c := opts.Capacities[0]
	of := holders.Options{Nodes: nodes, Order: opts.TouchOrder, TTL: opts.Cache.TTL.Seconds(), Watermark: opts.Cache.Watermark}
	if c.Unit != units.Unlimited {
		of.Capacity, of.InBytes = c.N, c.Unit == units.Bytes
	}
	return &aware{by: by, settings: settings, capacity: c, holders: holders.New(of), loads: routing.NewLoads(nodes, settings.Load)}
}

// node returns the node of a request that arrives now. keys and rows are those of its chunks, valid until
// the touches of the request; size is the bytes of each.
func (a *aware) node(e *log.Entry, keys []sim.Key, rows []sim.Row, size int64, now float64) int {
	if a.router == nil {
		a.settings.NodeChunks = chunksIn(a.capacity, size)
		a.router = a.by.New(len(a.loads.Nodes()), a.settings)
	}
	a.holders.Advance(now)
	a.loads.Advance(now)
	a.request = routing.Request{Time: now, Keys: keys, ChunkSize: e.ChunkSize, Tokens: e.SeqLen, Session: string(e.SessionID)}
	a.rows, a.matches = rows, nil
	return a.router.Route(&a.request, a)
}

// put puts the request at hand, which has been looked up, on its node. What a shared tier serves does not have to be computed either.
func (a *aware) put(q *request, shared bool) {
	match := a.Matches()[q.node]
	if shared {
		match = heldPrefix(q.runs, a.capacity)
	}
	a.loads.Add(q.node, &a.request, match)
}

// chunksIn returns how many chunks of a size fit into a capacity; 0 if it is unlimited, or the size unknown.
func chunksIn(c units.Capacity, size int64) int64 {
	switch {
	case c.Unit == units.Chunks:
		return c.N
	case c.Unit == units.Bytes && size > 0:
		return c.N / size
	}
	return 0
}

// Matches implements [routing.Fleet].
func (a *aware) Matches() []int {
	if a.matches == nil {
		a.matches = a.holders.Matches(a.rows)
	}
	return a.matches
}

// Loads implements [routing.Fleet].
func (a *aware) Loads() []routing.Load { return a.loads.Nodes() }

// touch applies the touches of a request on its node, whose stack has just returned their distances.
func (a *aware) touch(node int, rows []sim.Row, t *touches) {
	a.holders.Advance(t.time)
	a.holders.TouchSizes(node, rows, t.distances)
}
