package policy

import (
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
)

// The caches of this file are written from the papers, with slices and maps, and are as slow as they look. Nothing in them
// comes from the package.

// plain is a cache of one capacity.
type plain interface {
	holds(id int) bool
	// touch touches chunk i of a request. It returns whether the chunk was inserted, and which ones were evicted.
	touch(request []int, i int) (inserted bool, evicted []int)
}

// plainTimed is a plain cache that goes by the time of a request, in seconds.
type plainTimed interface{ at(now float64) }

// plainBytes returns what a cache counts of its capacity in bytes for a chunk of some bytes.
func plainBytes(cache string, size int64) int64 {
	switch cache {
	case "redis", "redis-lfu":
		return plainRedisBytes(size)
	case "valkey":
		return plainValkeyBytes(size)
	case "memcached", "memcached-flat":
		return slabBytes(size) // TestSlabBytes holds it to the server's own
	}
	return size
}

// limits are what a plain cache knows of its capacity.
type limits struct {
	capacity int64
	weight   func(id int) int64
}

func (l limits) sum(ids ...[]int) (sum int64) {
	for _, list := range ids {
		for _, id := range list {
			sum += l.weight(id)
		}
	}
	return sum
}

func without(ids []int, id int) []int {
	return slices.DeleteFunc(slices.Clone(ids), func(other int) bool { return other == id })
}

// newPlain returns the plain cache of a Spec.
func newPlain(spec Spec, l limits) plain {
	option := func(name string, byDefault float64) float64 {
		if v, ok := spec.Options[name]; ok {
			return v
		}
		return byDefault
	}
	switch spec.Name {
	case "lru":
		return &plainLRU{limits: l}
	case "batched":
		return &plainBatched{plainLRU{limits: l}, option("trigger", 0.8), option("ratio", 0.2)}
	case "fifo":
		return &plainFIFO{limits: l}
	case "sieve":
		return &plainSieve{limits: l, visited: map[int]bool{}}
	case "s3fifo":
		small := max(1, int64(option("small", 0.1)*float64(l.capacity)))
		return &plainS3FIFO{limits: l, freq: map[int]int{}, small: small, ghosts: option("ghost", 1), most: int(option("cap", 3))}
	case "arc":
		return &plainARC{limits: l}
	case "radix":
		return &plainRadix{limits: l, last: map[int]int{}, parent: map[int]int{}}
	case "memcached":
		return newPlainMemcached(l, option)
	case "memcached-flat":
		return &plainMemcachedFlat{limits: l, time: map[int]float64{}}
	case "random":
		return &plainRandom{limits: l, numbers: rand.NewPCG(uint64(option("seed", 1)), 0)}
	case "redis", "valkey", "redis-lfu":
		return newPlainRedis(l, spec.Name == "redis-lfu", int(option("samples", 5)), uint64(option("seed", 1)))
	}
	panic(spec.Name)
}

// plainFIFO holds its chunks with the first inserted in front.
type plainFIFO struct {
	limits
	line []int
}

func (c *plainFIFO) holds(id int) bool { return slices.Contains(c.line, id) }

func (c *plainFIFO) touch(request []int, i int) (bool, []int) {
	id := request[i]
	if c.holds(id) || c.weight(id) > c.capacity {
		return false, nil
	}
	gone := 0
	for c.sum(c.line[gone:])+c.weight(id) > c.capacity {
		gone++
	}
	evicted := c.line[:gone]
	c.line = append(slices.Clone(c.line[gone:]), id)
	return true, evicted
}

// plainSieve holds its chunks with the newest in front, as in the paper's figure: the hand moves from the back to the front.
type plainSieve struct {
	limits
	line    []int
	visited map[int]bool
	hand    int // the chunk under the hand, valid if hasHand
	hasHand bool
}

func (c *plainSieve) holds(id int) bool { return slices.Contains(c.line, id) }

func (c *plainSieve) touch(request []int, i int) (inserted bool, evicted []int) {
	x := request[i]
	if c.holds(x) {
		c.visited[x] = true
		return false, nil
	}
	if c.weight(x) > c.capacity {
		return false, nil
	}
	for c.sum(c.line)+c.weight(x) > c.capacity {
		o := len(c.line) - 1
		if c.hasHand {
			o = slices.Index(c.line, c.hand)
		}
		for c.visited[c.line[o]] {
			c.visited[c.line[o]] = false
			if o--; o < 0 {
				o = len(c.line) - 1
			}
		}
		if c.hasHand = o > 0; c.hasHand {
			c.hand = c.line[o-1]
		}
		evicted = append(evicted, c.line[o])
		c.line = without(c.line, c.line[o])
	}
	c.line = append([]int{x}, c.line...)
	c.visited[x] = false
	return true, evicted
}

