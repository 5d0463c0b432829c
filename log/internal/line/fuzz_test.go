package line

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
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
	f.Add([]byte(minimal(`,"cache_salt":"a\"b","session_id":"s","dropped":1`)))
	f.Add([]byte(minimal(`,"cached_tokens":40,"source":"node\u0031","cache_salt":null`)))
	f.Add([]byte(minimal(`,"request_id":"\ud83d\ude00","seq_len":1,"Seq_Len":2`)))
}

// FuzzDecode checks the fast decoder against the general one, that one against
// encoding/json, and that what was decoded is encoded again as the same.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		var fast, slow Decoder
		agree(t, &fast, &slow, line)
		at, ok := fast.Timestamp(line)
		if ok {
			require.LessOrEqual(t, math.Abs(at), MaxTimestamp)
		}
		r, err := DecodeRecord(line)
		if err != nil {
			require.Less(t, len(err.Error()), 500)
			return
		}
		require.True(t, ok)
		require.Equal(t, r.Timestamp, at)
		again, err := AppendRecord(nil, &r)
		require.NoError(t, err)
		same, err := DecodeRecord(again)
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
		"session_id": &r.SessionID, "cache_salt": &r.CacheSalt, "source": &r.Source, "cached_tokens": &r.CachedTokens,
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
	f.Add(1.5, "id", "model", int64(1), int64(0), "torch.int8", int64(3), "0x1", "-0x2", "", "", "", int64(-1))
	f.Add(1e16, "\xff", "\U0001f600", int64(1), int64(5), "float8_any", int64(1), "", "x", "s", "\"", "node\xff", int64(5))
	f.Fuzz(func(t *testing.T, timestamp float64, id, model string, chunkSize, seqLen int64, dtype string, dim int64, a, b, session, salt, source string, cached int64) {
		r := Record{timestamp, id, model, chunkSize, seqLen, []string{dtype}, [][]int64{{dim, 2}}, []string{a, b, a}, session, salt, source, nil}
		if cached != -1 {
			r.CachedTokens = &cached
		}
		line, err := AppendRecord(nil, &r)
		if err != nil {
			_, sizeErr := r.ChunkBytes()
			require.True(t, CheckTimestamp("", timestamp) != nil || CheckModelName(model) != nil || CheckSource(source) != nil || cached < -1 || cached > seqLen || chunkSize <= 0 || seqLen < 0 || sizeErr != nil)
			return
		}
		same, err := DecodeRecord(line)
		require.NoError(t, err)
		for _, s := range []*string{&r.RequestID, &r.ModelName, &r.DTypes[0], &r.ChunkHashes[0], &r.ChunkHashes[1], &r.ChunkHashes[2], &r.SessionID, &r.CacheSalt, &r.Source} {
			*s = string([]rune(*s)) // invalid bytes become U+FFFD
		}
		require.Equal(t, r, same)
		compact, err := json.Marshal(json.RawMessage(line))
		require.NoError(t, err, "%s", line)
		other, err := DecodeRecord(compact)
		require.NoError(t, err)
		require.Equal(t, same, other)
	})
}
