package source

import (
	"context"
	"errors"
	"io"

	"hashlog/log/s3"
)

// objectReader reads a log that is an object. All passes read the object that was found: if it is
// gone or another one has taken its place, the error is a *lostError.
type objectReader struct{ object *s3.Reader }

// Read implements io.Reader.
func (o *objectReader) Read(p []byte) (int, error) {
	n, err := o.object.Read(p)
	switch {
	case errors.Is(err, s3.ErrGone):
		err = &lostError{gone: true}
	case errors.Is(err, s3.ErrChanged):
		err = lost("%s", err)
	}
	return n, err
}

// Close ends all requests.
func (o *objectReader) Close() error { return o.object.Close() }

// OpenCopy opens a file or an object to read it once, as a whole. A file must be the one that was
// found.
func OpenCopy(ctx context.Context, l *Log) (io.ReadCloser, error) {
	if l.Object != nil {
		return l.Object.NewReader(ctx), nil
	}
	return OpenSame(l.Path, l.Info)
}
