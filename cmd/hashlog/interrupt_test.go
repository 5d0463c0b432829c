//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestInterrupt stops commands that wait for a stream and commands in the middle of one: within a second, with status
// 130, and without a file.
func TestInterrupt(t *testing.T) {
	record := lines(t, demoDay()[:1])
	for name, feed := range map[string]func(w *os.File){
		"silent stream": func(*os.File) { time.Sleep(5 * time.Second) },
		"busy stream": func(w *os.File) {
			for {
				if _, err := w.Write(record); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			require.NoError(t, err)
			go func() {
				feed(w)
				w.Close()
			}()
			dir := t.TempDir()
			cmd := command(r, "plot", "-", "-o", filepath.Join(dir, "out"))
			require.NoError(t, cmd.Start())
			r.Close()
			require.Eventually(t, func() bool { // a sign of life: the output folder is made before the logs are read
				_, err := os.Stat(filepath.Join(dir, "out"))
				return err == nil
			}, 10*time.Second, 10*time.Millisecond)
			time.Sleep(200 * time.Millisecond)
			interrupted := time.Now()
			require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
			require.Error(t, cmd.Wait())
			require.Less(t, time.Since(interrupted), time.Second)
			require.Equal(t, exitInterrupted, cmd.ProcessState.ExitCode(), cmd.stderr.String())
			require.Equal(t, "hashlog: interrupted\n", cmd.stderr.String())
			require.Empty(t, cmd.stdout.String())
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}
