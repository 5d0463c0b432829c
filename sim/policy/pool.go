package policy

// pool holds the best victims of the samples so far: the eviction pool of Redis' evict.c, 7.0.15 and Valkey 8.0.1. What it
// knows of a key is as old as the sample: the key may have been read since, it may have gone, or have gone and come back. A key
// can be in it more than once.
type pool struct {
	ids  [poolSize]uint32
	idle [poolSize]uint32 // rising; the higher, the better a victim
	n    int
}

const poolSize = 16 // EVPOOL_SIZE of evict.c

// offer takes in a sampled key. If the pool is full the worst one makes room, which may be the key itself. Among equals the
// later one is the worse victim.
func (p *pool) offer(id, idle uint32) {
	k := 0
	for k < p.n && p.idle[k] < idle {
		k++
	}
	if p.n < poolSize {
		copy(p.ids[k+1:p.n+1], p.ids[k:p.n])
		copy(p.idle[k+1:p.n+1], p.idle[k:p.n])
		p.n++
	} else if k--; k >= 0 {
		copy(p.ids[:k], p.ids[1:k+1])
		copy(p.idle[:k], p.idle[1:k+1])
	} else {
		return
	}
	p.ids[k], p.idle[k] = id, idle
}

// take removes the best victim. The pool must not be empty.
func (p *pool) take() uint32 {
	p.n--
	return p.ids[p.n]
}
