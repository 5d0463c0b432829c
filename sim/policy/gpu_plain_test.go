package policy

import (
	"container/list"
	"slices"
)

// The pools of this file are written from the sources of inference servers, for one request at a time: it is done before the next one
// comes. Nothing in them comes from the package.

// plainVLLM is the block pool of vLLM's V1 engine for full attention: get_computed_blocks and allocate_slots of kv_cache_manager.py, touch,
// get_new_blocks, cache_full_blocks and free_blocks of block_pool.py, and free of single_type_kv_cache_manager.py, which reverses the blocks
// of a request (github.com/vllm-project/vllm, read 2026-11-28 at commits 003df29 and c59cb79). Its size is without the null block.
type plainVLLM struct {
	free   *list.List           // of *vllmBlock; taken from the front
	cached map[int][]*vllmBlock // by hash, which is an id; the first is used
}

type vllmBlock struct {
	hash int           // −1: none
	at   *list.Element // in the free queue; nil while a request has it
}

func newPlainVLLM(size int) *plainVLLM {
	p := &plainVLLM{list.New(), map[int][]*vllmBlock{}}
	for range size {
		b := &vllmBlock{hash: -1}
		b.at = p.free.PushBack(b)
	}
	return p
}

// request returns how many leading blocks of a prompt it finds. A prompt with a tail goes on in a block that it doesn't fill. One without
// computes its last block anew. Prompts that the pool can't hold are none of its business: the server doesn't start then.
func (p *plainVLLM) request(ids []int, tail bool) (prefix int) {
	most, needed := len(ids)-1, len(ids)
	if tail {
		most, needed = len(ids), len(ids)+1
	}
	var blocks []*vllmBlock
	for prefix < most && len(p.cached[ids[prefix]]) > 0 {
		blocks = append(blocks, p.cached[ids[prefix]][0])
		prefix++
	}
	for _, b := range blocks { // touch
		p.free.Remove(b.at)
	}
	for len(blocks) < needed { // get_new_blocks
		b := p.free.Remove(p.free.Front()).(*vllmBlock)
		if b.hash >= 0 {
			p.cached[b.hash] = slices.DeleteFunc(p.cached[b.hash], func(other *vllmBlock) bool { return other == b })
			b.hash = -1
		}
		blocks = append(blocks, b)
	}
	for i, id := range ids[prefix:] { // cache_full_blocks
		b := blocks[prefix+i]
		b.hash = id
		p.cached[id] = append(p.cached[id], b)
	}
	for _, b := range slices.Backward(blocks) { // free_blocks
		if b.hash < 0 {
			b.at = p.free.PushFront(b)
		} else {
			b.at = p.free.PushBack(b)
		}
	}
	return prefix
}

func (p *plainVLLM) holds(id int) bool { return len(p.cached[id]) > 0 }

// plainSGLang is SGLang's RadixCache with its eviction policy lru: match_prefix, insert, evict, inc_lock_ref and dec_lock_ref of
// radix_cache.py, LRUStrategy of evict_policy.py and evict_from_tree_cache of common.py (github.com/sgl-project/sglang, read 2026-11-28 at
// commits 006b0e3, 008b79d and 0057abe). A page holds a chunk.
type plainSGLang struct {
	root     *sglangNode
	capacity int
	used     int
	clock    int
	leaves   map[*sglangNode]bool
}

// sglangNode is a stretch of pages between two branches.
type sglangNode struct {
	parent   *sglangNode
	children map[int]*sglangNode // by the first page of their keys
	key      []int
	last     int // last_access_time
	locked   bool
}

func newPlainSGLang(capacity int) *plainSGLang {
	return &plainSGLang{root: &sglangNode{children: map[int]*sglangNode{}}, capacity: capacity, leaves: map[*sglangNode]bool{}}
}

// request returns how many leading pages of a prompt it finds. The tree has room for the prompt.
func (c *plainSGLang) request(ids []int) (prefix int) {
	prefix, last := c.match(ids)
	c.lock(last, true)
	c.evict(len(ids) - prefix - (c.capacity - c.used))
	c.insert(ids) // cache_unfinished_req
	_, end := c.match(ids)
	c.lock(last, false)
	c.lock(end, true)
	c.insert(ids) // cache_finished_req
	c.lock(end, false)
	return prefix
}

// match is match_prefix.
func (c *plainSGLang) match(ids []int) (prefix int, node *sglangNode) {
	c.clock++
	now := c.clock
	node = c.root
	for prefix < len(ids) && node.children[ids[prefix]] != nil {
		child := node.children[ids[prefix]]
		child.last = now
		n := common(child.key, ids[prefix:])
		prefix += n
		if n < len(child.key) {
			return prefix, c.split(child, n)
		}
		node = child
	}
	return prefix, node
}

// insert is _insert_helper.
func (c *plainSGLang) insert(ids []int) {
	prefix, node := c.match(ids)
	if prefix == len(ids) {
		return
	}
	rest := &sglangNode{parent: node, children: map[int]*sglangNode{}, key: ids[prefix:], last: c.clock}
	node.children[ids[prefix]] = rest
	c.used += len(rest.key)
	c.leaf(node)
	c.leaf(rest)
}

// split is _split_node: it returns the new parent of a node, with the first n pages of its key.
func (c *plainSGLang) split(child *sglangNode, n int) *sglangNode {
	c.clock++
	above := &sglangNode{parent: child.parent, children: map[int]*sglangNode{child.key[n]: child}, key: child.key[:n], last: c.clock, locked: child.locked}
	above.parent.children[child.key[0]] = above
	child.parent, child.key = above, child.key[n:]
	return above
}

// evict frees leaves until they had so many pages.
func (c *plainSGLang) evict(pages int) {
	for pages > 0 && len(c.leaves) > 0 {
		var oldest *sglangNode
		for leaf := range c.leaves {
			if oldest == nil || leaf.last < oldest.last {
				oldest = leaf
			}
		}
		pages -= len(oldest.key)
		c.used -= len(oldest.key)
		delete(c.leaves, oldest)
		delete(oldest.parent.children, oldest.key[0])
		c.leaf(oldest.parent)
	}
}

// lock locks or unlocks a node and those above.
func (c *plainSGLang) lock(node *sglangNode, locked bool) {
	for ; node != c.root; node = node.parent {
		node.locked = locked
		c.leaf(node)
	}
}

// leaf is _update_leaf_status.
func (c *plainSGLang) leaf(node *sglangNode) {
	if node == c.root || node.locked || len(node.children) > 0 {
		delete(c.leaves, node)
	} else {
		c.leaves[node] = true
	}
}

// common returns how many leading elements are the same.
func common(a, b []int) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
