package writer

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"hashlog/log"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lookup is one of many alike.
func lookup(i int) Lookup {
	return Lookup{Timestamp: float64(1711929600 + i), RequestID: "req", ModelName: "m", ChunkSize: 16, SeqLen: 40,
		DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{2, 8}}, Hashes: [][]byte{{0xab, 0xcd}, {0x00, 0x01}}}
}

// contents returns what all segments hold, one after another, and their names.
func contents(t testing.TB, dir string) (text string, names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var all strings.Builder
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		all.Write(b)
		names = append(names, e.Name())
	}
	return all.String(), names
}

func open(t testing.TB, opts Options) *Writer {
	t.Helper()
	w, err := New(opts)
	require.NoError(t, err)
	return w
}

// closed closes a writer in good time.
func closed(t testing.TB, w *Writer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(t, w.Close(ctx))
}

func TestWritesCanonicalLines(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir})
	l := lookup(0)
	require.NoError(t, w.Record(l))
	l.Hashes, l.IntHashes = nil, []int64{0, 255, -63, -1 << 63}
	l.ModelName, l.RequestID = "modèle \xff", "\"\n"
	require.NoError(t, w.Record(l))
	l.IntHashes, l.DTypes, l.Shapes = nil, nil, nil
	l.Hashes = [][]byte{{1}, {}, {2, 3}}
	require.NoError(t, w.Record(l))
	closed(t, w)
	text, names := contents(t, dir)
	require.Len(t, names, 1)
	require.Regexp(t, segmentName, names[0])
	want := []log.Record{
		{Timestamp: 1711929600, RequestID: "req", ModelName: "m", ChunkSize: 16, SeqLen: 40, DTypes: []string{"torch.bfloat16"},
			Shapes: [][]int64{{2, 8}}, ChunkHashes: []string{"0xabcd", "0x0001"}},
		{Timestamp: 1711929600, RequestID: "\"\n", ModelName: "modèle \ufffd", ChunkSize: 16, SeqLen: 40, DTypes: []string{"torch.bfloat16"},
			Shapes: [][]int64{{2, 8}}, ChunkHashes: []string{"0x0", "0xff", "-0x3f", "-0x8000000000000000"}},
		{Timestamp: 1711929600, RequestID: "\"\n", ModelName: "modèle \ufffd", ChunkSize: 16, SeqLen: 40, ChunkHashes: []string{"0x01", "0x", "0x0203"}},
	}
	var expected []byte
	for i := range want {
		var err error
		expected, err = log.AppendRecord(expected, &want[i])
		require.NoError(t, err)
	}
	require.Equal(t, string(expected), text)
	require.Equal(t, Stats{Recorded: 3, Written: 3, Bytes: int64(len(text)), Segments: 1}, w.Stats())
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
