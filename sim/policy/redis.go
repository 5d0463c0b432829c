package policy

import (
	"math"
	"math/rand/v2"

	"hashlog/sim"
)

// redis, valkey and redisLFU are the servers of that name with a limit of memory: they evict the best of a few keys that
// they sample, and what they had sampled before. The facts are from the sources of Redis 7.0.15 and Valkey 8.0.1, read on
// 2026-11-28:
//
//   - evict.c, performEvictions: before each command, and until the memory in use is within its limit, a few keys are sampled
//     into the pool and the best key of the pool that still exists is evicted. So a stored chunk is in before room is made for
//     it, and may itself be sampled; one larger than the limit flushes the cache.
//   - dict.c, dictGetSomeKeys: the samples are of neighbouring buckets.
//   - evict.c, evictionPoolPopulate: the pool keeps 16 keys, with the idle time that they had when they were sampled.
//   - server.h: idle times are whole seconds, of a clock of 24 bits.
//   - config.c: maxmemory-samples is 5, lfu-log-factor 10, lfu-decay-time 1 minute.
//
// The time limit of one eviction cycle is not modelled. The clock is that of the log, and never goes back; a server reads
// it ten times a second, so it may be .1 s late. Capacities in bytes are those of redis_bytes.go.
//
// Random numbers are those of PCG-DXSM with the seed and 0 as its state. The first is the seed of the hash.
var (
	redis = policy{
		about: About{
			Name:    "redis",
			Text:    "Redis with allkeys-lru: evicts the longest idle of a few sampled chunks and of the best sampled before",
			Source:  "Redis 7.0.15: evict.c, dict.c, server.h, config.c",
			Options: sampledOptions,
			Bytes:   redisBytesText,
		},
		make:     newSampledLRU,
		ownBytes: true,
		weigh:    redisBytes,
	}
	valkey = policy{
		about: About{
			Name:    "valkey",
			Text:    "Valkey 8.0 with allkeys-lru: evicts the longest idle of a few sampled chunks and of the best sampled before",
			Source:  "Valkey 8.0.1: evict.c, dict.c, server.h, config.c",
			Options: sampledOptions,
			Bytes:   valkeyBytesText,
		},
		make:     newSampledLRU,
		ownBytes: true,
		weigh:    valkeyBytes,
	}
	redisLFU = policy{
		about: About{
			Name:    "redis-lfu",
			Text:    "Redis with allkeys-lfu: evicts the least read of a few sampled chunks and of the best sampled before (lfu-log-factor 10, lfu-decay-time 1 minute, new chunks at 5); true to a point, since it depends on where in a minute the log begins",
			Source:  "Redis 7.0.15: evict.c, db.c, dict.c, server.h, config.c",
			Options: sampledOptions,
			Bytes:   redisBytesText,
		},
		make:     newSampledLFU,
		ownBytes: true,
		weigh:    redisBytes,
	}
)

// optSamples is maxmemory-samples.
const optSamples = "samples"

var sampledOptions = []Option{
	{Name: optSamples, Text: "chunks sampled for each eviction, maxmemory-samples", Default: 5, Values: "a whole number from 1 to 64",
		Valid: func(v float64) bool { return v >= 1 && v <= 64 && v == math.Trunc(v) }},
	seedOption,
}

func newSampledLRU(r *room, options map[string]float64, _ sim.Order) cache {
	return newSampled(r, options, &idleClock{})
}

func newSampledLFU(r *room, options map[string]float64, _ sim.Order) cache {
	c := newSampled(r, options, nil)
	c.age = &hitCounter{numbers: c.numbers}
	return c
}

// sampledCache evicts the best of the keys that it samples.
type sampledCache struct {
	chunkwise
	*room
	age     ageing
	dict    dict
	pool    pool
	numbers *rand.PCG
	samples []uint32 // of the eviction at hand; its capacity is how many there are at most
}

func newSampled(r *room, options map[string]float64, age ageing) *sampledCache {
	numbers := rand.NewPCG(uint64(options[optSeed]), 0)
	return &sampledCache{room: r, age: age, dict: newDict(numbers.Uint64()), numbers: numbers, samples: make([]uint32, 0, int(options[optSamples]))}
}

func (c *sampledCache) begin(now float64, _ []chunk) { c.age.at(now) }

func (c *sampledCache) grow(n int) { c.dict.grow(n) }

func (c *sampledCache) hit(id uint32) {
	e := &c.dict.entries[id]
	e.bits = c.age.read(e.bits)
}

func (c *sampledCache) miss(ch chunk) {
	fits := !c.full(ch.id)
	c.insert(ch.id, 1)
	c.dict.add(ch.id, c.age.stored(), fits)
	for c.over() {
		id := c.victim()
		c.dict.remove(id)
		c.evict(id, absent)
	}
}

// over reports whether more than the capacity is in use. One chunk too many may have made an int64 overflow.
func (c *sampledCache) over() bool { return uint64(c.used) > uint64(c.capacity) }

// victim chooses a key of a table that is not empty.
func (c *sampledCache) victim() uint32 {
	for {
		for _, id := range c.dict.sample(cap(c.samples), c.numbers, c.samples) {
			c.pool.offer(id, c.age.idle(c.dict.entries[id].bits))
		}
		for c.pool.n > 0 {
			if id := c.pool.take(); c.place[id].resident() {
				return id
			}
		}
	}
}
