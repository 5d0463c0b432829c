package line

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pair decodes each line in all the ways that a decoder has, and by the general
// decoder alone.
type pair struct {
	fast, slow Decoder
}

// result is what a decoder finds in a line.
type result struct {
	timestamp                     float64
	requestID, model              string
	session, salt, source         string
	chunkSize, seqLen, chunkBytes int64
	dropped, cached               int64
	measured                      bool
	prints                        []uint64
}

func resultOf(f *Fields) result {
	return result{f.Timestamp, string(f.RequestID), string(f.ModelName), string(f.SessionID), string(f.CacheSalt), string(f.Source), f.ChunkSize, f.SeqLen, f.ChunkBytes(),
		f.Dropped, f.CachedTokens, f.HasCachedTokens(), append([]uint64{}, f.Fingerprints...)}
}

// generally decodes a line by the general decoder.
func (d *Decoder) generally(line []byte) (*Fields, error) {
	if err := d.general.parse(line, &d.fields); err != nil {
		return nil, err
	}
	d.fields.fingerprint()
	return d.checked()
}

// same checks that both find the same or the same error.
func (p *pair) same(t *testing.T, line []byte) error {
	slow, slowErr := p.slow.generally(line)
	fast, fastErr := p.fast.Decode(line)
	if slowErr != nil || fastErr != nil {
		require.Equal(t, fmt.Sprint(slowErr), fmt.Sprint(fastErr), "%s", line)
		return slowErr
	}
	require.Equal(t, resultOf(slow), resultOf(fast), "%s", line)
	return nil
}

// simpleLines are accepted by simple.
var simpleLines = []string{
	minimal(""),
	minimal("") + "\r\n",
	" \t" + minimal("") + " \t\n",
	minimal(` , "request_id" : "r" , "model_name":"m","dtypes":[ "int8" , "bool" ],"shapes":[[ 1 , 2 ],[ ]]`),
	minimal(`,"request_id":"\u00e9\"","model_name":"模型"`),
	minimal(`,"request_id":null,"dropped":5`),
	minimal(`,"cache_salt":"\u00e9","session_id":null`),
	minimal(`, "session_id" : "s" , "dropped" : 1 , "cache_salt" : ""`),
	minimal(`,"cached_tokens" : 40 , "source":"\u00e9"`),
	minimal(`,"source":null,"cached_tokens":null`),
	minimal(`,"x":1.5,"y":"é\n","":true,"z":[1,{"a":"]","a":2}],"x":{},"w":false,"v":null`),
	minimal(`,"tokens":[1` + strings.Repeat(`,2`, 20000) + `]`),
	`{"chunk_hashes":[],"seq_len":0,"chunk_size":1,"timestamp":-1e-3}`,
	`{"chunk_hashes":["0x12","0x34", "0x56" ,"0x78","-0x1", "zz","zz","zz"],"seq_len":0,"chunk_size":1,"timestamp":1}`,
	`{"chunk_hashes":["0x0123456789abcdef","0x0123456789abcdef","0x0123456789abcdef"],"seq_len":0,"chunk_size":1,"timestamp":1}`,
	`{"chunk_hashes":["0x0123456789abcdef","0x0123456789abcdeg","0x0123456789abcdef"],"seq_len":0,"chunk_size":1,"timestamp":1}`,
}

func TestSimple(t *testing.T) {
	var p pair
	var d Decoder
	for _, line := range simpleLines {
		require.NoError(t, p.same(t, []byte(line)))
		require.True(t, d.fields.simple([]byte(line)), line)
	}
}

