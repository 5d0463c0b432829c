package routing

import (
	"slices"

	"github.com/zeebo/xxh3"

	"hashlog/sim"
)

// pointsPerNode is how many places a node has on a ring, as in ketama. The shares of two nodes then differ by a tenth or so.
const pointsPerNode = 160

// ring is a consistent hash ring: a key belongs to the node of the first point at or after its hash. So one node more takes
// keys from the others, and moves none between them. A point is the upper bits of its hash, and its node in the lower ones, so
// that a ring is small and quick to sort and search.
type ring struct {
	points []uint64 // by rising hash
}

const (
	nodeBits = 24
	nodeMask = 1<<nodeBits - 1
)

func newRing(nodes int) ring {
	points := make([]uint64, 0, nodes*pointsPerNode)
	for node := range uint64(nodes) {
		for i := range uint64(pointsPerNode) {
			points = append(points, spread(node<<32|i)&^nodeMask|node)
		}
	}
	slices.Sort(points)
	return ring{points}
}

// node returns the node that a hash belongs to.
func (r *ring) node(hash uint64) int { return r.nodeAt(r.find(hash)) }

// nodeAt returns the node of a point.
func (r *ring) nodeAt(at int) int { return int(r.points[at] & nodeMask) }

// find returns which point a hash belongs to.
func (r *ring) find(hash uint64) int {
	at, _ := slices.BinarySearch(r.points, hash&^nodeMask)
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
