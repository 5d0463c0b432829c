package policy

import "container/heap"

// leaves are the chunks that a radix cache may evict, in the order of their last use. Nearly all of them become leaves in this
// order, or else are older than all others: the end of a request as it is touched, and the parent of a leaf that is
// evicted. They are in a list. A parent that has been used since, but not as the end of a request, goes to a heap.
type leaves struct {
	*room           // where a leaf's place is listed or heaped
	touched []int64 // by id: the last touch of a resident chunk, as a number of touches; all different
	list    queue   // in order of use
	heap    leafHeap
}

// leaf is a chunk in the heap. It is one no more once its place is another, or it has been used again.
type leaf struct {
	id      uint32
	touched int64
}

// grow makes room for ids below n.
func (l *leaves) grow(n int) {
	l.list.grow(n)
	l.touched = grown(l.touched, n)
}

// add makes a resident chunk a leaf.
func (l *leaves) add(id uint32) {
	switch touched := l.touched[id]; {
	case l.list.newest == none || touched > l.touched[l.list.newest]:
		l.list.push(id, 0)
		l.place[id] = listed
	case touched < l.touched[l.list.oldest]:
		l.list.pushOldest(id, 0)
		l.place[id] = listed
	default:
		heap.Push(&l.heap, leaf{id, touched})
		l.place[id] = heaped
	}
}

// remove makes a leaf an inner chunk. It does nothing to other chunks.
func (l *leaves) remove(id uint32) {
	switch l.place[id] {
	case listed:
		l.list.remove(id, 0)
		l.place[id] = inner
	case heaped:
		l.place[id] = inner
	}
}

// take takes out the least recently used leaf, or returns none.
func (l *leaves) take() uint32 {
	for len(l.heap) > 0 && !l.current(l.heap[0]) {
		heap.Pop(&l.heap)
	}
	id := l.list.oldest
	if len(l.heap) > 0 && (id == none || l.heap[0].touched < l.touched[id]) {
		return heap.Pop(&l.heap).(leaf).id
	}
	if id != none {
		l.list.remove(id, 0)
	}
	return id
}

// current reports whether an entry of the heap is still a leaf.
func (l *leaves) current(e leaf) bool { return l.place[e.id] == heaped && l.touched[e.id] == e.touched }

// leafHeap is a [heap.Interface].
type leafHeap []leaf

func (h leafHeap) Len() int           { return len(h) }
func (h leafHeap) Less(i, j int) bool { return h[i].touched < h[j].touched }
func (h leafHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *leafHeap) Push(x any)        { *h = append(*h, x.(leaf)) }

func (h *leafHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
