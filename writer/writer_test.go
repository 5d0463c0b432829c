package writer

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

func TestWritesCanonicalLines(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir})
	l := lookup(1711929600)
	require.NoError(t, w.Record(l))
	l.Hashes, l.IntHashes = nil, []int64{0, 255, -63, -1 << 63}
	l.ModelName, l.RequestID = "modèle \xff", "\"\n"
	require.NoError(t, w.Record(l))
	l.IntHashes, l.DTypes, l.Shapes = nil, nil, nil
	l.Hashes = [][]byte{{1}, {}, {2, 3}}
	require.NoError(t, w.Record(l))
	l = lookup(1711929600)
	l.SessionID = "sess\xff"
	require.NoError(t, w.Record(l))
	l.CacheSalt = "é"
	require.NoError(t, w.Record(l))
	l.SessionID, l.Hashes = "", nil
	require.NoError(t, w.Record(l))
	closed(t, w)
	text := contents(t, dir)
	require.Len(t, names(t, dir), 1)
	require.True(t, isSegment(names(t, dir)[0]))
	plain := log.Record{Timestamp: 1711929600, RequestID: "req", ModelName: "m", ChunkSize: 16, SeqLen: 40, DTypes: []string{"torch.bfloat16"},
		Shapes: [][]int64{{2, 8}}, ChunkHashes: []string{"0xabcd", "0x0001"}}
	inSession := plain
	inSession.SessionID = "sess\ufffd"
	salted := inSession
	salted.CacheSalt = "é"
	saltedOnly := salted
	saltedOnly.SessionID, saltedOnly.ChunkHashes = "", nil
	want := []log.Record{
		plain,
		{Timestamp: 1711929600, RequestID: "\"\n", ModelName: "modèle \ufffd", ChunkSize: 16, SeqLen: 40, DTypes: []string{"torch.bfloat16"},
			Shapes: [][]int64{{2, 8}}, ChunkHashes: []string{"0x0", "0xff", "-0x3f", "-0x8000000000000000"}},
		{Timestamp: 1711929600, RequestID: "\"\n", ModelName: "modèle \ufffd", ChunkSize: 16, SeqLen: 40, ChunkHashes: []string{"0x01", "0x", "0x0203"}},
		inSession, salted, saltedOnly,
	}
	var expected []byte
	for i := range want {
		var err error
		expected, err = log.AppendRecord(expected, &want[i])
		require.NoError(t, err)
	}
	require.Equal(t, string(expected), text)
	require.Equal(t, Stats{Recorded: 6, Written: 6, Bytes: int64(len(text)), Segments: 1}, w.Stats())
	require.ErrorIs(t, w.Record(l), ErrClosed)
	require.NoError(t, w.Close(context.Background()))
}

func TestDisabled(t *testing.T) {
	var none *Writer
	off := open(t, Options{})
	for _, w := range []*Writer{none, off} {
		require.False(t, w.Enabled())
		require.NoError(t, w.Record(lookup(0)))
		require.NoError(t, w.RecordWait(context.Background(), lookup(0)))
		require.NoError(t, w.WriteLine(context.Background(), []byte("anything")))
		require.NoError(t, w.Flush(context.Background()))
		require.NoError(t, w.Close(context.Background()))
		require.Equal(t, Stats{}, w.Stats())
	}
}

func TestRecordAllocatesNothing(t *testing.T) {
	var none *Writer
	off, on := open(t, Options{}), open(t, Options{Dir: t.TempDir()})
	l := benchLookup()
	for _, w := range []*Writer{none, off, on} {
		require.Zero(t, testing.AllocsPerRun(2000, func() { w.Record(l) }))
	}
	require.NoError(t, on.Flush(context.Background()))
	l = lookup(1)
	l.Timestamp, l.Hashes, l.IntHashes, l.SessionID, l.CacheSalt = 0, nil, []int64{1, 2, 3}, "session", "salt"
	require.Zero(t, testing.AllocsPerRun(2000, func() { on.Record(l) }))
	closed(t, on)
}