// plainS3FIFO is algorithm 1 of the paper. The head of a queue is in front.
type plainS3FIFO struct {
	limits
	s, m, g []int
	freq    map[int]int
	small   int64   // length of s
	ghosts  float64 // length of g, as a part of what m may have
	most    int     // hits that are counted
}

func (c *plainS3FIFO) holds(x int) bool { return slices.Contains(c.s, x) || slices.Contains(c.m, x) }

func (c *plainS3FIFO) touch(request []int, i int) (inserted bool, evicted []int) {
	x := request[i]
	if c.holds(x) {
		c.freq[x] = min(c.freq[x]+1, c.most)
		return false, nil
	}
	if c.weight(x) > c.capacity {
		return false, nil
	}
	for c.sum(c.s, c.m)+c.weight(x) > c.capacity {
		if c.sum(c.s) >= c.small || len(c.m) == 0 {
			evicted = append(evicted, c.evictS()...)
		} else {
			evicted = append(evicted, c.evictM()...)
		}
	}
	if slices.Contains(c.g, x) {
		c.g = without(c.g, x)
		c.m = append([]int{x}, c.m...)
	} else {
		c.s = append([]int{x}, c.s...)
	}
	c.freq[x] = 0
	return true, evicted
}

func (c *plainS3FIFO) evictS() (evicted []int) {
	for done := false; !done && len(c.s) > 0; {
		t := c.s[len(c.s)-1]
		c.s = c.s[:len(c.s)-1]
		if c.freq[t] > 1 {
			c.freq[t] = 0
			c.m = append([]int{t}, c.m...)
			if c.sum(c.m) > c.capacity-c.small {
				evicted = append(evicted, c.evictM()...)
			}
			continue
		}
		c.g = append([]int{t}, c.g...)
		for float64(c.sum(c.g)) > c.ghosts*float64(c.capacity-c.small) {
			c.g = c.g[:len(c.g)-1]
		}
		evicted = append(evicted, t)
		done = true
	}
	return evicted
}

func (c *plainS3FIFO) evictM() []int {
	for len(c.m) > 0 {
		t := c.m[len(c.m)-1]
		c.m = c.m[:len(c.m)-1]
		if c.freq[t] == 0 {
			return []int{t}
		}
		c.freq[t]--
		c.m = append([]int{t}, c.m...)
	}
	return nil
}

// plainARC is figure 4 of the paper, line by line for chunks that all have weight 1. The least recently used chunk of a list is
// in front.
type plainARC struct {
	limits
	t1, t2, b1, b2 []int
	p              float64
}

func (c *plainARC) holds(x int) bool { return slices.Contains(c.t1, x) || slices.Contains(c.t2, x) }

func (c *plainARC) touch(request []int, i int) (inserted bool, evicted []int) {
	x, size := request[i], float64(c.weight(request[i]))
	if c.weight(x) > c.capacity {
		return false, nil
	}
	switch b1, b2 := float64(c.sum(c.b1)), float64(c.sum(c.b2)); {
	case c.holds(x): // case I
		c.t1, c.t2 = without(c.t1, x), append(without(c.t2, x), x)
		return false, nil
	case slices.Contains(c.b1, x): // case II
		delta := size
		if b1 < b2 {
			delta = size * (b2 / b1)
		}
		c.p = min(c.p+delta, float64(c.capacity))
		evicted = c.replace(x)
		c.b1, c.t2 = without(c.b1, x), append(c.t2, x)
		return true, evicted
	case slices.Contains(c.b2, x): // case III
		delta := size
		if b2 < b1 {
			delta = size * (b1 / b2)
		}
		c.p = max(c.p-delta, 0)
		evicted = c.replace(x)
		c.b2, c.t2 = without(c.b2, x), append(c.t2, x)
		return true, evicted
	}
	// case IV
	for l1 := c.sum(c.t1, c.b1); l1+c.weight(x) > c.capacity; l1 = c.sum(c.t1, c.b1) { // A
		if len(c.b1) > 0 {
			c.b1 = c.b1[1:]
		} else {
			evicted = append(evicted, c.t1[0])
			c.t1 = c.t1[1:]
		}
	}
	for len(c.b2) > 0 && c.sum(c.t1, c.b1, c.t2, c.b2)+c.weight(x) > 2*c.capacity { // B
		c.b2 = c.b2[1:]
	}
	evicted = append(evicted, c.replace(x)...)
	c.t1 = append(c.t1, x)
	return true, evicted
}

