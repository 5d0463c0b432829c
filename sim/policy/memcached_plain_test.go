package policy

import (
	"math"
	"slices"
)

// plainMemcached is written from the sources of memcached 1.6.18, function by function, for one slab class. The maintainer runs between
// requests.
type plainMemcached struct {
	limits
	percent  map[segment]int64   // hot_lru_pct, warm_lru_pct
	factor   map[segment]float64 // hot_max_factor, warm_max_factor
	segments map[segment][]int   // the tail, which leaves first, is in front
	items    map[int]*plainItem
	bumps    []int
	now      float64 // current_time
}

type segment string

const (
	hotLRU  segment = "HOT_LRU"
	warmLRU segment = "WARM_LRU"
	coldLRU segment = "COLD_LRU"
)

type plainItem struct {
	time            float64
	lru             segment
	fetched, active bool
}

func newPlainMemcached(l limits, option func(string, float64) float64) *plainMemcached {
	return &plainMemcached{
		limits:   l,
		percent:  map[segment]int64{hotLRU: int64(option("hot_lru_pct", 20)), warmLRU: int64(option("warm_lru_pct", 40))},
		factor:   map[segment]float64{hotLRU: option("hot_max_factor", 0.2), warmLRU: option("warm_max_factor", 2)},
		segments: map[segment][]int{},
		items:    map[int]*plainItem{},
	}
}

func (c *plainMemcached) holds(id int) bool { return c.items[id] != nil }

func (c *plainMemcached) at(now float64) {
	c.now = math.Floor(now)
	c.maintainer()
}

func (c *plainMemcached) touch(request []int, i int) (inserted bool, evicted []int) {
	id := request[i]
	if it := c.items[id]; it != nil { // do_item_bump
		switch {
		case it.active:
		case !it.fetched:
			it.fetched = true
		case it.lru != coldLRU:
			it.active, it.time = true, c.now
		default:
			it.active = true
			c.bumps = append(c.bumps, id)
		}
		return false, nil
	}
	if c.weight(id) > c.capacity {
		return false, nil
	}
	tries := 10
	for c.stored()+c.weight(id) > c.capacity { // do_item_alloc_pull
		if tail := c.segments[coldLRU]; len(tail) > 0 {
			evicted = append(evicted, tail[0])
			c.unlink(tail[0])
			delete(c.items, tail[0])
			tries = 10
			continue
		}
		if tries--; tries < 0 || c.pullTail(hotLRU, 0, 0) == 0 {
			return false, evicted
		}
	}
	c.items[id] = &plainItem{time: c.now}
	c.link(id, hotLRU)
	return true, evicted
}

func (c *plainMemcached) end() []int {
	for _, id := range c.bumps { // do_item_update
		if it := c.items[id]; it != nil && it.lru == coldLRU && it.active {
			it.time = c.now
			c.relink(id, warmLRU)
		}
	}
	c.bumps = nil
	c.maintainer()
	return nil
}

func (c *plainMemcached) stored() int64 {
	return c.sum(c.segments[hotLRU], c.segments[warmLRU], c.segments[coldLRU])
}

func (c *plainMemcached) unlink(id int) {
	lru := c.items[id].lru
	c.segments[lru] = without(c.segments[lru], id)
}

func (c *plainMemcached) link(id int, lru segment) {
	c.items[id].lru = lru
	c.segments[lru] = append(slices.Clone(c.segments[lru]), id)
}

func (c *plainMemcached) relink(id int, lru segment) {
	c.unlink(id)
	c.link(id, lru)
	c.items[id].active = false
}

// maintainer is lru_maintainer_thread until it finds nothing to do.
func (c *plainMemcached) maintainer() {
	for c.juggle() > 0 {
	}
}

// juggle is lru_maintainer_juggle.
func (c *plainMemcached) juggle() (moves int) {
	age := 0.0
	if tail := c.segments[coldLRU]; len(tail) > 0 {
		age = c.now - c.items[tail[0]].time
	}
	total := c.stored()
	for range 500 {
		more := 0
		if c.pullTail(hotLRU, total, math.Floor(age*c.factor[hotLRU])) > 0 || c.pullTail(warmLRU, total, math.Floor(age*c.factor[warmLRU])) > 0 {
			more++
		}
		if more += c.pullTail(coldLRU, total, 0); more == 0 {
			break
		}
		moves++
	}
	return moves
}

// pullTail is lru_pull_tail without LRU_PULL_EVICT.
func (c *plainMemcached) pullTail(lru segment, total int64, age float64) (removed int) {
	if len(c.segments[lru]) == 0 {
		return 0
	}
	id := c.segments[lru][0]
	switch it := c.items[id]; {
	case it.active:
		c.relink(id, warmLRU)
		return 1
	case lru != coldLRU && (c.sum(c.segments[lru]) > total*c.percent[lru]/100 || c.now-it.time > age):
		c.relink(id, coldLRU)
		return 1
	}
	return 0
}

// plainMemcachedFlat holds its chunks with the least recently used in front.
type plainMemcachedFlat struct {
	limits
	line []int
	time map[int]float64
	now  float64
}

func (c *plainMemcachedFlat) holds(id int) bool { return slices.Contains(c.line, id) }

func (c *plainMemcachedFlat) at(now float64) { c.now = math.Floor(now) }

func (c *plainMemcachedFlat) touch(request []int, i int) (inserted bool, evicted []int) {
	id := request[i]
	if c.holds(id) {
		if c.time[id] < c.now-60 {
			c.time[id] = c.now
			c.line = append(without(c.line, id), id)
		}
		return false, nil
	}
	if c.weight(id) > c.capacity {
		return false, nil
	}
	for c.sum(c.line)+c.weight(id) > c.capacity {
		evicted = append(evicted, c.line[0])
		c.line = c.line[1:]
	}
	c.time[id] = c.now
	c.line = append(slices.Clone(c.line), id)
	return true, evicted
}
