package writer

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// truncating returns a writer that has flushed ten records, of lineSize bytes each, to its
// live segment.
func truncating(t *testing.T, opts Options) (w *Writer, fs *sickFS, live string) {
	t.Helper()
	w, fs = sickWriter(t, opts)
	record(t, w, upTo(1010)[1000:]...)
	require.NoError(t, w.Flush(context.Background()))
	return w, fs, filepath.Join(w.opts.Dir, names(t, w.opts.Dir)[0])
}

// flushed records a lookup with a number, and flushes it.
func flushed(t *testing.T, w *Writer, number int) {
	t.Helper()
	record(t, w, number)
	require.NoError(t, w.Flush(context.Background()))
}

// If somebody empties the live segment, as logrotate's copytruncate does, writing goes on in
// it without a hole.
func TestEmptied(t *testing.T) {
	for _, sync := range []bool{false, true} {
		w, _, live := truncating(t, Options{Sync: sync})
		require.NoError(t, os.Truncate(live, 0))
		flushed(t, w, 1011)
		require.NoError(t, os.Truncate(live, 0))
		flushed(t, w, 1012)
		flushed(t, w, 1013)
		closed(t, w)
		require.Len(t, names(t, w.opts.Dir), 1)
		require.NotContains(t, contents(t, w.opts.Dir), "\x00")
		require.Equal(t, []int{1012, 1013}, read(t, w.opts.Dir).numbers)
		require.Equal(t, int64(2), w.Stats().Errors, "each is a fault that is told of")
		require.Equal(t, int64(13), w.Stats().Written)
	}
}

// If somebody cuts the live segment in the middle of a line, it ends there: no other line is
// glued to the half one.
func TestCutInTheMiddle(t *testing.T) {
	for _, size := range []int64{1, lineSize - 1, lineSize, 5*lineSize + 7} {
		w, _, live := truncating(t, Options{})
		require.NoError(t, os.Truncate(live, size))
		flushed(t, w, 1011)
		flushed(t, w, 1012)
		closed(t, w)
		f := read(t, w.opts.Dir)
		readable := int(size+1) / lineSize // a line that lacks its newline alone can be read
		require.Equal(t, append(upTo(1010)[1000:1000+readable], 1011, 1012), f.numbers)
		require.Zero(t, f.stats.Skipped)
		require.Len(t, names(t, w.opts.Dir), 2)
	}
}

// After a failed write, the file is cut back from its real size.
func TestEmptiedBeforeAFailedWrite(t *testing.T) {
	for _, moment := range []string{"before the write", "within it", "after it"} {
		w, fs, live := truncating(t, Options{FlushInterval: time.Hour})
		empty := func() { require.NoError(t, os.Truncate(live, 0)) }
		room := once(func(n int) (int, error) {
			if moment == "within it" {
				empty()
			}
			return lineSize + 100, syscall.ENOSPC
		})
		switch moment {
		case "before the write":
			empty()
			fs.fails(nil, room)
		case "within it":
			fs.fails(nil, room)
		case "after it":
			stats := 0
			fs.fails(func(op, _ string) error {
				if op == "stat" {
					if stats++; stats == 2 { // the first is before the write
						empty()
					}
				}
				return nil
			}, room)
		}
		record(t, w, 1011, 1012, 1013)
		require.NoError(t, w.Flush(context.Background()))
		closed(t, w)
		require.NotContains(t, contents(t, w.opts.Dir), "\x00", moment)
		f := read(t, w.opts.Dir)
		require.Subset(t, f.numbers, []int{1012, 1013}, moment)
		require.Zero(t, f.stats.Skipped+f.stats.Torn, moment)
	}
}

// Rotation goes by the real size of the file.
func TestRotationFollowsTheFile(t *testing.T) {
	w, _, live := truncating(t, Options{RotateSize: 12 * lineSize})
	require.NoError(t, os.Truncate(live, 0))
	for i := range 12 {
		flushed(t, w, 1011+i)
	}
	require.Len(t, names(t, w.opts.Dir), 1)
	flushed(t, w, 1023)
	require.Len(t, names(t, w.opts.Dir), 2)
	closed(t, w)
	require.Equal(t, upTo(1023)[1010:], read(t, w.opts.Dir).numbers)
}

// Nothing is glued to what somebody else has appended.
func TestAppendedByOthers(t *testing.T) {
	w, _, live := truncating(t, Options{})
	f, err := os.OpenFile(live, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = f.WriteString("half a line")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	flushed(t, w, 1011)
	flushed(t, w, 1012)
	require.Len(t, names(t, w.opts.Dir), 2)
	closed(t, w)
	got := read(t, w.opts.Dir)
	require.Equal(t, upTo(1012)[1000:], got.numbers)
	require.Equal(t, int64(1), got.stats.Torn)
}

// A segment that is emptied after everything has been written to it is reported, too.
func TestEmptiedAtTheEnd(t *testing.T) {
	w, _, live := truncating(t, Options{FlushInterval: time.Hour})
	require.NoError(t, os.Truncate(live, 0))
	closed(t, w)
	require.EqualValues(t, 1, w.Stats().Errors)
}
