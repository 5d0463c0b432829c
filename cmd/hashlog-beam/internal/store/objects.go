package store

import (
	"context"
	"fmt"
	"io"
	"os"

	"hashlog/log/s3"
)

// objects is a prefix in an object store.
type objects struct {
	store  *s3.Store
	folder s3.URL
}

// Path implements [Folder].
func (o *objects) Path(name string) string { return o.folder.Join(name).String() }

// Close implements [Folder].
func (o *objects) Close() { o.store.CloseIdle() }

// Has implements [Folder].
func (o *objects) Has(ctx context.Context, name string) (bool, error) {
	return has(func() error {
		_, err := o.store.Stat(ctx, o.folder.Join(name))
		return err
	})
}

// Open implements [Folder].
func (o *objects) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	object, err := o.store.Stat(ctx, o.folder.Join(name))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", o.Path(name), err)
	}
	return object.NewReader(ctx), nil
}

// Check implements [Folder].
func (o *objects) Check(ctx context.Context) error {
	if err := o.store.CheckWritable(ctx, o.folder.Join("probe")); err != nil {
		return fmt.Errorf("the folder %s cannot be written: %w", o.folder, err)
	}
	return nil
}

// Write implements [Folder]. The file is made on this machine, in the folder of temporary files, and then uploaded.
func (o *objects) Write(ctx context.Context, name string, write func(io.Writer) error) error {
	err := o.upload(ctx, name, write)
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.Path(name), err)
	}
	return nil
}

func (o *objects) upload(ctx context.Context, name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp("", "hashlog-beam-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := render(ctx, f, write); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return o.store.Put(ctx, o.folder.Join(name), f, info.Size())
}
