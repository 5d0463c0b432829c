package writer

import (
	"sync"
	"sync/atomic"
)

// queue holds lookups between the callers and the one goroutine that writes them. Its
// memory is two rings, allocated at the start: slots for the parts of fixed size, and bytes
// for the rest. A caller takes a slot and bytes under the lock, which takes some
// nanoseconds, fills them without the lock, and then marks the slot as ready.
//
// The queue also keeps the account under the same lock, so it balances at any moment.
type queue struct {
	bytes []byte
	slots []slot

	// alone is the memory of an entry that is larger than the queue. There is at most one,
	// since it waits until the queue is empty.
	alone []byte

	mu          sync.Mutex
	first, next uint64 // numbers of the oldest slot in use and of the next to be used
	start, end  int    // bytes in use are [start, end), or [start, len) and [0, end) if end < start
	account     account
	unannounced int64         // drops that no record reports yet
	carried     int64         // drops that records in the queue report
	closed      bool          // no more entries are taken
	settled     bool          // the account is final
	asleep      bool          // the writing goroutine waits to be woken
	space       chan struct{} // closed when slots have been freed; nil if nobody waits

	wake chan struct{} // of capacity 1
}

// account is what has become of the calls.
type account struct {
	recorded, written, dropped int64
	bytes                      int64 // of the lines written
}

func (a account) queued() int64 { return a.recorded - a.written - a.dropped }

// slot is one place in the queue. It holds no pointers, so the garbage collector skips the
// slots.
type slot struct {
	ready atomic.Bool // entry is complete
	entry entry
}

func newQueue(bytes, records int) *queue {
	q := &queue{bytes: make([]byte, bytes), slots: make([]slot, records), wake: make(chan struct{}, 1)}
	q.touch()
	return q
}

// touch makes the operating system provide the memory now. Otherwise the first caller to
// use each page would wait some microseconds for it, just when the disk stalls and the queue
// fills.
func (q *queue) touch() {
	const page = 4096
	for i := 0; i < len(q.bytes); i += page {
		q.bytes[i] = 0
	}
	for i := range q.slots {
		q.slots[i].entry.at = 0
	}
}

// verdict is the outcome of an attempt to take a slot.
type verdict int

const (
	taken verdict = iota
	full          // there is no room
	shut          // the queue is closed
)

// take takes a slot for an entry and counts the entry, as dropped if there is no room.
// Unless the entry is a line, its record will report the drops that no record reports yet.
func (q *queue) take(e *entry) (*slot, verdict) {
	q.mu.Lock()
	s, v := q.tryTake(e)
	if v == full {
		q.lose()
	}
	wake := q.needsWaking(v)
	q.mu.Unlock()
	if wake {
		q.rouse()
	}
	return s, v
}

func (q *queue) tryTake(e *entry) (*slot, verdict) {
	if q.closed {
		return nil, shut
	}
	at, ok := q.room(e.size)
	if !ok {
		return nil, full
	}
	return q.occupy(e, at), taken
}

// occupy puts an entry, whose bytes begin at an offset, into the next slot.
func (q *queue) occupy(e *entry, at int) *slot {
	s := &q.slots[q.next%uint64(len(q.slots))]
	q.next++
	q.account.recorded++
	if !e.line && q.unannounced > 0 {
		e.dropped = q.unannounced
		q.carried += q.unannounced
		q.unannounced = 0
	}
	e.at = at
	s.entry = *e
	return s
}

// data returns the bytes of an entry.
func (q *queue) data(e *entry) []byte {
	if e.size > len(q.bytes) {
		return q.alone[:e.size:e.size]
	}
	return q.bytes[e.at : e.at+e.size : e.at+e.size]
}

