package log

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"hashlog/log/internal/source"
)

// census counts objects that the garbage collector has not collected.
type census struct{ alive atomic.Int64 }

// watch counts x for as long as it is alive.
func watch[T any](c *census, x *T) {
	c.alive.Add(1)
	runtime.AddCleanup(x, func(c *census) { c.alive.Add(-1) }, c)
}

// falls waits until no more than most are alive. It collects garbage until then: cleanups run some time after it.
func (c *census) falls(t *testing.T, most int64) {
	t.Helper()
	for end := time.Now().Add(time.Minute); c.alive.Load() > most; runtime.GC() {
		require.True(t, time.Now().Before(end), "%d are alive, more than %d", c.alive.Load(), most)
	}
}

// watchedInputs returns options with a census of the open logs of a reader, with their buffers and decompressors.
func watchedInputs() (Options, *census) {
	c := &census{}
	return Options{window: 10, opened: func(in *source.Input) { watch(c, in) }}, c
}

// successive writes logs that follow each other in time.
func successive(t *testing.T, logs, records int, pack func(string) string) (paths []string) {
	dir := t.TempDir()
	for i := range logs {
		var text strings.Builder
		for j := range records {
			text.WriteString(logLine(float64(i*records+j), "r"))
		}
		paths = append(paths, write(t, dir, fmt.Sprintf("%05d", i), pack(text.String())))
	}
	return paths
}

// forms are how a log may be stored.
var forms = map[string]func(string) string{"plain": func(s string) string { return s }, "gz": gzipped, "zst": quicklyZstded}

var quickZstd, _ = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))

// quicklyZstded is for thousands of logs.
func quicklyZstded(s string) string { return string(quickZstd.EncodeAll([]byte(s), nil)) }

// A log releases its memory at its end: of thousands of logs, only those not read yet are alive.
func TestReadLogsGo(t *testing.T) {
	const logs, records = 2000, 3
	for name, pack := range forms {
		t.Run(name, func(t *testing.T) {
			opts, inputs := watchedInputs()
			r, err := find(t, successive(t, logs, records, pack)...).Open(context.Background(), opts)
			require.NoError(t, err)
			defer r.Close()
			for range logs * records / 2 {
				require.True(t, r.Scan())
			}
			inputs.falls(t, logs/2)
			for r.Scan() {
			}
			require.NoError(t, r.Err())
			inputs.falls(t, 0)
		})
	}
}

// The same while two long logs keep all processors busy, so that the merge must begin each of the others itself.
func TestReadLogsGoBesideLong(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	const logs, records = 500, 3
	paths := successive(t, logs, records, forms["plain"])
	dir := t.TempDir()
	for i := range 2 {
		var text strings.Builder
		for j := range 50_000 {
			fmt.Fprint(&text, logLine(float64(j)*logs*records/50_000, "long"))
		}
		paths = append(paths, write(t, dir, fmt.Sprint(i), text.String()))
	}
	opts, inputs := watchedInputs()
	r, err := find(t, paths...).Open(context.Background(), opts)
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() && r.Entry().Timestamp < logs*records*9/10 {
	}
	require.NoError(t, r.Err())
	inputs.falls(t, logs/10+10)
}

// A log that is decoded before the merge reaches it waits as records, without its buffers and decoder.
func TestDecodedLogsGo(t *testing.T) {
	const ahead = 200
	paths := append([]string{write(t, t.TempDir(), "long", strings.Repeat(logLine(-1, ""), 50_000))}, successive(t, ahead, 3, quicklyZstded)...)
	opts, inputs := watchedInputs()
	r, err := find(t, paths...).Open(context.Background(), opts)
	require.NoError(t, err)
	defer r.Close()
	require.True(t, r.Scan())
	settled(r)
	inputs.falls(t, int64(r.scheduler.maxRunning)+1)
}

