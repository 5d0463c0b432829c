package writer

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// sickWriter returns a writer on a file system with faults. It tries again soon.
func sickWriter(t testing.TB, opts Options) (*Writer, *sickFS) {
	t.Helper()
	fs := &sickFS{}
	opts.fs, opts.pause = fs, time.Millisecond
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
	}
	return open(t, opts), fs
}

// record records lookups with these numbers, which must all be accepted.
func record(t testing.TB, w *Writer, numbers ...int) {
	t.Helper()
	for _, i := range numbers {
		require.NoError(t, w.Record(lookup(i)))
	}
}

// faulty waits until a writer has met a fault.
func faulty(t testing.TB, w *Writer) {
	t.Helper()
	before := w.Stats().Errors
	require.Eventually(t, func() bool { return w.Stats().Errors > before }, 5*time.Second, time.Millisecond)
}

// Each fault occurs while ten records are flushed, and goes away: at once, or when the file system recovers.
func TestFaultsPass(t *testing.T) {
	lookups := upTo(20)
	for _, c := range []struct {
		name  string
		ops   []string
		err   error
		room  func(int) (int, error)
		brief bool // it goes away at once
		torn  int64
		files int
	}{
		{name: "no space", room: noRoom(0, syscall.ENOSPC), files: 2},
		{name: "half a line", room: noRoom(100, syscall.ENOSPC), files: 2},
		{name: "short write without error", room: noRoom(100, nil), files: 2},
		{name: "input/output error", room: noRoom(0, syscall.EIO), files: 2},
		{name: "no space, and truncate fails", room: once(noRoom(100, syscall.ENOSPC)), brief: true, ops: []string{"truncate"}, err: syscall.EIO, torn: 1, files: 2},
		{name: "stat fails", room: once(noRoom(100, syscall.ENOSPC)), brief: true, ops: []string{"stat"}, err: syscall.EIO, torn: 1, files: 2},
		{name: "read-only", room: noRoom(0, syscall.EROFS), ops: []string{"create", "mkdir", "truncate", "remove"}, err: syscall.EROFS, files: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			w, fs := sickWriter(t, Options{Dir: dir})
			record(t, w, lookups[:10]...)
			require.NoError(t, w.Flush(context.Background()))
			fs.fails(failing(c.err, c.ops...), c.room)
			record(t, w, lookups[10:]...)
			if c.brief {
				require.NoError(t, w.Flush(timeout(t, 20*time.Second)))
			} else {
				require.ErrorIs(t, w.Flush(timeout(t, 50*time.Millisecond)), context.DeadlineExceeded)
				require.Equal(t, int64(10), w.Stats().Queued)
				require.Eventually(t, func() bool { return w.Stats().Errors > 0 }, 20*time.Second, time.Millisecond) // on a busy machine
			}
			require.Positive(t, w.Stats().Errors)
			fs.recovers()
			require.NoError(t, w.Flush(context.Background()))
			closed(t, w)
			f := read(t, dir)
			require.Equal(t, lookups, f.numbers)
			require.Equal(t, c.torn, f.stats.Torn)
			require.Zero(t, f.stats.Skipped)
			require.Len(t, names(t, dir), c.files)
			require.Equal(t, int64(20), w.Stats().Written)
		})
	}
}

// once is a fault that occurs a single time.
func once(room func(int) (int, error)) func(int) (int, error) {
	var o sync.Once
	return func(n int) (int, error) {
		written, err := n, error(nil)
		o.Do(func() { written, err = room(n) })
		return written, err
	}
}

// A line that lacks only its newline, and cannot be cut off, counts as written, since
// readers take it for a record.
func TestLineWithoutNewline(t *testing.T) {
	text := []byte("{\"a\": 1}\n{\"a\": 2} \r\n{\"a\": 3}\n")
	ends := []int{9, 20, 29}
	for n := range text {
		fs := &sickFS{}
		fs.fails(failing(syscall.EIO, "truncate"), noRoom(n, syscall.ENOSPC))
		f, err := fs.create(filepath.Join(t.TempDir(), "x"))
		require.NoError(t, err)
		o := outlet{live: &segment{file: f}}
		lines, err := o.write(text, ends)
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.True(t, o.live.broken)
		want := strings.Count(string(text[:n]), "}")
		require.Equal(t, want, lines, "%d bytes written", n)
		require.NoError(t, f.Close())
	}
}

