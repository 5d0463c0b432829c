package policy

// queue is a list of chunks. Several queues share their links, since a chunk is in one of them at most.
type queue struct {
	*links
	newest, oldest uint32 // its ends, or none
	used           int64  // the sum of the weights that were pushed and not removed
}

// links are the neighbours of chunks in their queues.
type links struct{ by []link } // by id

// link holds the neighbours of a chunk in its queue, or none.
type link struct{ older, newer uint32 }

// grow makes room for ids below n.
func (l *links) grow(n int) { l.by = grown(l.by, n) }

func newQueue(l *links) queue { return queue{links: l, newest: none, oldest: none} }

// push makes a chunk the newest.
func (q *queue) push(id uint32, weight int64) {
	q.by[id] = link{older: q.newest, newer: none}
	if q.newest == none {
		q.oldest = id
	} else {
		q.by[q.newest].newer = id
	}
	q.newest = id
	q.used += weight
}

// pushOldest makes a chunk the oldest of a queue that is not empty.
func (q *queue) pushOldest(id uint32, weight int64) {
	q.by[id] = link{older: none, newer: q.oldest}
	q.by[q.oldest].older = id
	q.oldest = id
	q.used += weight
}

// remove takes a chunk out.
func (q *queue) remove(id uint32, weight int64) {
	at := q.by[id]
	if at.newer == none {
		q.newest = at.older
	} else {
		q.by[at.newer].older = at.older
	}
	if at.older == none {
		q.oldest = at.newer
	} else {
		q.by[at.older].newer = at.newer
	}
	q.used -= weight
}

// renew makes a chunk of the queue the newest.
func (q *queue) renew(id uint32) {
	if id != q.newest {
		q.remove(id, 0)
		q.push(id, 0)
	}
}