// A closed reader holds no memory, even while the reader itself is alive.
func TestClosedReaderHoldsNothing(t *testing.T) {
	opts, inputs := watchedInputs()
	r, err := find(t, successive(t, 300, 500, quicklyZstded)...).Open(context.Background(), opts)
	require.NoError(t, err)
	batches := &census{}
	for range 10_000 {
		require.True(t, r.Scan())
	}
	r.scheduler.mu.Lock()
	require.NotEmpty(t, r.scheduler.spare)
	for _, b := range r.scheduler.spare {
		watch(batches, b)
	}
	r.scheduler.mu.Unlock()
	require.NoError(t, r.Close())
	inputs.falls(t, 0)
	batches.falls(t, 0)
	runtime.KeepAlive(r)
}

// There are no more large zstd windows than logs decoded at once: logs share them.
func TestFewWindows(t *testing.T) {
	const logs, window = 40, 32 << 20
	var paths []string
	dir := t.TempDir()
	for i := range logs {
		var b bytes.Buffer
		w, err := zstd.NewWriter(&b, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithEncoderLevel(zstd.SpeedFastest))
		require.NoError(t, err)
		for j := range 2 {
			fmt.Fprint(w, logLine(float64(2*i+j), ""))
			require.NoError(t, w.Flush()) // so that the whole is not one block, which needs no window
		}
		require.NoError(t, w.Close())
		paths = append(paths, write(t, dir, fmt.Sprint(i), b.String()))
	}
	files := find(t, paths...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	g := read(t, files, Options{})
	runtime.ReadMemStats(&after)
	require.EqualValues(t, 2*logs, g.stats.Records)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64((runtime.GOMAXPROCS(0)+2)*window+logs*3*source.BlockSize))
}

// After logs that overlapped, few of their batches are kept for other logs.
func TestFewSpareBatches(t *testing.T) {
	const logs = 300
	dir := t.TempDir()
	var paths []string
	for i := range logs {
		paths = append(paths, write(t, dir, fmt.Sprint(i), strings.Repeat(logLine(1, ""), 50), logLine(2, "")))
	}
	r, err := find(t, paths...).Open(context.Background(), Options{})
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
	}
	require.NoError(t, r.Err())
	require.EqualValues(t, 51*logs, r.Stats().Records)
	require.LessOrEqual(t, len(r.scheduler.spare), 2*queuedBatches*r.scheduler.maxRunning+plainLookahead/batchBytes)
}

// largeFormat decodes lines that begin with L to records that take much memory, and counts those alive.
type largeFormat struct{ large *census }

func (f largeFormat) Decoder(string, []byte) Decoder { return f }

func (f largeFormat) Decode(line []byte, e *Entry) error {
	e.Timestamp, e.ChunkSize, e.Hashes = 1, 1, e.Hashes[:0]
	if line[0] == 'L' {
		e.Hashes = make([]uint64, 17<<10)
		watch(f.large, &e.Hashes[0])
	}
	return nil
}

func (f largeFormat) Timestamp([]byte) (float64, bool) { return 1, true }
func (f largeFormat) String() string                   { return "large ones" }

// Exceptionally large records are alive only while they wait to be yielded: no list that items pass through keeps one
// beyond its end.
func TestLargeRecordsGo(t *testing.T) {
	const window = 400
	f := largeFormat{&census{}}
	text := strings.Repeat("s\n", 4*window) + strings.Repeat("L\n", 2*window) + strings.Repeat("s\n", window+window/2)
	r, err := find(t, write(t, t.TempDir(), "x", text)).Open(context.Background(), Options{window: window, Formats: []Format{f}})
	require.NoError(t, err)
	defer r.Close()
	for range 5*window - window/2 { // as many large ones have been yielded as the window still holds
		require.True(t, r.Scan())
	}
	settled(r)
	f.large.falls(t, window+(queuedBatches+2)*2)
	for range window + window/2 {
		require.True(t, r.Scan())
	}
	settled(r)
	f.large.falls(t, 2)
	runtime.KeepAlive(r)
}
