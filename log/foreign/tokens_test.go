package foreign

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// chained hashes chunks as the package comment says.
func chained(chunks ...[]uint64) (hashes []string) {
	var before []byte
	for _, ids := range chunks {
		h := sha256.New()
		h.Write(before)
		for _, id := range ids {
			_ = binary.Write(h, binary.LittleEndian, id)
		}
		before = h.Sum(nil)
		hashes = append(hashes, "0x"+hex.EncodeToString(before[:16]))
	}
	return hashes
}

func TestTokens(t *testing.T) {
	o := Options{Format: Tokens, ChunkSize: 2, Alone: true}
	d := decoderOf(t, o, "x", "")
	require.Equal(t, "token ids: a chunk is 2 tokens, hashed with SHA-256", d.String())
	line := `{"timestamp": 7.25, "request_id": "r", "model": "m", "token_ids": [1, 2, 3, 18446744073709551615, 5]}`
	got, err := decode(t, d, line)
	require.NoError(t, err)
	want := log.Record{Timestamp: 7.25, RequestID: "r", ModelName: "m", ChunkSize: 2, SeqLen: 5,
		ChunkHashes: chained([]uint64{1, 2}, []uint64{3, 1<<64 - 1})}
	require.Equal(t, want, got)
	require.Equal(t, "0x0c730b69905c5ef7a4ca5269f7236540", got.ChunkHashes[0])
	at, ok := d.Timestamp([]byte(line))
	require.True(t, ok)
	require.Equal(t, 7.25, at)

	got, err = decode(t, d, `{"timestamp": 8, "token_ids": [], "session_id": 5, "cache_salt": "t"}`)
	require.NoError(t, err)
	require.Equal(t, log.Record{Timestamp: 8, ChunkSize: 2, SessionID: "5", CacheSalt: "t"}, got)
	got, err = decode(t, d, `{"timestamp": 8, "token_ids": [1]}`)
	require.NoError(t, err)
	require.Equal(t, log.Record{Timestamp: 8, ChunkSize: 2, SeqLen: 1}, got)
	for line, want := range map[string]string{
		`{"timestamp": 8, "token_ids": `:                        `not JSON: ends early`,
		`{"timestamp": 8}`:                                      `missing "token_ids"`,
		`{"timestamp": 8, "token_ids": [-1]}`:                   `token_ids must be a list of integers from 0 to 2^64-1, is -1`,
		`{"timestamp": "8", "token_ids": []}`:                   `timestamp must be a number, is "8"`,
		`{"token_ids": []}`:                                     `missing "timestamp", which the first row has`,
		`{"timestamp": 8, "token_ids": [], "model": {}}`:        `model must be a string, is {}`,
		`{"timestamp": 8, "token_ids": [], "session_id": true}`: `session_id must be a string or a number, is true`,
		`{"timestamp": 8, "token_ids": [], "cache_salt": []}`:   `cache_salt must be a string or a number, is []`,
		`{"timestamp": 8, "token_ids": [], "request_id": true}`: `request_id must be a string or a number, is true`,
	} {
		_, err := decode(t, d, line)
		require.EqualError(t, err, want)
	}
	require.EqualValues(t, 256, newTokens(Options{}).chunk)
}

func TestTokensWithoutTime(t *testing.T) {
	d := decoderOf(t, Options{Format: Tokens, Alone: true}, "x", "")
	_, err := decode(t, d, `not JSON`)
	require.Error(t, err)
	for i := range 3 {
		got, err := decode(t, d, `{"token_ids": []}`)
		require.NoError(t, err)
		require.EqualValues(t, i+1, got.Timestamp)
	}
	_, err = decode(t, d, `{"timestamp": 8, "token_ids": []}`)
	require.EqualError(t, err, `has a "timestamp", which the first row lacks`)
	_, ok := d.Timestamp([]byte(`{"token_ids": []}`))
	require.False(t, ok)
	_, err = decode(t, decoderOf(t, Options{Format: Tokens}, "x", ""), `{"token_ids": []}`)
	require.ErrorContains(t, err, "rows of several files have no order without one")
}

// FuzzTokens decodes lines with token ids: what is accepted is a record.
func FuzzTokens(f *testing.F) {
	f.Add([]byte(`{"timestamp": 7.25, "request_id": "r", "model": "m", "token_ids": [1, 2,3 ,4]}`), byte(1))
	f.Add([]byte(`{"token_ids":[]}`), byte(0))
	f.Fuzz(func(t *testing.T, line []byte, chunk byte) {
		d := decoderOf(t, Options{Format: Tokens, ChunkSize: int64(chunk), Alone: true}, "fuzz", "")
		for i := range 2 {
			r, err := decode(t, d, string(line))
			if err != nil {
				require.Less(t, len(err.Error()), 500)
				return
			}
			require.EqualValues(t, r.SeqLen/r.ChunkSize, len(r.ChunkHashes))
			if at, ok := d.Timestamp(line); ok {
				require.Equal(t, at, r.Timestamp)
			} else {
				require.EqualValues(t, i, r.Timestamp)
			}
		}
	})
}
