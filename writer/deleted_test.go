package writer

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What retention deletes is counted; records only if they are this writer's own.
func TestDeletedIsCounted(t *testing.T) {
	for _, c := range []Compression{NoCompression, Gzip, Zstd} {
		dir := t.TempDir()
		old := earlier(4, "")
		touch(t, dir, 10, old...)
		touch(t, dir, 5, old[0]+".gz") // twins are one segment
		w := open(t, Options{Dir: dir, MaxFiles: 3, RotateSize: 10 * lineSize, Compress: c})
		for i := 1001; i <= 1095; i++ {
			record(t, w, i)
		}
		closed(t, w)
		left, s := read(t, dir).numbers, w.Stats()
		require.Equal(t, 1095, left[len(left)-1])
		require.Len(t, left, 25)
		require.Equal(t, int64(70), s.DeletedRecords)
		require.Equal(t, int64(4+10-3), s.DeletedFiles)
		if c == NoCompression {
			require.Equal(t, int64(4*10+5+70*lineSize), s.DeletedBytes)
		} else {
			require.Greater(t, s.DeletedBytes, int64(4*10+5))
			require.LessOrEqual(t, s.DeletedBytes, int64(4*10+5+70*lineSize))
		}
		require.Equal(t, s.Recorded, s.Written+s.Dropped+s.Queued)
	}
}

// A segment that cannot be deleted is not counted. Nor is one that somebody else has
// deleted, which takes no memory any more.
func TestDeletedByOthersIsNotCounted(t *testing.T) {
	dir := t.TempDir()
	fs := &sickFS{}
	w := open(t, Options{Dir: dir, MaxFiles: 5, RotateSize: 1, fs: fs, FlushInterval: time.Millisecond})
	segments := func() []string { return names(t, dir) }
	for i := range 200 {
		record(t, w, 1001+i)
		require.NoError(t, w.Flush(context.Background()))
		for _, name := range segments()[:max(0, len(segments())-2)] {
			require.NoError(t, os.Remove(filepath.Join(dir, name)))
		}
	}
	fs.fails(failing(os.ErrPermission, "remove"), nil)
	for i := range 10 {
		record(t, w, 2001+i)
	}
	closed(t, w)
	require.Zero(t, w.Stats().DeletedFiles+w.Stats().DeletedRecords+w.Stats().DeletedBytes)
	require.GreaterOrEqual(t, len(segments()), 10)
	require.LessOrEqual(t, len(w.drain.janitor.owned), len(segments()))
}
