package log

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

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
		// The live log may end in the middle of a line that is being written.
		stats := passes[0].stats
		require.EqualValues(t, int64(len(passes[0].ids))+stats.Skipped+stats.Torn, lines)
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
