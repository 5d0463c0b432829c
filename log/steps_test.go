package log

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// Iterators yield nothing, and don't panic, before the first step, after the last one and after Close.
func TestReaderOutOfStep(t *testing.T) {
	files := find(t, write(t, t.TempDir(), "a", logLine(1, "r"), logLine(2, "s")))
	for _, whole := range []bool{false, true} {
		r, err := files.Open(context.Background(), Options{})
		require.NoError(t, err)
		nothing := func() {
			e := Entry{RequestID: []byte("of before"), Hashes: []uint64{1}}
			r.Take(&e)
			require.Equal(t, Entry{}, e)
			require.Nil(t, r.Entry())
		}
		nothing()
		for n := 0; n == 0 || whole && n <= 2; n++ {
			require.Equal(t, n < 2, r.Scan())
		}
		if whole {
			nothing()
			require.False(t, r.Scan())
		}
		require.NoError(t, r.Err())
		require.NoError(t, r.Close())
		require.NoError(t, r.Close())
		nothing()
		require.NoError(t, r.Err())
		require.False(t, r.Scan())
		if whole {
			require.NoError(t, r.Err())
		} else {
			require.ErrorIs(t, r.Err(), errClosed, "there is more, but not from here")
		}
		nothing()
	}
}

func TestTextsOutOfStep(t *testing.T) {
	dir := t.TempDir()
	files := find(t, write(t, dir, "a", "1\n2"), write(t, dir, "b", "3\n"))
	texts, err := files.Texts(context.Background())
	require.NoError(t, err)
	nothing := func(name string) {
		t.Helper()
		require.False(t, texts.Scan())
		require.Equal(t, Line{}, texts.Line())
		require.Equal(t, name, texts.Name())
		require.Nil(t, texts.Damage())
	}
	nothing("")
	require.True(t, texts.Next())
	require.Equal(t, dir+"/a", texts.Name())
	require.Equal(t, Line{}, texts.Line())
	for range 2 {
		require.True(t, texts.Scan())
	}
	nothing(dir + "/a")
	nothing(dir + "/a")
	require.True(t, texts.Next())
	require.Equal(t, Line{}, texts.Line())
	require.True(t, texts.Scan())
	require.Equal(t, "3", string(texts.Line().Text))
	for range 2 {
		require.False(t, texts.Next())
		nothing("")
	}
	require.NoError(t, texts.Close())
	nothing("")
	require.False(t, texts.Next())
	require.NoError(t, texts.Err())

	texts, err = files.Texts(context.Background())
	require.NoError(t, err)
	require.True(t, texts.Next())
	require.NoError(t, texts.Close())
	nothing(dir + "/a")
	require.False(t, texts.Next())
	require.ErrorIs(t, texts.Err(), context.Canceled, "there is more, but not from here")
	nothing(dir + "/a")
	require.NoError(t, texts.Close())
}
