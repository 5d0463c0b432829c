package atomicfile

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRewrite begins a file anew, twice, and goes on.
func TestRewrite(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSet(dir)
	require.NoError(t, err)
	long := strings.Repeat("0123456789", 50_000)
	double := func(old io.Reader, to io.Writer) error {
		text, err := io.ReadAll(old)
		_, no := to.Write(bytes.Repeat(text, 2))
		return errors.Join(err, no)
	}
	firstHalf := func(old io.Reader, to io.Writer) error {
		_, err := io.CopyN(to, old, int64(len(long)))
		return err
	}
	require.NoError(t, s.Write(context.Background(), File{"x", func(w io.Writer) error {
		_, err := io.WriteString(w, long)
		return errors.Join(err, w.(Rewriter).Rewrite(double), w.(Rewriter).Rewrite(firstHalf), text("end")(w))
	}}))
	require.NoError(t, s.Commit(t.Context()))
	require.Equal(t, []string{"x"}, names(t, dir))
	got, err := os.ReadFile(filepath.Join(dir, "x"))
	require.NoError(t, err)
	require.Equal(t, long+"end", string(got))
}

// TestRewriteThatFails leaves nothing.
func TestRewriteThatFails(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSet(dir)
	require.NoError(t, err)
	err = s.Write(context.Background(), File{"x", func(w io.Writer) error {
		return w.(Rewriter).Rewrite(func(io.Reader, io.Writer) error { return io.ErrUnexpectedEOF })
	}})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	s.Abort()
	require.Empty(t, names(t, dir))
}
