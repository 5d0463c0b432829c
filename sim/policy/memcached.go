package policy

import (
	"math"

	"hashlog/sim"
)

// memcachedSource is what the memcached caches are read from.
const memcachedSource = "memcached 1.6.18: memcached.c, items.c, slabs.c; defaults unchanged in 1.6.45"

// memcachedBytes says what slabs.go does.
const memcachedBytes = "memcached stores a value in pieces of up to half a mebibyte, each with a header and in the next larger class of its slabs"

// memcached is the segmented LRU that memcached has had by default since version 1.5. Names in parentheses are those of items.c.
//
//   - A new chunk goes to the hot segment. The first fetch after that marks it fetched, the next one active (do_item_bump).
//   - A thread, the maintainer, looks at the oldest chunk of hot and of warm (lru_maintainer_juggle, lru_pull_tail). An active one becomes
//     the newest of warm and is active no more. Another one goes to cold if its segment is larger than its part of what is stored, or if
//     it has been idle for longer than a multiple of the time that the oldest chunk of cold has been idle.
//   - A chunk that becomes active in cold goes to warm. The maintainer moves it, a moment later (lru_bump_async, do_item_update).
//   - If there is no room for a new chunk, the oldest of cold is evicted; if cold is empty, the oldest of hot leaves it first
//     (do_item_alloc_pull). After ten such moves in vain the chunk is not stored.
//   - Idle times are from the insertion or from when the chunk became active or left cold, in whole seconds.
//
// The maintainer sleeps for a millisecond to a second, depending on how much it finds to do, and a request touches its chunks faster
// than that. So it is modelled as a thread that does nothing while a request touches its chunks and has nothing left to do when the next
// one begins.
//
// Segments are measured in the unit of the capacity. A server has segments for each slab class; here all chunks share theirs, as all
// above half a mebibyte do (do_item_alloc). Not modelled: bumps that are dropped when there are more than 8,192 at a time.
var memcached = policy{
	about: About{
		Name:   "memcached",
		Text:   "memcached as it is by default: new chunks are hot, those fetched twice stay warm, all others are evicted from the cold end",
		Source: memcachedSource,
		Bytes:  memcachedBytes,
		Options: []Option{
			{Name: optHot, Text: "percentage of what is stored that may be hot", Default: 20, Values: percentage, Valid: isPercentage},
			{Name: optWarm, Text: "percentage of what is stored that may be warm", Default: 40, Values: percentage, Valid: isPercentage},
			{Name: "hot_max_factor", Text: "time after which an idle chunk is no longer hot, in idle times of the oldest cold one", Default: 0.2,
				Values: positive, Valid: isPositive},
			{Name: "warm_max_factor", Text: "time after which an idle chunk is no longer warm, in idle times of the oldest cold one", Default: 2,
				Values: positive, Valid: isPositive},
		},
	},
	make: newMemcached,
	clash: func(options map[string]float64) (name, want string) {
		if options[optHot]+options[optWarm] > 80 {
			return optWarm, "at most 80 together with " + optHot
		}
		return "", ""
	},
	ownBytes: true,
	weigh:    slabBytes,
}

const (
	optHot  = "hot_lru_pct"
	optWarm = "warm_lru_pct"

	percentage = "a whole number from 1 to 79"
	positive   = "above 0 and at most 1,000,000"
)

func isPercentage(v float64) bool { return v >= 1 && v <= 79 && v == math.Trunc(v) }
func isPositive(v float64) bool   { return v > 0 && v <= 1e6 }

// The place of a resident chunk is its segment, and what its item flags say.
const (
	inHot     place = 1
	inWarm    place = 2
	inCold    place = 3
	inSegment place = 3 // mask
	fetched   place = 4
	active    place = 8
)

type memcachedCache struct {
	*room
	hot, warm, cold     queue
	hotPart, warmPart   int64 // percent
	hotTimes, warmTimes float64

	clock seconds
	time  []seconds // by id: from when a resident chunk has been idle
	bumps []uint32  // what became active in cold during the request at hand
}

