package histogram

const pageSize = 512

// Dense is a histogram for depths in chunks, which are small and close together. It stores differences between neighbouring
// depths, so a span of step 1 costs two additions regardless of its length. Pages without weights are nil, and nearly all
// others fit narrow integers.
type Dense struct {
	pages []page // weight at a depth − weight at the depth before
	all   int64
}

// page holds differences in one of two widths. If both are nil, all are 0.
type page struct {
	narrow *[pageSize]int32
	wide   *[pageSize]int64
}

// Add adds a span, which must have step 1.
func (h *Dense) Add(s Span) {
	h.all += s.N * s.Weight
	h.change(s.Lo, s.Weight)
	h.change(s.Lo+s.N, -s.Weight)
}

func (h *Dense) change(depth, by int64) {
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

// change adds to difference i, making or widening the page if necessary.
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

// at returns difference i of a page that is not empty.
func (p *page) at(i int) int64 {
	if p.narrow != nil {
		return int64(p.narrow[i])
	}
	return p.wide[i]
}

// Total returns the sum of all weights.
func (h *Dense) Total() int64 { return h.all }

// each calls f for stretches of depths with equal weight (possibly 0), in rising order, until f returns false.
func (h *Dense) each(f func(Span) (more bool)) {
	at := Span{Step: 1}
	for i := range h.pages {
		page := &h.pages[i]
		if page.empty() {
			at.N += pageSize
			continue
		}
		for j := range pageSize {
			change := page.at(j)
			if change != 0 && at.N > 0 {
				if !f(at) {
					return
				}
				at.Lo, at.N = int64(i*pageSize+j), 0
			}
			at.Weight += change
			at.N++
		}
	}
	if at.N > 0 {
		f(at)
	}
}

// Sums implements [Histogram].
func (h *Dense) Sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	i, sum := 0, int64(0)
	h.each(func(s Span) bool {
		for i < len(capacities) && capacities[i] <= s.Last() {
			out[i] = sum + s.UpTo(capacities[i])*s.Weight
			i++
		}
		sum += s.N * s.Weight
		return i < len(capacities)
	})
	for ; i < len(capacities); i++ {
		out[i] = sum
	}
	return out
}

// Reach implements [Histogram].
func (h *Dense) Reach(want int64) (capacity int64, ok bool) {
	if want <= 0 {
		return 1, true
	}
	var sum int64
	h.each(func(s Span) bool {
		if ok = sum+s.N*s.Weight >= want; ok {
			capacity = s.Lo + (want-sum-1)/s.Weight
		}
		sum += s.N * s.Weight
		return !ok
	})
	return capacity, ok
}

// Scaled returns a histogram of the same weights, with all depths multiplied by a factor.
func (h *Dense) Scaled(by int64) *Sparse {
	out := &Sparse{}
	h.each(func(s Span) bool {
		if s.Weight != 0 {
			out.Add(Span{Lo: s.Lo * by, Step: by, N: s.N, Weight: s.Weight})
		}
		return true
	})
	return out
}

// Merge adds the weights of another histogram, which is not modified.
func (h *Dense) Merge(from *Dense) {
	h.all += from.all
	for i := range from.pages {
		p := &from.pages[i]
		if p.empty() {
			continue
		}
		for j := range pageSize {
			if by := p.at(j); by != 0 {
				h.change(int64(i*pageSize+j), by)
			}
		}
	}
}
