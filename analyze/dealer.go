package analyze

import (
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/routing"
)

// dealer deals the requests of a replay to its nodes. nil deals all to the only node.
type dealer struct {
	router  routing.Router // nil if each source is a node
	aware   bool           // whether the router asks what the nodes hold
	late    bool           // whether the replay numbers chunks itself, since it looks them up on several nodes
	sources map[string]int // numbers of nodes by source

	request routing.Request // at hand, on the heap once
}

// dealsEarly reports whether requests are dealt before the replay.
func (d *dealer) dealsEarly() bool { return d != nil && !d.aware }

// numbersLate reports whether the replay numbers the chunks of requests.
func (d *dealer) numbersLate() bool { return d != nil && (d.aware || d.late) }

// node returns the node of a request, if it is dealt before the replay.
func (d *dealer) node(e *log.Entry, keys []sim.Key) int {
	if d.router == nil {
		return d.sources[e.Source]
	}
	d.request = routing.Request{Time: e.Timestamp, Keys: keys, Tokens: e.SeqLen}
	return d.router.Route(&d.request, nil)
}
