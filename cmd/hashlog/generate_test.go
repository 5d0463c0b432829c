//go:build unix

package main

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestGenerateInterrupted stops generate in the middle: within a second, with status 130 and whole lines.
func TestGenerateInterrupted(t *testing.T) {
	for _, compress := range []string{"none", "gz"} {
		t.Run(compress, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			cmd := command(nil, "generate", "-o", dir, "--requests", "1000000000", "--rotate-size", "4MiB", "--compress", compress)
			require.NoError(t, cmd.Start())
			require.Eventually(t, func() bool {
				logs, _ := filepath.Glob(filepath.Join(dir, "lookup_hashes_*"))
				return len(logs) > 1
			}, 30*time.Second, 10*time.Millisecond)
			cmd.interrupt(t)
			var stdout, stderr bytes.Buffer
			require.Equal(t, exitDone, run([]string{"inspect", dir}, nil, &stdout, &stderr), stderr.String())
			require.Contains(t, stdout.String(), "0 skipped, 0 torn")
		})
	}
}