// Faults occur at random, at any byte and in any operation. What is read back is what was
// accepted, each record once and in order, and the drops that it reports are those that
// happened.
func TestRandomFaults(t *testing.T) {
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	for seed := range rounds {
		randomFaults(t, rand.New(rand.NewPCG(1, uint64(seed))))
	}
}

func randomFaults(t *testing.T, random *rand.Rand) {
	opts := Options{Dir: t.TempDir(), MaxFiles: -1, RotateSize: 20_000, FlushInterval: time.Millisecond,
		QueueRecords: 1 + random.IntN(300), QueueBytes: 200 + random.IntN(30_000), Sync: random.IntN(2) == 0,
		Compress: []Compression{NoCompression, Gzip, Zstd}[random.IntN(3)]}
	w, fs := sickWriter(t, opts)
	var mu sync.Mutex
	strikes := func(chance float64) bool {
		mu.Lock()
		defer mu.Unlock()
		return random.Float64() < chance
	}
	fault := func(op, path string) error {
		if strikes(0.2) {
			return &os.PathError{Op: op, Path: path, Err: syscall.EIO}
		}
		return nil
	}
	room := func(n int) (int, error) {
		if !strikes(0.3) {
			return n, nil
		}
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(n + 1), syscall.ENOSPC
	}
	var accepted []int
	dropped := int64(0)
	for i := 1; i < 1000; i++ {
		switch i % 100 {
		case 1:
			fs.fails(fault, room)
		case 60:
			fs.recovers()
		case 99:
			time.Sleep(time.Millisecond)
		}
		if w.Record(lookup(i)) == nil {
			accepted = append(accepted, i)
		} else {
			dropped++
		}
		balanced(t, w, func() (int64, int64) { return int64(len(accepted)), dropped })
		require.Equal(t, int64(i), w.Stats().Recorded)
	}
	fs.recovers()
	told := closedWithLoss(t, w)
	f := read(t, opts.Dir)
	require.Equal(t, accepted, f.numbers)
	require.Zero(t, f.stats.Skipped+f.stats.Damaged)
	s := w.Stats()
	require.Equal(t, Stats{Recorded: 999, Written: int64(len(accepted)), Dropped: dropped, Bytes: s.Bytes, Segments: s.Segments, Errors: s.Errors}, s)
	require.Equal(t, dropped, f.dropped+told)
}

// closedWithLoss closes a writer and returns how many lookups its error says are lost.
func closedWithLoss(t testing.TB, w *Writer) int64 {
	t.Helper()
	var loss *LossError
	if err := w.Close(context.Background()); err != nil {
		require.ErrorAs(t, err, &loss)
		return loss.Dropped
	}
	return 0
}

// While nothing can be written the queue fills, and the newest lookups are dropped.
func TestQueueFillsDuringFault(t *testing.T) {
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir, QueueRecords: 10})
	fs.fails(failing(syscall.ENOSPC, "create"), nil)
	record(t, w, upTo(10)...)
	require.ErrorIs(t, w.Record(lookup(11)), ErrDropped)
	require.ErrorIs(t, w.Record(lookup(12)), ErrDropped)
	require.Equal(t, int64(10), w.Stats().Queued)
	fs.recovers()
	require.NoError(t, w.Flush(context.Background()))
	record(t, w, 13)
	closed(t, w)
	f := read(t, dir)
	require.Equal(t, append(upTo(10), 13), f.numbers)
	require.Equal(t, int64(2), f.dropped)
	require.Contains(t, contents(t, dir), `"0x0001"], "dropped": 2}`+"\n")
}