func TestTimestampOfNow(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 3, 4, 5, 6, 7, 123_456_000, time.UTC)
	w := open(t, Options{Dir: dir, now: func() time.Time { return now }})
	require.NoError(t, w.Record(lookup(0)))
	closed(t, w)
	require.Equal(t, []string{"lookup_hashes_20260304_050607_000000.jsonl"}, names(t, dir))
	require.Contains(t, contents(t, dir), `{"timestamp": 1772600767.123456, `)
}

// A line passes through byte for byte: extra fields, any spacing, CRLF.
func TestWriteLine(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir})
	ctx := context.Background()
	lines := []string{
		`{"timestamp": 1.50, "chunk_size": 1, "seq_len": 0, "chunk_hashes": []}`,
		"{\"seq_len\":3,\t\"chunk_size\":1,\"user\":\"\\u00e9 é\",\"timestamp\":1e3,\"chunk_hashes\":[\"any\"]}  \r",
		`{"timestamp": 2, "chunk_size": 1, "seq_len": 0, "chunk_hashes": [], "dropped": 7}`,
	}
	for i, line := range lines {
		if i == 1 {
			line += "\n"
		}
		require.NoError(t, w.WriteLine(ctx, []byte(line)))
	}
	for line, message := range map[string]string{
		"":                   "not JSON",
		"{}":                 "timestamp",
		lines[0] + lines[0]:  "not JSON",
		lines[0] + "\n\n":    "more than one line",
		"{\n" + lines[0][1:]: "more than one line", // JSON allows it
		`{"timestamp": 1, "chunk_size": 0, "seq_len": 0, "chunk_hashes": []}`: "chunk_size",
	} {
		err := w.WriteLine(ctx, []byte(line))
		require.ErrorContains(t, err, message, "%q", line)
		require.NotErrorIs(t, err, ErrDropped)
	}
	closed(t, w)
	require.Equal(t, strings.Join(lines, "\n")+"\n", contents(t, dir))
	require.Equal(t, int64(3), w.Stats().Recorded)
	require.ErrorIs(t, w.WriteLine(ctx, []byte(lines[0])), ErrClosed)
}

// A line reports no drops, but the next lookup does.
func TestLinesDoNotTellOfDrops(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir})
	require.ErrorIs(t, w.Record(Lookup{}), ErrDropped)
	line := `{"timestamp": 1, "chunk_size": 1, "seq_len": 0, "chunk_hashes": []}` + "\n"
	require.NoError(t, w.WriteLine(context.Background(), []byte(line)))
	record(t, w, 2)
	closed(t, w)
	require.Equal(t, line, contents(t, dir)[:len(line)])
	require.Equal(t, int64(1), read(t, dir).dropped)
}

// A lookup that is larger than the queue is dropped, or waits until the queue is empty.
func TestOversize(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir, QueueBytes: 100, RotateSize: 500})
	large := lookup(2)
	large.RequestID = strings.Repeat("x", 1000)
	record(t, w, 1)
	require.ErrorIs(t, w.Record(large), ErrDropped)
	for i := range 5 {
		large.Timestamp = float64(2 + 2*i)
		require.NoError(t, w.RecordWait(context.Background(), large))
		require.NoError(t, w.RecordWait(context.Background(), lookup(3+2*i)))
	}
	require.NoError(t, w.WriteLine(context.Background(), []byte(`{"timestamp": 12, "chunk_size": 1, "seq_len": 0, "chunk_hashes": ["`+strings.Repeat("y", 1000)+`"]}`)))
	closed(t, w)
	require.Nil(t, w.queue.alone)
	f := read(t, dir)
	require.Equal(t, upTo(12), f.numbers)
	require.Equal(t, int64(1), f.dropped)
	require.Len(t, names(t, dir), 12) // each large one has a segment of its own
}

func TestRecordWaitGivesUp(t *testing.T) {
	w, fs := sickWriter(t, Options{QueueRecords: 1})
	fs.fails(failing(syscall.EIO, "create"), nil)
	record(t, w, 1)
	for _, ctx := range []context.Context{ended(), timeout(t, 10*time.Millisecond)} {
		err := w.RecordWait(ctx, lookup(2))
		require.ErrorIs(t, err, ErrDropped)
		require.ErrorIs(t, err, ctx.Err())
	}
	done := make(chan error)
	go func() { done <- w.RecordWait(context.Background(), lookup(3)) }()
	require.Equal(t, int64(2), w.Stats().Dropped)
	fs.recovers()
	require.NoError(t, <-done)
	closed(t, w)
	require.Equal(t, []int{1, 3}, read(t, w.opts.Dir).numbers)
	require.Equal(t, Stats{Recorded: 4, Written: 2, Dropped: 2, Bytes: w.Stats().Bytes, Segments: 1, Errors: w.Stats().Errors}, w.Stats())
}