func newMemcached(r *room, options map[string]float64, _ sim.Order) cache {
	shared := &links{}
	return &memcachedCache{room: r, hot: newQueue(shared), warm: newQueue(shared), cold: newQueue(shared),
		hotPart: int64(options[optHot]), warmPart: int64(options[optWarm]),
		hotTimes: options["hot_max_factor"], warmTimes: options["warm_max_factor"]}
}

func (c *memcachedCache) grow(n int) {
	c.hot.grow(n)
	c.time = grown(c.time, n)
}

func (c *memcachedCache) begin(now float64, _ []chunk) {
	c.clock = wholeSeconds(now)
	c.maintain()
}

func (c *memcachedCache) end() {
	for _, id := range c.bumps {
		if c.place[id] == inCold|fetched|active {
			c.move(id, &c.cold, &c.warm, inWarm)
			c.time[id] = c.clock
		}
	}
	c.bumps = c.bumps[:0]
	c.maintain()
}

func (c *memcachedCache) hit(id uint32) {
	switch at := c.place[id]; {
	case at&active != 0:
	case at&fetched == 0:
		c.place[id] |= fetched
	case at&inSegment == inCold:
		c.place[id] |= active
		c.bumps = append(c.bumps, id)
	default:
		c.place[id] |= active
		c.time[id] = c.clock
	}
}

func (c *memcachedCache) miss(ch chunk) {
	if !c.fits(ch.id) || !c.makeRoom(ch.id) {
		return
	}
	c.insert(ch.id, inHot)
	c.hot.push(ch.id, c.weight(ch.id))
	c.time[ch.id] = c.clock
}

// makeRoom evicts until a chunk fits. It returns false if it can't.
func (c *memcachedCache) makeRoom(id uint32) bool {
	for vain := 0; c.full(id); {
		if oldest := c.cold.oldest; oldest != none {
			c.cold.remove(oldest, c.weight(oldest))
			c.evict(oldest, absent)
			vain = 0
			continue
		}
		if vain == 10 || !c.pull(&c.hot, 0, 0) {
			return false
		}
		vain++
	}
	return true
}

// maintain moves chunks until the maintainer has nothing to do.
func (c *memcachedCache) maintain() {
	for c.juggle() {
	}
}

// juggle is what the maintainer does before it looks again how old the cold chunks are. It reports whether it has moved any.
func (c *memcachedCache) juggle() (moved bool) {
	coldAge := 0.0
	if oldest := c.cold.oldest; oldest != none {
		coldAge = float64(c.clock - c.time[oldest])
	}
	hot, warm := percent(c.used, c.hotPart), percent(c.used, c.warmPart)
	for range 500 {
		if !c.pull(&c.hot, hot, coldAge*c.hotTimes) && !c.pull(&c.warm, warm, coldAge*c.warmTimes) {
			return moved
		}
		moved = true
	}
	return moved
}

// pull moves the oldest chunk of the hot or the warm segment if it is active, if the segment uses more than its limit, or if the chunk
// has been idle for longer than a number of seconds, fractions of which don't count. It reports whether it has moved it.
func (c *memcachedCache) pull(from *queue, limit int64, idle float64) bool {
	id := from.oldest
	switch {
	case id == none:
		return false
	case c.place[id]&active != 0:
		c.move(id, from, &c.warm, inWarm)
	case from.used > limit || float64(c.clock-c.time[id]) > math.Trunc(idle):
		c.move(id, from, &c.cold, inCold)
	default:
		return false
	}
	return true
}

// move makes a chunk the newest of a segment, and active no more.
func (c *memcachedCache) move(id uint32, from, to *queue, at place) {
	w := c.weight(id)
	from.remove(id, w)
	to.push(id, w)
	c.place[id] = at | c.place[id]&fetched
}

// percent returns p hundredths of n, rounded down.
func percent(n, p int64) int64 { return n/100*p + n%100*p/100 }

// seconds are whole seconds since the Unix epoch, as the clock of a server that ticks once a second counts them.
type seconds int64

// wholeSeconds rounds a time down. Times further away than any clock shows become the last that can be told apart.
func wholeSeconds(now float64) seconds {
	const last = 1 << 53
	return seconds(math.Floor(max(-last, min(now, last))))
}
