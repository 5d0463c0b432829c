package log

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReader reads arbitrary bytes, as such and compressed: nothing panics,
// everything ends, and the counts add up.
func FuzzReader(f *testing.F) {
	golden, err := os.ReadFile("internal/line/testdata/canonical.jsonl")
	require.NoError(f, err)
	for line := range bytes.Lines(golden) {
		f.Add(line)
	}
	text := logLine(3, "a") + logLine(1, "b") + "\r\n{}\n" + logLine(2, "c")
	for _, s := range []string{text, text + "{", text + "\x00\x00", gzipped(text), zstded(text), gzipped(text)[:50], zstded(text)[:50],
		"\x50\x2a\x4d\x18\x01\x00\x00\x00x" + zstded(text)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		path := write(t, dir, "x", string(data))
		opts := Options{window: 2, maxLine: 2000}
		g := readArgs(t, opts, path)
		require.NoError(t, g.err)
		checkCounts(t, g.stats)
		if g.stats.Damaged == 0 && !isCompressed(data) {
			require.EqualValues(t, countLines(data), g.stats.Records+g.stats.Skipped+g.stats.Torn)
		}
		for name, packed := range map[string]string{"x.gz": gzipped(string(data)), "x.zst": zstded(string(data))} {
			if isCompressed(data) {
				break
			}
			p := readArgs(t, opts, write(t, filepath.Dir(path), name, packed))
			require.NoError(t, p.err)
			require.Equal(t, g.ids, p.ids)
			require.Equal(t, g.stats.Skipped, p.stats.Skipped)
			require.Equal(t, g.stats.Torn, p.stats.Torn)
		}
		both := readArgs(t, opts, path, write(t, dir, "y", text))
		require.Equal(t, g.stats.Records+3, both.stats.Records)
	})
}

func checkCounts(t *testing.T, s Stats) {
	require.Equal(t, s.ProblemCount, s.Skipped+s.Late+s.Damaged)
	require.EqualValues(t, min(s.ProblemCount, MaxProblems), len(s.Problems))
	require.EqualValues(t, s.Torn, len(s.TornAt))
	require.LessOrEqual(t, s.Torn+s.Damaged, int64(1))
}

func isCompressed(data []byte) bool {
	skippable := len(data) >= 4 && data[0]&^0x0f == 0x50 && string(data[1:4]) == "\x2a\x4d\x18"
	return bytes.HasPrefix(data, []byte("\x1f\x8b")) || bytes.HasPrefix(data, []byte("\x28\xb5\x2f\xfd")) || skippable
}

// countLines counts the lines that aren't blank.
func countLines(data []byte) (n int) {
	for line := range strings.SplitSeq(string(data), "\n") {
		if len(line) > 2000 || strings.Trim(line, " \t\r") != "" {
			n++
		}
	}
	return n
}
