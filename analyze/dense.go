package analyze

const pageSize = 512

// dense is a histogram for depths in chunks, which are small and lie close together. It holds differences between
// neighbours, so that a span of step 1 costs two additions however long it is. Pages that nothing fell into are nil, and
// nearly all others have room enough in narrow numbers.
type dense struct {
	pages []page // weight at a depth − weight at the depth before
	all   int64
}

// page holds differences in either form; both nil are zeros.
type page struct {
	narrow *[pageSize]int32
	wide   *[pageSize]int64
}

func (h *dense) add(s span) {
	h.all += s.n * s.weight
	h.change(s.lo, s.weight)
	h.change(s.lo+s.n, -s.weight)
}

func (h *dense) change(depth, by int64) {
	for int(depth/pageSize) >= len(h.pages) {
		h.pages = append(h.pages, page{})
	}
	p, i := &h.pages[depth/pageSize], depth%pageSize
	if p.narrow != nil {
		if sum := int64(p.narrow[i]) + by; sum == int64(int32(sum)) {
			p.narrow[i] = int32(sum)
			return
		}
	}
	p.change(i, by)
}

// change makes room for a difference first.
func (p *page) change(i, by int64) {
	switch {
	case p.wide != nil:
	case p.narrow == nil && by == int64(int32(by)):
		p.narrow = new([pageSize]int32)
		p.narrow[i] = int32(by)
		return
	default:
		p.widen()
	}
	p.wide[i] += by
}

func (p *page) widen() {
	p.wide = new([pageSize]int64)
	if p.narrow != nil {
		for i, v := range p.narrow {
			p.wide[i] = int64(v)
		}
		p.narrow = nil
	}
}

func (p *page) empty() bool { return p.narrow == nil && p.wide == nil }

// at returns difference i of a page that isn't empty.
func (p *page) at(i int) int64 {
	if p.narrow != nil {
		return int64(p.narrow[i])
	}
	return p.wide[i]
}

func (h *dense) total() int64 { return h.all }

// each calls f for stretches of depths of one weight, which may be 0, in rising order, until it returns false.
func (h *dense) each(f func(span) (more bool)) {
	at := span{step: 1}
	for i := range h.pages {
		page := &h.pages[i]
		if page.empty() {
			at.n += pageSize
			continue
		}
		for j := range pageSize {
			change := page.at(j)
			if change != 0 && at.n > 0 {
				if !f(at) {
					return
				}
				at.lo, at.n = int64(i*pageSize+j), 0
			}
			at.weight += change
			at.n++
		}
	}
	if at.n > 0 {
		f(at)
	}
}

func (h *dense) sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	i, sum := 0, int64(0)
	h.each(func(s span) bool {
		for i < len(capacities) && capacities[i] <= s.last() {
			out[i] = sum + s.upTo(capacities[i])*s.weight
			i++
		}
		sum += s.n * s.weight
		return i < len(capacities)
	})
	for ; i < len(capacities); i++ {
		out[i] = sum
	}
	return out
}

func (h *dense) reach(want int64) (capacity int64, ok bool) {
	if want <= 0 {
		return 1, true
	}
	var sum int64
	h.each(func(s span) bool {
		if ok = sum+s.n*s.weight >= want; ok {
			capacity = s.lo + (want-sum-1)/s.weight
		}
		sum += s.n * s.weight
		return !ok
	})
	return capacity, ok
}

// scaled returns the histogram of the same weights at depths multiplied by a factor.
func (h *dense) scaled(by int64) *sparse {
	out := &sparse{}
	h.each(func(s span) bool {
		if s.weight != 0 {
			out.add(span{lo: s.lo * by, step: by, n: s.n, weight: s.weight})
		}
		return true
	})
	return out
}
