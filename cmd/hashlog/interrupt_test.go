//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// TestInterrupt stops commands that wait for a stream and commands in the middle of one: within a second, with status
// 130, and without a file.
func TestInterrupt(t *testing.T) {
	record := lines(t, demoDay()[:1])
	silence := func(*os.File) { time.Sleep(5 * time.Second) }
	for name, stream := range map[string]struct {
		feed func(w *os.File)
		sign string
	}{
		"nothing":       {silence, ""},
		"silent stream": {func(w *os.File) { w.Write(record[:20]); silence(w) }, "out"}, // the folder is made before the logs are read
		"busy stream":   {endless(record), "out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			interruptStream(t, stream.feed, "plot", "out", stream.sign)
		})
	}
}

// endless returns a function that writes a record again and again, until nobody reads.
func endless(record []byte) func(*os.File) {
	return func(w *os.File) {
		for {
			if _, err := w.Write(record); err != nil {
				return
			}
		}
	}
}

// interruptStream interrupts a command with an output, while it reads a stream: within a second, with status 130, and nothing is
// left of the output. sign matches a file that shows that the command has begun; "" if nothing shows it. Both are names in an empty
// folder.
func interruptStream(t *testing.T, feed func(*os.File), name, output, sign string) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	go func() {
		feed(w)
		w.Close()
	}()
	dir := t.TempDir()
	cmd := command(r, name, "-", "-o", filepath.Join(dir, output))
	require.NoError(t, cmd.Start())
	r.Close()
	require.Eventually(t, func() bool {
		begun, err := filepath.Glob(filepath.Join(dir, sign))
		return err == nil && (len(begun) > 0 || sign == "")
	}, 10*time.Second, 10*time.Millisecond)
	time.Sleep(200 * time.Millisecond)
	cmd.interrupt(t)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestInterruptExport stops export in the middle of a stream: within a second, with status 130, and without a file.
func TestInterruptExport(t *testing.T) {
	record := lines(t, demoDay()[:1])
	for _, file := range []string{"rows.csv", "rows.parquet"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			interruptStream(t, endless(record), "export", "new/"+file, "new/.rows*.tmp")
		})
	}
}

// TestInterruptCompare stops compare in its second phase, when the logs lie in memory: within a second, with status 130, and
// without a file.
func TestInterruptCompare(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	read := make(chan error, 1)
	go func() {
		_, err := w.Write(lines(t, demoDay()))
		read <- errors.Join(err, w.Close())
	}()
	var capacities []string // so many that their replays take half a minute
	for i := range 3000 {
		capacities = append(capacities, fmt.Sprint(i+1, "chunks"))
	}
	dir := t.TempDir()
	cmd := command(r, "compare", "-", "-o", filepath.Join(dir, "out"), "--capacity", strings.Join(capacities, ","))
	require.NoError(t, cmd.Start())
	r.Close()
	require.NoError(t, <-read)
	time.Sleep(500 * time.Millisecond)
	cmd.interrupt(t)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestInterruptConvert stops conversions of a busy stream: within a second, with status 130, without a trace, and with
// nothing but whole lines in logs.
func TestInterruptConvert(t *testing.T) {
	for name, c := range map[string]struct {
		args        []string
		first, line string
	}{
		"mooncake": {[]string{"--from", "mooncake"}, "", `{"timestamp": 5, "input_length": 600, "hash_ids": [1, 2]}`},
		"csv":      {[]string{"--from", "csv"}, "time,key\n", `5,"k"`},
		"to":       {[]string{"--to", "mooncake"}, "", `{"timestamp": 5, "chunk_size": 1, "seq_len": 1, "chunk_hashes": ["0x1"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			require.NoError(t, err)
			go func() {
				defer w.Close()
				text := c.first + strings.Repeat(c.line+"\n", 1000)
				for {
					if _, err := w.WriteString(text); err != nil {
						return
					}
					text = text[len(c.first):]
					c.first = ""
				}
			}()
			dir := filepath.Join(t.TempDir(), "out")
			out := dir
			if name == "to" {
				out = filepath.Join(dir, "trace")
			}
			cmd := command(r, append([]string{"convert", "-", "-o", out}, c.args...)...)
			require.NoError(t, cmd.Start())
			r.Close()
			require.Eventually(t, func() bool {
				left, err := os.ReadDir(dir)
				return err == nil && len(left) > 0
			}, 10*time.Second, 10*time.Millisecond)
			time.Sleep(200 * time.Millisecond)
			cmd.interrupt(t)
			requireWhole(t, dir)
		})
	}
}

// TestInterruptModelConfig stops a command that waits for somebody to write a config.json.
func TestInterruptModelConfig(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "config.json")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	cmd := command(nil, "inspect", testdata+"/good.jsonl", "--model-config", pipe)
	require.NoError(t, cmd.Start())
	time.Sleep(300 * time.Millisecond)
	interrupted := time.Now()
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	require.Error(t, cmd.Wait())
	require.Less(t, time.Since(interrupted), soon)
	require.Equal(t, exitInterrupted, cmd.ProcessState.ExitCode(), cmd.stderr.String())
	require.Equal(t, "hashlog: interrupted\n", cmd.stderr.String())
}

// requireWhole requires that a folder, if it is there, holds nothing but whole records.
func requireWhole(t *testing.T, dir string) {
	left, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return
	}
	require.NoError(t, err)
	for _, file := range left {
		text, err := os.ReadFile(filepath.Join(dir, file.Name()))
		require.NoError(t, err)
		require.True(t, strings.HasSuffix(string(text), "\n"))
		for line := range strings.Lines(string(text)) {
			_, err := log.Decode([]byte(line))
			require.NoError(t, err)
		}
	}
}

// soon is how long an interrupted process may take to end: a second, or some times that under the race detector, which slows the process
// itself down and runs beside the tests of other packages.
var soon = map[bool]time.Duration{false: time.Second, true: 10 * time.Second}[raceDetector]

// interrupt stops a process that works: soon, with status 130 and a word, and nothing on stdout.
func (p *process) interrupt(t *testing.T) {
	t.Helper()
	interrupted := time.Now()
	require.NoError(t, p.Process.Signal(syscall.SIGINT))
	require.Error(t, p.Wait())
	require.Less(t, time.Since(interrupted), soon)
	require.Equal(t, exitInterrupted, p.ProcessState.ExitCode(), p.stderr.String())
	require.Equal(t, "hashlog: interrupted\n", p.stderr.String())
	require.Empty(t, p.stdout.String())
}
