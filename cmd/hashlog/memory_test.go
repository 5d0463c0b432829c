package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/cmd/hashlog/internal/memory"
	"hashlog/log"
)

// TestMemoryLimit plots a stream of ever new chunks, which has no end but that of the memory.
func TestMemoryLimit(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	go feedNewChunks(w)
	out := filepath.Join(t.TempDir(), "out")
	cmd := command(r, "plot", "-", "-o", out, "--memory-limit", "150MiB")
	require.NoError(t, cmd.Start())
	r.Close()
	require.Error(t, cmd.Wait())
	require.Equal(t, exitFailed, cmd.ProcessState.ExitCode())
	require.Regexp(t, `^hashlog: [12]\d\d(\.\d)? MiB of memory in use with \S+ MiB of the logs read, and the limit is 150 MiB \(--memory-limit\): raise .*\n$`, cmd.stderr.String())
	require.Empty(t, cmd.stdout.String())
	require.NoDirExists(t, out)
}

// feedNewChunks writes records until nobody reads them any more.
func feedNewChunks(w io.WriteCloser) {
	defer w.Close()
	rec := llama
	var line []byte
	for n := 0; ; {
		rec.Timestamp++
		rec.ChunkHashes = rec.ChunkHashes[:0]
		for range 1000 {
			rec.ChunkHashes = append(rec.ChunkHashes, fmt.Sprintf("0x%x", n))
			n++
		}
		rec.SeqLen = int64(len(rec.ChunkHashes)) * rec.ChunkSize
		line, _ = log.AppendRecord(line[:0], &rec)
		if _, err := w.Write(line); err != nil {
			return
		}
	}
}

// TestSmallMachine runs on machines that are smaller than this one.
func TestSmallMachine(t *testing.T) {
	simulate := func(machine memory.Machine, args ...string) (code int, text string) {
		var out, errs bytes.Buffer
		root := newRootCommand(&env{stdout: &out, stderr: &errs, machine: machine})
		root.SetArgs(append([]string{"simulate", testdata + "/good.jsonl", "--capacity", "inf"}, args...))
		code = status(root.ExecuteContext(t.Context()), &errs)
		return code, errs.String()
	}
	const mib = 1 << 20

	code, stderr := simulate(memory.Machine{Bytes: mib, Whose: "cgroup"})
	require.Equal(t, exitFailed, code)
	require.Regexp(t, `^hashlog: \S+ MiB of memory in use before any log was read, and the limit is 819.2 KiB \(80 % of the cgroup's 1 MiB\): raise --memory-limit`, stderr)

	code, stderr = simulate(memory.Machine{Bytes: mib, Whose: "machine"}, "--memory-limit", "inf")
	require.Equal(t, exitDone, code)
	require.Regexp(t, `^note: \S+ MiB of memory in use, more than 50 % of the machine's 1 MiB\n$`, stderr)

	code, stderr = simulate(memory.Machine{Bytes: mib, Whose: "machine"}, "--memory-limit", "1TiB")
	require.Equal(t, exitDone, code)
	require.Regexp(t, `^note: \S+ MiB of memory in use, more than 50 % of the machine's 1 MiB; the replay is aborted at 1 TiB \(--memory-limit\)\n$`, stderr)

	code, stderr = simulate(memory.Machine{Bytes: mib, Whose: "machine"}, "--memory-limit", "inf", "--quiet")
	require.Equal(t, exitDone, code)
	require.Empty(t, stderr)
}

// TestAwait leaves a step to itself that goes on after its context has ended, but not one that is about to end.
func TestAwait(t *testing.T) {
	for took, want := range map[time.Duration]int{time.Second: 1, time.Second + patience/2: 1, time.Hour: 0} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			result, err := await(ctx, func() (int, error) {
				time.Sleep(took)
				return 1, nil
			})
			require.Equal(t, want, result)
			require.Equal(t, want == 0, errors.Is(err, context.DeadlineExceeded), err)
			require.Equal(t, min(took, time.Second+patience), time.Since(start))
			time.Sleep(took)
		})
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := await(ended, func() (int, error) { panic("called") })
	require.ErrorIs(t, err, context.Canceled)
}