// A segment to which nothing could be written is removed.
func TestNoEmptySegments(t *testing.T) {
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir})
	fs.fails(nil, noRoom(10, syscall.ENOSPC))
	record(t, w, 1)
	faulty(t, w)
	require.Error(t, w.Flush(timeout(t, 20*time.Millisecond)))
	require.Equal(t, int64(1), w.Stats().Segments)
	var loss *LossError
	err := w.Close(ended())
	require.ErrorAs(t, err, &loss)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, int64(1), loss.Dropped)
	require.Empty(t, names(t, dir))
}

func timeout(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestFolderRemoved(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders of open files stay")
	}
	dir := filepath.Join(t.TempDir(), "a", "b")
	w := open(t, Options{Dir: dir, FlushInterval: time.Millisecond})
	record(t, w, 1)
	require.NoError(t, w.Flush(context.Background()))
	require.NoError(t, os.RemoveAll(filepath.Dir(dir)))
	time.Sleep(5 * time.Millisecond)
	record(t, w, 2, 3)
	closed(t, w)
	require.Equal(t, []int{2, 3}, read(t, dir).numbers)
	require.Equal(t, int64(1), w.Stats().Errors)
}

func TestSegmentReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("open files stay")
	}
	dir := t.TempDir()
	w := open(t, Options{Dir: dir, FlushInterval: time.Millisecond})
	record(t, w, 1)
	require.NoError(t, w.Flush(context.Background()))
	first := filepath.Join(dir, names(t, dir)[0])
	require.NoError(t, os.Remove(first))
	require.NoError(t, os.WriteFile(first, nil, 0o666))
	time.Sleep(5 * time.Millisecond)
	record(t, w, 2)
	closed(t, w)
	require.Len(t, names(t, dir), 2)
	require.Equal(t, []int{2}, read(t, dir).numbers)
}

func TestFolderReadOnly(t *testing.T) {
	dir := t.TempDir()
	asNobody(t, dir)
	w := open(t, Options{Dir: dir, RotateSize: 1, pause: time.Millisecond})
	record(t, w, 1)
	require.NoError(t, w.Flush(context.Background()))
	require.NoError(t, os.Chmod(dir, 0o500))
	record(t, w, 2)
	faulty(t, w)
	require.NoError(t, os.Chmod(dir, 0o700))
	closed(t, w)
	require.Equal(t, []int{1, 2}, read(t, dir).numbers)
}

// If storing on disk fails, what was written counts, and writing goes on.
func TestSyncFails(t *testing.T) {
	dir := t.TempDir()
	var reports []error
	w, fs := sickWriter(t, Options{Dir: dir, Sync: true, RotateSize: 1, OnError: func(err error) { reports = append(reports, err) }})
	fs.fails(failing(syscall.EIO, "sync"), nil)
	record(t, w, 1, 2, 3)
	closed(t, w)
	require.Equal(t, []int{1, 2, 3}, read(t, dir).numbers)
	require.Equal(t, int64(3), w.Stats().Errors)
	require.Len(t, reports, 1)
	require.ErrorIs(t, reports[0], syscall.EIO)
	require.ErrorContains(t, reports[0], "finishing "+dir)
}

// A kind of fault is the operation and the system's error.
func TestReportsOnceForEachKind(t *testing.T) {
	var reports []string
	w, _ := sickWriter(t, Options{OnError: func(err error) { reports = append(reports, err.Error()) }})
	f := w.drain.faults
	for range 3 {
		f.meet("write", &os.PathError{Op: "write", Path: "a", Err: syscall.ENOSPC})
		f.meet("write", &os.PathError{Op: "write", Path: "a", Err: syscall.EIO})
		f.meet("open", &os.PathError{Op: "open", Path: "a", Err: syscall.EIO})
		f.meet("write", io.ErrShortWrite)
	}
	require.Equal(t, []string{"write a: " + syscall.ENOSPC.Error(), "write a: " + syscall.EIO.Error(), "open a: " + syscall.EIO.Error(), "short write"}, reports)
	for k := range f.reported {
		f.reported[k] = f.reported[k].Add(-reportInterval)
	}
	f.meet("write", io.ErrShortWrite)
	require.Len(t, reports, 5)
	require.Equal(t, int64(13), w.Stats().Errors)
	closed(t, w)
}

