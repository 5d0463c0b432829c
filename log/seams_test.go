package log

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file system reuses the inode of a deleted file for the next one. That is not a second name of one log.
func TestReusedNumberIsAnotherLog(t *testing.T) {
	dir := t.TempDir()
	folder := func(name string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.Mkdir(path, 0o777))
		return path
	}
	first, second, third := folder("1"), folder("2"), folder("3")
	const name = "lookup_hashes_20240101_000000_000000.jsonl"
	gone := write(t, first, name, logLine(1, "a"))
	write(t, second, name, logLine(2, "b"))
	listed := 0
	f := finder{listed: func() {
		if listed++; listed == 2 { // the first is compressed, and a new log gets its number
			write(t, first, name+".zst", zstded(logLine(1, "a")))
			require.NoError(t, os.Remove(gone))
			write(t, third, name, logLine(3, "c"), logLine(4, "d"))
		}
	}}
	for _, folder := range []string{first, second, third} {
		require.NoError(t, f.add(folder))
	}
	require.Empty(t, f.repeats)
	require.Len(t, f.found, 3)
}

// A log that was empty in one pass stays empty in the next, though it has grown and been compressed.
func TestEmptyThenCompressed(t *testing.T) {
	for suffix, pack := range map[string]func(string) string{".gz": gzipped, ".zst": zstded} {
		path := write(t, t.TempDir(), "x.jsonl", "")
		files := find(t, path, write(t, t.TempDir(), "y.jsonl", logLine(1, "y")))
		require.EqualValues(t, 1, read(t, files, Options{}).stats.Records)
		write(t, filepath.Dir(path), "x.jsonl"+suffix, pack(strings.Repeat(logLine(2, "x"), 100)))
		require.NoError(t, os.Remove(path))
		require.EqualValues(t, 1, read(t, files, Options{}).stats.Records)
	}
}

// Passes over the same Files at the same time yield the same records, though a writer appends to a log meanwhile.
func TestOpenedAtOnce(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		live := write(t, dir, "live.jsonl", strings.Repeat(logLine(2, "live"), 50))
		files := find(t, live, write(t, dir, "a.jsonl", strings.Repeat(logLine(1, "a"), 50)),
			write(t, dir, "b.jsonl.gz", gzipped(strings.Repeat(logLine(3, "b"), 50))), write(t, dir, "c.jsonl.zst", zstded(strings.Repeat(logLine(2, "c"), 50)+"{}\n")))
		appended := make(chan error)
		go func() {
			f, err := os.OpenFile(live, os.O_APPEND|os.O_WRONLY, 0)
			for n := 0; n < 200 && err == nil; n++ {
				_, err = f.WriteString(logLine(3, fmt.Sprint(n)))
			}
			appended <- errors.Join(err, f.Close())
		}()
		var passes [3]got
		lines := 0
		var group sync.WaitGroup
		for i := range passes {
			group.Go(func() { passes[i] = read(t, files, Options{}) })
		}
		group.Go(func() {
			texts, err := files.Texts(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			defer texts.Close()
			for texts.Next() {
				for texts.Scan() {
					lines++
				}
			}
		})
		group.Wait()
		require.NoError(t, <-appended)
		for _, pass := range passes {
			require.NoError(t, pass.err)
			require.Zero(t, pass.stats.Damaged)
			require.Equal(t, passes[0], pass)
		}
		require.GreaterOrEqual(t, len(passes[0].ids), 200)
		require.Equal(t, len(passes[0].ids)+1, lines)
	}
}

// Of several passes that open a stream at once, one gets it.
func TestStreamOpenedAtOnce(t *testing.T) {
	files, err := Find(context.Background(), []string{"-"}, strings.NewReader(logLine(1, "a")))
	require.NoError(t, err)
	var group sync.WaitGroup
	var opened, refused atomic.Int64
	for range 4 {
		group.Go(func() {
			r, err := files.Open(context.Background(), Options{})
			if err != nil {
				refused.Add(1)
				return
			}
			opened.Add(1)
			for r.Scan() {
			}
			r.Close()
		})
	}
	group.Wait()
	require.Equal(t, []int64{1, 3}, []int64{opened.Load(), refused.Load()})
}

// Short records don't keep the memory of long ones before them: about as much is alive as Held says.
func TestLongRecordsLeaveNoMemory(t *testing.T) {
	long := fmt.Sprintf(`{"timestamp": 1, "chunk_size": 1, "seq_len": 1, "chunk_hashes": [%s"0x1"]}`+"\n", strings.Repeat(`"0x1", `, 8000))
	var text strings.Builder
	random := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		if random.IntN(25) == 0 {
			text.WriteString(long)
		} else {
			text.WriteString(logLine(1, "r"))
		}
	}
	r, err := find(t, write(t, t.TempDir(), "x.jsonl", text.String())).Open(context.Background(), Options{})
	require.NoError(t, err)
	defer r.Close()
	text.Reset()
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for n := 0; r.Scan() && n < 45_000; n++ {
	}
	require.NoError(t, r.Err())
	runtime.GC()
	runtime.ReadMemStats(&now)
	t.Logf("%d MiB alive, %d held", (int64(now.HeapAlloc)-int64(before.HeapAlloc))>>20, r.Held()>>20)
	require.Less(t, int64(now.HeapAlloc)-int64(before.HeapAlloc), 2*r.Held()+32<<20)
}
