package writer

import (
	"sync"
	"sync/atomic"
)

// queue holds lookups between the callers and the one goroutine that writes them.
// Its memory is two rings, set aside at the start: slots for what has a fixed size,
// and bytes for the rest. A caller takes a slot and its bytes under the lock, which
// takes some nanoseconds, fills them without it, and then marks the slot as ready.
//
// The queue also keeps the account, under the same lock, so that it balances at any
// moment.
type queue struct {
	bytes []byte
	slots []slot

	mu          sync.Mutex
	first, next uint64 // numbers of the oldest slot in use and of the next to be used
	start, end  int    // bytes in use are start … end, or start … and … end if end < start
	account     account
	unannounced int64 // drops that no record tells of yet
	carried     int64 // drops that records in the queue tell of
	closed      bool
	settled     bool          // the account is closed: nothing moves any more
	asleep      bool          // the writing goroutine waits to be woken
	space       chan struct{} // closed when slots have been freed; nil if nobody waits

	wake chan struct{} // of capacity 1
}

// account is what has become of the calls.
type account struct {
	recorded, written, dropped int64
}

func (a account) queued() int64 { return a.recorded - a.written - a.dropped }

// slot is one place in the queue.
type slot struct {
	ready atomic.Bool // entry is complete
	at    int         // where its bytes begin
	entry entry
}

func newQueue(bytes, records int) *queue {
	return &queue{bytes: make([]byte, bytes), slots: make([]slot, records), wake: make(chan struct{}, 1)}
}

// verdict is what becomes of an attempt to take a slot.
type verdict int

const (
	taken verdict = iota
	full
	shut
)

// take takes a slot for an entry whose rest has n bytes, and counts it. An entry
// that carries the number of drops takes over those that no record tells of.
func (q *queue) take(e *entry, n int) (*slot, verdict) {
	q.mu.Lock()
	s, v := q.tryTake(e, n)
	wake := q.needsWaking(v)
	q.mu.Unlock()
	if wake {
		q.rouse()
	}
	return s, v
}

func (q *queue) tryTake(e *entry, n int) (*slot, verdict) {
	if q.closed {
		return nil, shut
	}
	at, ok := q.room(n)
	if !ok {
		return nil, full
	}
	return q.occupy(e, at, q.bytes[at:at:at+n]), taken
}

// occupy makes the next slot that of an entry, whose rest will be in data.
func (q *queue) occupy(e *entry, at int, data []byte) *slot {
	s := &q.slots[q.next%uint64(len(q.slots))]
	q.next++
	q.account.recorded++
	if !e.line && q.unannounced > 0 {
		e.dropped = q.unannounced
		q.carried += q.unannounced
		q.unannounced = 0
	}
	s.at, s.entry = at, *e
	s.entry.data = data
	return s
}

// room finds n bytes next to each other and a slot, and takes the bytes.
func (q *queue) room(n int) (at int, ok bool) {
	if q.next-q.first == uint64(len(q.slots)) {
		return 0, false
	}
	switch {
	case q.first == q.next: // empty: begin at the front again, where memory is warm
		q.start, q.end = 0, 0
		at, ok = 0, n <= len(q.bytes)
	case q.end >= q.start && q.end+n <= len(q.bytes):
		at, ok = q.end, true
	case q.end >= q.start: // go on at the front; end = start would mean empty
		at, ok = 0, n < q.start
	default:
		at, ok = q.end, q.end+n < q.start
	}
	if ok {
		q.end = at + n
	}
	return at, ok
}

// needsWaking tells whether the writing goroutine must be told: it sleeps, or the
// queue has become half full or full while it waits for more.
func (q *queue) needsWaking(v verdict) bool {
	if v == shut {
		return false
	}
	if q.asleep {
		q.asleep = false
		return true
	}
	return v == full || (q.next-q.first)*2 == uint64(len(q.slots)) || q.used()*2 > len(q.bytes)
}

// used returns how many bytes are in use.
func (q *queue) used() int {
	if q.end >= q.start {
		return q.end - q.start
	}
	return len(q.bytes) - q.start + q.end
}

func (q *queue) rouse() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// takeOrWait is take for a caller that can wait: where the queue is full it returns a
// channel that is closed when slots have been freed. An entry that is larger than the
// queue gets memory of its own once the queue is empty.
func (q *queue) takeOrWait(e *entry, n int) (s *slot, space <-chan struct{}, v verdict) {
	q.mu.Lock()
	if s, v = q.tryTake(e, n); v == full {
		if n > len(q.bytes) && q.first == q.next {
			s, v = q.occupy(e, 0, make([]byte, 0, n)), taken
		} else {
			if q.space == nil {
				q.space = make(chan struct{})
			}
			space = q.space
		}
	}
	wake := q.needsWaking(v)
	q.mu.Unlock()
	if wake {
		q.rouse()
	}
	return s, space, v
}

// drop counts a call that is dropped, unless the queue is closed.
func (q *queue) drop() (counted bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.account.recorded++
	q.account.dropped++
	q.unannounced++
	return true
}

// slot returns the slot of a number if it is in use and complete.
func (q *queue) slot(number uint64) (*slot, bool) {
	q.mu.Lock()
	inUse := number < q.next
	q.mu.Unlock()
	s := &q.slots[number%uint64(len(q.slots))]
	return s, inUse && s.ready.Load()
}

// free gives back the n oldest slots and their bytes. Their entries have been
// formatted.
func (q *queue) free(n int) {
	if n == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for range n {
		s := &q.slots[q.first%uint64(len(q.slots))]
		s.ready.Store(false)
		s.entry.data = nil
		q.first++
	}
	if q.first != q.next {
		q.start = q.slots[q.first%uint64(len(q.slots))].at
	}
	if q.space != nil {
		close(q.space)
		q.space = nil
	}
}

// wrote counts n entries as written, which told of a number of drops.
func (q *queue) wrote(n, told int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.settled {
		q.account.written += n
		q.carried -= told
	}
}

// refuse counts an entry as dropped that carried the number of drops before it.
func (q *queue) refuse(carried int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.settled {
		q.account.dropped++
		q.unannounced += 1 + carried
		q.carried -= carried
	}
}

// giveUp counts all that is queued as dropped, and closes the account.
func (q *queue) giveUp() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.settled {
		lost := q.account.queued()
		q.account.dropped += lost
		q.unannounced += lost + q.carried
		q.settled = true
	}
}

// close makes the queue take no more. It returns false if it was closed before.
func (q *queue) close() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.closed = true
	if q.space != nil {
		close(q.space)
		q.space = nil
	}
	q.rouse()
	return true
}

// finished reports whether nothing is left from a slot on and nothing will come.
func (q *queue) finished(number uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed && number == q.next
}

// formatting reports whether the slot of a number has been taken, but is not
// complete.
func (q *queue) formatting(number uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return number < q.next
}

// sleep has the next caller wake the writing goroutine. It returns false if there is
// something to do from a slot on.
func (q *queue) sleep(number uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asleep = number == q.next && !q.closed
	return q.asleep
}

// recordedUpTo returns the number of the slot to be used next.
func (q *queue) recordedUpTo() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.next
}

// balance returns the account and the drops that no record tells of.
func (q *queue) balance() (a account, unannounced int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.account, q.unannounced
}
