package analyze

import (
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/routing"
)

// dealer deals the requests of a replay to its nodes, unless the router is cache-aware.
type dealer struct {
	router   routing.Router // an oblivious one; nil if each source is a node
	sources  map[string]int // numbers of nodes by source
	requests []int64        // by node, if each source is one
	sessions int64          // requests with a session, if an oblivious router deals

	request routing.Request // at hand, on the heap once
}

// node returns the node of a request that arrives now, in seconds since the Unix epoch, which never goes back. It fails with a
// [*NamedSourceError] if the source has none.
func (d *dealer) node(e *log.Entry, keys []sim.Key, now float64) (int, error) {
	if d.router == nil {
		node, ok := d.sources[e.Source]
		if !ok {
			return 0, source{file: e.File, line: e.Line}.at(&NamedSourceError{e.Source})
		}
		d.requests[node]++
		return node, nil
	}
	d.request = routing.Request{Time: now, Keys: keys, ChunkSize: e.ChunkSize, Tokens: e.SeqLen, Session: string(e.SessionID)}
	if len(e.SessionID) > 0 {
		d.sessions++
	}
	return d.router.Route(&d.request, nil), nil
}
