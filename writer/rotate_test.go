package writer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log/flock"
)

// stepClock is a clock that a test sets.
type stepClock struct{ nanos atomic.Int64 }

func newStepClock() *stepClock {
	c := &stepClock{}
	c.nanos.Store(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).UnixNano())
	return c
}

func (c *stepClock) now() time.Time       { return time.Unix(0, c.nanos.Load()) }
func (c *stepClock) step(d time.Duration) { c.nanos.Add(int64(d)) }

// touch makes files of size bytes.
func touch(t testing.TB, dir string, size int, names ...string) {
	t.Helper()
	for _, name := range names {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), make([]byte, size), 0o666))
	}
}

// earlier returns names of segments of earlier runs, oldest first.
func earlier(n int, suffix string) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("lookup_hashes_20250101_000000_%06d.jsonl%s", i, suffix))
	}
	return names
}

// No segment exceeds the size, and none ends earlier than it must.
func TestRotateBySize(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir, RotateSize: 10 * lineSize, MaxFiles: -1})
	for i := 1001; i <= 1100; i++ {
		record(t, w, i)
	}
	closed(t, w)
	require.Len(t, names(t, dir), 10)
	for _, name := range names(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, int64(10*lineSize), info.Size())
	}
	require.Len(t, read(t, dir).numbers, 100)
	require.Equal(t, int64(10), w.Stats().Segments)
}

func TestRotateByTime(t *testing.T) {
	dir, clock := t.TempDir(), newStepClock()
	w := open(t, Options{Dir: dir, RotateInterval: time.Hour, now: clock.now})
	for i := range 6 {
		record(t, w, i+1)
		require.NoError(t, w.Flush(context.Background()))
		clock.step(30 * time.Minute)
	}
	closed(t, w)
	require.Equal(t, []string{"lookup_hashes_20260102_030405_000000.jsonl", "lookup_hashes_20260102_040405_000001.jsonl",
		"lookup_hashes_20260102_050405_000002.jsonl"}, names(t, dir))
	require.Equal(t, upTo(6), read(t, dir).numbers)
}

// An idle segment is closed, and thereby compressed, when its time is up.
func TestRotateIdle(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir, RotateInterval: 50 * time.Millisecond, FlushInterval: time.Millisecond, Compress: Gzip})
	record(t, w, 1)
	require.Eventually(t, func() bool {
		n := names(t, dir)
		return len(n) == 1 && strings.HasSuffix(n[0], ".jsonl.gz")
	}, 5*time.Second, 5*time.Millisecond)
	closed(t, w)
}

// Names and rotation that follow timestamps do not depend on the clock.
func TestFollowTimestamps(t *testing.T) {
	want := []string{"lookup_hashes_19700101_000001_000000.jsonl", "lookup_hashes_19700101_000101_000001.jsonl", "lookup_hashes_19700101_000201_000002.jsonl"}
	for range 3 {
		dir := t.TempDir()
		w := open(t, Options{Dir: dir, RotateInterval: time.Minute, FollowTimestamps: true})
		for i := 1; i <= 150; i += 3 {
			require.NoError(t, w.RecordWait(context.Background(), lookup(i)))
			if i == 61 { // and one late record
				require.NoError(t, w.RecordWait(context.Background(), lookup(1)))
				i += 3
			}
		}
		closed(t, w)
		require.Equal(t, want, names(t, dir))
	}
}

// Eight callers, and a segment for each record.
func TestRotationStorm(t *testing.T) {
	dir := t.TempDir()
	const callers, each = 8, 200
	w := open(t, Options{Dir: dir, RotateSize: 1, MaxFiles: -1})
	var group sync.WaitGroup
	for c := range callers {
		group.Go(func() {
			for i := range each {
				require.NoError(t, w.RecordWait(context.Background(), lookup(1+c*each+i)))
			}
		})
	}
	group.Wait()
	closed(t, w)
	require.Len(t, names(t, dir), callers*each)
	numbers := read(t, dir).numbers
	sort.Ints(numbers)
	require.Equal(t, upTo(callers*each), numbers)
}

// A storm with everything: compression, few files, a clock that jumps.
func TestStormWithRetention(t *testing.T) {
	dir, clock := t.TempDir(), newStepClock()
	w := open(t, Options{Dir: dir, RotateSize: 1, MaxFiles: 7, Compress: Zstd, now: clock.now})
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 500 {
		require.NoError(t, w.RecordWait(context.Background(), lookup(i+1)))
		clock.step(time.Duration(random.Int64N(20)-10) * time.Hour)
	}
	closed(t, w)
	require.Len(t, names(t, dir), 7)
	require.Equal(t, upTo(500)[493:], read(t, dir).numbers)
	require.Equal(t, int64(500), w.Stats().Segments)
	require.Equal(t, []int64{493, 493}, []int64{w.Stats().DeletedFiles, w.Stats().DeletedRecords})
	require.Zero(t, w.Stats().Errors)
}

