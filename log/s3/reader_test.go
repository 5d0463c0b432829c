package s3

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"hashlog/log/s3/s3test"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open returns the store of a test.
func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context())
	require.NoError(t, err)
	t.Cleanup(s.CloseIdle)
	return s
}

// noise returns bytes that are the same in every test.
func noise(n int) string {
	text := make([]byte, n)
	rng := rand.NewChaCha8([32]byte{1})
	_, _ = rng.Read(text)
	return string(text)
}

// stat finds an object that must be there.
func stat(t *testing.T, s *Store, key string) *Object {
	t.Helper()
	o, err := s.Stat(t.Context(), URL{s3test.Bucket, key})
	require.NoError(t, err)
	return o
}

// content reads an object to its end.
func content(t *testing.T, s *Store, key string) (string, error) {
	t.Helper()
	r := stat(t, s, key).NewReader(t.Context())
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

// An object comes as it is, whatever its size beside the ranges, and under every fault that goes
// away. testing/iotest checks the manners of the reader.
func TestReader(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	store.patience = 300 * time.Millisecond // longer than a refused request waits before it is repeated
	for _, size := range []int{0, 1, 4*minRange - 1, 4 * minRange, 4*minRange + 1, 3 << 20} {
		text := noise(size)
		server.Put(t, "x", text)
		for name, fault := range map[string]s3test.Fault{
			"sound":          nil,
			"slow":           s3test.Slow(100<<10, time.Millisecond),
			"truncated":      s3test.Truncated(100 << 10),
			"stalled":        s3test.Stalled(1000, 2),
			"failing":        s3test.Failing(3),
			"ignores ranges": wholeOnce(),
		} {
			server.Break(fault)
			got, err := content(t, store, "x")
			require.NoError(t, err, "%s, %d bytes", name, size)
			require.True(t, got == text, "%s, %d bytes", name, size)
		}
		server.Break(nil)
		r := stat(t, store, "x").NewReader(t.Context())
		require.NoError(t, iotest.TestReader(r, []byte(text)))
		require.NoError(t, r.Close())
		require.Zero(t, store.budget.readers.Load())
	}
}

// wholeOnce answers the first read of an object as a store without ranges would.
func wholeOnce() s3test.Fault {
	var count atomic.Int64
	return func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if s3test.IsRead(r) && strings.HasPrefix(r.Header.Get("Range"), "bytes=0-") && count.Add(1) == 1 {
			r.Header.Del("Range")
		}
		return false
	}
}

// Who looks at the beginning gets little more.
func TestPeeker(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	text := noise(8 << 20)
	server.Put(t, "x", text)
	o := stat(t, store, "x")
	for _, n := range []int{1, 1 << 20, 3 << 20} {
		before := server.Bytes.Load()
		r := o.NewPeeker(t.Context())
		got := make([]byte, n)
		_, err := io.ReadFull(r, got)
		require.NoError(t, err)
		require.True(t, string(got) == text[:n])
		require.NoError(t, r.Close())
		require.LessOrEqual(t, server.Bytes.Load()-before, int64(n+maxPeek))
	}
}

// What has come before a fault is not asked for again.
func TestResumes(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	text := noise(2 << 20)
	server.Put(t, "x", text)
	server.Break(s3test.Truncated(100 << 10))
	before := server.Bytes.Load()
	_, err := content(t, store, "x")
	require.NoError(t, err)
	require.Less(t, server.Bytes.Load()-before, int64(len(text)*11/10))
}

// A fault that stays is an error, and never the end of the object.
func TestFaultsThatStay(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	store.patience, store.tries = 20*time.Millisecond, 2
	server.Put(t, "x", noise(1<<20))
	for want, fault := range map[string]s3test.Fault{
		"EOF":                      s3test.Truncated(0),
		"sent nothing for 20ms":    s3test.Stalled(0, 1e6),
		"nothing for 20ms":         silent,
		"another range":            withoutRanges,
		"access denied: the crede": s3test.Denied(s3test.IsRead),
	} {
		o := stat(t, store, "x")
		server.Break(fault)
		r := o.NewReader(t.Context())
		_, err := io.Copy(io.Discard, r)
		require.ErrorContains(t, err, want)
		_, again := r.Read(make([]byte, 1))
		require.Equal(t, err, again)
		require.NoError(t, r.Close())
		server.Break(nil)
	}
}

// silent never answers reads.
func silent(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
	if s3test.IsRead(r) {
		<-r.Context().Done()
	}
	return false
}

// withoutRanges serves whole objects only.
func withoutRanges(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
	r.Header.Del("Range")
	return false
}

// A store that unpacks an object on its way (Google's, with Content-Encoding: gzip) sends other
// bytes than it has listed. They must not pass for the object, cut at its size.
func TestOtherBytes(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	server.Put(t, "x", noise(1000))
	o := stat(t, store, "x")
	server.Break(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !s3test.IsRead(r) {
			return false
		}
		w.Header().Set("ETag", `"`+o.tag+`"`)
		w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		_, _ = io.WriteString(w, noise(5000))
		return true
	})
	r := o.NewReader(t.Context())
	defer r.Close()
	_, err := io.ReadAll(r)
	require.ErrorIs(t, err, errOtherRange)
}

// An object that goes or changes while it is read is an error that says so.
func TestNoLongerAsFound(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	for want, change := range map[error]func(){
		ErrGone:    func() { server.Remove(t, "x") },
		ErrChanged: func() { server.Put(t, "x", noise(64<<20+1)) },
	} {
		server.Put(t, "x", noise(40<<20))
		r := stat(t, store, "x").NewReader(t.Context())
		_, err := io.ReadFull(r, make([]byte, 1<<20))
		require.NoError(t, err)
		change()
		n, err := io.Copy(io.Discard, r)
		require.ErrorIs(t, err, want)
		require.Less(t, n, int64(39<<20))
		require.NoError(t, r.Close())
	}
}

// The context ends a read that waits, and Close ends what is under way.
func TestReaderCancelled(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	server.Put(t, "x", noise(1<<20))
	o := stat(t, store, "x")
	server.Break(s3test.Stalled(0, 1e6))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	r := o.NewReader(ctx)
	_, err := r.Read(make([]byte, 10))
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, r.Close())

	r = o.NewReader(t.Context())
	r.begun = true
	store.budget.readers.Add(1)
	r.ask() // as Read does, which would wait
	require.NoError(t, r.Close())
	_, err = r.Read(make([]byte, 10))
	require.Error(t, err)
}

// A single object gets large ranges, and a thousand share the same memory.
func TestBudget(t *testing.T) {
	for readers, most := range map[int64]int64{0: 5 * maxRange, 1: 5 * maxRange, 3: maxMemory, 16: maxMemory, 100: maxMemory, 1000: maxMemory, 5000: 5000 * 2 * minRange} {
		var b budget
		b.readers.Store(readers)
		size, ahead := b.plan()
		require.LessOrEqual(t, size*int64(ahead+1)*max(1, readers), most, "%d readers", readers)
		require.GreaterOrEqual(t, size, int64(minRange))
		require.GreaterOrEqual(t, ahead, 1)
	}
	var b budget
	size, ahead := b.plan()
	require.EqualValues(t, maxRange, size)
	require.Equal(t, maxAhead, ahead)
}
