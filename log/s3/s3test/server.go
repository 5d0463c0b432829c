// Package s3test is an object store in the process of a test: a real S3 server (gofakes3), with
// faults that a test can switch on. Only tests and the benchmark import it.
package s3test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/require"
)

// Bucket is the bucket that a Server has.
const Bucket = "bucket"

// Server is a store with one bucket.
type Server struct {
	URL      string
	Requests atomic.Int64 // answered so far
	Bytes    atomic.Int64 // of answers

	backend gofakes3.Backend
	mu      sync.Mutex
	fault   Fault
}

// Fault answers a request in the place of the server, or returns false. next is the server.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler) bool

// New starts a server, and sets the environment such that [hashlog/log/s3.Open] finds it.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{backend: s3mem.New()}
	require.NoError(t, s.backend.CreateBucket(Bucket))
	server := httptest.NewUnstartedServer(s.handler())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of answers that are cut
	server.Start()
	t.Cleanup(server.Close)
	s.URL = server.URL
	for name, value := range Environment(server.URL) {
		t.Setenv(name, value)
	}
	return s
}

// Environment returns the variables that name a store and credentials, and hide all others.
func Environment(url string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_S3": "", "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_EC2_METADATA_DISABLED": "true",
	}
}

func (s *Server) handler() http.Handler {
	next := gofakes3.New(s.backend, gofakes3.WithIntegrityCheck(false)).Server()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Requests.Add(1)
		w = &counter{w, &s.Bytes}
		s.mu.Lock()
		fault := s.fault
		s.mu.Unlock()
		if fault == nil || !fault(w, r, next) {
			next.ServeHTTP(w, r)
		}
	})
}

// counter counts the bytes of answers.
type counter struct {
	http.ResponseWriter
	bytes *atomic.Int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}

// Unwrap lets the faults flush and cut connections.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// Break switches a fault on; nil switches it off.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Put makes an object.
func (s *Server) Put(t testing.TB, key, content string) {
	t.Helper()
	meta := map[string]string{"Last-Modified": time.Now().UTC().Format(http.TimeFormat)}
	_, err := s.backend.PutObject(Bucket, key, meta, strings.NewReader(content), int64(len(content)), nil)
	require.NoError(t, err)
}

// PutFolder makes an object of every file in a folder.
func (s *Server) PutFolder(t testing.TB, prefix, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		s.Put(t, prefix+"/"+e.Name(), string(content))
	}
}

// Get returns the content of an object; ok is false if there is none.
func (s *Server) Get(t testing.TB, key string) (content string, ok bool) {
	t.Helper()
	o, err := s.backend.GetObject(Bucket, key, nil)
	if gofakes3.HasErrorCode(err, gofakes3.ErrNoSuchKey) {
		return "", false
	}
	require.NoError(t, err)
	defer o.Contents.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(o.Contents)
	require.NoError(t, err)
	return text.String(), true
}

// Remove removes an object.
func (s *Server) Remove(t testing.TB, key string) {
	t.Helper()
	_, err := s.backend.DeleteObject(Bucket, key)
	require.NoError(t, err)
}

// Keys returns the keys of all objects.
func (s *Server) Keys(t testing.TB) (keys []string) {
	t.Helper()
	list, err := s.backend.ListBucket(Bucket, &gofakes3.Prefix{}, gofakes3.ListBucketPage{})
	require.NoError(t, err)
	for _, o := range list.Contents {
		keys = append(keys, o.Key)
	}
	return keys
}

// Refuse answers with an error of the protocol.
func Refuse(w http.ResponseWriter, status int, code string) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, code, code)
	return true
}

// IsRead reports whether a request is for the content of an object.
func IsRead(r *http.Request) bool { return r.Method == http.MethodGet && r.URL.RawQuery == "" }
