package routing

import (
	"math/bits"
	"math/rand/v2"
)

// draws are random numbers. They are those of PCG-DXSM with the seed and 0 as its state, which are the same on every machine.
type draws struct {
	numbers *rand.PCG
	equals  []int // memory for the nodes of a choice
}

func newDraws(seed uint64) draws { return draws{numbers: rand.NewPCG(seed, 0)} }

// below returns a number from 0 to n − 1.
func (d *draws) below(n int) int {
	high, _ := bits.Mul64(d.numbers.Uint64(), uint64(n))
	return int(high)
}

// least returns one of the nodes with the lowest cost, by chance if there are several. A number is drawn only then.
func (d *draws) least(nodes int, cost func(node int) float64) int {
	d.equals = d.equals[:0]
	var lowest float64
	for node := range nodes {
		c := cost(node)
		if len(d.equals) == 0 || c < lowest {
			lowest, d.equals = c, d.equals[:0]
		}
		if c == lowest {
			d.equals = append(d.equals, node)
		}
	}
	if len(d.equals) == 1 {
		return d.equals[0]
	}
	return d.equals[d.below(len(d.equals))]
}

// leastLoaded returns one of the nodes with the fewest requests, by chance if there are several.
func (d *draws) leastLoaded(loads []Load) int {
	return d.least(len(loads), func(node int) float64 { return float64(loads[node].Requests) })
}