// room finds a free slot and n contiguous bytes, and takes the bytes.
func (q *queue) room(n int) (at int, ok bool) {
	if q.next-q.first == uint64(len(q.slots)) {
		return 0, false
	}
	switch {
	case q.first == q.next: // empty: begin at the front again, where memory is cached
		q.start, q.end = 0, 0
		at, ok = 0, n <= len(q.bytes)
	case q.end >= q.start && q.end+n <= len(q.bytes):
		at, ok = q.end, true
	case q.end >= q.start: // continue at the front; end = start would mean empty
		at, ok = 0, n < q.start
	default:
		at, ok = q.end, q.end+n < q.start
	}
	if ok {
		q.end = at + n
	}
	return at, ok
}

// needsWaking reports whether the writing goroutine must be woken: it sleeps, or the queue
// is at least half full while it waits for more.
func (q *queue) needsWaking(v verdict) bool {
	if v == shut {
		return false
	}
	if q.asleep {
		q.asleep = false
		return true
	}
	return v == full || (q.next-q.first)*2 >= uint64(len(q.slots)) || q.used()*2 > len(q.bytes)
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

// takeOrWait is take for a caller that can wait: if the queue is full it counts nothing,
// and returns a channel that is closed when slots have been freed. An entry that is larger
// than the queue gets memory of its own once the queue is empty.
func (q *queue) takeOrWait(e *entry) (s *slot, space <-chan struct{}, v verdict) {
	q.mu.Lock()
	if s, v = q.tryTake(e); v == full {
		if e.size > len(q.bytes) && q.first == q.next {
			q.alone = make([]byte, e.size)
			s, v = q.occupy(e, 0), taken
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
	q.lose()
	return true
}

func (q *queue) lose() {
	q.account.recorded++
	q.account.dropped++
	q.unannounced++
}

// entry returns the entry with a number below upTo, or nil if it is not complete yet.
func (q *queue) entry(number uint64) *entry {
	s := &q.slots[number%uint64(len(q.slots))]
	if !s.ready.Load() {
		return nil
	}
	return &s.entry
}

// free releases the n oldest slots and their bytes, once their entries are formatted.
func (q *queue) free(n int) {
	if n == 0 {
		return
	}
	first := q.first // only this goroutine moves it
	for range n {
		q.slots[first%uint64(len(q.slots))].ready.Store(false)
		first++
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.first = first
	if q.alone != nil && (first == q.next || q.oldest().size <= len(q.bytes)) {
		q.alone = nil
	}
	if first != q.next {
		q.start = q.oldest().at
	}
	if q.space != nil {
		close(q.space)
		q.space = nil
	}
}

func (q *queue) oldest() *entry { return &q.slots[q.first%uint64(len(q.slots))].entry }

// wrote counts n entries as written, whose records reported a number of drops.
func (q *queue) wrote(n, bytes, reported int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.settled {
		q.account.written += n
		q.account.bytes += bytes
		q.carried -= reported
	}
}

// refuse counts an entry as dropped, with the number of earlier drops that its record would
// have reported.
func (q *queue) refuse(carried int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.settled {
		q.account.dropped++
		q.unannounced += 1 + carried
		q.carried -= carried
	}
}

// settle counts everything that is still queued as dropped, and makes the account final.
func (q *queue) settle() {
	q.mu.Lock()
	defer q.mu.Unlock()
	lost := q.account.queued()
	q.account.dropped += lost
	q.unannounced += lost + q.carried
	q.carried = 0
	q.settled = true
}

// close makes the queue accept no more entries. It returns false if it was closed before.
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

// finished reports whether the queue is closed and holds nothing from a slot number on.
func (q *queue) finished(number uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed && number == q.next
}

// sleep arranges for the next caller to wake the writing goroutine. It returns false if
// there are entries from a slot number on, or the queue is closed.
func (q *queue) sleep(number uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asleep = number == q.next && !q.closed
	return q.asleep
}

// upTo returns the number of the slot to be taken next.
func (q *queue) upTo() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.next
}

// balance returns the account, and the drops that no record reports.
func (q *queue) balance() (a account, unannounced int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.account, q.unannounced
}
