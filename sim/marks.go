package sim

import "math/bits"

// marks is a row of bits, one for each touch, in order of time. A bit is set while its touch is the latest of its chunk, so
// the set bits are the stack, the most recent last.
type marks struct {
	words  []uint64
	counts fenwick // set bits by block
	total  int64   // set bits in all
}

// blockWords is how many words are counted together. They fill a cache line, so counting within a block is quick, and the
// tree over all blocks is small.
const blockWords = 8

// newMarks returns a row of at least that many places, all clear.
func newMarks(places int) marks {
	blocks := (places + 64*blockWords - 1) / (64 * blockWords)
	return marks{words: make([]uint64, blocks*blockWords), counts: newFenwick(blocks)}
}

func (m *marks) len() int { return len(m.words) * 64 }

// from returns how many bits are set at place p and above.
func (m *marks) from(p uint32) int64 {
	w := int(p / 64)
	return m.total - m.below(w) - int64(onesBelow(m.words[w], p%64))
}

// below returns how many bits are set in the words below w.
func (m *marks) below(w int) int64 {
	sum := m.counts.before(w / blockWords)
	for _, word := range m.words[w&^(blockWords-1) : w] {
		sum += int64(bits.OnesCount64(word))
	}
	return sum
}

// fromTop returns the place of the nth set bit from the top, 0 < n ≤ total.
func (m *marks) fromTop(n int64) uint32 {
	below := m.total - n
	block := m.counts.search(func(sum int64) bool { return sum <= below })
	below -= m.counts.before(block)
	word := block * blockWords
	for ; below >= int64(bits.OnesCount64(m.words[word])); word++ {
		below -= int64(bits.OnesCount64(m.words[word]))
	}
	left := m.words[word]
	for range below {
		left &= left - 1
	}
	return uint32(word*64 + bits.TrailingZeros64(left))
}

// set sets n clear bits from place p on.
func (m *marks) set(p uint32, n int) {
	eachWord(p, n, func(w int, mask uint64) { m.words[w] |= mask })
	m.count(p, n, 1)
}

// clear clears n set bits from place p on.
func (m *marks) clear(p uint32, n int) {
	eachWord(p, n, func(w int, mask uint64) { m.words[w] &^= mask })
	m.count(p, n, -1)
}

// count adds sign, 1 or −1, to the counts for each of n places from p on.
func (m *marks) count(p uint32, n int, sign int64) {
	const block = 64 * blockWords
	m.total += sign * int64(n)
	for n > 0 {
		k := min(block-int(p%block), n)
		m.counts.add(int(p/block), sign*int64(k))
		p += uint32(k)
		n -= k
	}
}

// eachWord calls f for every word that has some of the n bits from p on, with the mask of those bits.
func eachWord(p uint32, n int, f func(w int, mask uint64)) {
	for n > 0 {
		bit := int(p % 64)
		k := min(64-bit, n)
		f(int(p/64), ^uint64(0)>>(64-k)<<bit)
		p += uint32(k)
		n -= k
	}
}

// ranks returns, by word, how many bits are set in the words below.
func (m *marks) ranks() []uint32 {
	ranks := make([]uint32, len(m.words))
	var sum uint32
	for w, word := range m.words {
		ranks[w] = sum
		sum += uint32(bits.OnesCount64(word))
	}
	return ranks
}

// onesBelow counts the bits of a word that are set below a bit.
func onesBelow(word uint64, bit uint32) uint32 {
	return uint32(bits.OnesCount64(word & (1<<bit - 1)))
}