// Flush confirms what was recorded before it.
func TestFlush(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir, FlushInterval: time.Hour})
	require.NoError(t, w.Flush(context.Background())) // nothing to do
	for i := range 50 {
		record(t, w, i+1)
		require.NoError(t, w.Flush(context.Background()))
		require.Equal(t, i+1, strings.Count(contents(t, dir), "\n"))
		require.Equal(t, int64(i+1), w.Stats().Written)
	}
	closed(t, w)
	require.NoError(t, w.Flush(context.Background()))
}

// Without a Flush, records are written after the interval.
func TestFlushInterval(t *testing.T) {
	w := open(t, Options{Dir: t.TempDir(), FlushInterval: 10 * time.Millisecond})
	record(t, w, 1)
	require.Eventually(t, func() bool { return w.Stats().Written == 1 }, 5*time.Second, time.Millisecond)
	closed(t, w)
}

func TestOptionsRefused(t *testing.T) {
	for _, c := range []struct {
		opts    Options
		field   string
		message string
	}{
		{Options{QueueBytes: -1}, "QueueBytes", "-1 is out of range: the queue is allocated at once, so it cannot be unlimited; set 1 to "},
		{Options{QueueBytes: math.MaxInt}, "QueueBytes", " or 0 for the default of 67108864"}, // allocating it would panic
		{Options{QueueRecords: -1}, "QueueRecords", "-1 is out of range: the queue is allocated at once, so it cannot be unlimited; set 1 to "},
		{Options{QueueRecords: math.MaxInt}, "QueueRecords", " or 0 for the default of 65536"},
		{Options{FlushInterval: -time.Second}, "FlushInterval", "-1s is negative: records cannot wait without limit; set a time above zero, or 0 for the default of 1s"},
		{Options{Compress: "lz4"}, "Compress", `"lz4" is no known compression; set NoCompression, Gzip or Zstd`},
	} {
		c.opts.Dir = filepath.Join(t.TempDir(), "new")
		_, err := New(c.opts)
		var wrong *FieldError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, c.field, wrong.Field)
		require.Contains(t, err.Error(), c.message)
		require.True(t, strings.HasPrefix(err.Error(), "writer: "+c.field+": "), err.Error())
		require.NoDirExists(t, c.opts.Dir)
		c.opts.Dir = ""
		require.False(t, open(t, c.opts).Enabled())
	}
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err := New(Options{Dir: filepath.Join(file, "sub")})
	require.Error(t, err)
}

// A negative value lifts every limit.
func TestUnlimited(t *testing.T) {
	dir, clock := t.TempDir(), newStepClock()
	touch(t, dir, 1<<20, earlier(2*defaultMaxFiles, "")...)
	w := open(t, Options{Dir: dir, RotateInterval: -1, RotateSize: -1, MaxFiles: -1, MaxBytes: -1, now: clock.now})
	record(t, w, 1)
	require.NoError(t, w.Flush(context.Background()))
	clock.step(1000 * time.Hour)
	large := lookup(2)
	large.RequestID = strings.Repeat("x", 1<<20)
	for range 1 + defaultRotateSize>>20 {
		require.NoError(t, w.RecordWait(context.Background(), large))
	}
	closed(t, w)
	require.Equal(t, int64(1), w.Stats().Segments)
	require.Len(t, names(t, dir), 2*defaultMaxFiles+1)
}

func TestParseCompression(t *testing.T) {
	for text, want := range map[string]Compression{"none": NoCompression, "gz": Gzip, "zst": Zstd} {
		c, err := ParseCompression(text)
		require.NoError(t, err)
		require.Equal(t, want, c)
	}
	_, err := ParseCompression("")
	require.ErrorContains(t, err, "none, gz or zst")
}
