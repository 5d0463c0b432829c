package workload

import (
	"math/bits"
	"math/rand/v2"
)

// random draws numbers. It takes only the source from math/rand/v2, whose PCG is specified. How that package draws a number
// from a range is not.
type random struct {
	source rand.PCG
}

func newRandom(seed uint64) random {
	return random{*rand.NewPCG(seed, mix(seed))}
}

// below returns a number from 0 to n−1. Probabilities differ from 1/n by less than 2⁻⁶⁴.
func (r *random) below(n uint64) uint64 {
	high, _ := bits.Mul64(r.source.Uint64(), n)
	return high
}

// one is 1 as a fixed-point number of 32 binary places.
const one = 1 << 32

// exponential returns a number, in units of 1/one, of the exponential distribution with mean 1.
//
// The method is that of J. von Neumann, "Various techniques used in connection with random digits" (1951). It needs only
// comparisons: the probability that a falling run of uniform numbers, starting with x, has an odd length is
//
//	(1 − x) + (x²/2! − x³/3!) + … = e^−x
func (r *random) exponential() uint64 {
	for whole := uint64(0); ; whole += one {
		first := r.source.Uint64()
		odd := true
		for last, next := first, r.source.Uint64(); next < last; last, next = next, r.source.Uint64() {
			odd = !odd
		}
		if odd {
			return whole + first>>32
		}
	}
}

// length returns a number of the exponential distribution with the given mean.
func (r *random) length(mean uint64) uint64 {
	high, low := bits.Mul64(mean, r.exponential())
	return high<<32 | low>>32
}

// skewed returns a rank from 0 to n−1, low ones more often. The ranks below head are equally likely, and so are those
// within each doubling from there on. Each doubling has as many draws as all ranks below head together. This is Zipf's law (one
// over the rank) in steps.
func (r *random) skewed(n, head uint64) uint64 {
	if n <= head {
		return r.below(n)
	}
	doublings := uint64(bits.Len64((n - 1) / head))
	for {
		k := r.below(doublings + 1)
		if k == 0 {
			return r.below(head)
		}
		low := head << (k - 1)
		if rank := low + r.below(low); rank < n {
			return rank
		}
	}
}
