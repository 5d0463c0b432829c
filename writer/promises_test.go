package writer

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log/flock"
)

// A writer that starts while another is about to rename a compressed file leaves that
// temporary file alone.
func TestStartBeforeRename(t *testing.T) {
	dir := t.TempDir()
	var other sync.Once
	w, fs := sickWriter(t, Options{Dir: dir, RotateSize: 1, Compress: Gzip})
	fs.fails(func(op, path string) error {
		if op == "rename" {
			other.Do(func() { closed(t, open(t, Options{Dir: dir})) }) // it cleans up
		}
		return nil
	}, nil)
	record(t, w, 1, 2)
	closed(t, w)
	if renamesOpen {
		require.Zero(t, w.Stats().Errors)
		for _, name := range names(t, dir) {
			require.True(t, strings.HasSuffix(name, ".jsonl.gz"), name)
		}
	}
	require.Equal(t, []int{1, 2}, read(t, dir).numbers)
}

// A temporary file is made again if another writer that cleans up removes it before it is
// locked.
func TestTemporaryTaken(t *testing.T) {
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir, Compress: Gzip})
	var taken atomic.Bool
	fs.fails(func(op, path string) error {
		if op == "create" && strings.HasSuffix(path, ".tmp") && !taken.Swap(true) {
			return errTaken
		}
		return nil
	}, nil)
	record(t, w, 1)
	closed(t, w)
	require.True(t, taken.Load())
	require.Zero(t, w.Stats().Errors)
	require.True(t, strings.HasSuffix(names(t, dir)[0], ".jsonl.gz"))
}

// Attempts come at growing intervals: there are few within a hundred times the first pause.
func TestBackoff(t *testing.T) {
	var attempts atomic.Int64
	w, fs := sickWriter(t, Options{})
	fs.fails(func(op, path string) error {
		if op != "create" {
			return nil
		}
		attempts.Add(1)
		return syscall.EIO
	}, nil)
	record(t, w, 1)
	time.Sleep(100 * w.opts.pause)
	require.LessOrEqual(t, attempts.Load(), int64(8)) // after 0, 1, 3, 7 … 127 pauses
	fs.recovers()
	closed(t, w)
	require.GreaterOrEqual(t, attempts.Load(), int64(3))
}

// With Sync the folder is stored, too: otherwise a crash of the machine loses new names.
func TestSyncStoresFolder(t *testing.T) {
	for _, sync := range []bool{false, true} {
		var mu syncCounter
		w, fs := sickWriter(t, Options{RotateSize: 1, Sync: sync})
		fs.fails(mu.count, nil)
		record(t, w, 1, 2, 3)
		closed(t, w)
		want := map[string]int{}
		if sync {
			want = map[string]int{"sync": 3, "syncdir": 3}
		}
		require.Equal(t, want, mu.counts)
	}
}

// syncCounter counts the operations that store on disk.
type syncCounter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *syncCounter) count(op, _ string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	if strings.HasPrefix(op, "sync") {
		c.counts[op]++
	}
	return nil
}

// The memory of an exceptionally long line is released.
func TestLongLineLeavesNoMemory(t *testing.T) {
	w := open(t, Options{Dir: t.TempDir()})
	long := lookup(1)
	long.Hashes = [][]byte{make([]byte, 8*bufferSize)}
	require.NoError(t, w.Record(long))
	require.NoError(t, w.Flush(context.Background()))
	record(t, w, 2)
	closed(t, w)
	require.LessOrEqual(t, cap(w.drain.out), 4*bufferSize)
}

// If a segment is removed between two attempts to write to it, a fresh one replaces it.
func TestVanishedBetweenAttempts(t *testing.T) {
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir, FlushInterval: time.Hour})
	fs.fails(nil, once(func(int) (int, error) {
		require.NoError(t, os.Remove(filepath.Join(dir, names(t, dir)[0])))
		return 0, syscall.EIO
	}))
	record(t, w, 1)
	require.NoError(t, w.Flush(context.Background()))
	closed(t, w)
	require.Equal(t, []int{1}, read(t, dir).numbers)
}

// A file that has taken the name of a segment that vanished is not compressed.
func TestReplacedSegmentIsNotCompressed(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir, FlushInterval: time.Millisecond, Compress: Gzip})
	record(t, w, 1)
	require.NoError(t, w.Flush(context.Background()))
	first := filepath.Join(dir, names(t, dir)[0])
	require.NoError(t, os.Remove(first))
	require.NoError(t, os.WriteFile(first, []byte("somebody's"), 0o666))
	time.Sleep(5 * time.Millisecond)
	record(t, w, 2)
	closed(t, w)
	kept, err := os.ReadFile(first)
	require.NoError(t, err)
	require.Equal(t, "somebody's", string(kept))
}

// A flush that gives up leaves nothing behind, however long the fault lasts.
func TestFlushGivenUp(t *testing.T) {
	w, fs := sickWriter(t, Options{})
	fs.fails(failing(syscall.EIO, "create"), nil)
	record(t, w, 1)
	for range 100 {
		require.ErrorIs(t, w.Flush(ended()), context.Canceled)
	}
	w.drain.flushing.Lock()
	waiting := len(w.drain.flushes)
	w.drain.flushing.Unlock()
	require.Zero(t, waiting)
	fs.recovers()
	closed(t, w)
}

// Writers that remove old segments at the same time never leave fewer than they may keep.
func TestRemoversTakeTurns(t *testing.T) {
	if !flock.Supported {
		t.Skip("no locks")
	}
	dir, clock := t.TempDir(), newStepClock()
	const keep = 20
	touch(t, dir, 10, earlier(keep, ".gz")...)
	// Each removal is slow, so that removals would overlap.
	slow := func(op, path string) error {
		if op == "remove" {
			time.Sleep(200 * time.Microsecond)
		}
		return nil
	}
	fewest := keep
	stop, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			default:
				segments, _, err := list(osFS{}, dir)
				if err == nil {
					fewest = min(fewest, len(segments))
				}
			}
		}
	}()
	var group sync.WaitGroup
	for i := range 4 {
		w, fs := sickWriter(t, Options{Dir: dir, RotateSize: 1, MaxFiles: keep, now: clock.now})
		fs.fails(slow, nil)
		group.Go(func() {
			for n := range 50 {
				require.NoError(t, w.RecordWait(context.Background(), lookup(i*50+n+1)))
			}
			closed(t, w)
		})
	}
	group.Wait()
	close(stop)
	<-watched
	require.GreaterOrEqual(t, fewest, keep)
	require.Len(t, slices.Compact(names(t, dir)), keep)
}
