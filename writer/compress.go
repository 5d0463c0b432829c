package writer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"hashlog/log"
)

// compress replaces a finished segment by its compressed form, which is written beside it,
// stored on disk and renamed before the segment is removed. One of the two is whole at any
// moment. If the context ends, everything is left as it was.
func compress(ctx context.Context, opts Options, path string) error {
	source, err := opts.fs.open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // it has been removed as one of the oldest
	}
	if err != nil {
		return err
	}
	defer source.Close()
	final := path + opts.Compress.suffix()
	if _, err := opts.fs.stat(final); err == nil {
		return fmt.Errorf("%s: %w", log.Quoted(final), os.ErrExist)
	}
	temporary := final + temporarySuffix
	target, err := createAgain(opts.fs, temporary)
	if err != nil {
		return err
	}
	err = pack(target, opts.Compress, untilDone{ctx, source})
	if err == nil {
		err = target.Sync()
	}
	if err == nil {
		err = publish(opts.fs, target, temporary, final)
	} else {
		target.Close()
	}
	if err != nil {
		return errors.Join(err, opts.fs.remove(temporary))
	}
	if err := opts.fs.syncDir(filepath.Dir(path)); err != nil {
		return err
	}
	source.Close()
	if err := opts.fs.remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// createAgain makes a file. It tries again if another writer that cleans up has just taken
// the file for one that a crash has left.
func createAgain(fs fileSystem, path string) (f file, err error) {
	const attempts = 10 // each fails only if another writer starts within microseconds
	for range attempts {
		if f, err = fs.create(path); !errors.Is(err, errTaken) {
			break
		}
	}
	return f, err
}

// publish gives a file that is stored on disk its final name, and closes it. Closing
// releases its lock, and without the lock another writer that starts would take the file
// for one that a crash has left. So it is closed last where an open file can be renamed.
func publish(fs fileSystem, f file, temporary, final string) error {
	if !renamesOpen {
		if err := f.Close(); err != nil {
			return err
		}
		return fs.rename(temporary, final)
	}
	defer f.Close() // everything is on disk, so a failure here loses nothing
	return fs.rename(temporary, final)
}

// pack copies r to w in compressed form.
func pack(w io.Writer, c Compression, r io.Reader) error {
	var packer io.WriteCloser
	var err error
	if c == Gzip {
		packer, err = gzip.NewWriterLevel(w, gzip.DefaultCompression)
	} else {
		packer, err = zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(packer, r)
	if closing := packer.Close(); err == nil {
		err = closing
	}
	return err
}

// untilDone reads until its context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// wholeTwin reports whether the compressed file of a segment that exists both plain and
// compressed is whole: it unpacks to as many bytes as the plain file has.
func wholeTwin(ctx context.Context, fs fileSystem, dir string, h held) bool {
	plain := int64(-1)
	unpacked := int64(-2)
	for _, f := range h.files {
		path := filepath.Join(dir, f.Name())
		if f.Name() == h.name {
			if info, err := fs.stat(path); err == nil {
				plain = info.Size()
			}
		} else if n, err := unpackedSize(ctx, fs, path); err == nil {
			unpacked = n
		}
	}
	return plain == unpacked
}

// unpackedSize returns how many bytes a compressed file unpacks to. It goes by the file's
// name, unlike readers of logs, who go by the content: a file with the name of a compressed
// one that is not compressed must not count as a copy.
func unpackedSize(ctx context.Context, fs fileSystem, path string) (int64, error) {
	f, err := fs.open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var r io.Reader
	if strings.HasSuffix(path, Gzip.suffix()) {
		r, err = gzip.NewReader(untilDone{ctx, f})
	} else {
		var z *zstd.Decoder
		if z, err = zstd.NewReader(untilDone{ctx, f}, zstd.WithDecoderConcurrency(1)); err == nil {
			defer z.Close()
			r = z
		}
	}
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, r)
}
