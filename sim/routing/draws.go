package routing

import (
	"math/bits"
	"math/rand/v2"
)

// draws are random numbers. They are those of PCG-DXSM with the seed and 0 as its state, which are the same on every machine.
type draws struct {
	numbers *rand.PCG
	memory  []float64 // for the costs of a choice
}

func newDraws(seed uint64) draws { return draws{numbers: rand.NewPCG(seed, 0)} }

// below returns a number from 0 to n − 1.
func (d *draws) below(n int) int {
	high, _ := bits.Mul64(d.numbers.Uint64(), uint64(n))
	return int(high)
}

// costs returns memory for the cost of each node.
func (d *draws) costs(nodes int) []float64 {
	if cap(d.memory) < nodes {
		d.memory = make([]float64, nodes)
	}
	return d.memory[:nodes]
}

// least returns one of the nodes with the lowest cost, by chance if there are several. A number is drawn only then.
func (d *draws) least(costs []float64) int {
	first, equal := 0, 0
	for node, c := range costs {
		switch lowest := costs[first]; {
		case c < lowest:
			first, equal = node, 1
		case c == lowest:
			equal++
		}
	}
	if equal == 1 {
		return first
	}
	skip, lowest := d.below(equal), costs[first]
	for node := first; ; node++ {
		if costs[node] != lowest {
			continue
		}
		if skip == 0 {
			return node
		}
		skip--
	}
}

// leastLoaded returns one of the nodes with the fewest requests, by chance if there are several.
func (d *draws) leastLoaded(loads []Load) int {
	costs := d.costs(len(loads))
	for node := range costs {
		costs[node] = float64(loads[node].Requests)
	}
	return d.least(costs)
}
