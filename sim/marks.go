package sim

import "math/bits"

// marks is a row of bits, one for each touch, in order of time. A bit is set while its touch is the latest of its chunk, so
// the set bits are the stack, the most recent last.
type marks struct {
	words  []uint64
	counts fenwick // set bits by block
	total  int64   // set bits in all
}

const (
	// blockWords is how many words are counted together. They fill a cache line, so counting within a block is quick, and the
	// tree over all blocks is small.
	blockWords  = 8
	blockPlaces = 64 * blockWords
)

// newMarks returns a row of at least that many places, all clear.
func newMarks(places int) marks {
	blocks := (places + blockPlaces - 1) / blockPlaces
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

// any reports whether any bit is set from place p up to, but not including, end.
func (m *marks) any(p, end uint32) bool {
	for ; p < end; p = (p/64 + 1) * 64 {
		if word := m.words[p/64] >> (p % 64); word != 0 {
			return uint32(bits.TrailingZeros64(word)) < end-p
		}
	}
	return false
}

// set sets n clear bits from place p on.
func (m *marks) set(p uint32, n int) {
	eachWord(p, n, func(w int, mask uint64) { m.words[w] |= mask })
	m.total += int64(n)
	eachBlock(p, n, func(block, n int) { m.counts.add(block, int64(n)) })
}

// move clears n set bits from place p on, and sets n clear bits from place q on, q ≥ p + n.
func (m *marks) move(p, q uint32, n int) {
	eachWord(p, n, func(w int, mask uint64) { m.words[w] &^= mask })
	eachWord(q, n, func(w int, mask uint64) { m.words[w] |= mask })
	moveCounts(m.counts, p, q, n, 1)
}

// eachBlock calls f for every block that has some of the n places from p on, with the number of those places.
func eachBlock(p uint32, n int, f func(block, n int)) {
	for n > 0 {
		k := min(blockPlaces-int(p%blockPlaces), n)
		f(int(p/blockPlaces), k)
		p += uint32(k)
		n -= k
	}
}

// moveCounts moves each × n from the blocks of the n places from p on to those of the n places from q on, q ≥ p + n.
func moveCounts(sums fenwick, p, q uint32, n int, each int64) {
	for n > 0 {
		k := min(blockPlaces-int(max(p%blockPlaces, q%blockPlaces)), n)
		sums.move(int(p/blockPlaces), int(q/blockPlaces), int64(k)*each)
		p += uint32(k)
		q += uint32(k)
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

// has reports whether the bit at place p is set.
func (m *marks) has(p uint32) bool { return m.words[p/64]>>(p%64)&1 != 0 }

// keepTop clears all bits but the n highest that are set.
func (m *marks) keepTop(n int64) {
	if n >= m.total {
		return
	}
	lowest := uint32(m.len())
	if n > 0 {
		lowest = m.fromTop(n)
	}
	w := int(lowest / 64)
	clear(m.words[:w])
	if w < len(m.words) {
		m.words[w] = m.words[w] >> (lowest % 64) << (lowest % 64)
	}
	m.recount()
}

// recount counts the bits anew, once words have been written.
func (m *marks) recount() {
	clear(m.counts)
	m.total = 0
	for w, word := range m.words {
		n := int64(bits.OnesCount64(word))
		m.counts[w/blockWords+1] += n
		m.total += n
	}
	m.counts.build()
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
