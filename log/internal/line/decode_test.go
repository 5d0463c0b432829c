package line

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// minimal returns a record without optional fields; more is inserted before its end.
func minimal(more string) string {
	return `{"timestamp":1.5,"chunk_size":16,"seq_len":40,"chunk_hashes":["a","b"]` + more + `}`
}

func TestDecodeOtherJSON(t *testing.T) {
	want := Record{Timestamp: 1.5, ChunkSize: 16, SeqLen: 40, ChunkHashes: []string{"a", "b"}}
	for _, line := range []string{
		minimal(""),
		minimal("") + "\r\n",
		" \t" + minimal("") + " \t\n",
		minimal(`, "extra" : {"a":[1,{"b":"]"}]}, "" : null`),
		minimal(`,"Timestamp":"case matters","CHUNK_HASHES":5`),
		minimal(`,"request_id":null,"model_name":null,"dtypes":null,"shapes":null`),
		minimal(`,"dtypes":[],"shapes":[]`),
		`{"seq_len":"any","seq_len":40,"chunk_hashes":5,"chunk_hashes":["a","\u0062"],"timest\u0061mp":15e-1,"chunk_size":16}`,
	} {
		have, err := DecodeRecord([]byte(line))
		require.NoError(t, err, line)
		require.Equal(t, want, have, line)
	}
	r, err := DecodeRecord([]byte(minimal(`,"dtypes":["int8" , "a\"]\\"],"dtypes":[ "int8", "bool" ],"shapes":[[ 1 ,2],[ ]],"model_name":"m"`)))
	require.NoError(t, err)
	require.Equal(t, []string{"int8", "bool"}, r.DTypes)
	require.Equal(t, [][]int64{{1, 2}, nil}, r.Shapes)
	require.Equal(t, "m", r.ModelName)
}

// Sessions and salts are texts of any kind, in any place. Empty ones are as if they were missing.
func TestDecodeSessionAndSalt(t *testing.T) {
	for line, want := range map[string][2]string{
		minimal(`,"session_id":"s","cache_salt":"t"`):                                 {"s", "t"},
		minimal(`,"cache_salt":"t\u00e9","dropped":1,"session_id":"a\"b"`):            {`a"b`, "té"},
		minimal(`,"session_id":null,"cache_salt":""`):                                 {"", ""},
		minimal(`,"session_id":5,"session_id":"the last counts","Cache_Salt":"case"`): {"the last counts", ""},
	} {
		r, err := DecodeRecord([]byte(line))
		require.NoError(t, err, line)
		require.Equal(t, want, [2]string{r.SessionID, r.CacheSalt}, line)
		var d Decoder
		f, err := d.Decode([]byte(line))
		require.NoError(t, err, line)
		require.Equal(t, want, [2]string{string(f.SessionID), string(f.CacheSalt)}, line)
	}
}

