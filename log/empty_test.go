package log

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Exactly the logs without lines count as empty, compressed or not.
func TestEmptyLogs(t *testing.T) {
	dir := t.TempDir()
	full := write(t, dir, "full", logLine(1, "a"))
	for text, empty := range map[string]bool{
		"": true, "\n": true, " \r\n\t\n \n  ": true, gzipped(""): true, gzipped("\n \n"): true, zstded("\n"): true, gzipped("") + gzipped("\n"): true,
		"{": false, "{}\n": false, "\x00": false, gzipped("\n")[:20]: false, logLine(2, ""): false,
	} {
		path := write(t, dir, "x", text)
		for _, paths := range [][]string{{path}, {full, path}, {path, full}} {
			g := readArgs(t, Options{Strict: empty}, paths...)
			require.NoError(t, g.err)
			if !empty {
				require.Zero(t, g.stats.EmptyFiles, "%q", text)
				require.Empty(t, g.stats.EmptyNote())
				continue
			}
			require.Equal(t, Stats{Records: int64(len(paths) - 1), EmptyFiles: 1, FirstEmpty: path}, g.stats, "%q", text)
			require.Equal(t, path+" is empty", g.stats.EmptyNote())
		}
	}
	for n, want := range []string{1: "a\nb", 2: "and another log are empty", 3: "and 2 more logs are empty"} {
		var s Stats
		for i := range n {
			s.Add(Problem{File: fmt.Sprint("a\nb", i), Kind: KindEmpty})
		}
		if n < 2 {
			continue
		}
		require.Equal(t, `"a\nb0" `+want, s.EmptyNote())
	}
	require.Equal(t, "empty", KindEmpty.String())
}

// A folder without logs is a note if there are other logs, and otherwise an error.
func TestEmptyFolders(t *testing.T) {
	dir := t.TempDir()
	var folders []string
	for i := range 13 {
		folders = append(folders, filepath.Join(dir, fmt.Sprint(i)))
		require.NoError(t, os.Mkdir(folders[i], 0o755))
	}
	write(t, folders[1], "other.jsonl", logLine(1, ""))
	const none = ": no lookup_hashes_*.jsonl (.gz, .zst) in this folder"
	require.EqualError(t, findError(folders[0], folders[2]), folders[0]+none+"; nor in another folder")
	require.EqualError(t, findError(folders...), folders[0]+none+"; nor in 12 more folders")

	f := find(t, folders[0], write(t, dir, "log", logLine(1, "a")), folders[1])
	require.Equal(t, []string{folders[0] + none, folders[1] + none + "; to read its other logs (other.jsonl), name them as arguments"}, f.Notes())
	require.Equal(t, []string{"a"}, read(t, f, Options{}).ids)
	f = find(t, append(folders, filepath.Join(dir, "log"))...)
	require.Len(t, f.Notes(), 11)
	require.Equal(t, "3 more folders hold no logs", f.Notes()[10])
	require.Error(t, findError(folders[0], filepath.Join(dir, "missing")))
}
