package analyze

import (
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/routing"
)

// dealer deals the requests of a replay to its nodes, unless the router is cache-aware: the replay then asks it. nil deals all to the
// only node.
type dealer struct {
	router   routing.Router // an oblivious one; nil if each source is a node
	sources  map[string]int // numbers of nodes by source; those without a node have no requests
	requests []int64        // by node, if each source is one
	sessions int64          // requests with a session, if an oblivious router deals
	late     bool           // whether the replay numbers chunks itself, since it looks them up on several nodes
	global   *sim.Index     // that numbers chunks for all nodes alike, if the router is cache-aware; else nil

	request routing.Request // at hand, on the heap once
}

// dealsEarly reports whether requests are dealt before the replay.
func (d *dealer) dealsEarly() bool { return d != nil && d.global == nil }

// numbersLate reports whether the replay numbers the chunks of requests on their nodes, for which it needs their keys.
func (d *dealer) numbersLate() bool { return d != nil && (d.late || d.global != nil) }

// node returns the node of a request, if it is dealt before the replay.
func (d *dealer) node(e *log.Entry, keys []sim.Key) int {
	if d.router == nil {
		node := d.sources[e.Source]
		d.requests[node]++
		return node
	}
	d.request = routing.Request{Time: e.Timestamp, Keys: keys, ChunkSize: e.ChunkSize, Tokens: e.SeqLen, Session: string(e.SessionID)}
	if len(e.SessionID) > 0 {
		d.sessions++
	}
	return d.router.Route(&d.request, nil)
}
