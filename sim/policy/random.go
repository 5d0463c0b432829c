package policy

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"hashlog/sim"
)

// random evicts any chunk, each with the same probability. Belady: A study of replacement algorithms for a virtual-storage
// computer, IBM Systems Journal 5(2), 1966.
//
// Random numbers are those of PCG-DXSM with the seed and 0 as its state, which are the same on every machine. The victim is
// the chunk number ⌊number × chunks / 2⁶⁴⌋ of a list to whose end new chunks are added; the last chunk of the list then takes
// its place.
var random = policy{
	about: About{
		Name:   "random",
		Text:   "evicts any chunk, each with the same probability",
		Source: "Belady, A study of replacement algorithms for a virtual-storage computer, IBM Systems Journal 5(2), 1966",
		Options: []Option{
			seedOption,
		},
	},
	make: func(r *room, options map[string]float64, _ sim.Order) cache {
		return &randomCache{room: r, numbers: rand.NewPCG(uint64(options[optSeed]), 0)}
	},
}

// optSeed is the option of every cache that draws random numbers.
const optSeed = "seed"

var seedOption = Option{Name: optSeed, Text: "of the random numbers", Default: 1, Values: "a whole number from 0 to 2^53",
	Valid: func(v float64) bool { return v >= 0 && v <= 1<<53 && v == math.Trunc(v) }}

type randomCache struct {
	chunkwise
	*room
	numbers  *rand.PCG
	resident []uint32 // ids
}

func (c *randomCache) grow(int) {}

func (c *randomCache) hit(uint32) {}

func (c *randomCache) miss(ch chunk) {
	if !c.fits(ch.id) {
		return
	}
	for c.full(ch.id) {
		c.evictAny()
	}
	c.insert(ch.id, 1)
	c.resident = append(c.resident, ch.id)
}

func (c *randomCache) evictAny() {
	at, _ := bits.Mul64(c.numbers.Uint64(), uint64(len(c.resident)))
	id, last := c.resident[at], len(c.resident)-1
	c.resident[at] = c.resident[last]
	c.resident = c.resident[:last]
	c.evict(id, absent)
}
