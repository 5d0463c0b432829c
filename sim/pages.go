package sim

// pageBits is the size of a page, as a power of two.
const pageBits = 16

// pages is a list that grows without being copied, and so without leaving garbage behind. Element i is in page
// i >> pageBits.
type pages[T any] struct {
	list  [][]T // all pages but the last are full
	n     int
	spare [][]T // empty pages, for later
}

func (p *pages[T]) len() int { return p.n }

func (p *pages[T]) at(i uint32) T { return p.list[i>>pageBits][i&(1<<pageBits-1)] }

// from returns the elements from i on that are in one page, at most n of them.
func (p *pages[T]) from(i uint32, n int) []T {
	page := p.list[i>>pageBits][i&(1<<pageBits-1):]
	return page[:min(n, len(page))]
}

// upTo returns the elements before i that are in one page, at most n of them; i > 0.
func (p *pages[T]) upTo(i uint32, n int) []T {
	page := p.list[(i-1)>>pageBits][:(i-1)&(1<<pageBits-1)+1]
	return page[max(0, len(page)-n):]
}

// append appends values.
func (p *pages[T]) append(values ...T) {
	for len(values) > 0 {
		last := p.room()
		n := min(len(values), 1<<pageBits-len(*last))
		*last = append(*last, values[:n]...)
		values = values[n:]
		p.n += n
	}
}

// add appends one value.
func (p *pages[T]) add(v T) {
	last := p.room()
	*last = append(*last, v)
	p.n++
}

// appendN appends v n times.
func (p *pages[T]) appendN(v T, n int) {
	for n > 0 {
		last := p.room()
		k := min(n, 1<<pageBits-len(*last))
		for range k {
			*last = append(*last, v)
		}
		n -= k
		p.n += k
	}
}

// truncate keeps the first n elements.
func (p *pages[T]) truncate(n int) {
	for p.n > n {
		last := &p.list[len(p.list)-1]
		k := min(p.n-n, len(*last))
		*last = (*last)[:len(*last)-k]
		p.n -= k
		if len(*last) == 0 {
			p.list = p.list[:len(p.list)-1]
		}
	}
}

// set sets element i.
func (p *pages[T]) set(i uint32, v T) { p.list[i>>pageBits][i&(1<<pageBits-1)] = v }

// shrink keeps the first n elements, and memory for half as many again.
func (p *pages[T]) shrink(n int) {
	used := (n + 1<<pageBits - 1) >> pageBits
	for _, page := range p.list[used:] {
		if cap(page) == 1<<pageBits {
			p.spare = append(p.spare, page[:0])
		}
	}
	spare := min(len(p.spare), used/2+1)
	clear(p.spare[spare:])
	p.spare = p.spare[:spare]
	clear(p.list[used:])
	p.list = p.list[:used]
	if used > 0 {
		last := &p.list[used-1]
		*last = (*last)[:n-(used-1)<<pageBits]
	}
	p.n = n
}

// room returns the last page, adding one if that is full. The first page grows, so that short lists are small.
func (p *pages[T]) room() *[]T {
	if last := len(p.list) - 1; last >= 0 && len(p.list[last]) < 1<<pageBits {
		return &p.list[last]
	}
	var page []T
	switch last := len(p.spare) - 1; {
	case last >= 0:
		page, p.spare = p.spare[last], p.spare[:last]
	case p.n > 0:
		page = make([]T, 0, 1<<pageBits)
	}
	p.list = append(p.list, page)
	return &p.list[len(p.list)-1]
}