// A lookup that only the formatter finds invalid is dropped there, and reported.
func TestUnfitLookups(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir})
	for _, spoil := range []func(*Lookup){
		func(l *Lookup) { l.ChunkSize = 0 },
		func(l *Lookup) { l.SeqLen = -1 },
		func(l *Lookup) { l.Timestamp /= 0.0 * float64(l.ChunkSize) },
		func(l *Lookup) { l.Timestamp = 1.000001 * log.MaxTimestamp },
		func(l *Lookup) { l.Timestamp = -1e300 },
		func(l *Lookup) { l.Timestamp = math.NaN() },
	} {
		l := lookup(1)
		spoil(&l)
		require.ErrorIs(t, w.Record(l), ErrDropped)
		require.ErrorIs(t, w.RecordWait(context.Background(), l), ErrDropped)
	}
	for _, spoil := range []func(*Lookup){
		func(l *Lookup) { l.DTypes = []string{"float7"} },
		func(l *Lookup) { l.DTypes = nil },
		func(l *Lookup) { l.Shapes = [][]int64{{-1}} },
		func(l *Lookup) { l.Shapes = [][]int64{{1 << 62, 1 << 62}} },
		func(l *Lookup) { l.ModelName = strings.Repeat("m", log.MaxModelName+1) },
		func(l *Lookup) { l.ModelName = strings.Repeat("\xff", log.MaxModelName/2) }, // U+FFFD takes three bytes
	} {
		l := lookup(1)
		spoil(&l)
		require.NoError(t, w.Record(l))
	}
	require.NoError(t, w.Flush(context.Background()))
	record(t, w, 2)
	closed(t, w)
	f := read(t, dir)
	require.Equal(t, []int{2}, f.numbers)
	require.Equal(t, int64(18), f.dropped)
	require.Equal(t, int64(18), w.Stats().Dropped)
}

// Drops that a lost record would have reported are reported by a later one.
func TestLossOfTheTeller(t *testing.T) {
	w, fs := sickWriter(t, Options{QueueRecords: 2})
	fs.fails(failing(syscall.EIO, "create"), nil)
	bad := lookup(1)
	bad.DTypes = nil
	bad.ChunkSize = 0
	require.ErrorIs(t, w.Record(bad), ErrDropped)
	bad.ChunkSize = 1
	require.NoError(t, w.Record(bad)) // tells of the first, and is refused itself
	require.Eventually(t, func() bool { return w.Stats().Dropped == 2 }, 5*time.Second, time.Millisecond)
	record(t, w, 2) // tells of both, and is lost at the end
	err := w.Close(ended())
	var loss *LossError
	require.True(t, errors.As(err, &loss))
	require.Equal(t, int64(3), loss.Dropped)
	s := w.Stats()
	require.Equal(t, []int64{3, 0, 3, 0}, []int64{s.Recorded, s.Written, s.Dropped, s.Queued})
	require.True(t, slices.Contains(strings.Split(err.Error(), " "), "3"))
}

// Several losses between records are reported one by one, even if a write ends in the
// middle.
func TestDropsAcrossAFailedWrite(t *testing.T) {
	w, fs := sickWriter(t, Options{QueueRecords: 100})
	letGo := make(chan struct{})
	fs.fails(nil, func(n int) (int, error) {
		<-letGo
		return n / 2, syscall.ENOSPC
	})
	lost := int64(0)
	for i := 1; i <= 50; i++ {
		record(t, w, i)
		require.ErrorIs(t, w.Record(Lookup{}), ErrDropped)
		lost++
	}
	flushed := make(chan error)
	go func() { flushed <- w.Flush(timeout(t, 20*time.Millisecond)) }()
	close(letGo)
	<-flushed
	require.ErrorIs(t, w.Close(ended()), context.Canceled)
	s := w.Stats()
	f := read(t, w.opts.Dir)
	require.Len(t, f.numbers, int(s.Written))
	require.Equal(t, s.Dropped, lost+50-s.Written)
	_, untold := w.queue.balance()
	require.Equal(t, s.Dropped, f.dropped+untold)
}
