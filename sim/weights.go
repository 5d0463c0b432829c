package sim

import "math/bits"

// weights holds the bytes of the chunks in the stack, by place: the counterpart of marks for chunks of unlike sizes.
// While all chunks have one size there is none, since bytes are then chunks × size.
type weights struct {
	at    []int64 // bytes of the chunk whose latest touch is at that place; stale elsewhere
	sums  fenwick // by word of marks
	total int64
}

// newWeights returns the weights of a stack whose chunks all have one size.
func newWeights(m *marks, size int64) *weights {
	w := &weights{at: make([]int64, m.len()), sums: newFenwick(len(m.words))}
	for i, word := range m.words {
		w.sums[i+1] = size * int64(bits.OnesCount64(word))
	}
	w.sums.build()
	for i := range w.at {
		w.at[i] = size
	}
	w.total = size * m.total
	return w
}

// from returns the bytes at place p and above.
func (w *weights) from(m *marks, p uint32) int64 {
	word := int(p / 64)
	sum := w.total - w.sums.before(word)
	for below := m.words[word] & (1<<(p%64) - 1); below != 0; below &= below - 1 {
		sum -= w.at[word*64+bits.TrailingZeros64(below)]
	}
	return sum
}

// set puts n chunks of one size at place p and above.
func (w *weights) set(p uint32, n int, size int64) {
	for ; n > 0; n-- {
		w.put(p, size)
		p++
	}
}

func (w *weights) put(p uint32, size int64) {
	w.at[p] = size
	w.sums.add(int(p/64), size)
	w.total += size
}

// move takes the n chunks at place p and above to place q and above.
func (w *weights) move(p, q uint32, n int) {
	for i := range uint32(n) {
		size := w.at[p+i]
		w.sums.add(int((p+i)/64), -size)
		w.total -= size
		w.put(q+i, size)
	}
}

// compact drops the stale places, as marks are renumbered from old to a row of places without gaps.
func (w *weights) compact(old *marks, places int) {
	at := make([]int64, places)
	next := 0
	w.sums = newFenwick(places / 64)
	for i, word := range old.words {
		for ; word != 0; word &= word - 1 {
			size := w.at[i*64+bits.TrailingZeros64(word)]
			at[next] = size
			w.sums[next/64+1] += size
			next++
		}
	}
	w.sums.build()
	w.at = at
}

// fitting returns how many chunks from the top of the stack down fit into capacity bytes together.
func (w *weights) fitting(m *marks, capacity int64) int64 {
	if capacity >= w.total {
		return m.total
	}
	// The sum of all places below p must be at least what does not fit. Go down the tree to the last word before which
	// it is not, then through that word.
	excess := w.total - capacity
	word := 0
	var gone, chunks int64
	for step := 1 << (bits.Len(uint(len(w.sums))) - 1); step > 0; step >>= 1 {
		if next := word + step; next < len(w.sums) && gone+w.sums[next] < excess {
			word = next
			gone += w.sums[next]
			chunks += m.counts[next]
		}
	}
	for left := m.words[word]; gone < excess; left &= left - 1 {
		gone += w.at[word*64+bits.TrailingZeros64(left)]
		chunks++
	}
	return m.total - chunks
}
