package log

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

// TestNamesAreHeldOnce reads several logs at once: all records of a model share the string of its name.
func TestNamesAreHeldOnce(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for l := range 3 {
		var text strings.Builder
		for i := range 1000 {
			text.Write(encode(line.Record{Timestamp: float64(i), ModelName: fmt.Sprint("model ", i%(2*line.CachedNames)), ChunkSize: 1, SeqLen: 1}))
		}
		paths = append(paths, write(t, dir, fmt.Sprint(l, ".jsonl"), text.String()))
	}
	r, err := find(t, paths...).Open(context.Background(), Options{})
	require.NoError(t, err)
	defer r.Close()
	seen := make(map[string]*byte)
	for r.Scan() {
		name := r.Entry().ModelName
		if seen[name] == nil {
			seen[name] = unsafe.StringData(name)
		}
		require.Same(t, seen[name], unsafe.StringData(name))
	}
	require.NoError(t, r.Err())
	require.Len(t, seen, 2*line.CachedNames)
}

// TestHeld reads consecutive logs and logs that overlap: the memory of waiting records follows the number of logs that
// overlap, and is the same in each pass.
func TestHeld(t *testing.T) {
	const logs, records = 40, 500
	held := func(overlap bool) int64 {
		dir := t.TempDir()
		var paths []string
		for l := range logs {
			start := 0.0
			if !overlap {
				start = float64(l * records)
			}
			var text strings.Builder
			for i := range records {
				text.WriteString(logLine(start+float64(i), "id"))
			}
			paths = append(paths, write(t, dir, fmt.Sprintf("%02d.jsonl", l), text.String()))
		}
		files, most := find(t, paths...), int64(0)
		for range 2 {
			r, err := files.Open(context.Background(), Options{})
			require.NoError(t, err)
			for r.Scan() {
			}
			require.NoError(t, r.Err())
			require.Zero(t, r.memory.now, "nothing waits any more")
			require.True(t, most == 0 || most == r.Held())
			most = r.Held()
			require.NoError(t, r.Close())
		}
		return most
	}
	const each = itemBytes + 2*8 + len("id")
	const ahead = source.BlockSize + queuedBatches*batchBytes // of the one log that is being read
	together := held(true)
	require.GreaterOrEqual(t, together, int64(logs*records*each))
	require.LessOrEqual(t, together, int64(logs*records*each+ahead))
	after := held(false)
	require.GreaterOrEqual(t, after, int64(records*each))
	require.LessOrEqual(t, after, int64(2*records*each+ahead))
}

// All texts of a record count as its memory.
func TestItemMemory(t *testing.T) {
	long := make([]byte, 200<<10)
	for _, e := range []Entry{{RequestID: long}, {SessionID: long}, {CacheSalt: long}, {Text: long}} {
		it := &item{Entry: e}
		require.EqualValues(t, itemBytes+len(long), it.memory())
		require.True(t, it.large())
		require.False(t, it.wasteful())
		for _, text := range []*[]byte{&it.RequestID, &it.SessionID, &it.CacheSalt, &it.Text} {
			*text = (*text)[:0]
		}
		require.True(t, it.wasteful())
	}
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
