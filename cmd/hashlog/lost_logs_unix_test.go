//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// TestLostWhileRead cuts one log short and removes another while they are replayed: the figures are those of what is left,
// with status 3 and the places.
func TestLostWhileRead(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	line := func(at int) string {
		return fmt.Sprintf(`{"timestamp": %d, "chunk_size": 16, "seq_len": 16, "chunk_hashes": ["%01000d"]}`+"\n", at, at)
	}
	const records = 30_000 // 32 MB, of which the first few are decoded before the stream has said when it begins
	cut, gone := filepath.Join(dir, "cut.jsonl"), filepath.Join(dir, "gone.jsonl")
	var text []byte
	for i := range records {
		text = append(text, line(100_000+i)...)
	}
	require.NoError(t, os.WriteFile(cut, text, 0o666))
	require.NoError(t, os.WriteFile(gone, []byte(line(900_000)), 0o666))

	cmd := command(nil, "simulate", cut, gone, fifo, "--capacity", "inf", "--json")
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	require.NoError(t, cmd.Start())
	w, err := os.OpenFile(fifo, os.O_WRONLY, 0) // once the logs have been found and peeked
	require.NoError(t, err)
	require.NoError(t, os.Truncate(cut, int64(len(text)*2/3)))
	require.NoError(t, os.Remove(gone))
	_, err = w.WriteString(line(1))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.Error(t, cmd.Wait())
	require.Equal(t, exitPartial, cmd.ProcessState.ExitCode(), cmd.stderr.String())
	var report analyze.Report
	require.NoError(t, json.Unmarshal(cmd.stdout.Bytes(), &report))
	require.EqualValues(t, records*2/3+1, report.Input.Requests)
	require.EqualValues(t, 2, report.Input.Damaged)
	require.Equal(t, fmt.Sprintf(`%s:%d: has been cut short since it was found: %d of %d bytes are left
%s: has gone since it was found: it is left out
hashlog: done, but part of the input was unusable: 0 skipped, 0 late, 2 damaged
`, cut, records*2/3+1, len(text)*2/3, len(text), gone), cmd.stderr.String())
}
