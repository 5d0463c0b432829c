package sim

import "math/bits"

// fenwick holds running sums of a row of numbers, one number a block (Fenwick, "A new data structure for cumulative
// frequency tables", Software: Practice and Experience 24(3), 1994). Element i of the slice is the sum of the blocks
// (i − lowbit(i), i], counted from 1.
type fenwick []int64

func newFenwick(blocks int) fenwick { return make(fenwick, blocks+1) }

// add adds v to a block.
func (f fenwick) add(block int, v int64) {
	for i := block + 1; i < len(f); i += i & -i {
		f[i] += v
	}
}

// move moves v from a block to one that is not before it. Sums over both blocks stay as they are, so they are not visited.
func (f fenwick) move(from, to int, v int64) {
	i, j := from+1, to+1
	for ; i < j; i += i & -i {
		f[i] -= v
	}
	for ; j < min(i, len(f)); j += j & -j {
		f[j] += v
	}
}

// before returns the sum of the blocks below block.
func (f fenwick) before(block int) int64 {
	var sum int64
	for i := block; i > 0; i &= i - 1 {
		sum += f[i]
	}
	return sum
}

// search returns the last block for which the sum of all blocks before it passes. No number is negative, and the sums that
// pass are those up to some bound, 0 included.
func (f fenwick) search(passes func(sum int64) bool) (block int) {
	var sum int64
	for step := 1 << (bits.Len(uint(len(f))) - 1); step > 0; step >>= 1 {
		if next := block + step; next < len(f) && passes(sum+f[next]) {
			block = next
			sum += f[next]
		}
	}
	return block
}

// build turns a slice whose element i+1 is the number of block i into running sums.
func (f fenwick) build() {
	for i := 1; i < len(f); i++ {
		if up := i + i&-i; up < len(f) {
			f[up] += f[i]
		}
	}
}
