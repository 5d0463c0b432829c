package policy

import "hashlog/sim"

// radix evicts leaves first, as caches do that hold prefixes in a tree: SGLang's RadixAttention (Zheng et al., SGLang: Efficient
// Execution of Structured Language Model Programs, NeurIPS 2024, section 3) and, by the order of its free queue, vLLM.
//
// The parent of a chunk is the chunk before it in the record that inserted it, resident or not. A leaf is a resident chunk
// that is the parent of no other resident chunk. The least recently used leaf is evicted; its parent may be the next leaf. A
// chunk never displaces one before it in its own request: if no other leaf is left, it is not stored. (Leaves that have been
// evicted by then, for room that a large chunk needs, stay evicted.)
//
// Tail first, this is what vLLM keeps of prompts that have a partial last block. SGLang evicts all chunks from a branch on at once
// (gpu_test.go).
//
// With hash chains the chunks form a forest. Without, a chunk can be the parent of one that inserted it; chunks that are
// each other's parents in this way are no leaves, and stay.
var radix = policy{
	about: About{
		Name:   "radix",
		Text:   "evicts the least recently used of the chunks that no resident chunk extends, as radix trees do",
		Source: "Zheng et al., SGLang: Efficient Execution of Structured Language Model Programs, NeurIPS 2024",
	},
	make: newRadix,
}

// The places of a resident chunk.
const (
	inner  place = 1 // held by others: no leaf, or before the chunk that is touched
	listed place = 2 // a leaf in the list of leaves
	heaped place = 3 // a leaf in the heap
)

type radixCache struct {
	*room
	order   sim.Order
	request []chunk // at hand

	now    int64    // number of touches so far
	parent []uint32 // of each resident chunk, by id, or none
	// holds counts, by id, the resident chunks whose parent a chunk is, and the places before the chunk that is touched where
	// the request at hand has it. A resident chunk without any may be evicted.
	holds  []uint32
	leaves leaves
}

func newRadix(r *room, _ map[string]float64, order sim.Order) cache {
	c := &radixCache{room: r, order: order}
	c.leaves = leaves{room: r, list: newQueue(&links{})}
	return c
}

func (c *radixCache) grow(n int) {
	c.leaves.grow(n)
	c.parent, c.holds = grown(c.parent, n), grown(c.holds, n)
}

func (c *radixCache) begin(_ float64, request []chunk) {
	c.request = request
	if c.order == sim.TailFirst { // all but the last are before the one that is touched first
		for _, ch := range request {
			c.hold(ch.id)
		}
	}
}

func (c *radixCache) hit(id uint32) {
	c.reach(id)
	c.use(id)
	c.leave(id)
}

func (c *radixCache) miss(ch chunk) {
	c.reach(ch.id)
	if c.makeRoom(ch.id) {
		c.insert(ch.id, inner)
		c.use(ch.id)
		c.parent[ch.id] = ch.before
		if c.hasParent(ch.id) {
			c.hold(ch.before)
		}
	}
	c.leave(ch.id)
}

func (c *radixCache) end() {
	if c.order == sim.HeadFirst {
		for _, ch := range c.request {
			c.holds[ch.id]--
			c.offer(ch.id)
		}
	}
}

// reach and leave surround the touch of a chunk. Tail first, it is no longer before the one that is touched from reach on. Head
// first, it is from leave on.
func (c *radixCache) reach(id uint32) {
	if c.order == sim.TailFirst {
		c.holds[id]--
	}
}

func (c *radixCache) leave(id uint32) {
	if c.order == sim.TailFirst {
		c.offer(id)
	} else {
		c.hold(id)
	}
}

// use makes a resident chunk the most recently used. If it is a leaf, it is left to offer.
func (c *radixCache) use(id uint32) {
	c.leaves.remove(id)
	c.now++
	c.leaves.touched[id] = c.now
}

// hold keeps a chunk from being evicted.
func (c *radixCache) hold(id uint32) {
	c.holds[id]++
	c.leaves.remove(id)
}

// offer makes a chunk a leaf if nothing holds it. No leaf has been used since.
func (c *radixCache) offer(id uint32) {
	if c.holds[id] == 0 && c.place[id] == inner {
		c.leaves.add(id)
	}
}

// hasParent reports whether a resident chunk has a parent. A chunk that the record names twice in a row is not its own.
func (c *radixCache) hasParent(id uint32) bool { return c.parent[id] != none && c.parent[id] != id }

// makeRoom evicts leaves until a chunk fits. It returns false if they run out before.
func (c *radixCache) makeRoom(id uint32) bool {
	if !c.fits(id) {
		return false
	}
	for c.full(id) {
		leaf := c.leaves.take()
		if leaf == none {
			return false
		}
		c.evict(leaf, absent)
		if c.hasParent(leaf) {
			c.holds[c.parent[leaf]]--
			c.offer(c.parent[leaf])
		}
	}
	return true
}
