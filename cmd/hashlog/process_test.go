package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// process is the program as a process of its own, to be sent signals.
type process struct {
	exec.Cmd
	stdout, stderr bytes.Buffer
}

// command returns a process that is not yet started. The test's own binary is the program if it is called so: see TestMain.
func command(stdin io.Reader, args ...string) *process {
	p := &process{Cmd: exec.Cmd{Path: os.Args[0], Args: append([]string{"hashlog"}, args...), Stdin: stdin}}
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	return p
}

// peakFile is the environment variable that tells hashlog-peak where to leave its figure.
const peakFile = "HASHLOG_PEAK_FILE"

// peak is the program, which leaves the most memory that it had, in kB, as Linux tells it. What a parent is told of its child
// will not do: there the parent's own memory counts too.
func peak() {
	status := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	text, err := os.ReadFile("/proc/self/status")
	if m := regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(text); err == nil && m != nil {
		err = os.WriteFile(os.Getenv(peakFile), m[1], 0o666)
	}
	if err != nil {
		panic(err)
	}
	os.Exit(status)
}

// peakOf runs the program, which must succeed, and returns the most bytes of memory that it had.
func peakOf(t *testing.T, stdout io.Writer, args ...string) int64 {
	t.Helper()
	file := filepath.Join(t.TempDir(), "peak")
	cmd := command(nil, args...)
	cmd.Args[0], cmd.Env, cmd.Stdout = "hashlog-peak", append(os.Environ(), peakFile+"="+file), stdout
	require.NoError(t, cmd.Run(), cmd.stderr.String())
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	kB, err := strconv.ParseInt(string(text), 10, 64)
	require.NoError(t, err)
	return kB << 10
}