// replace makes room for x, by REPLACE once for chunks of weight 1.
func (c *plainARC) replace(x int) (evicted []int) {
	for c.sum(c.t1, c.t2)+c.weight(x) > c.capacity {
		t1 := float64(c.sum(c.t1))
		if len(c.t1) > 0 && (t1 > c.p || slices.Contains(c.b2, x) && t1 == c.p) || len(c.t2) == 0 {
			evicted = append(evicted, c.t1[0])
			c.b1, c.t1 = append(c.b1, c.t1[0]), c.t1[1:]
		} else {
			evicted = append(evicted, c.t2[0])
			c.b2, c.t2 = append(c.b2, c.t2[0]), c.t2[1:]
		}
	}
	return evicted
}

// plainRadix finds its leaves by looking at all chunks.
type plainRadix struct {
	limits
	now    int
	last   map[int]int // the last touch of every resident chunk
	parent map[int]int // of every resident chunk; −1 for none
}

func (c *plainRadix) holds(id int) bool { _, ok := c.last[id]; return ok }

func (c *plainRadix) touch(request []int, i int) (inserted bool, evicted []int) {
	id := request[i]
	c.now++
	if c.holds(id) {
		c.last[id] = c.now
		return false, nil
	}
	if c.weight(id) > c.capacity {
		return false, nil
	}
	for c.sum(slices.Collect(maps.Keys(c.last)))+c.weight(id) > c.capacity {
		victim := -1
		for leaf, last := range c.last {
			if c.isLeaf(leaf) && !slices.Contains(request[:i], leaf) && (victim < 0 || last < c.last[victim]) {
				victim = leaf
			}
		}
		if victim < 0 {
			return false, evicted
		}
		delete(c.last, victim)
		delete(c.parent, victim)
		evicted = append(evicted, victim)
	}
	c.last[id] = c.now
	c.parent[id] = -1
	if i > 0 {
		c.parent[id] = request[i-1]
	}
	return true, evicted
}

func (c *plainRadix) isLeaf(id int) bool {
	for other, parent := range c.parent {
		if parent == id && other != id {
			return false
		}
	}
	return true
}

// plainRandom draws from the same numbers.
type plainRandom struct {
	limits
	line    []int
	numbers *rand.PCG
}

func (c *plainRandom) holds(id int) bool { return slices.Contains(c.line, id) }

func (c *plainRandom) touch(request []int, i int) (inserted bool, evicted []int) {
	id := request[i]
	if c.holds(id) || c.weight(id) > c.capacity {
		return false, nil
	}
	for c.sum(c.line)+c.weight(id) > c.capacity {
		at := new(big.Int).SetUint64(c.numbers.Uint64())
		at.Mul(at, big.NewInt(int64(len(c.line)))).Rsh(at, 64)
		n := int(at.Int64())
		evicted = append(evicted, c.line[n])
		c.line[n] = c.line[len(c.line)-1]
		c.line = c.line[:len(c.line)-1]
	}
	c.line = append(c.line, id)
	return true, evicted
}

// plainLRU holds its chunks with the least recently used in front.
type plainLRU struct {
	limits
	line []int
}

func (c *plainLRU) holds(id int) bool { return slices.Contains(c.line, id) }

func (c *plainLRU) touch(request []int, i int) (inserted bool, evicted []int) {
	id := request[i]
	inserted = !c.holds(id)
	c.line = append(without(c.line, id), id)
	return inserted, c.shrink(0)
}

// shrink evicts chunks until they fit, n at least.
func (c *plainLRU) shrink(n int) (evicted []int) {
	for len(c.line) > 0 && (len(evicted) < n || c.sum(c.line) > c.capacity) {
		evicted = append(evicted, c.line[0])
		c.line = c.line[1:]
	}
	return evicted
}

// plainBatched is a plainLRU that shrinks at the end of a request.
type plainBatched struct {
	plainLRU
	trigger, ratio float64
}

func (c *plainBatched) touch(request []int, i int) (inserted bool, evicted []int) {
	id := request[i]
	inserted = !c.holds(id)
	c.line = append(without(c.line, id), id)
	return inserted, nil
}

func (c *plainBatched) end() (evicted []int) {
	n := 0
	if float64(c.sum(c.line)) >= c.trigger*float64(c.capacity) {
		n = max(1, int(c.ratio*float64(len(c.line))))
	}
	return c.shrink(n)
}
