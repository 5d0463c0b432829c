package log

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/line"
)

// manyLogs writes logs whose times overlap, every third one compressed. Some lines are bad, and some late.
func manyLogs(t testing.TB, files, records int) *Files {
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(1, 2))
	var paths []string
	for f := range files {
		var text strings.Builder
		for i := range records {
			at := float64(f*records/3 + i)
			if rng.IntN(10) == 0 {
				at -= float64(rng.IntN(30))
			}
			text.WriteString(logLine(at, fmt.Sprintf("%d/%d", f, i)))
			if rng.IntN(50) == 0 {
				text.WriteString("{\n")
			}
		}
		name, content := fmt.Sprintf("%03d.jsonl", f), text.String()
		if f%3 == 0 {
			name, content = name+".gz", gzipped(content)
		}
		paths = append(paths, write(t, dir, name, content))
	}
	return find(t, paths...)
}

// The number of goroutines that decode changes neither records nor problems nor order.
func TestSameOnAnyProcessors(t *testing.T) {
	files := manyLogs(t, 12, 700)
	var want got
	for i, procs := range []int{1, 2, 16} {
		before := runtime.GOMAXPROCS(procs)
		g := read(t, files, Options{window: 10})
		runtime.GOMAXPROCS(before)
		require.NoError(t, g.err)
		require.Positive(t, g.stats.Late)
		require.Positive(t, g.stats.Skipped)
		if i == 0 {
			want = g
		}
		require.Equal(t, want, g)
	}
}

// Decoded records that nobody takes are bounded.
func TestDecodesAhead(t *testing.T) {
	for name, text := range map[string]string{
		"records":   strings.Repeat(logLine(2, strings.Repeat("x", 10_000)), 3000), // 30 MB
		"no record": logLine(2, "") + strings.Repeat("x\n", 500_000),
	} {
		t.Run(name, func(t *testing.T) { checkAhead(t, text) })
	}
}

func checkAhead(t *testing.T, text string) {
	dir := t.TempDir()
	paths := []string{write(t, dir, "0.jsonl", strings.Repeat(logLine(1, ""), 100_000))}
	for f := range 8 {
		paths = append(paths, write(t, dir, fmt.Sprintf("%d.jsonl.gz", 1+f), gzipped(text)))
	}
	r, err := find(t, paths...).Open(context.Background(), Options{window: 1})
	require.NoError(t, err)
	defer r.Close()
	r.scheduler.mu.Lock()
	most := r.scheduler.maxRunning
	r.scheduler.mu.Unlock()
	for range 90_000 { // more than may have been decoded before the log was begun
		require.True(t, r.Scan())
	}
	begun, ahead := settled(r)
	require.LessOrEqual(t, begun, queuedBatches)
	require.LessOrEqual(t, ahead, packedLookahead+most*2*batchBytes)
	if most > 1 {
		require.Eventually(t, func() bool {
			_, ahead := settled(r)
			return ahead > plainLookahead
		}, time.Minute, time.Millisecond, "a compressed log is decoded further ahead than a plain one")
	}
}

// settled waits until no more is decoded. It returns the length of the longest queue of a log that is being merged, and the
// bytes of records that wait of other logs.
func settled(r *Reader) (begun, ahead int) {
	s := r.scheduler
	last := -1
	for {
		time.Sleep(50 * time.Millisecond)
		s.mu.Lock()
		begun, ahead = 0, 0
		sum := 0
		for _, f := range r.inputs {
			sum += len(f.job.queue)
			if f.job.begun {
				begun = max(begun, len(f.job.queue))
				continue
			}
			for _, b := range f.job.queue {
				ahead += b.bytes
			}
		}
		s.mu.Unlock()
		if sum == last {
			return begun, ahead
		}
		last = sum
	}
}

// Only as many logs are decoded at once as there are processors, unless the merge needs more.
func TestStartsFew(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for f := range 40 {
		paths = append(paths, write(t, dir, fmt.Sprint(f), strings.Repeat(logLine(float64(1000*f), strings.Repeat("x", 100_000)), 100)))
	}
	r, err := find(t, paths...).Open(context.Background(), Options{window: 1})
	require.NoError(t, err)
	defer r.Close()
	require.True(t, r.Scan())
	settled(r)
	started := 0
	for _, f := range r.inputs {
		r.scheduler.mu.Lock()
		if f.job.started {
			started++
		}
		r.scheduler.mu.Unlock()
	}
	require.LessOrEqual(t, started, r.scheduler.maxRunning+1)
}