// Sources are as sessions are. Cached tokens that are not there differ from none.
func TestDecodeMeasured(t *testing.T) {
	for line, want := range map[string]string{
		minimal(`,"source":"n1","cached_tokens":40`):                   "n1 40",
		minimal(`,"cached_tokens":0,"dropped":1,"source":"\u00e9"`):    "é 0",
		minimal(`,"source":null,"cached_tokens":null`):                 " none",
		minimal(`,"source":1,"source":"","Cached_Tokens":5`):           " none",
		minimal(`,"cached_tokens":9,"seq_len":9,"cached_tokens":"\""`): `cached_tokens must be an integer, is "\""`,
	} {
		text := func(source string, cached *int64, err error) string {
			switch {
			case err != nil:
				return err.Error()
			case cached == nil:
				return source + " none"
			}
			return fmt.Sprintf("%s %d", source, *cached)
		}
		r, err := DecodeRecord([]byte(line))
		require.Equal(t, want, text(r.Source, r.CachedTokens, err), line)
		var d Decoder
		f, err := d.Decode([]byte(line))
		if err == nil {
			r = f.record()
		}
		require.Equal(t, want, text(r.Source, r.CachedTokens, err), line)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for line, want := range map[string]string{
		``:                                  "not JSON: ends early",
		`{"timestamp": 1`:                   "not JSON: ends early",
		`[]`:                                "not a JSON object",
		`5`:                                 "not a JSON object",
		`{} {}`:                             "not JSON: something follows the object",
		`{}x`:                               "not JSON: something follows the object",
		`{"timestamp": NaN}`:                "not JSON: invalid character 'N' at start of value at byte 15",
		`{}`:                                `missing "timestamp"`,
		`{"timestamp":1}`:                   `missing "chunk_size"`,
		`{"timestamp":1,"chunk_size":1}`:    `missing "seq_len"`,
		minimal(`,"seq_len":null`):          `missing "seq_len"`,
		minimal(`,"chunk_hashes":null`):     `missing "chunk_hashes"`,
		minimal(`,"timestamp":1e999`):       `timestamp must be finite, is 1e999`,
		minimal(`,"timestamp":"1"`):         `timestamp must be a number, is "1"`,
		minimal(`,"chunk_size":1.0`):        `chunk_size must be an integer, is 1.0`,
		minimal(`,"chunk_size":1e3`):        `chunk_size must be an integer, is 1e3`,
		minimal(`,"chunk_size":0`):          `chunk_size must be > 0, is 0`,
		minimal(`,"seq_len":-1`):            `seq_len must be >= 0, is -1`,
		minimal(`,"seq_len":true`):          `seq_len must be an integer, is true`,
		minimal(`,"seq_len":1` + zeros(19)): `seq_len must be within 64 bits, is 1` + zeros(19),
		minimal(`,"request_id":5`):          `request_id must be a string, is 5`,
		minimal(`,"session_id":5`):          `session_id must be a string, is 5`,
		minimal(`,"cache_salt":["t"]`):      `cache_salt must be a string, is ["t"]`,
		minimal(`,"source":5`):              `source must be a string, is 5`,
		minimal(`,"cached_tokens":"0"`):     `cached_tokens must be an integer, is "0"`,
		minimal(`,"cached_tokens":41`):      `cached_tokens must be from 0 to seq_len, is 41 of 40`,
		minimal(`,"cached_tokens":-1`):      `cached_tokens must be from 0 to seq_len, is -1 of 40`,
		minimal(`,"chunk_hashes":"0x1"`):    `chunk_hashes must be a list of strings, is "0x1"`,
		minimal(`,"chunk_hashes":["a",1]`):  `chunk_hashes must be a list of strings, is 1`,
		minimal(`,"dtypes":["int8"]`):       `dtypes has 1 entries, shapes 0`,
		minimal(`,"shapes":[[1]]`):          `dtypes has 0 entries, shapes 1`,
		minimal(`,"shapes":[1]`):            `shapes must be a list of lists of integers, is 1`,
		minimal(`,"shapes":[[1.5]]`):        `shapes must be a list of lists of integers, is 1.5`,
		minimal(`,"dtypes":["torch.foo8"],"shapes":[[1]]`):                  `unknown dtype "torch.foo8"`,
		minimal(`,"dtypes":["` + zeros(99) + `"],"shapes":[[1]]`):           `unknown dtype "` + zeros(60) + `"…`,
		minimal(`,"dtypes":["a\u0001\nb"],"shapes":[[1]]`):                  `unknown dtype "a\x01\nb"`,
		minimal(`,"dtypes":["int8"],"shapes":[[0]]`):                        `dimensions must be > 0, one is 0`,
		minimal(`,"model_name":"` + "\xff" + `"`):                           `not JSON: invalid UTF-8 at byte 86`,
		minimal(`,"any":"` + "\xc3" + `"`):                                  `not JSON: invalid UTF-8 at byte 79`,
		minimal(`,"seq_len":"é\n"`):                                         `seq_len must be an integer, is "\"é\\n\""`,
		minimal(`,"seq_len":[` + zeros(1) + strings.Repeat(",1", 90) + `]`): `seq_len must be an integer, is "[0` + strings.Repeat(",1", 29) + `"…`,
		strings.Repeat(`[`, 50000):                                          "not a JSON object",
		minimal(`,"any":` + strings.Repeat(`[`, 20000)):                     `not JSON: exceeded max depth at byte 10077`,
	} {
		_, err := DecodeRecord([]byte(line))
		require.EqualError(t, err, want, "%.100s", line)
	}
}

func zeros(n int) string { return strings.Repeat("0", n) }

// mutate changes a few bytes, mostly to bytes that matter in JSON.
func mutate(rng *rand.Rand, line []byte) []byte {
	line = bytes.Clone(line)
	for range 1 + rng.IntN(3) {
		at := rng.IntN(len(line))
		const spices = "\"\\,:[]{} 0123456789abcdefxX-+.eE\r\x00\x7f\xff\xc3\xa9tn"
		switch b := spices[rng.IntN(len(spices))]; rng.IntN(3) {
		case 0:
			line[at] = b
		case 1:
			line = append(line[:at], line[at+1:]...)
		case 2:
			line = append(line[:at], append([]byte{b}, line[at:]...)...)
		}
	}
	return line
}

// Both decoders agree on all lines that the fast one accepts, and it accepts canonical ones.
func TestDecodersAgree(t *testing.T) {
	golden, err := os.ReadFile("testdata/canonical.jsonl")
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(3, 4))
	var fast, slow Decoder
	accepted := 0
	for line := range bytes.Lines(golden) {
		for range 200 {
			mutant := mutate(rng, TrimEnd(line))
			if agree(t, &fast, &slow, mutant) {
				accepted++
			}
		}
		agree(t, &fast, &slow, TrimEnd(line))
	}
	require.Greater(t, accepted, 2500)
}

