// Package distribution counts whole numbers in classes, for percentiles in bounded memory.
//
// Numbers below 256 have a class each. Above, each power of two has 128 classes of equal width, so a class is at most 1/128 as
// wide as its numbers are large, and its middle at most 1/256 off. This is the layout of an HDR histogram (Gil Tene,
// hdrhistogram.org). All int64 together need 7,296 classes of eight bytes.
package distribution

import (
	"math/bits"
	"slices"
)

const (
	// digits is the number of leading bits of a number, after the first, that choose its class.
	digits = 7
	exact  = 1 << (digits + 1) // numbers below have a class each
)

// Counts are how often numbers ≥ 0 occur. The zero value is empty.
type Counts struct {
	n       int64
	sum     wide
	max     int64
	classes []int64 // up to the class of the largest number
}

// Add adds a number n times. A negative n takes it away again, which leaves the maximum as it is.
func (c *Counts) Add(number, n int64) {
	*c.class(classOf(number)) += n
	c.n += n
	c.sum.addProduct(number, n)
	if n > 0 && number > c.max {
		c.max = number
	}
}

// AddRow adds the n numbers from first on, each once.
func (c *Counts) AddRow(first, n int64) {
	last := first + n - 1
	c.class(classOf(last))
	for from := first; from <= last; {
		class := classOf(from)
		_, end := bounds(class)
		end = min(end, last)
		c.classes[class] += end - from + 1
		from = end + 1
	}
	c.n += n
	c.sum.addProduct(first, n)
	half, other := n, n-1 // their product / 2 is the sum of 0 … n−1
	if half%2 == 0 {
		half /= 2
	} else {
		other /= 2
	}
	c.sum.addProduct(half, other)
	c.max = max(c.max, last)
}

// Merge adds the numbers of other counts.
func (c *Counts) Merge(from *Counts) {
	if len(from.classes) > 0 {
		c.class(len(from.classes) - 1)
	}
	for class, n := range from.classes {
		c.classes[class] += n
	}
	c.n += from.n
	c.sum.add(from.sum)
	c.max = max(c.max, from.max)
}

// class returns the count of a class, which it adds if it is missing.
func (c *Counts) class(class int) *int64 {
	if class >= len(c.classes) {
		c.classes = slices.Grow(c.classes, class+1-len(c.classes))[:class+1]
	}
	return &c.classes[class]
}

// N returns how many numbers there are.
func (c *Counts) N() int64 { return c.n }

// Max returns the largest number, 0 if there is none.
func (c *Counts) Max() int64 { return c.max }

// Mean returns the mean of the numbers, 0 if there is none.
func (c *Counts) Mean() float64 {
	if c.n == 0 {
		return 0
	}
	return c.sum.float() / float64(c.n)
}

// Percentile returns the smallest number that at least p percent of the numbers do not exceed, 0 < p ≤ 100, as the middle of
// its class or the maximum, whichever is less. It returns 0 if there is no number.
func (c *Counts) Percentile(p int64) int64 {
	rank := (c.n/100)*p + (c.n%100*p+99)/100
	for class, n := range c.classes {
		if rank -= n; rank <= 0 && n > 0 {
			return min(middle(class), c.max)
		}
	}
	return 0
}

// ClassOf returns the first and the last number of a number's class.
func ClassOf(number int64) (first, last int64) { return bounds(classOf(number)) }

func classOf(number int64) int {
	if number < exact {
		return int(number)
	}
	shift := bits.Len64(uint64(number)) - (digits + 1)
	return shift<<digits + int(number>>shift)
}

// bounds returns the first and the last number of a class.
func bounds(class int) (first, last int64) {
	if class < exact {
		return int64(class), int64(class)
	}
	shift := class>>digits - 1
	first = int64(class-shift<<digits) << shift
	return first, first + (1<<shift - 1)
}

func middle(class int) int64 {
	first, last := bounds(class)
	return first + (last-first)/2
}

// wide is a whole number of 128 bits, in two's complement.
type wide struct{ hi, lo uint64 }

func (w *wide) add(more wide) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, more.lo, 0)
	w.hi += more.hi + carry
}

// addProduct adds a × b, a ≥ 0.
func (w *wide) addProduct(a, b int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if b < 0 {
		hi -= uint64(a)
	}
	w.add(wide{hi, lo})
}

// float returns a number ≥ 0 as a float64.
func (w wide) float() float64 { return float64(w.hi)*(1<<64) + float64(w.lo) }
