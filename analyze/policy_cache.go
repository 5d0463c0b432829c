package analyze

import (
	"fmt"

	"hashlog/analyze/units"
	"hashlog/sim"
	"hashlog/sim/policy"
)

// policyCache is a cache that evicts by rules of its own, which is fed all requests. If it draws random numbers, it is there with other
// seeds too, which tell by how much its hit rate varies.
type policyCache struct {
	live      *policy.Live
	evictions int64 // by counted touches

	others   []*policy.Live // the same cache with other seeds; none if it draws no random numbers
	prefixes []int          // chunks of the request at hand that they hit
	hits     []int64        // tokens that they hit of the counted requests
}

// newPolicyCache returns an empty cache of a capacity for the chunks of a log.
func newPolicyCache(c units.Capacity, spec policy.Spec, order sim.Order, log *policy.Chunks) *policyCache {
	p := &policyCache{}
	for i, s := range spec.Seeds(policySeeds) {
		live, err := policy.NewLive(s, replayCapacity(c), order, log)
		if err != nil {
			panic(err) // the options have been checked
		}
		if i == 0 {
			p.live = live
		} else {
			p.others, p.prefixes, p.hits = append(p.others, live), append(p.prefixes, 0), append(p.hits, 0)
		}
	}
	return p
}

func (c *policyCache) lookUp(q *request) found {
	f, prefix := found{depth: noStack}, 0
	for _, s := range c.live.Resident(q.rows) {
		if s.First == 0 {
			prefix = s.N
		}
		f.resident += q.tokens.between(s.First, s.First+s.N)
	}
	f.hit, f.prefix, f.chunks = q.hit(prefix), q.tokens.first(prefix), int64(prefix)
	for i, other := range c.others {
		c.prefixes[i] = other.Prefix(q.rows)
		c.hits[i] += q.hit(c.prefixes[i])
	}
	return f
}

func (c *policyCache) touch(t *touches) (hits, written int64) {
	did := c.live.Touch(t.time, t.rows)
	for _, other := range c.others {
		other.Touch(t.time, t.rows)
	}
	if t.counted {
		c.evictions += did.Evictions
	}
	return did.Hits, did.Written
}

// addTo adds what only the cache itself knows to its result.
func (c *policyCache) addTo(r *Result) {
	r.Evictions = &c.evictions
	r.spread(c.hits)
}

// expire does nothing: its chunks have no TTL.
func (c *policyCache) expire() {}

func (c *policyCache) resident() int64 { return c.live.Chunks() }

// takenText says in a sentence which bytes of a capacity chunks of some size take, 0 if sizes differ; "" if as many as they have, or if
// capacities are in chunks.
func takenText(spec policy.Spec, chunkBytes int64, unit units.Unit) string {
	how := policy.AboutOf(spec).Bytes
	switch taken := spec.Taken(chunkBytes); {
	case how == "" || unit != units.Bytes:
		return ""
	case chunkBytes == 0:
		return fmt.Sprintf("Capacities in bytes are those that the server counts: %s.", how)
	default:
		return fmt.Sprintf("Capacities in bytes are those that the server counts, %s for a chunk of %s: %s.", units.FormatBytes(taken), units.FormatBytes(chunkBytes), how)
	}
}
