package routing

// Loads counts how busy each node is. It is not safe for concurrent use.
type Loads struct {
	model    LoadModel
	nodes    []Load
	requests int64     // of all nodes
	free     []float64 // when a node has computed all prefill that it has; only with a PrefillRate
	ends     endings
}

// NewLoads returns the loads of nodes that have no request.
func NewLoads(nodes int, model LoadModel) *Loads {
	l := &Loads{model: model, nodes: make([]Load, nodes)}
	if model.PrefillRate > 0 {
		l.free = make([]float64, nodes)
	}
	return l
}

// Nodes returns the load of each node, which the next call changes in place.
func (l *Loads) Nodes() []Load { return l.nodes }

// Requests returns how many requests are on all nodes together.
func (l *Loads) Requests() int64 { return l.requests }

// Advance ends the prefill and the requests that are over at a time. A request is on its node before its end, and not at it.
func (l *Loads) Advance(now float64) {
	for len(l.ends) > 0 && l.ends[0].at <= now {
		l.take(l.ends.pop())
	}
}

// take takes what has ended from the load of its node.
func (l *Loads) take(e ending) {
	n := &l.nodes[e.node]
	n.Waiting -= e.load.Waiting
	n.Misses -= e.load.Misses
	n.MissTokens -= e.load.MissTokens
	n.Chunks -= e.load.Chunks
	n.Tokens -= e.load.Tokens
	n.Requests -= e.load.Requests
	l.requests -= e.load.Requests
}

// Add puts a request, which arrives now, on a node that holds its first match chunks.
func (l *Loads) Add(node int, q *Request, match int) {
	prefill := Load{Waiting: 1, Misses: int64(len(q.Keys) - match), MissTokens: q.Tokens - q.Matched(match)}
	rest := Load{Requests: 1, Chunks: int64(len(q.Keys)), Tokens: q.Tokens}
	n := &l.nodes[node]
	n.Waiting++
	n.Misses += prefill.Misses
	n.MissTokens += prefill.MissTokens
	n.Chunks += rest.Chunks
	n.Tokens += rest.Tokens
	n.Requests++
	l.requests++
	if l.model.windowed() {
		rest.Waiting, rest.Misses, rest.MissTokens = 1, prefill.Misses, prefill.MissTokens
		l.ends.push(ending{q.Time + l.model.Window.Seconds(), int32(node), rest})
		return
	}
	computed := l.compute(node, q.Time, prefill.MissTokens)
	l.ends.push(ending{computed, int32(node), prefill})
	l.ends.push(ending{computed + l.model.DecodeTime.Seconds(), int32(node), rest})
}

// compute returns when a node has computed the tokens of a request that arrives now.
func (l *Loads) compute(node int, now float64, tokens int64) float64 {
	if l.model.PrefillRate == 0 {
		return now
	}
	l.free[node] = max(l.free[node], now) + float64(tokens)/l.model.PrefillRate
	return l.free[node]
}

// ending is a load that ends.
type ending struct {
	at   float64
	node int32
	load Load
}

// endings is a heap: the first ending is the earliest. Endings that come in the order of time, as with a window, cost nothing
// to put in.
type endings []ending

func (h *endings) push(e ending) {
	s := append(*h, e)
	i := len(s) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if s[parent].at <= e.at {
			break
		}
		s[i], i = s[parent], parent
	}
	s[i], *h = e, s
}

func (h *endings) pop() ending {
	s := *h
	first, last := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	i := 0
	for {
		child := 2*i + 1
		if child >= len(s) {
			break
		}
		if child+1 < len(s) && s[child+1].at < s[child].at {
			child++
		}
		if last.at <= s[child].at {
			break
		}
		s[i], i = s[child], child
	}
	if len(s) > 0 {
		s[i] = last
	}
	return first
}
