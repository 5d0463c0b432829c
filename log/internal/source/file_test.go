package source

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A busy writer is not chased.
func TestBusyWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	require.NoError(t, os.WriteFile(path, []byte("line\n"), 0o644))
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	defer f.Close()
	log := newFileReader(t.Context(), NewPool(1), &Log{Path: path}, &Extent{})
	defer log.Close()
	more := []byte(strings.Repeat("more\n", 100))
	for n := 0; err == nil; n++ {
		require.Less(t, n, 100)
		_, err = log.Read(make([]byte, 10))
		_, writing := f.Write(more)
		require.NoError(t, writing)
	}
	require.Equal(t, io.EOF, err)
	require.EqualValues(t, len("line\n"), log.offset)
}

// fadingContext is a context that ends after so many calls of Err.
type fadingContext struct {
	context.Context
	asked, after int
}

func (c *fadingContext) Err() error {
	if c.asked++; c.asked > c.after {
		return context.Canceled
	}
	return nil
}

// Skipping ends with the context.
func TestCancelWhileSkipping(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.jsonl.zst"), []byte(zstded(strings.Repeat("x", 50*BlockSize))), 0o644))
	ctx := &fadingContext{Context: context.Background(), after: 10}
	f := newFileReader(ctx, NewPool(1), &Log{Path: filepath.Join(dir, "x.jsonl")}, &Extent{})
	defer f.Close()
	f.begun, f.offset = true, 50*BlockSize
	_, err := f.Read(make([]byte, 10))
	require.Equal(t, context.Canceled, err)
	require.Less(t, ctx.asked, 15)
}