// simple refuses lines that it is not sure about.
func TestSimpleLeaves(t *testing.T) {
	var p pair
	var d Decoder
	deep := strings.Repeat("[", 9999) + strings.Repeat("]", 9999)
	for _, line := range []string{
		"", "{", "{}x", "[]", `{"timestamp":1,}`, minimal(`,`), minimal("") + "{}", strings.Repeat("[", 20000),
		minimal(`,"session_id":5`), minimal(`,"cache_salt":["a"]`), minimal(`,"source":7`), minimal(`,"cached_tokens":-1`), minimal(`,"cached_tokens":1.0`), minimal(`,"cached_tokens":1,"cached_tokens":2`), minimal(`,"cache_salt":"a","cache_salt":"b"`), minimal(`,"seq_len":41`), minimal(`,"seq_len":null`), minimal(`,"seq\u005flen":41`), minimal(`,"chunk_hashes":["a"]`),
		minimal(`,"model_name":"\ud800"`), minimal(`,"model_name":"` + "\xff" + `"`), minimal(`,"model_name":"\`), minimal(`,"model_name":"`),
		minimal(`,"model_name":5`), minimal(`,"dtypes":["int8\u0000"]`), minimal(`,"dtypes":{}`), minimal(`,"shapes":[[1.0]]`), minimal(`,"shapes":[1]`),
		minimal(`,"x":01`), minimal(`,"x":1e999`), minimal(`,"x":nul`), minimal(`,"x":[`), minimal(`,"x":[1,]`), minimal(`,"x":]`), minimal(`,"x":"` + "\x01" + `"`),
		minimal(`,"x":` + deep), minimal(`,"x":[` + deep + `]`), minimal(`,"dropped":-1`), minimal(`,"dropped":"many"`),
	} {
		_ = p.same(t, []byte(line))
		require.False(t, d.fields.simple([]byte(line)), "%.200s", line)
	}
}

// respell writes a canonical line differently.
func respell(rng *rand.Rand, line []byte) []byte {
	members := strings.Split(string(line[1:len(line)-1]), `, "`)
	for i := 1; i < len(members); i++ {
		members[i] = `"` + members[i]
	}
	var whole []string // a list is one member
	for _, m := range members {
		if last := len(whole) - 1; last >= 0 && !strings.Contains(m, `": `) {
			whole[last] += ", " + m
		} else {
			whole = append(whole, m)
		}
	}
	for _, more := range []string{`"x": [{}, 1e5]`, `"y": "é\t"`, `"seq_len": 7`, `"dropped": 3`, `"model_name": null`, `"session_id": "é"`, `"cache_salt": "s"`, `"source": "s"`, `"cached_tokens": 0`} {
		if rng.IntN(4) == 0 {
			whole = append(whole, more)
		}
	}
	if rng.IntN(3) > 0 {
		rng.Shuffle(len(whole), func(i, j int) { whole[i], whole[j] = whole[j], whole[i] })
	}
	text := "{" + strings.Join(whole, ", ") + "}"
	space := []string{"", " ", "\t\r\n"}
	for _, mark := range []string{": ", ", "} {
		text = strings.ReplaceAll(text, mark, space[rng.IntN(3)]+mark[:1]+space[rng.IntN(3)])
	}
	return []byte(text)
}

// wideHashes returns hashes of that many bytes each.
func wideHashes(rng *rand.Rand, n, size int) (hashes []string) {
	for range n {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		b[0] |= 0x80 // as wide as can be
		hashes = append(hashes, fmt.Sprintf("%#x", b))
	}
	return hashes
}

// Both ways agree on lines of any spelling, sound or damaged.
func TestSimpleAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	var p pair
	good, simple := 0, 0
	for range 20000 {
		r := randomRecord(rng)
		if rng.IntN(2) == 0 {
			r.ChunkHashes = wideHashes(rng, rng.IntN(9), 1+rng.IntN(40))
		}
		line := respell(rng, TrimEnd(encode(r)))
		if p.same(t, line) == nil {
			good++
			if p.fast.fields.simple(line) {
				simple++
			}
		}
		p.same(t, mutate(rng, line))
	}
	t.Log(good, simple)
	require.Greater(t, good, 15000)
	require.Greater(t, simple, 5000)
}

// FuzzEntry checks the ways of decoding against each other.
func FuzzEntry(f *testing.F) {
	seeds(f)
	for _, line := range simpleLines {
		f.Add([]byte(line))
	}
	rng := rand.New(rand.NewPCG(17, 18))
	for range 50 {
		f.Add(respell(rng, TrimEnd(encode(randomRecord(rng)))))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var p pair
		err := p.same(t, line)
		require.Equal(t, err == nil, p.same(t, line) == nil)
	})
}