// Names rise in the order of writing while the clock steps back and forth.
func TestClockSteps(t *testing.T) {
	dir, clock := t.TempDir(), newStepClock()
	w := open(t, Options{Dir: dir, RotateInterval: time.Minute, MaxFiles: -1, now: clock.now})
	for i, step := range []time.Duration{0, time.Hour, -3 * time.Hour, 0, time.Second, 2 * time.Hour, -time.Hour, 100 * time.Hour} {
		clock.step(step)
		record(t, w, i+1)
		require.NoError(t, w.Flush(context.Background()))
	}
	closed(t, w)
	require.Len(t, names(t, dir), 6) // neither 0 nor a second rotates
	lines := strings.Split(strings.TrimSpace(contents(t, dir)), "\n")
	for i, line := range lines {
		require.Contains(t, line, fmt.Sprintf(`"timestamp": %d.0,`, i+1))
	}
}

// A restart opens a new segment above all others in the folder, and appends to none.
func TestRestartIntoFullFolder(t *testing.T) {
	dir, clock := t.TempDir(), newStepClock()
	touch(t, dir, 10, "lookup_hashes_20260102_030405_999998.jsonl", "lookup_hashes_20260102_030405_999999.jsonl.zst", "lookup_hashes_20250101_000000_000007.jsonl.gz",
		"lookup_hashes_20260102_030406_000000.jsonl.gz.tmp")
	w := open(t, Options{Dir: dir, now: clock.now})
	record(t, w, 1)
	closed(t, w)
	require.Equal(t, "lookup_hashes_20260102_030406_000001.jsonl", names(t, dir)[3])
	w = open(t, Options{Dir: dir, now: clock.now})
	record(t, w, 2)
	closed(t, w)
	require.Equal(t, "lookup_hashes_20260102_030406_000002.jsonl", names(t, dir)[4])
	require.Len(t, names(t, dir), 5)
}

// Retention counts segments of earlier runs, those that are both plain and compressed once,
// and touches nothing else.
func TestRetention(t *testing.T) {
	dir := t.TempDir()
	plain, gz, zst := earlier(9, ""), earlier(9, ".gz"), earlier(9, ".zst")
	foreign := []string{"lookup_hashes_20250101_000000_000000.jsonl.bak", "lookup_hashes_20250101_000000_00000.jsonl", "lookup_hashes_20259901_000000_000000.jsonl",
		"lookup_hashes.jsonl", "notes.txt", "lookup_hashes_20250101_000000_000000.jsonl.gz.tmp2"}
	touch(t, dir, 10, plain[0], gz[1], plain[2], gz[2], zst[3], plain[4], zst[5])
	touch(t, dir, 10, foreign...)
	folder := "lookup_hashes_20240101_000000_000000.jsonl"
	require.NoError(t, os.Mkdir(filepath.Join(dir, folder), 0o777))
	w := open(t, Options{Dir: dir, MaxFiles: 5})
	record(t, w, 1)
	closed(t, w)
	present := names(t, dir)
	require.Subset(t, present, append([]string{plain[2], gz[2], zst[3], plain[4], zst[5], folder}, foreign...))
	require.NotContains(t, present, plain[0])
	require.NotContains(t, present, gz[1])
	require.Len(t, present, 5+len(foreign)+1+1)
}

func TestRetentionByBytes(t *testing.T) {
	dir := t.TempDir()
	touch(t, dir, 1000, earlier(10, "")...)
	w := open(t, Options{Dir: dir, MaxFiles: -1, MaxBytes: 5000})
	for i := 1001; i <= 1010; i++ {
		record(t, w, i)
	}
	closed(t, w)
	require.Equal(t, earlier(10, "")[7:], names(t, dir)[:3]) // 3 × 1000 + 10 × lineSize bytes
	require.Len(t, names(t, dir), 4)
	w = open(t, Options{Dir: dir, MaxFiles: -1, MaxBytes: 10})
	record(t, w, 1011)
	closed(t, w)
	require.Equal(t, []int{1011}, read(t, dir).numbers) // the last one stays
}

// MaxBytes holds while a segment grows, too.
func TestRetentionWhileGrowing(t *testing.T) {
	dir := t.TempDir()
	touch(t, dir, 1000, earlier(10, "")...)
	w := open(t, Options{Dir: dir, MaxBytes: 20 * lineSize})
	left := func(files int) {
		require.Eventually(t, func() bool { return len(names(t, dir)) == files }, 5*time.Second, time.Millisecond)
	}
	record(t, w, 1001)
	left(1 + 3)
	for i := 1002; i <= 1020; i++ {
		record(t, w, i)
		require.NoError(t, w.Flush(context.Background()))
	}
	left(1)
	closed(t, w)
}

