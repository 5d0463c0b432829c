package sim

import "math/bits"

// weights holds the bytes of the chunks in the stack, by place: it is to bytes what marks is to chunks. A stack whose chunks
// all have one size has no weights, since bytes are then chunks × size. The sizes are numbered, and the numbers of 64 places are
// stored by bit: a word with bit 0 of each number, a word with bit 1 and so on. So the fewer different sizes, the faster.
type weights struct {
	sizes   []int64          // the different sizes
	classes map[int64]uint32 // their numbers
	digits  int              // bits in a number
	numbers []uint64         // by place, digits words for each word of marks; stale where no touch is the latest
	sums    fenwick          // bytes by block of marks
	total   int64
}

// newWeights returns the weights of a stack whose chunks have all had one size so far.
func newWeights(m *marks, size int64) *weights {
	w := &weights{sizes: []int64{size}, classes: map[int64]uint32{size: 0}, sums: make(fenwick, len(m.counts))}
	for i, chunks := range m.counts {
		w.sums[i] = chunks * size
	}
	w.total = m.total * size
	return w
}

// class returns the number of a size.
func (w *weights) class(size int64) uint32 {
	class, ok := w.classes[size]
	if !ok {
		class = uint32(len(w.sizes))
		w.classes[size] = class
		w.sizes = append(w.sizes, size)
		if bits.Len32(class) > w.digits {
			w.lengthen()
		}
	}
	return class
}

// lengthen adds a bit, 0, to the numbers at all places.
func (w *weights) lengthen() {
	old, words := *w, (len(w.sums)-1)*blockWords
	w.digits++
	w.numbers = make([]uint64, words*w.digits)
	for i := range words {
		copy(w.at(i), old.at(i))
	}
}

// at returns the numbers at the places of a word, by bit.
func (w *weights) at(word int) []uint64 { return w.numbers[word*w.digits:][:w.digits] }

// classAt returns the number of the size at a place.
func (w *weights) classAt(p uint32) (class uint32) {
	for k, digit := range w.at(int(p / 64)) {
		class |= uint32(digit>>(p%64)&1) << k
	}
	return class
}

func (w *weights) sizeAt(p uint32) int64 { return w.sizes[w.classAt(p)] }

// unlike returns, as bits, the places of a word whose size is not that of a class.
func (w *weights) unlike(word int, class uint32) (places uint64) {
	for k, digit := range w.at(word) {
		places |= digit ^ -uint64(class>>k&1)
	}
	return places
}

// first returns the size at the lowest of some places of a word, given as bits, and which of them have that size.
func (w *weights) first(word int, places uint64) (size int64, alike uint64) {
	lowest := bits.TrailingZeros64(places) % 64
	class := uint32(0)
	for k, digit := range w.at(word) {
		bit := digit >> lowest & 1
		class |= uint32(bit) << k
		places &^= digit ^ -bit
	}
	return w.sizes[class], places
}

// bytesOf returns the bytes at some places of a word, given as bits.
func (w *weights) bytesOf(word int, places uint64) (sum int64) {
	for places != 0 {
		size, alike := w.first(word, places)
		sum += size * int64(bits.OnesCount64(alike))
		places &^= alike
	}
	return sum
}

// alikeFrom returns how many of n places from p up have the size at p before one has another.
func (w *weights) alikeFrom(p uint32, n int) int {
	class, alike := w.classAt(p), n
	eachWord(p, n, func(word int, mask uint64) {
		if unlike := w.unlike(word, class) & mask; unlike != 0 {
			alike = min(alike, word*64+bits.TrailingZeros64(unlike)-int(p))
		}
	})
	return alike
}

// alikeUpTo returns how many of n places from p down have the size at p before one has another.
func (w *weights) alikeUpTo(p uint32, n int) int {
	class, alike := w.classAt(p), n
	eachWord(p+1-uint32(n), n, func(word int, mask uint64) {
		if unlike := w.unlike(word, class) & mask; unlike != 0 {
			alike = int(p) - (word*64 + 63 - bits.LeadingZeros64(unlike))
		}
	})
	return alike
}

// from returns the bytes at place p and above it.
func (w *weights) from(m *marks, p uint32) int64 {
	word := int(p / 64)
	first := word &^ (blockWords - 1)
	sum := w.total - w.sums.before(word/blockWords)
	for i, marked := range m.words[first:word] {
		sum -= w.bytesOf(first+i, marked)
	}
	return sum - w.bytesOf(word, m.words[word]&(1<<(p%64)-1))
}

// set puts n chunks of one size at the places from p on.
func (w *weights) set(p uint32, n int, size int64) {
	w.write(p, n, w.class(size))
	w.total += int64(n) * size
	eachBlock(p, n, func(block, n int) { w.sums.add(block, int64(n)*size) })
}

