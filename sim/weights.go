package sim

import "math/bits"

// weights holds the bytes of the chunks in the stack, by place: it is to bytes what marks is to chunks. A stack whose chunks
// all have one size has no weights, since bytes are then chunks × size. There are few different sizes, so a place holds the
// number of one.
type weights struct {
	sizes   []int64          // the different sizes
	classes map[int64]uint32 // their numbers
	at      []uint32         // by place: the number of the size of the chunk whose latest touch is there; stale elsewhere
	sums    fenwick          // bytes by word of marks
	total   int64
}

// newWeights returns the weights of a stack whose chunks have all had one size so far.
func newWeights(m *marks, size int64) *weights {
	w := &weights{sizes: []int64{size}, classes: map[int64]uint32{size: 0}, at: make([]uint32, m.len()), sums: newFenwick(len(m.words))}
	for i, word := range m.words {
		w.sums[i+1] = size * int64(bits.OnesCount64(word))
	}
	w.sums.build()
	w.total = size * m.total
	return w
}

func (w *weights) sizeAt(place uint32) int64 { return w.sizes[w.at[place]] }

// class returns the number of a size.
func (w *weights) class(size int64) uint32 {
	class, ok := w.classes[size]
	if !ok {
		class = uint32(len(w.sizes))
		w.classes[size] = class
		w.sizes = append(w.sizes, size)
	}
	return class
}

// lenOfSize returns how many leading places have chunks of one size.
func (w *weights) lenOfSize(places []uint32, size int64) int {
	for i, p := range places {
		if w.sizeAt(p) != size {
			return i
		}
	}
	return len(places)
}

// from returns the bytes at place p and above it.
func (w *weights) from(m *marks, p uint32) int64 {
	word := int(p / 64)
	sum := w.total - w.sums.before(word)
	for below := m.words[word] & (1<<(p%64) - 1); below != 0; below &= below - 1 {
		sum -= w.sizeAt(uint32(word*64 + bits.TrailingZeros64(below)))
	}
	return sum
}

// set puts n chunks of one size at the places from p on.
func (w *weights) set(p uint32, n int, size int64) {
	class := w.class(size)
	for i := range w.at[p : int(p)+n] {
		w.at[int(p)+i] = class
	}
	w.count(p, n, size)
}

// move moves the n chunks at the places from p on, which have one size, to the places from q on.
func (w *weights) move(p, q uint32, n int) {
	size := w.sizeAt(p)
	copy(w.at[q:], w.at[p:int(p)+n])
	w.count(p, n, -size)
	w.count(q, n, size)
}

// count adds bytes to the sums for each of n places from p on.
func (w *weights) count(p uint32, n int, each int64) {
	w.total += int64(n) * each
	for n > 0 {
		k := min(64-int(p%64), n)
		w.sums.add(int(p/64), int64(k)*each)
		p += uint32(k)
		n -= k
	}
}

// compact drops the stale places, as the marks are renumbered from old to a row without gaps.
func (w *weights) compact(old *marks, places int) {
	at := make([]uint32, places)
	next := 0
	for i, word := range old.words {
		if word == ^uint64(0) {
			next += copy(at[next:], w.at[i*64:i*64+64])
			continue
		}
		for ; word != 0; word &= word - 1 {
			at[next] = w.at[i*64+bits.TrailingZeros64(word)]
			next++
		}
	}
	w.at = at
	w.sums = newFenwick(places / 64)
	for i, class := range at[:next] {
		w.sums[i/64+1] += w.sizes[class]
	}
	w.sums.build()
}

// fitting returns how many chunks from the top of the stack down fit into capacity bytes together.
func (w *weights) fitting(m *marks, capacity int64) int64 {
	if capacity >= w.total {
		return m.total
	}
	// What does not fit must be below the place to find. Go down the tree to the last word that has less than that below it,
	// then through that word.
	excess := w.total - capacity
	word := w.sums.search(func(sum int64) bool { return sum < excess })
	gone := w.sums.before(word)
	chunks := m.below(word)
	for left := m.words[word]; gone < excess; left &= left - 1 {
		gone += w.sizeAt(uint32(word*64 + bits.TrailingZeros64(left)))
		chunks++
	}
	return m.total - chunks
}