func TestRetentionUnlimited(t *testing.T) {
	dir := t.TempDir()
	touch(t, dir, 10, earlier(150, ".gz")...)
	w := open(t, Options{Dir: dir, MaxFiles: -1})
	record(t, w, 1)
	closed(t, w)
	require.Len(t, names(t, dir), 151)
	w = open(t, Options{Dir: dir})
	record(t, w, 2)
	closed(t, w)
	require.Len(t, names(t, dir), defaultMaxFiles)
}

// MaxBytes lifts the default of MaxFiles. If both are set, both hold.
func TestRetentionDefaults(t *testing.T) {
	const segments = defaultMaxFiles + 50
	for _, c := range []struct {
		maxFiles int
		maxBytes int64
		left     int
	}{
		{0, 0, defaultMaxFiles},
		{0, 1 << 40, segments},
		{0, 120 * lineSize, 120},
		{110, 120 * lineSize, 110},
		{120, 110 * lineSize, 110},
		{110, 0, 110},
		{-1, 0, segments},
		{0, -1, defaultMaxFiles}, // no limit, as by default, so the default of the other holds
		{110, -1, 110},
		{-1, -1, segments},
	} {
		dir := t.TempDir()
		w := open(t, Options{Dir: dir, RotateSize: 1, MaxFiles: c.maxFiles, MaxBytes: c.maxBytes})
		for i := range segments {
			record(t, w, 1001+i)
		}
		closed(t, w)
		require.Len(t, names(t, dir), c.left, "MaxFiles %d, MaxBytes %d", c.maxFiles, c.maxBytes)
	}
}

// A file that cannot be removed does not prevent others from being removed.
func TestRetentionFails(t *testing.T) {
	dir := t.TempDir()
	old := earlier(5, "")
	touch(t, dir, 10, old...)
	fs := &sickFS{}
	fs.fails(func(op, path string) error {
		if op == "remove" && filepath.Base(path) == old[0] {
			return os.ErrPermission
		}
		return nil
	}, nil)
	w := open(t, Options{Dir: dir, MaxFiles: 3, fs: fs})
	record(t, w, 1)
	closed(t, w)
	present := names(t, dir)
	require.Equal(t, []string{old[0], old[4]}, present[:2])
	require.Len(t, present, 3)
	require.Positive(t, w.Stats().Errors)
}

// Two writers in one folder: all names differ, neither removes what the other writes,
// and nothing is lost.
func TestTwoWriters(t *testing.T) {
	dir, clock := t.TempDir(), newStepClock()
	const each = 300
	var group sync.WaitGroup
	for i, c := range []Compression{NoCompression, Gzip, Zstd} {
		w := open(t, Options{Dir: dir, RotateSize: 1, MaxFiles: -1, Compress: c, now: clock.now, OnError: func(err error) { t.Error(err) }})
		group.Go(func() {
			for n := range each {
				require.NoError(t, w.RecordWait(context.Background(), lookup(i*each+n+1)))
			}
			closed(t, w)
		})
	}
	group.Wait()
	require.Len(t, names(t, dir), 3*each)
	numbers := read(t, dir).numbers
	sort.Ints(numbers)
	require.Equal(t, upTo(3*each), numbers)
}

// Retention leaves the live segment of another writer alone, however old it is, and two
// writers together remove no more than one would.
func TestTwoWritersRetain(t *testing.T) {
	dir, clock := t.TempDir(), newStepClock()
	slow := open(t, Options{Dir: dir, MaxFiles: 5, now: clock.now})
	record(t, slow, 1)
	require.NoError(t, slow.Flush(context.Background()))
	live := names(t, dir)[0]
	clock.step(time.Hour)
	touch(t, dir, 10, earlier(50, ".gz")...)
	var group sync.WaitGroup
	for i := range 2 {
		w := open(t, Options{Dir: dir, RotateSize: 1, MaxFiles: 5, now: clock.now})
		group.Go(func() {
			for n := range 100 {
				require.NoError(t, w.RecordWait(context.Background(), lookup(2+i*100+n)))
			}
			closed(t, w)
		})
	}
	group.Wait()
	if flock.Supported {
		// The writer that closes last may leave one too many, since it never removes its last
		// segment, nor newer ones. The next writer does.
		require.Contains(t, []int{5, 6}, len(names(t, dir)))
		next := open(t, Options{Dir: dir, MaxFiles: 5, now: clock.now})
		record(t, next, 202)
		closed(t, next)
		require.Len(t, names(t, dir), 5)
		require.Contains(t, names(t, dir), live)
	}
	record(t, slow, 500)
	closed(t, slow)
	require.Contains(t, contents(t, dir), `{"timestamp": 500.0,`)
}
