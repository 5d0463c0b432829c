package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/s3/s3test"
)

// folders calls test with a folder of each kind, and what lists its files.
func folders(t *testing.T, test func(t *testing.T, f Folder, files func() []string)) {
	t.Run("local", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "made", "when written")
		f, err := Open(t.Context(), dir)
		require.NoError(t, err)
		test(t, f, func() (names []string) {
			require.NoError(t, filepath.WalkDir(filepath.Dir(dir), func(path string, e fs.DirEntry, err error) error {
				if !e.IsDir() {
					names = append(names, e.Name())
				}
				return err
			}))
			return names
		})
	})
	t.Run("objects", func(t *testing.T) {
		server := s3test.New(t)
		f, err := Open(t.Context(), "s3://"+s3test.Bucket+"/work")
		require.NoError(t, err)
		defer f.Close()
		test(t, f, func() (names []string) {
			for _, key := range server.Keys(t) {
				names = append(names, filepath.Base(key))
			}
			return names
		})
	})
}

func write(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func read(t *testing.T, f Folder, name string) string {
	t.Helper()
	r, err := f.Open(t.Context(), name)
	require.NoError(t, err)
	defer r.Close()
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}

func TestFolder(t *testing.T) {
	folders(t, func(t *testing.T, f Folder, files func() []string) {
		require.NoError(t, f.Check(t.Context()))
		_, err := f.Open(t.Context(), "a/x.sum")
		require.ErrorIs(t, err, fs.ErrNotExist)
		there, err := f.Has(t.Context(), "a/x.sum")
		require.NoError(t, err)
		require.False(t, there)
		for _, text := range []string{"one", "another"} {
			require.NoError(t, f.Write(t.Context(), "a/x.sum", write(text)))
			require.Equal(t, text, read(t, f, "a/x.sum"))
		}
		there, err = f.Has(t.Context(), "a/x.sum")
		require.NoError(t, err)
		require.True(t, there)
		require.Equal(t, []string{"x.sum"}, files())
	})
}

// What is not written as a whole is not there, and what was there before stays.
func TestFailedWrite(t *testing.T) {
	folders(t, func(t *testing.T, f Folder, files func() []string) {
		require.NoError(t, f.Write(t.Context(), "x.sum", write("one")))
		broken := errors.New("broken")
		err := f.Write(t.Context(), "x.sum", func(w io.Writer) error { return errors.Join(write("half")(w), broken) })
		require.ErrorIs(t, err, broken)
		require.ErrorContains(t, err, "writing "+f.Path("x.sum"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, f.Write(ctx, "x.sum", write("two")), context.Canceled)
		require.Panics(t, func() { _ = f.Write(t.Context(), "x.sum", func(io.Writer) error { panic("at once") }) })
		require.Equal(t, "one", read(t, f, "x.sum"))
		require.Equal(t, []string{"x.sum"}, files())
	})
}

func TestNotAFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o666))
	f, err := Open(t.Context(), path)
	require.NoError(t, err)
	require.ErrorContains(t, f.Check(t.Context()), path+" cannot be written")
	_, err = Open(t.Context(), "s3:///prefix")
	require.ErrorContains(t, err, "names no bucket")
}
