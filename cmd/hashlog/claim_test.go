//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const oneRequest = `{"timestamp": 5, "input_length": 600, "hash_ids": [1, 2]}` + "\n"

// TestWritersOfLogsTakeTurns begins several runs in one folder at once: one of them has it, and the others are refused
// before they write anything.
func TestWritersOfLogsTakeTurns(t *testing.T) {
	for range 10 {
		dir := filepath.Join(t.TempDir(), "a", "b")
		const runs = 8
		var statuses [runs]int
		var stderr [runs]bytes.Buffer
		start := make(chan struct{})
		var group sync.WaitGroup
		for i := range runs {
			args := []string{"generate", "-o", dir, "--requests", "50", "--quiet"}
			if i%2 == 1 {
				args = []string{"convert", "--from", "mooncake", "-", "-o", dir, "--quiet"}
			}
			group.Go(func() {
				<-start
				statuses[i] = run(args, strings.NewReader(strings.Repeat(oneRequest, 50)), io.Discard, &stderr[i])
			})
		}
		close(start)
		group.Wait()
		done := 0
		for i, status := range statuses {
			if status == exitDone {
				done++
				continue
			}
			require.Equal(t, exitFailed, status, stderr[i].String())
			require.Regexp(t, `: name another folder\n$`, stderr[i].String())
		}
		require.Equal(t, 1, done)
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, left, 1, "the logs of one run, and nothing else")
		text, err := os.ReadFile(filepath.Join(dir, left[0].Name()))
		require.NoError(t, err)
		require.Equal(t, 50, bytes.Count(text, []byte("\n")))
	}
}

// TestConvertLateToItsFolder lets a conversion get its first record when another run has filled the folder.
func TestConvertLateToItsFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	late := io.MultiReader(action(func() {
		require.Equal(t, exitDone, run([]string{"generate", "-o", dir, "--requests", "5"}, nil, io.Discard, io.Discard))
	}), strings.NewReader(oneRequest))
	var stderr bytes.Buffer
	require.Equal(t, exitFailed, run([]string{"convert", "--from", "mooncake", "-", "-o", dir, "--quiet"}, late, io.Discard, &stderr), stderr.String())
	require.Regexp(t, `out holds logs already \(lookup_hashes_.*\): name another folder\n$`, stderr.String())
}
