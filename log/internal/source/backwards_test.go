package source

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func onDisk(t *testing.T, text string) *Log {
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	info, err := os.Stat(path)
	require.NoError(t, err)
	return &Log{Path: path, Info: info}
}

// TestBackwards reads lines of all lengths from their end, around the borders of blocks.
func TestBackwards(t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 62))
	for range 60 {
		var lines []string
		for range rng.IntN(9) {
			n := rng.IntN(20)
			if rng.IntN(3) == 0 {
				n = BlockSize*rng.IntN(3) + rng.IntN(5) - 2
			}
			lines = append(lines, strings.Repeat("x", max(0, n)))
		}
		text := strings.Join(lines, "\n")
		want := strings.Split(text, "\n")
		slices.Reverse(want)
		l, x := onDisk(t, text), &Extent{}
		var got []string
		end, err := Backwards(context.Background(), l, x, func(line []byte) bool {
			got = append(got, string(line))
			return true
		})
		require.NoError(t, err)
		require.EqualValues(t, len(text), end)
		require.True(t, slices.Equal(want, got))

		some := 1 + rng.IntN(len(want))
		x.EndAt(end)
		require.NoError(t, os.WriteFile(l.Path, []byte(text+"more\nand more"), 0o666))
		got = nil
		_, err = Backwards(context.Background(), l, x, func(line []byte) bool {
			got = append(got, string(line))
			return len(got) < some
		})
		require.NoError(t, err)
		require.True(t, slices.Equal(want[:some], got), "what has been appended is left out")
	}
}

// TestBackwardsRefuses has logs that have to be read from their beginning.
func TestBackwardsRefuses(t *testing.T) {
	all := func([]byte) bool { return true }
	ctx := context.Background()
	for name, text := range map[string]string{"gzip": "\x1f\x8b\x08", "zstd": "\x28\xb5\x2f\xfd", "long": strings.Repeat("x", maxBackwards+BlockSize+1)} {
		_, err := Backwards(ctx, onDisk(t, text), &Extent{}, all)
		require.ErrorIs(t, err, ErrNotBackwards, name)
	}
	shorter := onDisk(t, "line\n")
	require.NoError(t, os.Truncate(shorter.Path, 3))
	_, err := Backwards(ctx, shorter, &Extent{}, all)
	require.ErrorIs(t, err, ErrNotBackwards)
	_, err = Backwards(ctx, &Log{Stdin: true, Stream: true}, &Extent{}, all)
	require.ErrorIs(t, err, ErrNotBackwards)
	gone := onDisk(t, "line\n")
	require.NoError(t, os.Remove(gone.Path))
	_, err = Backwards(ctx, gone, &Extent{}, all)
	require.ErrorIs(t, err, os.ErrNotExist)
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = Backwards(canceled, onDisk(t, "line\n"), &Extent{}, all)
	require.ErrorIs(t, err, context.Canceled)
}
