package sim

import "math/bits"

// marks is a row of bits, one a touch in order of time. A bit is set while its touch is the latest of its chunk, so the
// set bits are the stack, most recent last.
type marks struct {
	words  []uint64
	counts fenwick // set bits by word
	total  int64   // set bits in all
}

func newMarks(places int) marks {
	words := (places + 63) / 64
	return marks{words: make([]uint64, words), counts: newFenwick(words)}
}

func (m *marks) len() int { return len(m.words) * 64 }

// from returns how many bits are set at place p and above.
func (m *marks) from(p uint32) int64 {
	w := int(p / 64)
	below := m.words[w] & (1<<(p%64) - 1)
	return m.total - m.counts.before(w) - int64(bits.OnesCount64(below))
}

// set sets n clear bits from place p on.
func (m *marks) set(p uint32, n int) {
	m.eachWord(p, n, func(w int, mask uint64, n int) {
		m.words[w] |= mask
		m.counts.add(w, int64(n))
	})
	m.total += int64(n)
}

// clear clears n set bits from place p on.
func (m *marks) clear(p uint32, n int) {
	m.eachWord(p, n, func(w int, mask uint64, n int) {
		m.words[w] &^= mask
		m.counts.add(w, -int64(n))
	})
	m.total -= int64(n)
}

// eachWord calls f for every word that the n places from p on touch, with the mask and the number of those places in it.
func (m *marks) eachWord(p uint32, n int, f func(w int, mask uint64, n int)) {
	for n > 0 {
		bit := int(p % 64)
		k := min(64-bit, n)
		f(int(p/64), ^uint64(0)>>(64-k)<<bit, k)
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

// fill sets the first n bits of a row without any.
func (m *marks) fill(n int) {
	for p := 0; p < n; p += 64 {
		k := min(64, n-p)
		m.words[p/64] = ^uint64(0) >> (64 - k)
		m.counts[p/64+1] = int64(k)
	}
	m.counts.build()
	m.total = int64(n)
}

// onesBelow counts the bits of a word that are set below a bit.
func onesBelow(word uint64, bit uint32) uint32 {
	return uint32(bits.OnesCount64(word & (1<<bit - 1)))
}
