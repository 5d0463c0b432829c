//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"hashlog/writer"
)

// TestRecordDrains ends record by a signal while its pipe stands open: it writes all that it was sent, and ends with
// status 0.
func TestRecordDrains(t *testing.T) {
	records := lines(t, demoDay()[:200])
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			require.NoError(t, err)
			sent := make(chan struct{})
			go func() { // slower than the pipe, and without an end
				defer w.Close()
				for _, line := range bytes.SplitAfter(records, []byte("\n")) {
					if _, err := w.Write(line); err != nil {
						return
					}
				}
				close(sent)
				time.Sleep(5 * time.Second)
			}()
			dir := filepath.Join(t.TempDir(), "out")
			cmd := command(r, "record", "-o", dir)
			require.NoError(t, cmd.Start())
			r.Close()
			<-sent
			time.Sleep(300 * time.Millisecond)
			began := time.Now()
			require.NoError(t, cmd.Process.Signal(signal))
			require.NoError(t, cmd.Wait(), "status 0")
			require.Less(t, time.Since(began), 2*time.Second)
			require.True(t, strings.HasPrefix(cmd.stderr.String(), "200 records in 1 file, "), cmd.stderr.String())
			files, err := filepath.Glob(dir + "/*")
			require.NoError(t, err)
			require.Len(t, files, 1)
			got, err := os.ReadFile(files[0])
			require.NoError(t, err)
			require.Equal(t, string(records), string(got))
		})
	}
}

// TestRecordEndsWithinCompressed ends record by a signal in the middle of a compressed stream: that is no damage.
func TestRecordEndsWithinCompressed(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	packed := gzip.NewWriter(w)
	_, err = packed.Write(lines(t, demoDay()[:20]))
	require.NoError(t, err)
	require.NoError(t, packed.Flush())
	cmd := command(r, "record", "-o", filepath.Join(t.TempDir(), "out"))
	require.NoError(t, cmd.Start())
	r.Close()
	time.Sleep(300 * time.Millisecond)
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	require.NoError(t, cmd.Wait(), "status 0")
	require.Regexp(t, `^20 records in 1 file, .*; 0 skipped, 0 torn\n$`, cmd.stderr.String())
}

// TestRecordGivesUp ends record while its disk fails for good: what it had read is told of as lost.
func TestRecordGivesUp(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	pipe := io.MultiReader(action(func() {
		require.NoError(t, os.Remove(dir))
		require.NoError(t, os.WriteFile(dir, nil, 0o666)) // no folder can be made here
	}), bytes.NewReader(lines(t, demoDay()[:200])), action(interrupt))
	var stdout, stderr bytes.Buffer
	err := runRecord(ctx, &env{stdin: pipe, stdout: &stdout, stderr: &stderr}, &recordFlags{opts: writer.Options{Dir: dir}, drain: 300 * time.Millisecond})
	require.EqualError(t, err, "200 records that had been read could not be written within 300ms of the signal")
	require.Equal(t, exitFailed, status(err, &stderr))
	require.Contains(t, stderr.String(), "hashlog: making the folder of segments: ")
	require.Contains(t, stderr.String(), "0 records in 0 files, 0 B; 0 skipped, 0 torn\n")
}

// action is a reader without content that does something when it is read.
type action func()

func (a action) Read([]byte) (int, error) {
	a()
	return 0, io.EOF
}

// TestRecordReference passes the reference trace through record, where it is: the output is byte-identical.
func TestRecordReference(t *testing.T) {
	logs, err := filepath.Glob("../../../shared/reference/conversation/*.jsonl")
	require.NoError(t, err)
	if len(logs) == 0 {
		t.Skip("the reference trace is not here")
	}
	want, err := os.ReadFile(logs[0])
	require.NoError(t, err)
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitDone, run([]string{"record", "-o", dir, "--rotate-size", "1MiB", "--max-files", "-1"}, bytes.NewReader(want), &stdout, &stderr), stderr.String())
	files, err := filepath.Glob(dir + "/*")
	require.NoError(t, err)
	require.Len(t, files, 5)
	var got []byte
	for _, file := range files {
		part, err := os.ReadFile(file)
		require.NoError(t, err)
		require.LessOrEqual(t, len(part), 1<<20)
		got = append(got, part...)
	}
	require.True(t, bytes.Equal(want, got))
}
