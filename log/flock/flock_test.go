package flock

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// holder is an environment variable: the file that the test binary is to lock, and then to wait.
const holder = "FLOCK_TEST_HOLDS"

func TestMain(m *testing.M) {
	if path := os.Getenv(holder); path != "" {
		hold(path)
	}
	os.Exit(m.Run())
}

// hold locks a file, says so, and waits until stdin ends or it is killed.
func hold(path string) {
	f, err := os.Open(path)
	if err == nil {
		err = Lock(f)
	}
	if err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Stdout.WriteString("locked\n")
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

func open(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// paths returns what can be locked: a file and a folder.
func paths(t *testing.T) []string {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	return []string{file, dir}
}

// Two openings of one file exclude one another until the first is closed. A system without locks says so.
func TestLock(t *testing.T) {
	if !Supported {
		for _, path := range paths(t) {
			require.ErrorIs(t, Lock(open(t, path)), errors.ErrUnsupported)
		}
		return
	}
	for _, path := range paths(t) {
		first, second := open(t, path), open(t, path)
		require.NoError(t, Lock(first))
		require.ErrorIs(t, Lock(second), ErrHeld)
		require.NoError(t, Lock(first), "it is held already")
		require.NoError(t, first.Close())
		require.NoError(t, Lock(second))
	}
}

// A lock goes with the process that held it, even one that is killed.
func TestLockOfAnotherProcess(t *testing.T) {
	if !Supported {
		t.Skip("no locks")
	}
	path := paths(t)[0]
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), holder+"="+path)
	stdin, err := other.StdinPipe()
	require.NoError(t, err)
	defer stdin.Close()
	stdout, err := other.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "locked\n", line)
	f := open(t, path)
	require.ErrorIs(t, Lock(f), ErrHeld)
	require.NoError(t, other.Process.Kill())
	require.Error(t, other.Wait())
	require.NoError(t, Lock(f))
}

// Whoever has no locks learns that, and an error is not taken for one of the two answers.
func TestLockFails(t *testing.T) {
	f := open(t, paths(t)[0])
	if !Supported {
		require.ErrorIs(t, Lock(f), errors.ErrUnsupported)
		return
	}
	require.NoError(t, f.Close())
	err := Lock(f)
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrHeld)
	require.NotErrorIs(t, err, errors.ErrUnsupported)
}
