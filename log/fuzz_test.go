package log

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// seeds adds lines to start from.
func seeds(f *testing.F) {
	golden, err := os.ReadFile("testdata/canonical.jsonl")
	require.NoError(f, err)
	for line := range bytes.Lines(golden) {
		f.Add(line)
	}
	f.Add([]byte(minimal(`,"dtypes":["int8"],"shapes":[[1 , 2], [ ]]`)))
	f.Add([]byte(minimal(`,"request_id":"\ud83d\ude00","seq_len":1,"Seq_Len":2`)))
}

// FuzzDecode checks the fast decoder against the general one, that one against
// encoding/json, and that what was decoded is encoded again as the same.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		var fast, slow decoder
		agree(t, &fast, &slow, line)
		at, ok := fast.Timestamp(line)
		if ok {
			require.LessOrEqual(t, math.Abs(at), MaxTimestamp)
		}
		r, err := Decode(line)
		if err != nil {
			require.Less(t, len(err.Error()), 500)
			return
		}
		require.True(t, ok)
		require.Equal(t, r.Timestamp, at)
		again, err := AppendRecord(nil, &r)
		require.NoError(t, err)
		same, err := Decode(again)
		require.NoError(t, err)
		require.Equal(t, r, same)
		require.True(t, utf8.Valid(line))
		require.Equal(t, oracle(t, line), r)
	})
}

// oracle decodes a line, known to be good, by way of encoding/json.
func oracle(t *testing.T, line []byte) Record {
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(line, &all))
	var r Record
	for name, into := range map[string]any{
		"timestamp": &r.Timestamp, "request_id": &r.RequestID, "model_name": &r.ModelName, "chunk_size": &r.ChunkSize,
		"seq_len": &r.SeqLen, "dtypes": &r.DTypes, "shapes": &r.Shapes, "chunk_hashes": &r.ChunkHashes,
	} {
		if value, ok := all[name]; ok {
			require.NoError(t, json.Unmarshal(value, into))
		}
	}
	if len(r.DTypes) == 0 {
		r.DTypes, r.Shapes = nil, nil
	}
	for i, shape := range r.Shapes {
		if len(shape) == 0 {
			r.Shapes[i] = nil
		}
	}
	if len(r.ChunkHashes) == 0 {
		r.ChunkHashes = nil
	}
	return r
}

// FuzzRoundTrip checks that a record is decoded as what was encoded.
func FuzzRoundTrip(f *testing.F) {
	f.Add(1.5, "id", "model", int64(1), int64(0), "torch.int8", int64(3), "0x1", "-0x2")
	f.Add(1e16, "\xff", "\U0001f600", int64(1), int64(5), "float8_any", int64(1), "", "x")
	f.Fuzz(func(t *testing.T, timestamp float64, id, model string, chunkSize, seqLen int64, dtype string, dim int64, a, b string) {
		r := Record{timestamp, id, model, chunkSize, seqLen, []string{dtype}, [][]int64{{dim, 2}}, []string{a, b, a}}
		line, err := AppendRecord(nil, &r)
		if err != nil {
			_, sizeErr := r.ChunkBytes()
			require.True(t, CheckTimestamp("", timestamp) != nil || CheckModelName(model) != nil || chunkSize <= 0 || seqLen < 0 || sizeErr != nil)
			return
		}
		same, err := Decode(line)
		require.NoError(t, err)
		for _, s := range []*string{&r.RequestID, &r.ModelName, &r.DTypes[0], &r.ChunkHashes[0], &r.ChunkHashes[1], &r.ChunkHashes[2]} {
			*s = string([]rune(*s)) // invalid bytes become U+FFFD
		}
		require.Equal(t, r, same)
		compact, err := json.Marshal(json.RawMessage(line))
		require.NoError(t, err, "%s", line)
		other, err := Decode(compact)
		require.NoError(t, err)
		require.Equal(t, same, other)
	})
}

// FuzzReader reads arbitrary bytes, as such and compressed: nothing panics,
// everything ends, and the counts add up.
func FuzzReader(f *testing.F) {
	seeds(f)
	text := line(3, "a") + line(1, "b") + "\r\n{}\n" + line(2, "c")
	for _, s := range []string{text, text + "{", text + "\x00\x00", gzipped(text), zstded(text), gzipped(text)[:50], zstded(text)[:50],
		"\x50\x2a\x4d\x18\x01\x00\x00\x00x" + zstded(text)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		path := write(t, dir, "x", string(data))
		opts := Options{window: 2, maxLine: 2000}
		g := readArgs(t, opts, path)
		require.NoError(t, g.err)
		checkCounts(t, g.stats)
		if g.stats.Damaged == 0 && !isCompressed(data) {
			require.EqualValues(t, countLines(data), g.stats.Records+g.stats.Skipped+g.stats.Torn)
		}
		for name, packed := range map[string]string{"x.gz": gzipped(string(data)), "x.zst": zstded(string(data))} {
			if isCompressed(data) {
				break
			}
			p := readArgs(t, opts, write(t, filepath.Dir(path), name, packed))
			require.NoError(t, p.err)
			require.Equal(t, g.ids, p.ids)
			require.Equal(t, g.stats.Skipped, p.stats.Skipped)
			require.Equal(t, g.stats.Torn, p.stats.Torn)
		}
		both := readArgs(t, opts, path, write(t, dir, "y", text))
		require.Equal(t, g.stats.Records+3, both.stats.Records)
	})
}

func checkCounts(t *testing.T, s Stats) {
	require.Equal(t, s.ProblemCount, s.Skipped+s.Late+s.Damaged)
	require.EqualValues(t, min(s.ProblemCount, MaxProblems), len(s.Problems))
	require.EqualValues(t, s.Torn, len(s.TornAt))
	require.LessOrEqual(t, s.Torn+s.Damaged, int64(1))
}

func isCompressed(data []byte) bool {
	return bytes.HasPrefix(data, gzipMagic) || len(data) >= 4 && startsMagic(data[:4])
}

// countLines counts the lines that aren't blank.
func countLines(data []byte) (n int) {
	for line := range strings.SplitSeq(string(data), "\n") {
		if len(line) > 2000 || !isBlank([]byte(line)) {
			n++
		}
	}
	return n
}
