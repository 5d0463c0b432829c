package writer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log/flock"
)

func TestCompresses(t *testing.T) {
	for _, c := range []Compression{Gzip, Zstd} {
		dir := t.TempDir()
		w := open(t, Options{Dir: dir, RotateSize: 100 * lineSize, MaxFiles: -1, Compress: c})
		record(t, w, upTo(1999)[999:]...)
		closed(t, w)
		require.Len(t, names(t, dir), 10)
		for _, name := range names(t, dir) {
			require.True(t, strings.HasSuffix(name, ".jsonl."+string(c)), name)
		}
		require.Equal(t, upTo(1999)[999:], read(t, dir).numbers)
		require.Zero(t, w.Stats().Errors)
	}
}

var errCrash = errors.New("crash")

// crashing fails an operation on a compressed file and everything after it, as if the
// process had died.
func crashing(op string) func(op, path string) error {
	dead := false
	return func(o, path string) error {
		compressing := strings.Contains(path, ".gz") || o == "remove" || o == "syncdir"
		if dead = dead || o == op && compressing; dead {
			return errCrash
		}
		return nil
	}
}

// After a crash at any point of a compression there is a whole copy, and the next start
// cleans up.
func TestCompressionCrashes(t *testing.T) {
	for _, op := range []string{"create", "sync", "close", "rename", "syncdir", "remove"} {
		t.Run(op, func(t *testing.T) {
			dir := t.TempDir()
			w, fs := sickWriter(t, Options{Dir: dir, Compress: Gzip})
			fs.fails(crashing(op), nil)
			record(t, w, upTo(100)...)
			closed(t, w)
			require.Equal(t, int64(1), w.Stats().Errors)
			require.Equal(t, upTo(100), read(t, dir).numbers)
			before := names(t, dir)

			closed(t, open(t, Options{Dir: dir}))
			after := names(t, dir)
			require.Len(t, after, 1, "%v before", before)
			require.False(t, strings.HasSuffix(after[0], ".tmp"))
			require.Equal(t, upTo(100), read(t, dir).numbers)
		})
	}
}

// If the disk is full while a segment is compressed, only the compression fails.
func TestCompressionWithoutRoom(t *testing.T) {
	dir := t.TempDir()
	fs := &fullForCompressed{}
	w := open(t, Options{Dir: dir, Compress: Zstd, fs: fs})
	record(t, w, upTo(100)...)
	closed(t, w)
	require.Len(t, names(t, dir), 1)
	require.Equal(t, upTo(100), read(t, dir).numbers)
	require.Equal(t, int64(1), w.Stats().Errors)
}

type fullForCompressed struct{ sickFS }

func (f *fullForCompressed) create(path string) (file, error) {
	made, err := f.sickFS.create(path)
	if s, ok := made.(*sickFile); ok && strings.HasSuffix(path, ".tmp") {
		s.fs = &sickFS{}
		s.fs.fails(nil, noRoom(10, syscall.ENOSPC))
	}
	return made, err
}

// Of a plain and a compressed file, the plain one is removed if the compressed one is whole;
// otherwise both stay.
func TestCleanUpTwins(t *testing.T) {
	dir := t.TempDir()
	w := open(t, Options{Dir: dir, Compress: Gzip})
	record(t, w, upTo(100)...)
	require.NoError(t, w.Flush(context.Background()))
	plain := names(t, dir)[0]
	text, err := os.ReadFile(filepath.Join(dir, plain))
	require.NoError(t, err)
	closed(t, w)
	packed, err := os.ReadFile(filepath.Join(dir, plain+".gz"))
	require.NoError(t, err)
	for _, c := range []struct {
		packed, text []byte
		left         []string
	}{
		{packed, text, []string{plain + ".gz"}},
		{packed[:len(packed)-1], text, []string{plain, plain + ".gz"}},
		{packed, text[:len(text)-1], []string{plain, plain + ".gz"}},
		{nil, text, []string{plain, plain + ".gz"}},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, plain), c.text, 0o666))
		require.NoError(t, os.WriteFile(filepath.Join(dir, plain+".gz"), c.packed, 0o666))
		closed(t, open(t, Options{Dir: dir}))
		require.Equal(t, c.left, names(t, dir))
	}
}

// Temporary files of a dead writer are removed. Those of a live one and of other programs
// stay.
func TestCleanUpTemporary(t *testing.T) {
	dir := t.TempDir()
	dead, alive, foreign := earlier(2, ".gz.tmp")[0], earlier(2, ".zst.tmp")[1], "lookup_hashes_x.jsonl.gz.tmp"
	touch(t, dir, 10, dead, foreign)
	f, err := osFS{}.create(filepath.Join(dir, alive))
	require.NoError(t, err)
	defer f.Close()
	closed(t, open(t, Options{Dir: dir}))
	if flock.Supported {
		require.Equal(t, []string{alive, foreign}, names(t, dir))
	}
}

// When Close's context ends, a compression under way is undone.
func TestCompressionUndone(t *testing.T) {
	dir := t.TempDir()
	fs := &sickFS{}
	syncing := make(chan struct{})
	fs.fails(func(op, path string) error {
		if op == "create" && strings.HasSuffix(path, ".tmp") {
			close(syncing)
			time.Sleep(20 * time.Millisecond)
		}
		return nil
	}, nil)
	w := open(t, Options{Dir: dir, Compress: Gzip, RotateSize: 1, fs: fs})
	record(t, w, 1, 2)
	require.NoError(t, w.Flush(context.Background()))
	<-syncing
	require.NoError(t, w.Close(ended()))
	require.Len(t, names(t, dir), 2)
	for _, name := range names(t, dir) {
		require.True(t, strings.HasSuffix(name, ".jsonl"), name)
	}
	require.Equal(t, upTo(2), read(t, dir).numbers)
}

// The name of a segment that another writer has compressed is not used again.
func TestNameOfCompressedTwinIsTaken(t *testing.T) {
	for _, suffix := range []string{".gz", ".zst", ".gz.tmp", ".zst.tmp"} {
		dir, clock := t.TempDir(), newStepClock()
		w := open(t, Options{Dir: dir, Compress: Gzip, now: clock.now})
		touch(t, dir, 10, "lookup_hashes_20260102_030405_000000.jsonl"+suffix) // after the start
		record(t, w, 1)
		closed(t, w)
		require.Equal(t, []string{"lookup_hashes_20260102_030405_000000.jsonl" + suffix, "lookup_hashes_20260102_030405_000001.jsonl.gz"}, names(t, dir))
		require.Zero(t, w.Stats().Errors)
	}
}
