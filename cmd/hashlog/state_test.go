package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log/flock"
)

// kills is how often TestStateKilled kills a run.
var kills = flag.Int("kills", 10, "how often TestStateKilled kills a run")

// halves returns the command lines of a state run over their first half and over all.
func halves(t *testing.T, state string) (first, all []string) {
	t.Helper()
	all = []string{"simulate", filepath.Join(testdata, "demo"), "--capacity", "64GiB,256GiB", "--store-delay", "2s", "--state", state, "--quiet"}
	return append(slices.Clone(all), "--until", "2024-03-31T12:00:00Z"), all
}

// TestStateKilled kills runs that go on from a state, at any moment: the state then is the old or the new one, whole, and the next run goes on
// from it.
func TestStateKilled(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "day.state")
	first, all := halves(t, state)
	said(t, first...)
	before, err := os.ReadFile(state)
	require.NoError(t, err)
	begin := time.Now()
	require.NoError(t, command(nil, all...).Run())
	took := time.Since(begin)
	after, err := os.ReadFile(state)
	require.NoError(t, err)
	require.NotEqual(t, before, after)
	replaced := 0
	for i := range *kills {
		require.NoError(t, os.WriteFile(state, before, 0o666))
		cmd := command(nil, all...)
		require.NoError(t, cmd.Start())
		time.Sleep(took/2 + time.Duration(rand.Int64N(int64(took))))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		there, err := os.ReadFile(state)
		require.NoError(t, err)
		if string(there) == string(after) {
			replaced++
		} else {
			require.Equal(t, before, there, "run %d", i)
		}
	}
	t.Logf("%d runs killed, %d of them had replaced the state", *kills, replaced)
	require.NoError(t, os.WriteFile(state, before, 0o666))
	said(t, all...)
	there, err := os.ReadFile(state)
	require.NoError(t, err)
	require.Equal(t, after, there)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "what killed runs have left is swept")
}

// TestStateLocked starts a run on a state from which another goes on: it fails at once.
func TestStateLocked(t *testing.T) {
	if !flock.Supported {
		t.Skip("there are no locks")
	}
	dir := t.TempDir()
	state := filepath.Join(dir, "day.state")
	_, all := halves(t, state)
	in, out := io.Pipe()
	cmd := command(in, "simulate", "-", "--capacity", "64GiB,256GiB", "--store-delay", "2s", "--state", state)
	require.NoError(t, cmd.Start())
	f, err := os.Open(filepath.Join(testdata, "demo", "lookup_hashes_20240331_180000_000003.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewReader(f)
	line, err := lines.ReadBytes('\n')
	require.NoError(t, err)
	_, err = out.Write(line)
	require.NoError(t, err)
	require.Eventually(t, func() bool { _, err := os.Stat(filepath.Join(dir, ".day.state.lock")); return err == nil }, 30*time.Second, time.Millisecond)

	begin := time.Now()
	second := command(nil, all...)
	require.Error(t, second.Run())
	require.Equal(t, exitFailed, second.ProcessState.ExitCode())
	require.Contains(t, second.stderr.String(), "another run goes on from this state")
	require.Less(t, time.Since(begin), 10*time.Second)
	require.NoError(t, out.Close())
	require.NoError(t, cmd.Wait(), cmd.stderr.String())
	require.FileExists(t, state)
	require.NoFileExists(t, filepath.Join(dir, ".day.state.lock"))
}

// TestStateOfReference replays an hour of conversations in twelve runs of five minutes, each with a log of its own or with a log that has grown.
func TestStateOfReference(t *testing.T) {
	text, err := os.ReadFile(reference + "/conversation/lookup_hashes_20240101_000000_000000.jsonl")
	if err != nil {
		t.Skip("the reference trace is not here")
	}
	for name, log := range map[string]func(run int) string{
		"apart": func(run int) string { return fmt.Sprintf("lookup_hashes_20240101_%06d_000000.jsonl", run) },
		"grown": func(int) string { return "lookup_hashes_20240101_000000_000000.jsonl" },
	} {
		for _, flags := range [][]string{
			{"--capacity", "1000chunks,10000chunks,inf", "--target", "20%"},
			{"--capacity", "1000chunks,10000chunks", "--touch-order", "tail", "--store-delay", "2s", "--ttl", "10m"},
			{"--capacity", "1000chunks,10000chunks", "--cache", "lmcache-server", "--admit", "2"},
			{"--capacity", "1000chunks,10000chunks", "--max-capacity", "20000chunks"},
		} {
			t.Run(fmt.Sprint(name, flags), func(t *testing.T) {
				dir, state := t.TempDir(), filepath.Join(t.TempDir(), "conversation.state")
				args := append([]string{"simulate", dir, "--json"}, flags...)
				var got []byte
				for run, lines := range fiveMinutes(t, text) {
					f, err := os.OpenFile(filepath.Join(dir, log(run)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
					require.NoError(t, err)
					_, err = f.Write(lines)
					require.NoError(t, err)
					require.NoError(t, f.Close())
					got = hashlog(t, nil, append(args, "--state", state)...)
				}
				require.Equal(t, figuresOf(t, hashlog(t, nil, args...)), figuresOf(t, got))
			})
		}
	}
}

// figuresOf is withoutSettings of a state and of all logs.
func figuresOf(t *testing.T, text []byte) map[string]any {
	all := withoutSettings(t, string(text))
	delete(all["input"].(map[string]any), "before_state")
	return all
}

// fiveMinutes cuts a log into stretches of five minutes.
func fiveMinutes(t *testing.T, text []byte) (stretches [][]byte) {
	t.Helper()
	for line := range bytes.Lines(text) {
		var record struct {
			Timestamp float64 `json:"timestamp"`
		}
		require.NoError(t, json.Unmarshal(line, &record))
		for len(stretches) <= int(record.Timestamp/300) {
			stretches = append(stretches, nil)
		}
		n := int(record.Timestamp / 300)
		stretches[n] = append(stretches[n], line...)
	}
	require.Len(t, stretches, 12)
	return stretches
}
