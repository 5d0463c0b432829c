package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// respOf returns a connection on which replies arrive.
func respOf(replies string) *resp {
	return &resp{in: bufio.NewReader(strings.NewReader(replies)), out: bufio.NewWriter(io.Discard)}
}

func TestReply(t *testing.T) {
	for text, want := range map[string]reply{
		"+OK\r\n":           {text: "OK"},
		":42\r\n":           {number: 42},
		"$5\r\na\r\nbc\r\n": {text: "a\r\nbc"},
		"$0\r\n\r\n":        {},
		"$-1\r\n":           {null: true},
	} {
		got, err := respOf(text).do("X")
		require.NoError(t, err)
		require.Equal(t, want, got, "%q", text)
	}
	for text, want := range map[string]string{
		"-ERR no such thing\r\n": "X: redis: ERR no such thing",
		"*1\r\n":                 `X: redis: the reply "*1"`,
		"\r\n":                   "X: redis: an empty reply",
		"":                       "X: EOF",
		"$5\r\nab":               "X: unexpected EOF",
	} {
		_, err := respOf(text).do("X")
		require.EqualError(t, err, want, "%q", text)
	}
}

func TestCommand(t *testing.T) {
	var sent strings.Builder
	c := respOf(":1\r\n")
	c.out = bufio.NewWriter(&sent)
	_, err := c.do("EXISTS", "a\r\nb")
	require.NoError(t, err)
	require.Equal(t, "*2\r\n$6\r\nEXISTS\r\n$4\r\na\r\nb\r\n", sent.String())
}

// memcachedOf returns a server that gives these replies.
func memcachedOf(replies string) *memcachedServer {
	return &memcachedServer{in: bufio.NewReader(strings.NewReader(replies)), out: bufio.NewWriter(io.Discard)}
}

func TestMemcachedReplies(t *testing.T) {
	k, err := memcachedOf("HD\r\nHD\r\nEN\r\nHD\r\n").prefix([]uint32{1, 2, 3, 4})
	require.NoError(t, err)
	require.Equal(t, 2, k)
	_, err = memcachedOf("HD\r\nERROR\r\n").prefix([]uint32{1, 2})
	require.EqualError(t, err, `memcached: mg: the reply "ERROR"`)

	full := memcachedOf("HD\r\nEN\r\n" + noMemory + "\r\nEN\r\nHD\r\n")
	require.NoError(t, full.touch([]uint32{1, 2, 3}, 0))
	require.EqualValues(t, 1, full.refused)
	require.EqualError(t, memcachedOf("EN\r\nNS\r\n").touch([]uint32{1}, 0), `memcached: ms: the reply "NS"`)

	now, err := memcachedOf("STAT curr_items 7\r\nSTAT evictions 3\r\nEND\r\n").held()
	require.NoError(t, err)
	require.Equal(t, holding{chunks: 7, evicted: 3}, now)
	_, err = memcachedOf("END\r\n").held()
	require.ErrorContains(t, err, "invalid syntax")
}

func TestPagesFor(t *testing.T) {
	for capacity, want := range map[int]struct{ value, chunks int }{
		1000:   {4200, 4 * 230},
		3000:   {4200, 13 * 230},
		20_000: {4200, 87 * 230},
		20_355: {1024, 23 * 885},
		1:      {4200, 2 * 230},
	} {
		class, pages := pagesFor(capacity)
		require.Equal(t, want.value, class.value, "%d", capacity)
		require.Equal(t, want.chunks, pages*class.page, "%d", capacity)
	}
}

// TestProcessDies holds that a server that can't start says why, and leaves nothing.
func TestProcessDies(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	t.Setenv("TMPDIR", t.TempDir())
	_, err := startProcess(context.Background(), "sh", func(string) []string { return []string{"-c", "echo no memory >&2; exit 7"} })
	require.ErrorContains(t, err, "exit status 7: no memory")
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestProcessMissing(t *testing.T) {
	_, err := startProcess(context.Background(), "no-such-server", func(string) []string { return nil })
	require.ErrorIs(t, err, exec.ErrNotFound)
	_, err = versionOf("no-such-server")
	require.ErrorIs(t, err, exec.ErrNotFound)
}
