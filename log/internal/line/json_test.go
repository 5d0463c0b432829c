package line

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Lines written by Python are decoded and encoded again, byte for byte. testdata/canonical.py
// has made the file.
func TestCanonicalIsPythons(t *testing.T) {
	golden, err := os.ReadFile("testdata/canonical.jsonl")
	require.NoError(t, err)
	count, wild := 0, 0
	for line := range bytes.Lines(golden) {
		count++
		r, err := DecodeRecord(line)
		if text, _, _ := strings.Cut(string(line)[len(`{"timestamp": `):], ","); pythonFloat(t, text) > MaxTimestamp {
			require.ErrorContains(t, err, "timestamp must lie within")
			wild++
			continue
		}
		require.NoError(t, err, "%s", line)
		again, err := AppendRecord(nil, &r)
		require.NoError(t, err)
		require.Equal(t, string(line), string(again))
	}
	require.Equal(t, 177, count)
	require.Less(t, wild, 60)
}

// pythonFloat decodes a number, requires that it is encoded as Python wrote it, and returns its absolute value.
func pythonFloat(t *testing.T, text string) float64 {
	c := cursor{text: []byte(text)}
	x := c.float()
	require.False(t, c.bad)
	require.Equal(t, text, string(appendFloat(nil, x)))
	return math.Abs(x)
}

func TestAppendRecord(t *testing.T) {
	r := Record{Timestamp: 1e-16, RequestID: "a\x7f\xff", ModelName: "😀", ChunkSize: 1, SeqLen: 0,
		DTypes: []string{"torch.bool"}, Shapes: [][]int64{{}}, ChunkHashes: []string{"-0x1", "x"}}
	b, err := AppendRecord([]byte(">"), &r)
	require.NoError(t, err)
	require.Equal(t, `>{"timestamp": 1e-16, "request_id": "a\u007f\ufffd", "model_name": "\ud83d\ude00", "chunk_size": 1, `+
		`"seq_len": 0, "dtypes": ["torch.bool"], "shapes": [[]], "chunk_hashes": ["-0x1", "x"]}`+"\n", string(b))

	r.SessionID, r.CacheSalt = "s\xff", "é"
	b, err = AppendRecord(nil, &r)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(b), `"chunk_hashes": ["-0x1", "x"], "session_id": "s\ufffd", "cache_salt": "\u00e9"}`+"\n"), "%s", b)

	r.SessionID, r.Source, r.CachedTokens = "", "n", new(int64)
	b, err = AppendRecord(nil, &r)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(b), `"x"], "cache_salt": "\u00e9", "source": "n", "cached_tokens": 0}`+"\n"), "%s", b)

	b, err = AppendRecord(nil, &Record{ChunkSize: 5})
	require.NoError(t, err)
	require.Equal(t, `{"timestamp": 0.0, "request_id": "", "model_name": "", "chunk_size": 5, `+
		`"seq_len": 0, "dtypes": [], "shapes": [], "chunk_hashes": []}`+"\n", string(b))
}

func TestAppendFloat(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.0", 1: "1.0", -2.5: "-2.5", 1e15: "1000000000000000.0", 1e16: "1e+16", 1.5e-5: "1.5e-05",
		1e-4: "0.0001", 1e100: "1e+100", 5e-324: "5e-324", 1711929600.123: "1711929600.123",
	} {
		require.Equal(t, want, string(appendFloat(nil, x)))
	}
	require.Equal(t, "-0.0", string(appendFloat(nil, math.Copysign(0, -1))))
}

func TestAppendRecordRefuses(t *testing.T) {
	good := Record{Timestamp: 1, ChunkSize: 1}
	for want, spoil := range map[string]func(*Record){
		"timestamp must be finite, is NaN":  func(r *Record) { r.Timestamp = math.NaN() },
		"timestamp must be finite, is -Inf": func(r *Record) { r.Timestamp = math.Inf(-1) },
		"timestamp must lie within 1e+12 seconds of 1970, is 1.0000000000000001e+12: another unit?": func(r *Record) {
			r.Timestamp = math.Nextafter(MaxTimestamp, math.Inf(1))
		},
		"model_name must have 65536 bytes at most, has 65537": func(r *Record) { r.ModelName = strings.Repeat("m", MaxModelName+1) },
		"model_name must have 65536 bytes at most, has 90000": func(r *Record) { r.ModelName = strings.Repeat("\xff", 30_000) }, // written as U+FFFD
		"chunk_size must be > 0, is 0":                        func(r *Record) { r.ChunkSize = 0 },
		"seq_len must be >= 0, is -1":                         func(r *Record) { r.SeqLen = -1 },
		"dtypes has 1 entries, shapes 0":                      func(r *Record) { r.DTypes = []string{"int8"} },
		`unknown dtype "int4"`: func(r *Record) {
			r.DTypes, r.Shapes = []string{"int4"}, [][]int64{{1}}
		},
		"dimensions must be > 0, one is 0": func(r *Record) {
			r.DTypes, r.Shapes = []string{"int8"}, [][]int64{{math.MaxInt64, 2, 0}}
		},
	} {
		r := good
		spoil(&r)
		dst, err := AppendRecord([]byte("kept"), &r)
		require.EqualError(t, err, want)
		require.Equal(t, "kept", string(dst))
	}
}

func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		want := randomRecord(rng)
		b, err := AppendRecord(nil, &want)
		require.NoError(t, err)
		have, err := DecodeRecord(b)
		require.NoError(t, err, "%s", b)
		require.Equal(t, want, have)
	}
}

func TestChunkBytes(t *testing.T) {
	for _, c := range []struct {
		dtypes []string
		shapes [][]int64
		want   int64
		err    string
	}{
		{nil, nil, 0, ""},
		{[]string{}, [][]int64{}, 0, ""},
		{[]string{"torch.bfloat16"}, [][]int64{{32, 256, 128}}, 2 * 32 * 256 * 128, ""},
		{[]string{"float64", "int32", "uint16", "float8_e4m3fnuz"}, [][]int64{{2}, {3}, {5}, {7}}, 16 + 12 + 10 + 7, ""},
		{[]string{"torch.float8", "bool"}, [][]int64{{}, {2, 2}}, 5, ""},
		{[]string{"int8"}, [][]int64{{math.MaxInt64}}, math.MaxInt64, ""},
		{[]string{"int16"}, [][]int64{{1 << 62}}, 0, "chunk size in bytes overflows"},
		{[]string{"int8", "int8"}, [][]int64{{1 << 62}, {1 << 62}}, 0, "chunk size in bytes overflows"},
		{[]string{"int8"}, [][]int64{{1 << 40, 1 << 40}}, 0, "chunk size in bytes overflows"},
		{[]string{"int8"}, [][]int64{{-1, -1}}, 0, "dimensions must be > 0, one is -1"},
		{[]string{"torch.torch.int8"}, [][]int64{{1}}, 0, `unknown dtype "torch.torch.int8"`},
		{nil, [][]int64{{1}}, 0, "dtypes has 0 entries, shapes 1"},
	} {
		t.Run(fmt.Sprint(c.dtypes, c.shapes), func(t *testing.T) {
			r := Record{DTypes: c.dtypes, Shapes: c.shapes}
			have, err := r.ChunkBytes()
			if c.err != "" {
				require.EqualError(t, err, c.err)
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, c.want, have)
		})
	}
}
