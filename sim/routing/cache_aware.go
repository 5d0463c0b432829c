package routing

import "math"

// A product is converted to float64 before anything is added to it. So it is rounded on every machine, and all of them deal alike.

// longest returns the most chunks that a node matches.
func longest(matches []int) (most int) {
	for _, m := range matches {
		most = max(most, m)
	}
	return most
}

// requestRange returns the fewest and the most requests on a node.
func requestRange(loads []Load) (fewest, most int64) {
	fewest = math.MaxInt64
	for i := range loads {
		n := loads[i].Requests
		fewest, most = min(fewest, n), max(most, n)
	}
	return fewest, most
}

// longestPrefixRouter looks at the match first.
type longestPrefixRouter struct{ draws }

func (r *longestPrefixRouter) Route(_ *Request, fleet Fleet) int {
	matches, loads := fleet.Matches(), fleet.Loads()
	most := longest(matches)
	costs := r.costs(len(matches))
	for node, m := range matches {
		costs[node] = math.Inf(1)
		if m == most {
			costs[node] = float64(loads[node].Requests)
		}
	}
	return r.least(costs)
}

// dynamoRouter weighs what a node has yet to compute against what it is busy with.
type dynamoRouter struct {
	credit, scale, requests float64
	draws
}

func (r *dynamoRouter) Route(q *Request, fleet Fleet) int {
	matches, loads := fleet.Matches(), fleet.Loads()
	costs := r.costs(len(matches))
	for node, m := range matches {
		l := &loads[node]
		prefill := float64(l.MissTokens+q.Tokens)/float64(q.ChunkSize) - float64(r.credit*float64(m))
		costs[node] = float64(r.scale*max(0, prefill)) + float64(l.Chunks) + float64(r.requests*float64(l.Requests))
	}
	return r.least(costs)
}

// sglangRouter follows long matches as long as the load is balanced.
type sglangRouter struct {
	gap, ratio, match float64
	draws
}

func (r *sglangRouter) Route(q *Request, fleet Fleet) int {
	loads := fleet.Loads()
	fewest, most := requestRange(loads)
	if float64(most-fewest) > r.gap && float64(most) > r.ratio*float64(fewest) {
		return r.leastLoaded(loads)
	}
	matches := fleet.Matches()
	if m := longest(matches); q.Tokens == 0 || float64(q.Matched(m))/float64(q.Tokens) <= r.match {
		return r.leastLoaded(loads)
	}
	costs := r.costs(len(matches))
	for node, m := range matches {
		costs[node] = float64(-m)
	}
	return r.least(costs)
}

// aibrixRouter follows matches to nodes whose load is not far above the others'.
type aibrixRouter struct {
	gap, sigma float64
	draws
}

func (r *aibrixRouter) Route(q *Request, fleet Fleet) int {
	loads, matches := fleet.Loads(), fleet.Matches()
	fewest, most := requestRange(loads)
	limit := r.limit(loads)
	if float64(most-fewest) > r.gap {
		limit = float64(fewest)
	}
	costs, found := r.costs(len(matches)), false
	for node, m := range matches {
		costs[node] = math.Inf(1)
		if n := float64(loads[node].Requests); m > 0 && n <= limit {
			percent := 100 * m / len(q.Keys)
			costs[node], found = n-float64(percent)*decisive, true
		}
	}
	if !found {
		return r.leastLoaded(loads)
	}
	return r.least(costs)
}

// decisive is more than any number of requests, so that a percent of a match outweighs them.
const decisive = 1 << 40

// limit returns the mean of the requests plus sigma of their standard deviations, those of a sample.
func (r *aibrixRouter) limit(loads []Load) float64 {
	n, sum, squares := float64(len(loads)), 0.0, 0.0
	for i := range loads {
		sum += float64(loads[i].Requests)
	}
	mean := sum / n
	if n == 1 {
		return mean
	}
	for i := range loads {
		d := float64(loads[i].Requests) - mean
		squares += float64(d * d)
	}
	return mean + float64(r.sigma*math.Sqrt(squares/(n-1)))
}

// llmdRouter adds scores from 0 to 1, each with a weight.
type llmdRouter struct {
	prefix, usage, queue float64
	capacity             int64 // of a node in chunks; 0: unlimited, or not known
	draws
}

func (r *llmdRouter) Route(q *Request, fleet Fleet) int {
	matches, loads := fleet.Matches(), fleet.Loads()
	shortest, longest := int64(math.MaxInt64), int64(0)
	for i := range loads {
		n := loads[i].Waiting
		shortest, longest = min(shortest, n), max(longest, n)
	}
	costs := r.costs(len(matches))
	for node, m := range matches {
		matched, free, ahead := 0.0, 1.0, 1.0
		if m > 0 {
			matched = float64(m) / float64(len(q.Keys))
		}
		if r.capacity > 0 {
			free = max(0, 1-float64(loads[node].Chunks)/float64(r.capacity))
		}
		if longest > shortest {
			ahead = float64(longest-loads[node].Waiting) / float64(longest-shortest)
		}
		costs[node] = -(float64(r.prefix*matched) + float64(r.usage*free) + float64(r.queue*ahead))
	}
	return r.least(costs)
}

// productionStackRouter follows matches that leave little to compute.
type productionStackRouter struct {
	tokens float64
	ring   ring
}

func (r *productionStackRouter) Route(q *Request, fleet Fleet) int {
	holder := 0
	matches := fleet.Matches()
	for node, m := range matches {
		if m > matches[holder] {
			holder = node
		}
	}
	if m := matches[holder]; m > 0 && float64(q.Matched(m)) >= float64(q.Tokens)-r.tokens {
		return holder
	}
	if q.Session != "" {
		return r.ring.node(hashSession(q.Session))
	}
	idle, loads := 0, fleet.Loads()
	for node := range loads {
		if loads[node].Requests < loads[idle].Requests {
			idle = node
		}
	}
	return idle
}
