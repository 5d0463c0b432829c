package policy

import "math/bits"

// highest is a set of numbers that finds its highest at once: a bit for each number, and above each word of 64 bits a bit that
// tells whether any of them is set, up to a single word.
type highest [][]uint64 // the lowest level first

// newHighest returns an empty set of numbers below n.
func newHighest(n int) (h highest) {
	for {
		n = (n + 63) / 64
		h = append(h, make([]uint64, max(1, n)))
		if n <= 1 {
			return h
		}
	}
}

func (h highest) add(n int) {
	for _, level := range h {
		word := &level[n/64]
		had := *word
		*word |= 1 << (n % 64)
		if had != 0 {
			return
		}
		n /= 64
	}
}

// remove takes out a number of the set.
func (h highest) remove(n int) {
	for _, level := range h {
		word := &level[n/64]
		if *word &^= 1 << (n % 64); *word != 0 {
			return
		}
		n /= 64
	}
}

// max returns the highest number. The set must not be empty.
func (h highest) max() (n int) {
	for i := len(h) - 1; i >= 0; i-- {
		n = n*64 + bits.Len64(h[i][n]) - 1
	}
	return n
}

func (h highest) empty() bool { return h[len(h)-1][0] == 0 }
