package policy

import (
	"cmp"
	"math"
)

// feasible is what a replay must return: a cache that holds chunks, and looks up who is resident. victim chooses what to drop.
func (p plainTrace) feasible(c Capacity, victim func(held map[interval]bool, now int) interval) (sum int64) {
	list := p.intervals(c)
	held := make(map[interval]bool)
	lost := make(map[int]int) // by request: the first place that will be missing
	for i := range p.requests {
		lost[i] = math.MaxInt
	}
	for _, v := range list {
		if v.size > c.N {
			lost[v.end] = min(lost[v.end], v.place)
		}
	}
	for now, chunks := range p.chunks {
		prefix := 0
		for prefix < len(chunks) && p.resident(held, chunks[prefix]) {
			prefix++
		}
		if p.requests[now].counted {
			sum += p.requests[now].worth(prefix)
		}
		for v := range held {
			if v.end == now {
				delete(held, v)
			}
		}
		for _, v := range list {
			if v.start == now && v.place < lost[v.end] {
				held[v] = true
			}
		}
		for used(held) > c.N {
			v := victim(held, now)
			delete(held, v)
			lost[v.end] = v.place
		}
	}
	return sum
}

func (p plainTrace) resident(held map[interval]bool, id uint32) bool {
	for v := range held {
		if v.id == id {
			return true
		}
	}
	return false
}

func used(held map[interval]bool) (sum int64) {
	for v := range held {
		sum += v.size
	}
	return sum
}

// lastOf returns the interval that ends last, of those the deepest.
func lastOf(held map[interval]bool, _ int) (last interval) {
	for v := range held {
		if last.size == 0 || cmp.Or(cmp.Compare(v.end, last.end), cmp.Compare(v.place, last.place)) > 0 {
			last = v
		}
	}
	return last
}

// poorest returns a function that returns an interval of the request that gains least, of those the deepest.
func poorest(c *classes, price float64) func(held map[interval]bool, now int) interval {
	return func(held map[interval]bool, now int) (poorest interval) {
		last := make([]int, c.n) // requests
		for v := range held {
			class := c.class[v.end]
			last[class] = max(last[class], v.end)
		}
		least, end := math.Inf(1), 0
		for _, request := range last {
			if gain := c.density[request] - float64(price*float64(request-now)); request > 0 && gain < least {
				least, end = gain, request
			}
		}
		for v := range held {
			if v.end == end && (poorest.size == 0 || v.place > poorest.place) {
				poorest = v
			}
		}
		return poorest
	}
}

// optimum returns the hits of the best cache, by trying everything: after each request it keeps any selection of what it held
// and of the request's own chunks that fits. A set of chunks is a number, a bit a chunk.
func (p plainTrace) optimum(c Capacity) (best int64) {
	value := map[uint]int64{0: 0}
	for i, chunks := range p.chunks {
		own := uint(0)
		for _, id := range chunks {
			own |= 1 << id
		}
		next := make(map[uint]int64)
		for set, sum := range value {
			prefix := 0
			for prefix < len(chunks) && set>>chunks[prefix]&1 != 0 {
				prefix++
			}
			if p.requests[i].counted {
				sum += p.requests[i].worth(prefix)
			}
			all := set | own
			for keep := all; ; keep = (keep - 1) & all {
				if old, ok := next[keep]; p.fits(keep, c) && (!ok || old < sum) {
					next[keep] = sum
				}
				if keep == 0 {
					break
				}
			}
		}
		value = next
	}
	for _, sum := range value {
		best = max(best, sum)
	}
	return best
}

func (p plainTrace) fits(set uint, c Capacity) bool {
	size := int64(0)
	for id := range p.sizes.n {
		if set>>id&1 != 0 {
			size += p.sizeIn(c, uint32(id))
		}
	}
	return size <= c.N
}
