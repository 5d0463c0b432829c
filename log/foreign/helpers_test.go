package foreign

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"hashlog/log"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// decoderOf returns a decoder, which must be one, of a log that begins with a line.
func decoderOf(t testing.TB, o Options, name, first string) log.Decoder {
	t.Helper()
	o.Lines = true
	for _, f := range o.Formats() {
		if d := f.Decoder(name, []byte(first)); d != nil {
			return d
		}
	}
	require.Fail(t, "not recognised", first)
	return nil
}

// decode decodes a line, and checks what every decoder promises.
func decode(t testing.TB, d log.Decoder, line string) (log.Record, error) {
	t.Helper()
	e := log.Entry{Hashes: []uint64{1, 2}, RequestID: []byte("before"), Text: []byte("before"), Dropped: 5, SessionID: []byte("before"), CacheSalt: []byte("before"), ChunkBytes: 7, Source: "before", CachedTokens: 1, HasCachedTokens: true}
	if err := d.Decode([]byte(line), &e); err != nil {
		return log.Record{}, err
	}
	checkEntry(t, &e)
	r, err := log.Decode(e.Text)
	require.NoError(t, err)
	return r, nil
}

// checkEntry checks that an entry says the same as the line that it comes with.
func checkEntry(t testing.TB, e *log.Entry) {
	t.Helper()
	r, err := log.Decode(e.Text)
	require.NoError(t, err)
	canonical, err := log.AppendRecord(nil, &r)
	require.NoError(t, err)
	require.Equal(t, string(canonical), string(e.Text))
	require.Equal(t, r.Timestamp, e.Timestamp)
	require.Equal(t, r.RequestID, string(e.RequestID))
	require.Equal(t, r.ModelName, e.ModelName)
	require.Equal(t, r.SessionID, string(e.SessionID))
	require.Equal(t, r.CacheSalt, string(e.CacheSalt))
	require.Equal(t, r.ChunkSize, e.ChunkSize)
	require.Equal(t, r.SeqLen, e.SeqLen)
	require.Zero(t, e.ChunkBytes)
	require.Zero(t, e.Dropped)
	require.Len(t, e.Hashes, len(r.ChunkHashes))
	for i, hash := range r.ChunkHashes {
		require.Equal(t, log.Fingerprint([]byte(hash)), e.Hashes[i])
	}
}

// write writes a file and returns its path.
func write(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func gzipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(text))
	w.Close()
	return out.String()
}

// readAll reads logs, "-" from stdin, and returns their canonical lines.
func readAll(t testing.TB, o Options, stdin string, paths ...string) (lines []string, stats log.Stats) {
	t.Helper()
	files, err := log.Find(context.Background(), paths, strings.NewReader(stdin))
	require.NoError(t, err)
	reader, err := files.Open(context.Background(), log.Options{Formats: o.Formats()})
	require.NoError(t, err)
	defer reader.Close()
	for reader.Scan() {
		lines = append(lines, string(reader.Entry().Text))
	}
	require.NoError(t, reader.Err())
	return lines, reader.Stats()
}
