//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// TestFewDescriptors runs the program where few files may be open. It says so where they are too few, and reads a hundred
// logs that overlap where they are few.
func TestFewDescriptors(t *testing.T) {
	skipUnderRace(t, "how many files are open doesn't depend on it")
	program := filepath.Join(t.TempDir(), "hashlog") // the test's own binary is the program if it is called so: see TestMain
	self, err := filepath.Abs(os.Args[0])
	require.NoError(t, err)
	require.NoError(t, os.Symlink(self, program))
	limited := func(limit int, args ...string) (stdout, stderr string, status int) {
		script := `exec "$0" "$@"`
		if limit > 0 {
			script = fmt.Sprintf("ulimit -n %d && %s", limit, script)
		}
		cmd := exec.Command("sh", append([]string{"-c", script, program}, args...)...)
		var out, errors strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errors
		_ = cmd.Run()
		return out.String(), errors.String(), cmd.ProcessState.ExitCode()
	}
	logs := overlapping(t, 100)
	for _, args := range [][]string{
		{"inspect", logs}, {"simulate", logs, "--capacity", "inf"}, {"plot", logs, "-o", logs + "-plot"}, {"record", "-o", logs + "-record"},
		{"generate", "-o", logs + "-generate", "--requests", "1"}, {"convert", "--to", "mooncake", logs},
	} {
		stdout, stderr, status := limited(8, args...)
		require.Equal(t, exitFailed, status, stderr)
		require.Empty(t, stdout)
		require.Regexp(t, `^hashlog: only \d more files? can be opened, and 20 are needed: raise the limit \(ulimit -n 64\)\n$`, stderr)
	}
	simulate := []string{"simulate", logs, "--capacity", "1chunks,inf", "--json"}
	want, stderr, status := limited(0, simulate...)
	require.Equal(t, exitDone, status, stderr)
	for _, limit := range []int{32, 40} {
		got, stderr, status := limited(limit, simulate...)
		require.Equal(t, exitDone, status, stderr)
		require.Equal(t, want, got)
	}
	// What is written beside the reading has room too.
	for i, args := range [][]string{
		{"plot", testdata + "/good.jsonl", "--tiers", "a=1MiB,b=2MiB", "--format", "png,svg,pdf", "-o"}, {"convert", "--to", "mooncake", testdata + "/good.jsonl", "-o"},
		{"generate", "--requests", "9000", "--compress", "zst", "--rotate-size", "100kB", "-o"},
	} {
		_, stderr, status := limited(32, append(args, filepath.Join(t.TempDir(), fmt.Sprint(i)))...)
		require.Equal(t, exitDone, status, stderr)
	}
}

// overlapping makes a folder of logs of the same hours, each longer than its window and what is decoded ahead.
func overlapping(t *testing.T, files int) (dir string) {
	dir = t.TempDir()
	for f := range files {
		var text []byte
		for i := range log.Window + 3000 {
			text = fmt.Appendf(text, `{"timestamp": %d, "chunk_size": 16, "seq_len": 16, "chunk_hashes": ["%d"]}`+"\n", i, (i+f)%9)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("lookup_hashes_20240331_000000_%06d.jsonl", f)), text, 0o666))
	}
	return dir
}
