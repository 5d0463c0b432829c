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

// TestParseStart reads no time before now: synthetic traffic must not depend on the clock.
func TestParseStart(t *testing.T) {
	start, err := parseStart("2024-03-31")
	require.NoError(t, err)
	require.Equal(t, time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC), start)
	_, err = parseStart("24h")
	require.EqualError(t, err, `time "24h": must be of the form 2024-03-31 (midnight UTC), 2024-03-31T20:00 (UTC), 2024-03-31T20:00:00+02:00 or 1711929600.5 (Unix seconds)`)
}