// move moves the n chunks at the places from p on, which have one size, to the places from q on, q ≥ p + n.
func (w *weights) move(p, q uint32, n int) {
	class := w.classAt(p)
	w.write(q, n, class)
	moveCounts(w.sums, p, q, n, w.sizes[class])
}

// write writes the number of a size at n places from p on.
func (w *weights) write(p uint32, n int, class uint32) {
	eachWord(p, n, func(word int, mask uint64) {
		digits := w.at(word)
		for k, digit := range digits {
			digits[k] = digit&^mask | -uint64(class>>k&1)&mask
		}
	})
}

// put writes the number of a size at a place.
func (w *weights) put(p uint32, class uint32) {
	digits, mask := w.at(int(p/64)), uint64(1)<<(p%64)
	for k, digit := range digits {
		digits[k] = digit&^mask | -uint64(class>>k&1)&mask
	}
}

// compact drops the stale places, and those that are no longer marked, as the marks are renumbered from old to m, a row without gaps.
func (w *weights) compact(old, m *marks) {
	from := *w
	w.numbers = make([]uint64, len(m.words)*w.digits)
	next := 0
	for i, left := range old.words {
		for left != 0 {
			start := bits.TrailingZeros64(left)
			n := bits.TrailingZeros64(^(left >> start)) // length of a stretch of marked places
			for k, digit := range from.at(i) {
				stretch := digit >> start & (1<<n - 1)
				w.at(next / 64)[k] |= stretch << (next % 64)
				if next%64+n > 64 {
					w.at(next/64 + 1)[k] = stretch >> (64 - next%64)
				}
			}
			next += n
			left &^= (1<<n - 1) << start
		}
	}
	w.sums = make(fenwick, len(m.counts))
	w.sum(m)
}

// sum sums up the bytes anew, once numbers have been written.
func (w *weights) sum(m *marks) {
	clear(w.sums)
	w.total = 0
	for i, marked := range m.words {
		bytes := w.bytesOf(i, marked)
		w.sums[i/blockWords+1] += bytes
		w.total += bytes
	}
	w.sums.build()
}

// fitting returns how many chunks from the top of the stack down fit into capacity bytes together.
func (w *weights) fitting(m *marks, capacity int64) int64 {
	if capacity >= w.total {
		return m.total
	}
	// What does not fit must be below the place to find. Go down the tree to the last block that has less than that below it,
	// then through that block.
	excess := w.total - capacity
	block := w.sums.search(func(sum int64) bool { return sum < excess })
	_, chunks, _ := w.skipBytes(m, uint32(block*blockPlaces), excess-w.sums.before(block))
	return m.total - m.counts.before(block) - chunks
}

// skip goes up from place p past n marked places. It returns a place between the last of them and the next, and the bytes of
// the n chunks.
func (w *weights) skip(m *marks, p uint32, n int64) (to uint32, bytes int64) {
	word := int(p / 64)
	left := m.words[word] >> (p % 64) << (p % 64)
	for int64(bits.OnesCount64(left)) < n {
		n -= int64(bits.OnesCount64(left))
		bytes += w.bytesOf(word, left)
		word++
		left = m.words[word]
	}
	rest := dropLowest(left, int(n))
	bytes += w.bytesOf(word, left&^rest)
	return uint32(word*64 + bits.TrailingZeros64(rest)), bytes
}

// skipBytes goes up from place p past as few chunks as have at least so many bytes together. It returns a place between the
// last of them and the next, their number, and their bytes.
func (w *weights) skipBytes(m *marks, p uint32, atLeast int64) (to uint32, chunks, bytes int64) {
	word := int(p / 64)
	left := m.words[word] >> (p % 64) << (p % 64)
	for bytes < atLeast {
		for left == 0 {
			word++
			left = m.words[word]
		}
		// Skip a stretch of chunks of one size, or as much of it as it takes.
		size, alike := w.first(word, left)
		unlike := left &^ alike
		n := int64(bits.OnesCount64(alike & (unlike&-unlike - 1)))
		if n*size > atLeast-bytes {
			n = (atLeast-bytes-1)/size + 1
		}
		left = dropLowest(left, int(n))
		chunks += n
		bytes += n * size
	}
	return uint32(word*64 + bits.TrailingZeros64(left)), chunks, bytes
}

// dropLowest clears the n lowest set bits of a word that has at least so many.
func dropLowest(word uint64, n int) uint64 {
	for n > 0 { // from one stretch of set bits to the next
		start := bits.TrailingZeros64(word)
		k := min(n, bits.TrailingZeros64(^(word >> start)))
		word &^= (1<<k - 1) << start
		n -= k
	}
	return word
}
