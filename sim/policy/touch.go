package policy

import "hashlog/sim"

// touched is a cache that takes the touches of a request at a time, in its order.
type touched struct {
	cache
	room  *room
	order sim.Order
}

// newCache returns an empty cache for chunks of some sizes, more of which may be learnt. The options are complete and valid.
func (p *policy) newCache(c Capacity, options map[string]float64, order sim.Order, sizes *sizes) *touched {
	if c.isUnlimited() {
		c.InBytes = false
	}
	r := newRoom(c, sizes, p.weigh)
	return &touched{p.make(r, options, order), r, order}
}

// grow makes room for ids below n.
func (t *touched) grow(n int) {
	t.room.growPlaces(n)
	t.cache.grow(n)
}

// touch touches the chunks of a request, given in prefix order, and returns how many it finds in the cache. The tally of the room
// says what has come and gone.
func (t *touched) touch(now float64, chunks []chunk) (hits int64) {
	t.room.tally = tally{}
	t.begin(now, chunks)
	for i := range chunks {
		if t.order == sim.TailFirst {
			i = len(chunks) - 1 - i
		}
		c := chunks[i]
		if t.room.place[c.id].resident() {
			hits++
			t.hit(c.id)
		} else {
			t.miss(c)
		}
	}
	t.end()
	return hits
}
