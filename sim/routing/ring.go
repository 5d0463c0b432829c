package routing

import (
	"cmp"
	"slices"
	"sort"

	"github.com/zeebo/xxh3"

	"hashlog/sim"
)

// pointsPerNode is how many places a node has on a ring, as in ketama. The shares of two nodes then differ by a tenth or so.
const pointsPerNode = 160

// ring is a consistent hash ring: a key belongs to the node of the first point at or after its hash. So one node more takes
// keys from the others, and moves none between them.
type ring struct {
	points []point // by rising hash
}

type point struct {
	hash uint64
	node int32
}

func newRing(nodes int) ring {
	points := make([]point, 0, nodes*pointsPerNode)
	for node := range nodes {
		for i := range pointsPerNode {
			points = append(points, point{spread(uint64(node)<<32 | uint64(i)), int32(node)})
		}
	}
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.node, b.node))
	})
	return ring{points}
}

// node returns the node that a hash belongs to.
func (r *ring) node(hash uint64) int { return int(r.points[r.find(hash)].node) }

// find returns which point a hash belongs to.
func (r *ring) find(hash uint64) int {
	at := sort.Search(len(r.points), func(i int) bool { return r.points[i].hash >= hash })
	if at == len(r.points) {
		return 0
	}
	return at
}

// next returns the point after another.
func (r *ring) next(at int) int {
	if at++; at == len(r.points) {
		return 0
	}
	return at
}

// hashKeys hashes the leading chunks of a request. All of them count: a key need not stand for the chunks before it.
func hashKeys(keys []sim.Key) (hash uint64) {
	for _, key := range keys {
		hash = spread(hash ^ key)
	}
	return hash
}

// hashSession hashes a session_id.
func hashSession(id string) uint64 { return spread(xxh3.HashString(id)) }

// spread changes about half of the bits of the result for any change of x. It is the finalizer of SplitMix64: Steele, Lea and
// Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
func spread(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
