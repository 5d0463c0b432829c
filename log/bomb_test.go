package log

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/source"
)

// bombSize is what a bomb unpacks to, in bytes. It is read in one go.
const bombSize = 32 << 20

// bombs returns compressed data that unpacks to bombSize bytes, a text again and again.
func bombs(t *testing.T, text string) map[string]string {
	const pieces = 16
	piece := strings.Repeat(text, bombSize/pieces/len(text))
	b := map[string]string{"gz": strings.Repeat(gzipped(piece), pieces), "zst": strings.Repeat(quicklyZstded(piece), pieces)}
	for _, one := range b {
		require.Less(t, len(one), source.BlockSize)
	}
	return b
}

// fuse is a format whose first line ends a context. It counts the lines from then on. No line is a record.
type fuse struct {
	cancel func()
	after  *atomic.Int64
}

func (f fuse) Decoder(string, []byte) Decoder { return f }
func (f fuse) String() string                 { return "a bomb" }

func (f fuse) Decode([]byte, *Entry) error {
	f.cancel()
	f.after.Add(1)
	return errors.New("a piece of a bomb")
}

func (f fuse) Timestamp([]byte) (float64, bool) { return 0, f.Decode(nil, nil) == nil }

// A reader ends with its context long before a small file is unpacked to a large one.
func TestCancelReadingBomb(t *testing.T) {
	const mayBeLeft = 2 * source.BlockSize / 2 // lines that had been unpacked
	for name, bomb := range bombs(t, "x\n") {
		for way, args := range map[string]int{"file": 1, "files": 2, "stdin": 0} {
			t.Run(name+"/"+way, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				dir, paths := t.TempDir(), []string{"-"}
				if args > 0 {
					paths = []string{write(t, dir, "a", bomb), write(t, dir, "b", bomb)}[:args]
				}
				files, err := Find(ctx, paths, strings.NewReader(bomb))
				require.NoError(t, err)
				f := fuse{cancel, &atomic.Int64{}}
				r, err := files.Open(ctx, Options{Formats: []Format{f}})
				if args < 2 { // otherwise Open peeks into both
					require.NoError(t, err)
					require.False(t, r.Scan())
					err = r.Err()
					require.NoError(t, r.Close())
				}
				require.ErrorIs(t, err, context.Canceled)
				require.Less(t, f.after.Load(), int64(max(args, 1)*mayBeLeft))
			})
		}
	}
}

// So do Texts.
func TestCancelTextsOfBomb(t *testing.T) {
	for name, bomb := range bombs(t, "x\n") {
		ctx, cancel := context.WithCancel(t.Context())
		texts, err := find(t, write(t, t.TempDir(), name, bomb)).Texts(ctx)
		require.NoError(t, err)
		require.True(t, texts.Next())
		require.True(t, texts.Scan())
		cancel()
		left := 0
		for texts.Scan() {
			left++
		}
		require.ErrorIs(t, texts.Err(), context.Canceled)
		require.Less(t, left, source.BlockSize)
		require.NoError(t, texts.Close())
	}
}

// shortLived is a context that ends after so many calls of Err.
type shortLived struct {
	context.Context
	looks atomic.Int64
}

func (c *shortLived) Err() error {
	if c.looks.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// So does Find as it compares a compressed log with its twin: it checks the context for each block.
func TestCancelComparingBomb(t *testing.T) {
	for name, bomb := range bombs(t, "x\n") {
		dir := t.TempDir()
		write(t, dir, "lookup_hashes_1.jsonl", "y\n")
		write(t, dir, "lookup_hashes_1.jsonl."+name, bomb)
		ctx := &shortLived{Context: t.Context()}
		ctx.looks.Store(bombSize / source.BlockSize)
		_, err := Find(ctx, []string{dir}, nil)
		require.ErrorIs(t, err, context.Canceled)
	}
}
