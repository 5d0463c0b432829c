package histogram

const pageSize = 512

// Dense holds several histograms for depths in chunks, which are small and close together. The weights of a depth lie side
// by side, because a chunk has nearly the same depth in all of them. They are read through [Dense.Columns].
//
// It stores differences between neighbouring depths, so a span of step 1 costs two additions regardless of its length.
// Pages without weights are nil, and nearly all others fit narrow integers. Changes are made many at a time, so that the
// processor waits for the memory of several at once. NewDense makes one.
type Dense struct {
	n       int    // number of histograms
	pages   []page // weight at a depth − weight at the depth before
	totals  []int64
	waiting []change // to be made
	put     []change // to be made once the histograms are read
}

// change is a change of a difference of one histogram.
type change struct {
	depth, by int64
	i         int // of the histogram
}

// changesTogether is how many changes are made at a time. A span is two changes.
const changesTogether = 128

// page holds the differences of pageSize depths, n for each depth, in one of two widths. If both are nil, all are 0.
type page struct {
	narrow []int32
	wide   []int64
}

// NewDense returns n empty histograms.
func NewDense(n int) *Dense {
	return &Dense{n: n, totals: make([]int64, n), waiting: make([]change, 0, changesTogether)}
}

// Len returns the number of histograms.
func (h *Dense) Len() int { return h.n }

// Add adds a span, which must have step 1, to histogram i.
func (h *Dense) Add(i int, s Span) {
	h.totals[i] += s.N * s.Weight
	if len(h.waiting) == changesTogether {
		h.settle()
	}
	h.waiting = append(h.waiting, change{s.Lo, s.Weight, i}, change{s.Lo + s.N, -s.Weight, i})
}

// AddAll adds the spans of another histogram, which must all have step 1, to histogram i.
func (h *Dense) AddAll(i int, from *Sparse) {
	for page := range from.pages {
		for _, s := range from.page(page) {
			h.Add(i, s)
		}
	}
}

// settle makes the changes that wait.
func (h *Dense) settle() {
	for _, c := range h.waiting {
		h.change(c.i, c.depth, c.by)
	}
	h.waiting = h.waiting[:0]
}

// change adds to a difference of histogram i.
func (h *Dense) change(i int, depth, by int64) {
	for int(depth/pageSize) >= len(h.pages) {
		h.pages = append(h.pages, page{})
	}
	p := &h.pages[depth/pageSize]
	at := int(depth%pageSize)*h.n + i
	if at < len(p.narrow) {
		if sum := int64(p.narrow[at]) + by; sum == int64(int32(sum)) {
			p.narrow[at] = int32(sum)
			return
		}
	}
	p.change(at, by, h.n)
}

// change adds to a difference of a page of n histograms, making or widening the page if necessary.
func (p *page) change(at int, by int64, n int) {
	switch {
	case p.wide != nil:
	case p.narrow == nil && by == int64(int32(by)):
		p.narrow = make([]int32, n*pageSize)
		p.narrow[at] = int32(by)
		return
	default:
		p.widen(n)
	}
	p.wide[at] += by
}

func (p *page) widen(n int) {
	p.wide = make([]int64, n*pageSize)
	for i, v := range p.narrow {
		p.wide[i] = int64(v)
	}
	p.narrow = nil
}

func (p *page) empty() bool { return p.narrow == nil && p.wide == nil }

// at returns a difference of a page that is not empty.
func (p *page) at(i int) int64 {
	if p.narrow != nil {
		return int64(p.narrow[i])
	}
	return p.wide[i]
}

// settleAll makes all changes that are left.
func (h *Dense) settleAll() {
	h.settle()
	for _, c := range h.put {
		h.change(c.i, c.depth, c.by)
	}
	h.put = nil
}

// Scaled returns histogram i with all depths multiplied by a factor.
func (h *Dense) Scaled(i int, by int64) *Sparse {
	h.settleAll()
	out := &Sparse{}
	level := Span{Step: by} // of the depths so far that have one weight
	for k := range h.pages {
		page := &h.pages[k]
		if page.empty() {
			level.N += pageSize
			continue
		}
		for j := range int64(pageSize) {
			if change := page.at(int(j)*h.n + i); change != 0 {
				if level.N > 0 && level.Weight != 0 {
					out.Add(level)
				}
				level = Span{Lo: (int64(k)*pageSize + j) * by, Step: by, Weight: level.Weight + change}
			}
			level.N++
		}
	}
	return out // the weight beyond the last depth is 0
}

// Merge adds the weights of other histograms, as many as there are here. Their weights stay as they are, but nobody else may
// use from meanwhile.
func (h *Dense) Merge(from *Dense) {
	from.settleAll()
	for i, total := range from.totals {
		h.totals[i] += total
	}
	for k := range from.pages {
		p := &from.pages[k]
		if p.empty() {
			continue
		}
		for at := range pageSize * from.n {
			if by := p.at(at); by != 0 {
				h.change(at%from.n, int64(k*pageSize+at/from.n), by)
			}
		}
	}
}
