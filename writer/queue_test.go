package writer

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// model is what a queue should be: a list.
type model struct {
	entries     [][]byte // what each holds
	told        []int64  // of how many drops each tells
	account     account
	unannounced int64
}

// queueRun runs operations, each encoded as bytes, on a queue and on the model.
func queueRun(t *testing.T, capacity, slots int, ops []byte) {
	q, m := newQueue(capacity, slots), model{}
	next := uint64(0) // to be freed
	for i, op := range ops {
		if op%4 == 3 {
			n := min(int(op/4)%3, len(m.entries))
			checkOldest(t, q, &m, next, n)
			q.free(n)
			q.wrote(int64(n), 0, sum(m.told[:n]))
			m.entries, m.told = m.entries[n:], m.told[n:]
			m.account.written += int64(n)
			next += uint64(n)
		} else {
			add(t, q, &m, byte(i), 1+int(op/4), op%4 == 2)
		}
		a, unannounced := q.balance()
		require.Equal(t, m.account, a)
		require.Equal(t, m.unannounced, unannounced)
		require.Equal(t, int64(len(m.entries)), a.queued())
		require.Equal(t, sum(m.told), q.carried)
	}
	checkOldest(t, q, &m, next, len(m.entries))
}

// add puts n bytes into both. A caller that may wait is let in if the queue is empty.
func add(t *testing.T, q *queue, m *model, fill byte, n int, wait bool) {
	e := entry{size: n}
	var s *slot
	var v verdict
	if wait {
		if s, _, v = q.takeOrWait(&e); v == full {
			q.drop()
		}
		require.False(t, v == full && len(m.entries) == 0, "an empty queue takes all")
	} else {
		s, v = q.take(&e)
		require.False(t, v == full && len(m.entries) == 0 && n <= len(q.bytes), "an empty queue takes what fits")
	}
	m.account.recorded++
	if v == full {
		require.Less(t, len(m.entries), len(q.slots)+1)
		m.account.dropped++
		m.unannounced++
		return
	}
	data := q.data(&e)
	require.Len(t, data, n)
	for i := range data {
		data[i] = fill
	}
	s.ready.Store(true)
	m.entries = append(m.entries, bytes.Repeat([]byte{fill}, n))
	m.told = append(m.told, m.unannounced)
	m.unannounced = 0
}

// checkOldest compares the oldest n entries.
func checkOldest(t *testing.T, q *queue, m *model, next uint64, n int) {
	for i := range n {
		e := q.entry(next + uint64(i))
		require.NotNil(t, e)
		require.Equal(t, m.entries[i], q.data(e))
		require.Equal(t, m.told[i], e.dropped)
	}
}

func sum(numbers []int64) (total int64) {
	for _, n := range numbers {
		total += n
	}
	return total
}

func TestQueueAgainstModel(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		ops := make([]byte, 100)
		for i := range ops {
			ops[i] = byte(random.IntN(256))
		}
		queueRun(t, 1+random.IntN(200), 1+random.IntN(10), ops)
	}
}

func FuzzQueue(f *testing.F) {
	f.Add(uint8(10), uint8(3), []byte("0123456789"))
	f.Fuzz(func(t *testing.T, capacity, slots uint8, ops []byte) {
		queueRun(t, 1+int(capacity), 1+int(slots), ops)
	})
}

// The ring is used to its last byte, from the middle on as well as from the front.
func TestQueueExactlyFull(t *testing.T) {
	q, m := newQueue(10, 10), model{}
	add(t, q, &m, 1, 4, false)
	add(t, q, &m, 2, 6, false)
	require.Equal(t, int64(2), m.account.recorded-m.account.dropped)
	q.free(1)
	m.entries, m.told = m.entries[1:], m.told[1:]
	add(t, q, &m, 3, 4, false) // end would equal start, which means empty
	require.Equal(t, int64(1), m.account.dropped)
	add(t, q, &m, 4, 3, false)
	require.Equal(t, int64(1), m.account.dropped)
	checkOldest(t, q, &m, 1, 2)
}

func TestQueueSettles(t *testing.T) {
	q := newQueue(100, 10)
	q.drop()
	for range 3 {
		_, v := q.take(&entry{size: 1})
		require.Equal(t, taken, v)
	}
	q.wrote(1, 5, 1)
	require.True(t, q.close())
	require.False(t, q.close())
	require.False(t, q.drop())
	_, v := q.take(&entry{size: 1})
	require.Equal(t, shut, v)
	q.settle()
	q.wrote(2, 10, 0) // too late to be counted
	a, lost := q.balance()
	require.Equal(t, account{recorded: 4, written: 1, dropped: 3, bytes: 5}, a)
	require.Equal(t, int64(2), lost) // the first drop stands in the log
}
