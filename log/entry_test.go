package log

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/line"
)

func TestEntry(t *testing.T) {
	var d LineDecoder
	var e Entry
	require.NoError(t, d.Decode([]byte(logLine(7.25, "id")), &e))
	want := Entry{Timestamp: 7.25, RequestID: []byte("id"), ModelName: "m", ChunkSize: 16, SeqLen: 40, ChunkBytes: 8,
		Hashes: []uint64{line.Fingerprint([]byte("0xa")), line.Fingerprint([]byte("0xb"))}}
	require.Equal(t, want, e)

	require.NoError(t, d.Decode([]byte(minimal(`,"session_id":"s","cache_salt":"t"`)), &e))
	require.Equal(t, "s t", fmt.Sprintf("%s %s", e.SessionID, e.CacheSalt))

	require.NoError(t, d.Decode([]byte(minimal(`,"source":"n","cached_tokens":0`)), &e))
	require.Equal(t, "n 0 true", fmt.Sprint(e.Source, " ", e.CachedTokens, " ", e.HasCachedTokens))
}

// An entry keeps nothing of the record that it held before but File and Line, which the Reader sets.
func TestEntryUsedAgain(t *testing.T) {
	var d LineDecoder
	e := Entry{Timestamp: 1, RequestID: []byte("longer"), ModelName: "n", ChunkSize: 1, SeqLen: 1, ChunkBytes: 1, Hashes: []uint64{1, 2, 3}, Dropped: 1,
		File: "f", Line: 2, Text: []byte("rendered by another decoder"),
		SessionID: []byte("s"), CacheSalt: []byte("t"), Source: "n", CachedTokens: 1, HasCachedTokens: true}
	require.NoError(t, d.Decode([]byte(minimal("")), &e))
	require.Empty(t, e.Text)
	e.Text = nil
	require.Equal(t, Entry{Timestamp: 1.5, RequestID: []byte{}, SessionID: []byte{}, CacheSalt: []byte{}, ChunkSize: 16, SeqLen: 40, File: "f", Line: 2,
		Hashes: []uint64{Fingerprint([]byte("a")), Fingerprint([]byte("b"))}}, e)
}

// AnyDType accepts an unknown dtype and nothing else.
func TestAnyDType(t *testing.T) {
	d := LineDecoder{AnyDType: true}
	var e Entry
	require.NoError(t, d.Decode([]byte(minimal(`,"dtypes":["int8","odd"],"shapes":[[3],[2]]`)), &e))
	require.Zero(t, e.ChunkBytes)
	require.NoError(t, d.Decode([]byte(minimal(`,"dtypes":["int8"],"shapes":[[3]]`)), &e))
	require.Equal(t, int64(3), e.ChunkBytes)
	for _, bad := range []string{`,"dtypes":[5]`, `,"dtypes":["odd"],"shapes":[[0]]`, `,"dtypes":["odd"],"shapes":[[1],[1]]`, `,"dtypes":["odd"]`,
		`,"dtypes":["odd"],"shapes":[[9223372036854775807,2]]`} {
		require.Error(t, d.Decode([]byte(minimal(bad)), &e), bad)
	}
}

// AnyDType counts from the next line on, though that repeats dtypes and shapes.
func TestAnyDTypeChanges(t *testing.T) {
	odd := []byte(strings.Replace(logLine(1, "r"), "float16", "odd", 1))
	var d LineDecoder
	var e Entry
	for _, d.AnyDType = range []bool{false, true, false} {
		if err := d.Decode(odd, &e); d.AnyDType {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, `unknown dtype "odd"`)
		}
	}
}

func TestEntryAllocatesNothing(t *testing.T) {
	var d LineDecoder
	var e Entry
	b := []byte(logLine(1711929600.1234567, "id"))
	require.NoError(t, d.Decode(b, &e))
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = d.Decode(b, &e) }))
}

// A real log, if it is there: every line is a record.
func TestRealLog(t *testing.T) {
	paths, _ := filepath.Glob("../../shared/reference/conversation/*.jsonl")
	if len(paths) == 0 {
		t.Skip("no reference log")
	}
	g := readArgs(t, Options{}, paths[0])
	require.NoError(t, g.err)
	require.Equal(t, fmt.Sprint(Stats{Records: 12031}), fmt.Sprint(g.stats))
}

// A key depends on model and hash, and on nothing else.
func TestAppendKeys(t *testing.T) {
	entry := func(model string, hashes ...string) *Entry {
		e := &Entry{ModelName: model}
		for _, h := range hashes {
			e.Hashes = append(e.Hashes, Fingerprint([]byte(h)))
		}
		return e
	}
	keys := entry("m", "0xa", "0xb").AppendKeys([]uint64{7})
	require.Len(t, keys, 3)
	require.EqualValues(t, 7, keys[0])
	require.Equal(t, keys[2:], entry("m", "0xb").AppendKeys(nil))
	require.NotEqual(t, keys[1:], entry("n", "0xa", "0xb").AppendKeys(nil))
	require.NotEqual(t, entry("0xa", "m").AppendKeys(nil), entry("m", "0xa").AppendKeys(nil), "changed places")
	require.Equal(t, []uint64{0x88ee585a1c902820}, entry("model", "0x1").AppendKeys(nil), "other programs may have kept keys")
	require.Empty(t, entry("m").AppendKeys(nil))

	// Salts part chunks, and with a salt all parts matter.
	salted := func(salt, model string, hashes ...string) *Entry {
		e := entry(model, hashes...)
		e.CacheSalt = []byte(salt)
		return e
	}
	seen := map[uint64]string{}
	for _, e := range []*Entry{salted("", "a", "b"), salted("", "b", "a"), salted("c", "a", "b"), salted("c", "b", "a"), salted("a", "c", "b"),
		salted("b", "a", "c"), salted("a", "a", "a"), salted("a", "", "b"), salted("", "", "b")} {
		key := e.AppendKeys(nil)[0]
		require.Empty(t, seen[key])
		seen[key] = fmt.Sprintf("%q", e.CacheSalt)
	}
	require.Equal(t, salted("c", "m", "0xa", "0xb").AppendKeys(nil)[1:], salted("c", "m", "0xb").AppendKeys(nil))
	require.Equal(t, salted("c", "m", "0xb").AppendKeysOfAnyModel([]uint64{7}), salted("c", "n", "0xb").AppendKeysOfAnyModel([]uint64{7}))
	require.NotEqual(t, salted("c", "m", "0xb").AppendKeysOfAnyModel(nil), salted("d", "m", "0xb").AppendKeysOfAnyModel(nil))
	require.NotEqual(t, salted("c", "m", "0xb").AppendKeysOfAnyModel(nil), salted("", "m", "0xb").AppendKeysOfAnyModel(nil))
	require.Equal(t, []uint64{7, Fingerprint([]byte("0xb"))}, entry("m", "0xb").AppendKeysOfAnyModel([]uint64{7}))

	var room [8]uint64
	e := entry("m", "0xa", "0xb")
	require.Zero(t, testing.AllocsPerRun(10, func() { e.AppendKeys(room[:0]) }))
}
