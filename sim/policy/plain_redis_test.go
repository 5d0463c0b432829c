package policy

import (
	"math/rand/v2"
	"slices"
)

// plainRedis is written from evict.c, dict.c and db.c of Redis 7.0.15, with a slice for each bucket and the pool's 16 places as they
// are there. It draws from the same numbers, and its hash is the same.
type plainRedis struct {
	limits
	lfu     bool
	samples int
	hash    uint64 // its seed
	numbers *rand.PCG
	now     int64 // seconds

	table [][]int     // the keys of each bucket
	lru   map[int]int // the 24 bits of each key
	pool  [16]*plainPoolEntry
}

type plainPoolEntry struct{ key, idle int }

func newPlainRedis(l limits, lfu bool, samples int, seed uint64) *plainRedis {
	numbers := rand.NewPCG(seed, 0)
	return &plainRedis{limits: l, lfu: lfu, samples: samples, hash: numbers.Uint64(), numbers: numbers, table: make([][]int, 4), lru: map[int]int{}}
}

func (c *plainRedis) at(now float64) { c.now = int64(now) }

func (c *plainRedis) holds(key int) bool { _, ok := c.lru[key]; return ok }

func (c *plainRedis) touch(request []int, i int) (inserted bool, evicted []int) {
	key := request[i]
	if c.holds(key) { // GET
		if c.lfu {
			c.lru[key] = c.minutes()<<8 | c.logIncr(c.decrAndReturn(key))
		} else {
			c.lru[key] = c.clock()
		}
		return false, nil
	}
	c.set(key)
	for c.memory() > c.capacity { // performEvictions, before the next command
		victim := c.bestKey()
		c.del(victim)
		evicted = append(evicted, victim)
	}
	return true, evicted
}

func (c *plainRedis) memory() (used int64) {
	for key := range c.lru {
		used += c.weight(key)
	}
	return used
}

// set adds a key. The table expands if it is full, and if that takes no memory that isn't there: the table itself is small, but the value
// is already in.
func (c *plainRedis) set(key int) {
	used := len(c.lru)
	c.lru[key] = c.clock()
	if c.lfu {
		c.lru[key] = c.minutes()<<8 | 5
	}
	if load := float64(used) / float64(len(c.table)); load >= 1 && (load > 1.618 || c.memory() <= c.capacity) {
		c.resize(used + 1)
	}
	at := c.bucket(key)
	c.table[at] = append([]int{key}, c.table[at]...)
}

func (c *plainRedis) del(key int) {
	delete(c.lru, key)
	at := c.bucket(key)
	c.table[at] = without(c.table[at], key)
	if size := len(c.table); size > 4 && len(c.lru)*100 < 10*size {
		c.resize(len(c.lru))
	}
}

// resize makes a table of the smallest power of two.
func (c *plainRedis) resize(keys int) {
	size := 4
	for size < keys {
		size *= 2
	}
	old := c.table
	c.table = make([][]int, size)
	for _, keys := range old {
		for _, key := range keys {
			at := c.bucket(key)
			c.table[at] = append([]int{key}, c.table[at]...)
		}
	}
}

func (c *plainRedis) bucket(key int) int {
	h := uint64(key) ^ c.hash
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return int(h % uint64(len(c.table)))
}

// someKeys is dictGetSomeKeys.
func (c *plainRedis) someKeys() (des []int) {
	count := min(c.samples, len(c.lru))
	size := uint64(len(c.table))
	i := c.numbers.Uint64() % size
	stored, emptylen := 0, 0
	for step := 0; stored < count && step < 10*count; step++ {
		if len(c.table[i]) == 0 {
			emptylen++
			if emptylen >= 5 && emptylen > count {
				i = c.numbers.Uint64() % size
				emptylen = 0
			}
		} else {
			emptylen = 0
			for _, key := range c.table[i] {
				if stored < count {
					des = append(des, key)
				} else if r := c.numbers.Uint64() % uint64(stored+1); r < uint64(count) {
					des[r] = key
				}
				stored++
			}
		}
		i = (i + 1) % size
	}
	return des
}

// populate is evictionPoolPopulate.
func (c *plainRedis) populate() {
	for _, key := range c.someKeys() {
		entry := &plainPoolEntry{key, c.idle(key)}
		k := 0
		for k < 16 && c.pool[k] != nil && c.pool[k].idle < entry.idle {
			k++
		}
		switch {
		case k == 0 && c.pool[15] != nil:
			continue
		case k < 16 && c.pool[k] == nil:
		case c.pool[15] == nil:
			copy(c.pool[k+1:], c.pool[k:15])
		default:
			k--
			copy(c.pool[:k], c.pool[1:k+1])
		}
		c.pool[k] = entry
	}
}

func (c *plainRedis) bestKey() int {
	for {
		c.populate()
		for k, entry := range slices.Backward(c.pool[:]) {
			if entry == nil {
				continue
			}
			c.pool[k] = nil
			if c.holds(entry.key) {
				return entry.key
			}
		}
	}
}

func (c *plainRedis) idle(key int) int {
	if c.lfu {
		return 255 - c.decrAndReturn(key)
	}
	if clock := c.clock(); clock < c.lru[key] {
		return clock + (1<<24 - 1 - c.lru[key])
	}
	return c.clock() - c.lru[key]
}

func (c *plainRedis) clock() int { return int(c.now % (1 << 24)) }

func (c *plainRedis) minutes() int { return int(c.now / 60 % 65536) }

func (c *plainRedis) decrAndReturn(key int) int {
	ldt, counter := c.lru[key]>>8, c.lru[key]&255
	periods := c.minutes() - ldt
	if periods < 0 {
		periods = 65535 - ldt + c.minutes()
	}
	return max(0, counter-periods)
}

func (c *plainRedis) logIncr(counter int) int {
	if counter == 255 {
		return 255
	}
	r := float64(c.numbers.Uint64()>>11) / (1 << 53)
	baseval := max(0, float64(counter)-5)
	if p := 1.0 / (baseval*10 + 1); r < p {
		counter++
	}
	return counter
}

// plainRedisBytes adds up what jemalloc takes for a chunk's value, entry, key of 64 bytes and object, and a bucket.
func plainRedisBytes(size int64) int64 {
	return plainJemalloc(9+size+2+1) + plainJemalloc(24) + plainJemalloc(3+64+1) + plainJemalloc(16) + 8
}

// plainValkeyBytes is the same with the key in the entry.
func plainValkeyBytes(size int64) int64 {
	return plainJemalloc(9+size+2+1) + plainJemalloc(8+8+1+3+64+1) + plainJemalloc(16) + 8
}

// plainJemalloc goes through the size classes.
func plainJemalloc(n int64) int64 {
	for _, class := range []int64{8, 16, 24, 32} {
		if n <= class {
			return class
		}
	}
	for base := int64(32); ; base *= 2 {
		for quarter := int64(1); quarter <= 4; quarter++ {
			if class := base + quarter*base/4; n <= class {
				return class
			}
		}
	}
}
