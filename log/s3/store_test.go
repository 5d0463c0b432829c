package s3

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/s3/s3test"
)

func TestURL(t *testing.T) {
	for name, want := range map[string]URL{
		"s3://b":        {"b", ""},
		"s3://b/":       {"b", ""},
		"s3://b/a":      {"b", "a"},
		"s3://b/a/":     {"b", "a/"},
		"s3://b/a//c%2": {"b", "a//c%2"},
	} {
		got, err := Parse(name)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{"s3://", "s3:///x", "s3:/b/x", "b/x"} {
		_, err := Parse(name)
		require.Error(t, err, name)
	}
	require.Equal(t, URL{"b", "a/x"}, URL{"b", "a"}.Join("x"))
	require.Equal(t, URL{"b", "x"}, URL{"b", ""}.Join("x"))
	folder, name := URL{"b", "a/x"}.Split()
	require.Equal(t, URL{"b", "a/"}, folder)
	require.Equal(t, "x", name)
}

// names lists a folder; folders have a slash.
func names(t *testing.T, s *Store, folder URL) (names []string) {
	t.Helper()
	for e, err := range s.List(t.Context(), folder) {
		require.NoError(t, err)
		if e.Object == nil {
			e.Name += "/"
		}
		names = append(names, e.Name)
	}
	return names
}

func TestList(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	for _, key := range []string{"top", "logs/", "logs/a", "logs/b", "logs/sub/c", "logs-2/d"} {
		server.Put(t, key, "x")
	}
	require.Equal(t, []string{"a", "b", "sub/"}, names(t, store, URL{s3test.Bucket, "logs"}))
	require.Equal(t, []string{"a", "b", "sub/"}, names(t, store, URL{s3test.Bucket, "logs/"}))
	require.ElementsMatch(t, []string{"logs/", "logs-2/", "top"}, names(t, store, URL{s3test.Bucket, ""}))
	require.Empty(t, names(t, store, URL{s3test.Bucket, "log"}))

	for pattern, want := range map[string][]string{
		"log*":      {"logs/", "logs-2/"}, // names are in order, as on a disk, not keys
		"*":         {"logs/", "logs-2/", "top"},
		"*/":        {"logs/", "logs-2/"},
		"logs/[ab]": {"logs/a", "logs/b"},
		"logs/*/":   {"logs/sub/"},
		"logs/*/c":  {"logs/sub/c"},
		"l*/?":      {"logs/a", "logs/b", "logs-2/d"},
		"logs/*":    {"logs/a", "logs/b", "logs/sub/"},
		"none*":     nil,
	} {
		matches, err := store.Glob(t.Context(), URL{s3test.Bucket, pattern})
		require.NoError(t, err)
		var keys []string
		for _, m := range matches {
			keys = append(keys, m.URL.Key)
			require.Equal(t, m.Object == nil, m.URL.IsFolder())
		}
		require.Equal(t, want, keys, pattern)
	}
	_, err := store.Glob(t.Context(), URL{s3test.Bucket, "a["})
	require.Error(t, err)
}

// A listing is yielded while it goes on: the first name comes after one request, however many
// there are. A server that fails in between is asked again.
func TestListStreams(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	const objects = 3500
	for i := range objects {
		server.Put(t, fmt.Sprintf("logs/%06d", i), "x")
	}
	before := server.Requests.Load()
	for _, err := range store.List(t.Context(), URL{s3test.Bucket, "logs"}) {
		require.NoError(t, err)
		require.EqualValues(t, 1, server.Requests.Load()-before)
		break
	}
	before = server.Requests.Load()
	matches, err := store.Glob(t.Context(), URL{s3test.Bucket, "logs/00321?"})
	require.NoError(t, err)
	require.Len(t, matches, 10)
	require.EqualValues(t, 1, server.Requests.Load()-before, "what a pattern cannot match is not listed")
	server.Break(s3test.Failing(2))
	require.Len(t, names(t, store, URL{s3test.Bucket, "logs"}), objects)
}

func TestWrite(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	at := URL{s3test.Bucket, "out/x.csv"}
	require.NoError(t, store.CheckWritable(t.Context(), at))
	require.Empty(t, server.Keys(t))
	for _, size := range []int{0, 10, 20 << 20} {
		text := noise(size)
		require.NoError(t, store.Put(t.Context(), at, bytes.NewReader([]byte(text)), int64(size)), "%d bytes", size)
		got, ok := server.Get(t, at.Key)
		require.True(t, ok && got == text, "%d bytes", size)
	}
	text, err := store.ReadAll(t.Context(), at, 5)
	require.NoError(t, err)
	require.Equal(t, noise(5), string(text))
	require.NoError(t, store.Remove(t.Context(), at))
	require.NoError(t, store.Remove(t.Context(), at), "no object")
	require.Empty(t, server.Keys(t))
	require.Equal(t, "text/csv; charset=utf-8", contentType("a.csv"))
	require.Equal(t, "image/png", contentType("a.png"))
	require.Equal(t, "application/octet-stream", contentType("a"))

	server.Break(s3test.Denied(func(r *http.Request) bool { return r.Method == http.MethodPost || r.Method == http.MethodPut }))
	require.ErrorIs(t, store.CheckWritable(t.Context(), at), ErrDenied)
	require.ErrorIs(t, store.Put(t.Context(), at, bytes.NewReader(nil), 0), ErrDenied)
}

func TestErrors(t *testing.T) {
	server := s3test.New(t)
	store := open(t)
	_, err := store.Stat(t.Context(), URL{s3test.Bucket, "none"})
	require.ErrorIs(t, err, ErrGone)
	require.ErrorIs(t, err, fs.ErrNotExist)
	list := func(bucket string) (err error) {
		for _, err = range store.List(t.Context(), URL{bucket, "x"}) {
		}
		return err
	}
	require.EqualError(t, list("missing"), "there is no bucket missing")
	for code, want := range map[string]string{
		"AccessDenied":          "access denied: the credentials do not allow it (AccessDenied)",
		"InvalidAccessKeyId":    "access denied: the store does not know the access key (InvalidAccessKeyId)",
		"SignatureDoesNotMatch": "access denied: the secret key does not belong to the access key (SignatureDoesNotMatch)",
		"RequestTimeTooSkewed":  "access denied: the clock of this machine is wrong (RequestTimeTooSkewed)",
		"InvalidToken":          "access denied: the session token has expired or is wrong (InvalidToken)",
	} {
		server.Break(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
			return s3test.Refuse(w, http.StatusForbidden, code)
		})
		err := list(s3test.Bucket)
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, ErrDenied)
		require.ErrorIs(t, err, fs.ErrPermission)
	}
	server.Break(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		return s3test.Refuse(w, http.StatusForbidden, "InvalidObjectState")
	})
	err = list(s3test.Bucket)
	require.EqualError(t, err, "is archived: restore it first (InvalidObjectState)")
	require.NotErrorIs(t, err, ErrDenied, "the credentials are right")
	store.anonymous = true
	server.Break(s3test.Denied(func(*http.Request) bool { return true }))
	require.ErrorContains(t, list(s3test.Bucket), "no credentials were found")
}

// Credentials are found where other programs have theirs, and requests are anonymous without any.
func TestOpen(t *testing.T) {
	s3test.New(t)
	require.False(t, open(t).anonymous)
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY", "MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	file := filepath.Join(t.TempDir(), "credentials")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	require.True(t, open(t).anonymous)
	require.NoError(t, os.WriteFile(file, []byte("[default]\naws_access_key_id = a\naws_secret_access_key = b\n"), 0o600))
	require.False(t, open(t).anonymous)
	for _, endpoint := range []string{"minio:9000", "ftp://x", "http://", "http://x/path", "http://user:secret@x"} {
		t.Setenv("AWS_ENDPOINT_URL", endpoint)
		_, err := Open(t.Context())
		require.ErrorContains(t, err, "AWS_ENDPOINT_URL must be")
		require.NotContains(t, err.Error(), "secret")
	}
	t.Setenv("AWS_ENDPOINT_URL", "")
	require.Equal(t, "s3.amazonaws.com", open(t).core.EndpointURL().Host)
}
