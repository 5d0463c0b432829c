package foreign

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// entry returns an entry with chunks of 512 tokens.
func entry(timestamp float64, model string, seqLen int64, hashes ...uint64) *log.Entry {
	return &log.Entry{Timestamp: timestamp, ModelName: model, ChunkSize: 512, SeqLen: seqLen, Hashes: hashes}
}

// encode encodes entries with an encoder, which must take them.
func encode(t testing.TB, c *Encoder, entries ...*log.Entry) string {
	var text []byte
	for _, e := range entries {
		var err error
		text, err = c.Append(text, e)
		require.NoError(t, err)
	}
	return string(text)
}

func TestEncoder(t *testing.T) {
	entries := []*log.Entry{entry(1711929600.1234, "a", 1024, 77, 78), entry(1711929600.125, "b", 1025, 77, 78),
		entry(1711929601, "a", 1500, 77, 99), entry(1711929601, "a", 0), entry(1711929600.1, "a", 512, 5)}
	var c Encoder
	require.Equal(t, `{"timestamp": 0, "input_length": 1024, "output_length": 1, "hash_ids": [0, 1]}
{"timestamp": 2, "input_length": 1025, "output_length": 1, "hash_ids": [2, 3, 4]}
{"timestamp": 877, "input_length": 1500, "output_length": 1, "hash_ids": [0, 5, 6]}
{"timestamp": 877, "input_length": 0, "output_length": 1, "hash_ids": []}
{"timestamp": 877, "input_length": 512, "output_length": 1, "hash_ids": [7]}
`, encode(t, &c, entries...))
	require.EqualValues(t, 5, c.Rows())
	require.EqualValues(t, 6, c.Chunks())
	require.EqualValues(t, 512, c.ChunkSize())
	require.False(t, c.Tails())
	require.Zero(t, c.Stray())

	c = Encoder{IgnoreModel: true}
	require.Contains(t, encode(t, &c, entries...), `"hash_ids": [0, 1, 2]`)
}

// Salts part chunks as models do, also where models are ignored. Sessions are left out.
func TestEncoderWithSalts(t *testing.T) {
	entries := []*log.Entry{entry(0, "a", 512, 7), entry(1, "a", 512, 7), entry(2, "b", 512, 7), entry(3, "a", 512, 7)}
	entries[1].CacheSalt, entries[2].CacheSalt = []byte("s"), []byte("s")
	entries[3].SessionID = []byte("left out")
	for ignore, want := range map[bool][]int{false: {0, 1, 2, 0}, true: {0, 1, 1, 0}} {
		var rows string
		for i, id := range want {
			rows += fmt.Sprintf(`{"timestamp": %d, "input_length": 512, "output_length": 1, "hash_ids": [%d]}`+"\n", 1000*i, id)
		}
		require.Equal(t, rows, encode(t, &Encoder{IgnoreModel: ignore}, entries...))
	}
}

// TestEncoderWithTails gives no id to a tail without a hash where others have some.
func TestEncoderWithTails(t *testing.T) {
	entries := []*log.Entry{entry(0, "", 600, 1), entry(1, "", 600, 1, 2), entry(2, "", 600, 1)}
	var c Encoder
	encode(t, &c, entries...)
	require.True(t, c.Tails())
	require.EqualValues(t, 1, c.Stray())

	c = Encoder{}
	for _, e := range entries {
		c.Add(e)
	}
	require.Equal(t, `{"timestamp": 0, "input_length": 600, "output_length": 1, "hash_ids": [0]}
{"timestamp": 1000, "input_length": 600, "output_length": 1, "hash_ids": [0, 1]}
{"timestamp": 2000, "input_length": 600, "output_length": 1, "hash_ids": [0]}
`, encode(t, &c, entries...))
	require.Zero(t, c.Stray())
}

func TestEncoderRefuses(t *testing.T) {
	var c Encoder
	require.Zero(t, c.ChunkSize())
	for want, e := range map[string]*log.Entry{
		"3 chunk_hashes, but seq_len 1024 has room for 2 chunks of 512 tokens: a Mooncake trace has an id for each": entry(0, "", 1024, 1, 2, 3),
		"1 chunk_hashes, but seq_len 1100 has 2 complete chunks of 512 tokens: a Mooncake trace has an id for each": entry(0, "", 1100, 1),
	} {
		text, err := c.Append([]byte("x"), e)
		require.EqualError(t, err, want)
		require.Equal(t, "x", string(text))
	}
	require.Zero(t, c.Rows())
	e := entry(0, "b", 300, 1)
	e.ChunkSize = 256
	_, err := c.Append(nil, e)
	require.EqualError(t, err, `a Mooncake trace has one block size, but there are chunks of 256 tokens (model "b"), 512 tokens (model "")`)
	var mixed *MixedSizesError
	require.ErrorAs(t, err, &mixed)
	require.Equal(t, []ModelSize{{"b", 256}, {"", 512}}, mixed.Sizes)
	for i := range 10 {
		c.Add(entry(0, fmt.Sprint(i), 1, 1))
	}
	require.ErrorContains(t, c.Err(), `(model "3"), …`)
}

// TestRoundTrip checks that a trace that was written reads as chunks that are alike and
// unlike as they were.
func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		hashedTails := rng.IntN(2) == 0
		var entries []*log.Entry
		var c Encoder
		now := 1.7e9
		for range 1 + rng.IntN(30) {
			now += float64(rng.IntN(5)) / 1000
			e := entry(now, fmt.Sprint("m", rng.IntN(2)), rng.Int64N(3000))
			full, begun := blocksOf(e)
			n := full
			if hashedTails && rng.IntN(3) > 0 {
				n = begun
			}
			if rng.IntN(3) == 0 {
				e.CacheSalt = []byte("salt")
			}
			for range n {
				e.Hashes = append(e.Hashes, rng.Uint64N(20))
			}
			entries = append(entries, e)
			c.Add(e)
		}
		text := encode(t, &c, entries...)
		lines, stats := readAll(t, Options{Lines: true, KeepTail: c.Tails()}, text, "-")
		require.Zero(t, stats.ProblemCount)
		require.Len(t, lines, len(entries))
		there, back := make(map[chunk]string), make(map[string]chunk)
		for i, line := range lines {
			r, err := log.Decode([]byte(line))
			require.NoError(t, err)
			require.InDelta(t, entries[i].Timestamp-entries[0].Timestamp, r.Timestamp, 0.0006)
			require.Equal(t, entries[i].SeqLen, r.SeqLen)
			require.Len(t, r.ChunkHashes, len(entries[i].Hashes))
			for j, hash := range r.ChunkHashes {
				was := chunk{model: entries[i].ModelName, salt: log.FingerprintSalt(entries[i].CacheSalt), hash: entries[i].Hashes[j]}
				if _, known := there[was]; !known {
					there[was] = hash
				}
				if _, known := back[hash]; !known {
					back[hash] = was
				}
				require.Equal(t, there[was], hash)
				require.Equal(t, back[hash], was)
			}
		}
	}
}

// TestLoadGeneratorsTakeIt checks what they ask of a row: ids for all blocks that begin.
func TestLoadGeneratorsTakeIt(t *testing.T) {
	var c Encoder
	for line := range strings.Lines(encode(t, &c, entry(5, "", 1, []uint64{}...), entry(5, "", 512, 3), entry(6, "", 513, 3))) {
		d := newTrace(Options{KeepTail: true}, &mooncake, "")
		var e log.Entry
		require.NoError(t, d.Decode([]byte(line), &e))
		_, begun := blocksOf(&e)
		require.Len(t, e.Hashes, int(begun))
	}
}
