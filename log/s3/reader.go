package s3

import (
	"context"
	"io"
	"slices"
)

// Reader reads an object from its beginning to its end, and asks for ranges ahead. It begins
// with a small one, since many objects are only looked into, and asks for larger ones and further
// ahead as it goes on. It makes no request before the first Read. It must be used by one
// goroutine.
type Reader struct {
	ctx    context.Context
	cancel context.CancelFunc
	object *Object
	peek   bool // ask for nothing ahead

	begun bool
	came  int      // ranges so far
	size  int64    // of the last range that was asked for
	asked int64    // bytes from the beginning
	ahead []*fetch // in order
	now   []byte   // what is left of the range being consumed
	used  []byte   // the buffer of that range
	free  [][]byte // to be used again
	err   error
}

// NewReader returns a reader of the object as it was found. The caller must close it.
func (o *Object) NewReader(ctx context.Context) *Reader {
	ctx, cancel := context.WithCancel(ctx)
	return &Reader{ctx: ctx, cancel: cancel, object: o, size: 2 * minRange}
}

// NewPeeker returns a reader for the beginning of the object, which asks for little more than is
// read.
func (o *Object) NewPeeker(ctx context.Context) *Reader {
	r := o.NewReader(ctx)
	r.peek = true
	return r
}

// Read implements io.Reader. It fails with ErrGone or ErrChanged if the object is no longer as it
// was found, with ErrDenied, with that of the context, and with that of the network if
// retrying did not help.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for r.err == nil && len(r.now) == 0 {
		r.next()
	}
	if len(r.now) == 0 {
		return 0, r.err
	}
	n := copy(p, r.now)
	r.now = r.now[n:]
	return n, nil
}

// next waits for the next range.
func (r *Reader) next() {
	if !r.begun {
		r.begun = true
		r.object.store.budget.readers.Add(1)
	}
	if r.used != nil {
		r.free, r.used = append(r.free, r.used), nil
	}
	r.ask()
	if len(r.ahead) == 0 {
		r.err = io.EOF
		return
	}
	f := r.ahead[0]
	r.ahead = slices.Delete(r.ahead, 0, 1)
	<-f.done
	if r.err = f.err; r.err != nil {
		return
	}
	r.came++
	r.now, r.used = f.data, f.data[:0]
	if !r.peek {
		r.ask()
	}
}

// ask asks for as many ranges as may be ahead.
func (r *Reader) ask() {
	for r.asked < r.object.Size {
		limit, ahead := r.object.store.budget.plan()
		if r.peek {
			limit, ahead = min(limit, maxPeek), 1
		}
		if len(r.ahead) >= min(ahead, r.came+1) {
			return
		}
		r.size = min(2*r.size, limit)
		size := min(r.size, r.object.Size-r.asked)
		f := &fetch{object: r.object, from: r.asked, data: r.buffer(size, limit), done: make(chan struct{})}
		r.asked += size
		r.ahead = append(r.ahead, f)
		go f.run(r.ctx)
	}
}

// buffer returns a buffer of this size. It drops those that are too small by now, and those
// that are too large where other objects need the memory.
func (r *Reader) buffer(size, limit int64) []byte {
	for len(r.free) > 0 {
		last := r.free[len(r.free)-1]
		r.free = r.free[:len(r.free)-1]
		if c := int64(cap(last)); size <= c && c <= limit {
			return last[:size]
		}
	}
	return make([]byte, size)
}

// Close ends all requests and releases the memory. It waits for the requests to notice.
func (r *Reader) Close() error {
	r.cancel()
	for _, f := range r.ahead {
		<-f.done
	}
	if r.begun {
		r.begun = false
		r.object.store.budget.readers.Add(-1)
	}
	r.ahead, r.now, r.used, r.free = nil, nil, nil, nil
	if r.err == nil {
		r.err = context.Canceled
	}
	return nil
}
