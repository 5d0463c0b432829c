package holders

// stretch is chunks of one page that one node touched one after another, in the order of their ids, or against it if the tail is
// touched first. Those that were touched again since, or evicted, are taken out.
type stretch struct {
	chunks  set     // never empty
	weight  int64   // what each takes of the capacity
	touched float64 // in seconds
	page    uint32
	node    uint32
	before  uint32 // an earlier stretch of the same page and node; none after the last
	links   [lists]link
}

// none is the number of no stretch.
const none = 0

// list is an order of stretches.
type list int

const (
	ofNode list = iota // those of one node
	ofAll              // those of all nodes; kept only if chunks expire
	lists
)

// link holds the neighbours of a stretch in a queue, or none.
type link struct{ older, newer uint32 }

// queue is stretches in the order of their touches. The zero value is empty.
type queue struct{ oldest, newest uint32 }

// recency holds the stretches of all nodes, by number. Numbers are used again.
type recency struct {
	stretches []stretch
	free      uint32 // the first unused one; the others follow by before
	all       queue
}

func newRecency() recency { return recency{stretches: make([]stretch, 1)} }

// add returns the number of a stretch.
func (r *recency) add(s stretch) uint32 {
	if at := r.free; at != none {
		r.free = r.stretches[at].before
		r.stretches[at] = s
		return at
	}
	r.stretches = append(r.stretches, s)
	return uint32(len(r.stretches) - 1)
}

// remove makes the number of a stretch free.
func (r *recency) remove(at uint32) {
	r.stretches[at] = stretch{before: r.free}
	r.free = at
}

// push makes a stretch the newest of a queue.
func (r *recency) push(q *queue, l list, at uint32) {
	r.stretches[at].links[l] = link{older: q.newest}
	if q.newest == none {
		q.oldest = at
	} else {
		r.stretches[q.newest].links[l].newer = at
	}
	q.newest = at
}

// unlink takes a stretch out of a queue.
func (r *recency) unlink(q *queue, l list, at uint32) {
	k := r.stretches[at].links[l]
	if k.newer == none {
		q.newest = k.older
	} else {
		r.stretches[k.newer].links[l].older = k.older
	}
	if k.older == none {
		q.oldest = k.newer
	} else {
		r.stretches[k.older].links[l].newer = k.newer
	}
}