// agree checks that the general decoder accepts what the fast one does, with the
// same result, and reports whether the fast one did.
func agree(t *testing.T, fast, slow *Decoder, line []byte) bool {
	if !fast.fields.canonical(line) {
		return false
	}
	require.NoError(t, slow.general.parse(line, &slow.fields), "%s", line)
	require.Equal(t, slow.fields.record(), fast.fields.record(), "%s", line)
	slowErr, fastErr := slow.fields.check(false), fast.fields.check(false)
	require.Equal(t, slowErr, fastErr, "%s", line)
	if fastErr == nil {
		require.Equal(t, slow.fields.layout.size, fast.fields.layout.size, "%s", line)
	}
	return true
}

// The fast decoder is not too strict for real logs, whatever the width of their
// hashes.
func TestFastAcceptsCanonical(t *testing.T) {
	var d Decoder
	for _, hashes := range [][]string{
		nil, {"0x1"}, {"-0x1", "0x1"}, {"0x12345678", "0x123456789", "-0x12345678"},
		{"0x" + zeros(64), "0x" + strings.Repeat("f", 64), "0x" + strings.Repeat("9a", 31)},
	} {
		r := Record{Timestamp: 1711929600.5, RequestID: "req ~", ChunkSize: 1, ChunkHashes: hashes}
		require.True(t, d.fields.canonical(TrimEnd(encode(r))), hashes)
		require.Equal(t, r, d.fields.record())
		for _, r.SessionID = range []string{"", "session ~"} {
			for _, r.CacheSalt = range []string{"", "salt"} {
				for _, r.Source = range []string{"", "node ~"} {
					for _, r.CachedTokens = range []*int64{nil, new(int64)} {
						line := TrimEnd(encode(r))
						require.True(t, d.fields.canonicalPrints(line), "%s", line)
						require.Equal(t, r.SessionID+r.CacheSalt+r.Source, string(d.fields.SessionID)+string(d.fields.CacheSalt)+string(d.fields.Source))
						require.Equal(t, r.CachedTokens != nil, d.fields.HasCachedTokens())
						require.True(t, d.fields.canonical([]byte(strings.TrimSuffix(string(line), "}")+`, "dropped": 7}`)))
						require.EqualValues(t, 7, d.fields.Dropped)
					}
				}
			}
		}
	}
	for _, end := range []string{`, "cache_salt": "s", "session_id": "s"}`, `, "session_id": "é"}`, `, "session_id": "s"`, `, "session_id": 5}`, `, "cached_tokens": 1, "source": "s"}`, `, "cached_tokens": -1}`, `, "source": 1}`, `, "dropped": -1}`, `, "dropped": 1, "session_id": "s"}`} {
		require.False(t, d.fields.canonical([]byte(strings.TrimSuffix(string(TrimEnd(encode(Record{ChunkSize: 1}))), "}")+end)), end)
	}
	for _, hash := range []string{"0x", "x1", "0X1", "0xA", "1", "--0x1", "0x1g", "0x1234567G", "0x:", "0x12345678/", "0x`2345678", ""} {
		r := Record{ChunkSize: 1, ChunkHashes: []string{hash}}
		require.False(t, d.fields.canonical(TrimEnd(encode(r))), hash)
	}
}

