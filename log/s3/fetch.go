package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// fetch is a range of an object on its way.
type fetch struct {
	object *Object
	from   int64
	data   []byte        // to be filled
	done   chan struct{} // closed when data or err is set
	err    error
}

// run fetches the range. It resumes where a request stops, and gives up after several requests
// in a row that yield no byte.
func (f *fetch) run(ctx context.Context) {
	defer close(f.done)
	s := f.object.store
	select {
	case s.requests <- struct{}{}:
		defer func() { <-s.requests }()
	case <-ctx.Done():
		f.err = ctx.Err()
		return
	}
	got, vain := 0, 0
	for got < len(f.data) {
		n, err := f.try(ctx, got)
		got += n
		if vain++; n > 0 {
			vain = 0
		}
		if err != nil && (vain == s.tries || !mayResume(ctx, err)) {
			f.err = s.explain(ctx, f.object.URL.Bucket, err)
			return
		}
		if err != nil && !pause(ctx, vain) {
			f.err = ctx.Err()
			return
		}
	}
}

// pause waits before another request: longer each time, up to a second and a half.
func pause(ctx context.Context, vain int) bool {
	select {
	case <-time.After(100 * time.Millisecond << min(vain, 4)):
		return true
	case <-ctx.Done():
		return false
	}
}

var (
	errStopped    = errors.New("the object store ended a range early, again and again")
	errOtherRange = errors.New("the object store sent another range than was asked for")
)

// mayResume reports whether an error may go away: one of the connection, or of a store that is
// overloaded.
func mayResume(ctx context.Context, err error) bool {
	if ctx.Err() != nil || errors.Is(err, ErrChanged) || errors.Is(err, errOtherRange) {
		return false
	}
	answer := minio.ErrorResponse{}
	return !errors.As(err, &answer) || answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests
}

// try asks for what is missing of the range, and returns how many bytes have come. It returns an
// error if bytes are missing still.
func (f *fetch) try(ctx context.Context, got int) (n int, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience := f.object.store.patience
	watch := time.AfterFunc(patience, func() { cancel(fmt.Errorf("the object store sent nothing for %s", patience)) })
	defer watch.Stop()
	body, err := f.request(ctx, f.from+int64(got))
	switch {
	case err != nil && ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case err != nil:
		return 0, err
	}
	defer body.Close()
	watch.Reset(patience)
	for missing := f.data[got:]; n < len(missing); {
		m, err := body.Read(missing[n:])
		n += m
		watch.Reset(patience)
		switch {
		case n == len(missing):
			return n, nil
		case err == io.EOF:
			return n, errStopped
		case err != nil && ctx.Err() != nil:
			return n, context.Cause(ctx)
		case err != nil:
			return n, err
		}
	}
	return n, nil
}

// request asks for the range from an offset on. The answer must be of the object that was found,
// and begin there.
func (f *fetch) request(ctx context.Context, offset int64) (io.ReadCloser, error) {
	o := f.object
	var opts minio.GetObjectOptions
	if err := opts.SetRange(offset, f.from+int64(len(f.data))-1); err != nil {
		return nil, err
	}
	if o.tag != "" {
		if err := opts.SetMatchETag(o.tag); err != nil {
			return nil, err
		}
	}
	body, info, header, err := o.store.core.GetObject(ctx, o.URL.Bucket, o.URL.Key, opts)
	if err != nil {
		return nil, err
	}
	if o.tag != "" && info.ETag != o.tag { // a store that ignores the condition
		err = ErrChanged
	} else if !beginsAt(header, offset, info.Size == o.Size) {
		err = errOtherRange
	}
	if err != nil {
		body.Close()
		return nil, err
	}
	return body, nil
}

// beginsAt reports whether an answer begins at an offset. One without a range is the whole object,
// if it has its size.
func beginsAt(header http.Header, offset int64, whole bool) bool {
	at := header.Get("Content-Range")
	if at == "" {
		return offset == 0 && whole
	}
	return strings.HasPrefix(at, fmt.Sprintf("bytes %d-", offset))
}
