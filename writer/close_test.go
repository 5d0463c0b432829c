package writer

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hangs makes every write hang until the returned function is called.
func hangs(fs *sickFS) (letGo func()) {
	gate := make(chan struct{})
	fs.fails(nil, func(n int) (int, error) {
		<-gate
		return n, nil
	})
	return func() {
		fs.recovers()
		close(gate)
	}
}

// Eight callers log while the writer is closed. Each call returns one of three results, and
// the account, the results and the log agree.
func TestCloseUnderLoad(t *testing.T) {
	for _, context := range []func() context.Context{context.Background, ended, func() context.Context { return timeout(t, time.Millisecond) }} {
		opts := Options{Dir: t.TempDir(), QueueRecords: 1000, RotateSize: 50_000, MaxFiles: -1}
		w := open(t, opts)
		var accepted, dropped atomic.Int64
		var group sync.WaitGroup
		for c := range 8 {
			group.Go(func() {
				for i := 0; ; i++ {
					var err error
					if c%2 == 0 {
						err = w.Record(lookup(i))
					} else {
						err = w.RecordWait(t.Context(), lookup(i))
					}
					switch err {
					case nil:
						accepted.Add(1)
					case ErrDropped:
						dropped.Add(1)
					default:
						require.ErrorIs(t, err, ErrClosed)
						return
					}
				}
			})
		}
		returned := func() (int64, int64) { return accepted.Load(), dropped.Load() }
		for range 100 {
			balanced(t, w, returned)
			time.Sleep(100 * time.Microsecond)
		}
		var lost int64
		if err := w.Close(context()); err != nil {
			var loss *LossError
			require.ErrorAs(t, err, &loss)
			lost = loss.Dropped
		}
		group.Wait()
		s := w.Stats()
		balanced(t, w, returned)
		require.Zero(t, s.Queued)
		require.Equal(t, accepted.Load()+dropped.Load(), s.Recorded)
		require.Equal(t, accepted.Load()-s.Written, s.Dropped-dropped.Load())
		f := read(t, opts.Dir)
		require.Len(t, f.numbers, int(s.Written))
		require.Equal(t, s.Dropped, f.dropped+lost)
	}
}

// If the disk hangs, Close waits no longer than its context allows, and its error says how
// much is lost.
func TestCloseWhileDiskHangs(t *testing.T) {
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir, FlushInterval: time.Millisecond})
	letGo := hangs(fs)
	record(t, w, 1)
	require.Eventually(t, func() bool { return len(names(t, dir)) == 1 }, 5*time.Second, time.Millisecond)
	record(t, w, 2, 3)
	begin := time.Now()
	second := make(chan error)
	go func() {
		for !w.queue.finished(w.queue.upTo()) { // until the first call is under way
			time.Sleep(time.Millisecond)
		}
		second <- w.Close(timeout(t, 10*time.Millisecond))
	}()
	err := w.Close(timeout(t, 200*time.Millisecond))
	require.Less(t, time.Since(begin), 2*time.Second)
	var loss *LossError
	require.ErrorAs(t, err, &loss)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, int64(3), loss.Dropped)
	require.ErrorIs(t, <-second, context.DeadlineExceeded)
	after := w.Stats()
	require.Equal(t, []int64{3, 0, 3, 0}, []int64{after.Recorded, after.Written, after.Dropped, after.Queued})
	require.NoError(t, w.Flush(timeout(t, 5*time.Second))) // nothing is left to wait for
	require.NoError(t, w.Close(timeout(t, 5*time.Second)))
	letGo()
	<-w.drain.done
	require.Equal(t, after, w.Stats()) // what succeeds too late is not counted
	require.NoError(t, w.Close(context.Background()))
}

// A write that is under way when the context ends gets a moment to finish, and counts. What is
// queued behind it is dropped.
func TestCloseLetsAWriteEnd(t *testing.T) {
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir, FlushInterval: time.Millisecond, grace: time.Minute})
	writing := make(chan struct{}, 1)
	fs.fails(nil, func(n int) (int, error) {
		writing <- struct{}{}
		<-w.drain.quit                   // Close drops what is left,
		time.Sleep(5 * time.Millisecond) // and would be back by now if it did not wait
		return n, nil
	})
	record(t, w, 1)
	<-writing
	record(t, w, 2, 3)
	var loss *LossError
	require.ErrorAs(t, w.Close(ended()), &loss)
	require.Equal(t, int64(2), loss.Dropped)
	require.Equal(t, int64(1), w.Stats().Written)
	require.Equal(t, []int{1}, read(t, dir).numbers)
}

func TestCloseTwiceAndFlush(t *testing.T) {
	for range 50 {
		w := open(t, Options{Dir: t.TempDir()})
		record(t, w, upTo(100)...)
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { require.NoError(t, w.Flush(context.Background())) })
			group.Go(func() { require.NoError(t, w.Close(context.Background())) })
		}
		group.Wait()
		require.Equal(t, int64(100), w.Stats().Written)
		require.ErrorIs(t, w.Record(lookup(1)), ErrClosed)
		require.ErrorIs(t, w.RecordWait(context.Background(), lookup(1)), ErrClosed)
		require.ErrorIs(t, w.Record(Lookup{}), ErrClosed)
		require.Equal(t, int64(100), w.Stats().Recorded)
	}
}

// Callers that wait for room are told that the writer is closed.
func TestCloseWakesWaiters(t *testing.T) {
	w, fs := sickWriter(t, Options{QueueRecords: 1})
	fs.fails(failing(context.Canceled, "create"), nil)
	record(t, w, 1)
	answers := make(chan error)
	for range 5 {
		go func() { answers <- w.RecordWait(context.Background(), lookup(2)) }()
	}
	time.Sleep(10 * time.Millisecond)
	require.Error(t, w.Close(ended()))
	for range 5 {
		require.ErrorIs(t, <-answers, ErrClosed)
	}
	require.Equal(t, int64(1), w.Stats().Recorded)
}
