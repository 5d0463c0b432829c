package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// local is a folder of a file system.
type local string

// Path implements [Folder].
func (l local) Path(name string) string { return filepath.Join(string(l), filepath.FromSlash(name)) }

// Close implements [Folder].
func (l local) Close() {}

// Has implements [Folder].
func (l local) Has(_ context.Context, name string) (bool, error) {
	return has(func() error {
		_, err := os.Stat(l.Path(name))
		return err
	})
}

// Open implements [Folder].
func (l local) Open(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(l.Path(name))
}

// Check implements [Folder].
func (l local) Check(context.Context) error {
	f, err := temporary(l.Path("probe"))
	if err != nil {
		return fmt.Errorf("the folder %s cannot be written: %w", string(l), err)
	}
	return cmp.Or(f.Close(), os.Remove(f.Name()))
}

// Write implements [Folder]. A process that is killed meanwhile leaves a file like .name-1f2e3d.tmp behind.
func (l local) Write(ctx context.Context, name string, write func(io.Writer) error) error {
	final := l.Path(name)
	f, err := temporary(final)
	if err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	defer os.Remove(f.Name()) // unless it is renamed
	defer f.Close()
	if err = render(ctx, f, write); err == nil {
		err = cmp.Or(f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(f.Name(), final)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	syncFolder(filepath.Dir(final))
	return nil
}

// temporary makes a file beside another, and its folder if it does not exist.
func temporary(beside string) (*os.File, error) {
	dir, name := filepath.Split(beside)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	for {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf(".%s-%x.tmp", name, rand.Uint64())), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// syncFolder flushes the names in a folder to disk, if the system can.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		f.Close()
	}
}
