package histogram

import (
	"errors"
	"iter"
	"math/bits"
	"slices"
	"unsafe"
)

// Change is by how much the weight of a depth exceeds that of the depth before it.
type Change struct{ Depth, By int64 }

// MaxDepth is the largest depth that a histogram in chunks can have.
const MaxDepth = 1<<32 - 1

var errNoHistogram = errors.New("the changes are not those of a histogram")

// Changes returns the changes of histogram i that are not 0, from the smallest depth on. They stand for the histogram, see [Dense.Put].
func (h *Dense) Changes(i int) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		h.settleAll()
		for k := range h.pages {
			p := &h.pages[k]
			if p.empty() {
				continue
			}
			for j := range pageSize {
				if by := p.at(j*h.n + i); by != 0 && !yield(Change{int64(k*pageSize + j), by}) {
					return
				}
			}
		}
	}
}

// Put adds the weights of a histogram to histogram i, given its changes from the smallest depth on. It takes memory for the changes alone, and
// for the depths only once the histograms are read; [Dense.Deepest] can be asked before. It fails, and adds nothing, unless the changes give
// weights ≥ 0 at depths up to [MaxDepth] that add up to at most some weight.
func (h *Dense) Put(i int, changes []Change, most int64) error {
	var total, weight int64
	at := int64(0) // the weights before are in total
	for _, c := range changes {
		if c.Depth < at || c.Depth > MaxDepth+1 || c.By == 0 {
			return errNoHistogram
		}
		over, more := bits.Mul64(uint64(weight), uint64(c.Depth-at))
		if over > 0 || more > uint64(most-total) {
			return errNoHistogram
		}
		total += int64(more)
		if c.By > most-weight || c.By < -weight {
			return errNoHistogram
		}
		at, weight = c.Depth, weight+c.By
	}
	if weight != 0 {
		return errNoHistogram
	}
	h.totals[i] += total
	h.put = slices.Grow(h.put, len(changes))
	for _, c := range changes {
		h.put = append(h.put, change{c.Depth, c.By, i})
	}
	return nil
}

// Deepest returns the largest depth with a weight, of what has been put since the histograms were read; 0 if there is nothing.
func (h *Dense) Deepest() (depth int64) {
	for _, c := range h.put {
		depth = max(depth, c.depth-1)
	}
	return depth
}

// Memory returns how many bytes the pages of what has been put will take once the histograms are read. They can be many more than
// those of the changes: each may lie on a page of its own.
func (h *Dense) Memory() int64 {
	const perPage = int64(unsafe.Sizeof(page{}))
	perColumn := int64(h.n) * int64(unsafe.Sizeof(state{}))
	all := (h.Deepest()+1)/pageSize + 1
	touched := make([]uint64, (all+63)/64)
	n := int64(0)
	for _, c := range h.put {
		word, bit := &touched[c.depth/pageSize/64], uint64(1)<<(c.depth/pageSize%64)
		if *word&bit == 0 {
			*word |= bit
			n++
		}
	}
	return all*(perPage+perColumn) + n*int64(h.n)*pageSize*int64(unsafe.Sizeof(int32(0)))
}

// Total returns the sum of all weights of histogram i.
func (h *Dense) Total(i int) int64 { return h.totals[i] }