// A taken entry stays valid while the reader reuses memory.
func TestTake(t *testing.T) {
	r, err := manyLogs(t, 5, 500).Open(context.Background(), Options{})
	require.NoError(t, err)
	defer r.Close()
	const keep = 50
	taken := make([]Entry, keep)
	var ids []string
	for n := 0; r.Scan(); n++ {
		ids = append(ids, string(r.Entry().RequestID))
		if n%7 == 0 {
			continue // not taken
		}
		r.Take(&taken[n%keep])
		for i := max(0, n-keep+1); i <= n; i++ {
			if i%7 != 0 {
				require.Equal(t, ids[i], string(taken[i%keep].RequestID))
				require.Len(t, taken[i%keep].Hashes, 2)
			}
		}
	}
	require.NoError(t, r.Err())
	require.Zero(t, r.scheduler.lookahead, "all has been taken")
	require.Len(t, ids, 2500)
	slices.Sort(ids)
	require.Len(t, slices.Compact(ids), 2500)
}

// Records cost no garbage.
func TestNoGarbage(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	for i := range 60_000 {
		text.WriteString(logLine(float64(i), "id"))
	}
	r, err := find(t, write(t, dir, "a", text.String())).Open(context.Background(), Options{})
	require.NoError(t, err)
	defer r.Close()
	var before, after runtime.MemStats
	n := 0
	var taken [2]Entry
	for ; r.Scan(); n++ {
		r.Take(&taken[n%2])
		if n < 30_000 && n%10_000 == 9_999 {
			settled(r) // as much is on its way as ever can be
		}
		if n == 30_000 {
			runtime.ReadMemStats(&before)
		}
	}
	runtime.ReadMemStats(&after)
	require.Equal(t, 60_000, n)
	require.Less(t, after.Mallocs-before.Mallocs, uint64(1000))
}

// The memory of exceptionally large records is released.
func TestLargeItemsGo(t *testing.T) {
	var text strings.Builder
	large := line.Record{ChunkSize: 1, ChunkHashes: slices.Repeat([]string{"0x1"}, 20_000)}
	for i := range 5000 {
		text.WriteString(logLine(float64(i), "small"))
		if i%100 == 0 {
			large.Timestamp = float64(i)
			text.Write(encode(large))
			text.WriteString(logLine(float64(i), strings.Repeat("x", 200_000)))
		}
	}
	r, err := find(t, write(t, t.TempDir(), "a", text.String())).Open(context.Background(), Options{window: 10})
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
	}
	require.NoError(t, r.Err())
	items := r.free
	for _, b := range r.scheduler.spare {
		items = append(items, b.free...)
	}
	require.NotEmpty(t, items)
	for _, it := range items {
		require.LessOrEqual(t, 8*cap(it.Hashes)+cap(it.RequestID), 128<<10)
	}
}

// A reader that is closed in the middle, or whose context ends, leaves no goroutine; TestMain checks that.
func TestClosedInTheMiddle(t *testing.T) {
	files := manyLogs(t, 10, 3000)
	for n := range 4 {
		ctx, cancel := context.WithCancel(context.Background())
		r, err := files.Open(ctx, Options{})
		require.NoError(t, err)
		for range n * 2000 {
			require.True(t, r.Scan())
		}
		if n%2 == 1 {
			cancel()
			require.False(t, r.Scan())
			require.ErrorIs(t, r.Err(), context.Canceled)
		}
		require.NoError(t, r.Close())
		cancel()
	}
}

// The context ends while the merge waits for a silent stream.
func TestCancelledWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent, w := io.Pipe()
		defer w.Close()
		files, err := Find(context.Background(), []string{"-"}, silent)
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		r, err := files.Open(ctx, Options{})
		require.NoError(t, err)
		require.False(t, r.Scan())
		require.ErrorIs(t, r.Err(), context.DeadlineExceeded)
		require.NoError(t, r.Close())
	})
}