func TestIsHash(t *testing.T) {
	for width := 1; width <= 20; width++ {
		for at := range width {
			for b := range 256 {
				h := []byte("0x" + strings.Repeat("9", width))
				h[2+at] = byte(b)
				isHex := strings.IndexByte("0123456789abcdef", byte(b)) >= 0
				if isHash(h) != isHex {
					t.Fatalf("%q", h)
				}
			}
		}
	}
}

// The size of a layout is kept only as long as its text repeats.
func TestLayoutCache(t *testing.T) {
	var d Decoder
	layout := func(dtype string, dims ...int64) []byte {
		return encode(Record{ChunkSize: 1, DTypes: []string{dtype}, Shapes: [][]int64{dims}, ChunkHashes: []string{"0x1"}})
	}
	for _, c := range []struct {
		line []byte
		want int64
	}{
		{layout("int8", 3), 3}, {layout("int8", 3), 3}, {layout("int8", 30), 30}, {layout("int16", 30), 60},
		{[]byte(minimal("")), 0}, {layout("int16", 30), 60}, {encode(Record{ChunkSize: 1}), 0}, {layout("int8", 3, 3), 9},
	} {
		f, err := d.Decode(c.line)
		require.NoError(t, err)
		require.Equal(t, c.want, f.ChunkBytes())
	}
	bad := bytes.Replace(layout("int8", 3), []byte("[3]"), []byte("[0]"), 1)
	for range 2 {
		_, err := d.Decode(bad)
		require.EqualError(t, err, "dimensions must be > 0, one is 0")
	}
	_, err := d.Decode(layout("int8", 3))
	require.NoError(t, err)
}

// The canonical decoder accepts every line of a real log, if there is one.
func TestRealLogIsCanonical(t *testing.T) {
	paths, _ := filepath.Glob("../../../../shared/reference/conversation/*.jsonl")
	if len(paths) == 0 {
		t.Skip("no reference log")
	}
	b, err := os.ReadFile(paths[0])
	require.NoError(t, err)
	var d Decoder
	records := 0
	for line := range bytes.Lines(b) {
		require.True(t, d.fields.canonical(TrimEnd(line)), "%s", line)
		r, err := DecodeRecord(line)
		require.NoError(t, err)
		require.Equal(t, string(line), string(encode(r)))
		records++
	}
	require.Equal(t, 12031, records)
}

// After an exceptionally long line the decoder doesn't hold on to its memory.
func TestDecoderLetsGo(t *testing.T) {
	var d Decoder
	long := strings.Repeat("x", 2<<20)
	require.NoError(t, decodes(&d, minimal(`,"seq_len":40,"`+long+`":0,"dtypes":["float8`+long+`"],"shapes":[[1]],"request_id":"`+long+`"`)))
	require.Greater(t, cap(d.general.text), 2<<20)
	for _, next := range []string{minimal(""), small(1, "a")} {
		require.NoError(t, decodes(&d, next))
		require.Less(t, cap(d.general.text)+cap(d.general.object.name)+cap(d.fields.layout.text), 1000)
	}
	simple := minimal(`,"request_id":"` + long + `\n","chunk_hashes":["a"` + strings.Repeat(`,"b"`, 2<<20) + `]`)
	simple = strings.Replace(simple, `"chunk_hashes":["a","b"],`, "", 1)
	require.NoError(t, decodes(&d, simple))
	require.Greater(t, min(cap(d.fields.unquoted), cap(d.fields.Fingerprints)), 2<<20)
	require.NoError(t, decodes(&d, small(1, "a")))
	require.Less(t, cap(d.fields.unquoted)+cap(d.fields.Fingerprints)+cap(d.general.text), 1000)
}

// decodes returns why a line is no record.
func decodes(d *Decoder, line string) error {
	_, err := d.Decode([]byte(line))
	return err
}
