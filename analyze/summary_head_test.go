package analyze

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
	"hashlog/log/foreign"
	"hashlog/sim"
)

// TestKeyVersion pins the keys of chunks. If it fails, keyVersion must change with the keys: a summary of before cannot be joined with one
// of after.
func TestKeyVersion(t *testing.T) {
	records := []log.Record{
		{ModelName: "m", ChunkHashes: []string{"0xa", "-7"}},
		{ModelName: "n", ChunkHashes: []string{"0xa"}},
		{ModelName: "m", ChunkHashes: []string{"0xa"}, CacheSalt: "tenant"},
		{ChunkHashes: []string{"0xa"}},
	}
	for i := range records {
		records[i].ChunkSize, records[i].SeqLen = 16, 40
	}
	logs := findLog(t, records)
	trace := filepath.Join(t.TempDir(), "mooncake.jsonl")
	require.NoError(t, os.WriteFile(trace, []byte(`{"timestamp": 0, "input_length": 1024, "output_length": 1, "hash_ids": [0, 1]}`+"\n"), 0o644))
	mooncake, err := log.Find(t.Context(), []string{trace}, nil)
	require.NoError(t, err)
	formats := foreign.Options{}.Formats()

	require.Equal(t, 1, keyVersion)
	require.Equal(t, "[d1fe0b5e92c53025 4511ffcb5c74e24c eac44c3ef7e7ecd3 9ae2b6dc1611e431 c68c35ceb9af31b]", keysOfSummary(t, logs, Options{}))
	require.Equal(t, "[bc84b7b7ea8381a7 b496414fdc9adf38 6a72fedb579db3cd]", keysOfSummary(t, logs, Options{IgnoreModel: true}))
	require.Equal(t, "[5a4310a496ba07da d7dca35fe18e23f4]", keysOfSummary(t, mooncake, Options{Formats: formats}))
}

// keysOfSummary returns the keys of a summary in order of first sight.
func keysOfSummary(t *testing.T, files *log.Files, opts Options) string {
	s, err := Summarize(t.Context(), files, opts)
	require.NoError(t, err)
	keys := make([]sim.Key, s.replay.index.Len())
	for id := range keys {
		keys[id] = s.replay.index.Key(uint32(id))
	}
	return fmt.Sprintf("%x", keys)
}

// TestHeadHasAllCounts requires that no field of what a pass has met is missing in the head of a file.
func TestHeadHasAllCounts(t *testing.T) {
	n := 0
	var stats log.Stats
	setAll(reflect.ValueOf(&stats).Elem(), &n)
	stats.BeforeState = 0 // it is about the last run alone
	p := &passed{paths: []string{"a", "b\xff"}, sources: []string{"c"}, remarks: []string{"d", "\x00e"}, sieve: NewSieve(Filter{}), stats: stats}
	p.sieve.Read, p.sieve.Empty, p.sieve.Passed, p.sieve.named, p.sieve.first, p.sieve.last = 1, 2, 3, 4, 5, 6
	p.sieve.others["f"] = struct{}{}
	text, err := (&summaryHead{Keys: keyVersion, Caches: 1, Read: headReadOf(p)}).text()
	require.NoError(t, err)
	h, err := parseHead(text)
	require.NoError(t, err)
	require.Equal(t, p, h.passed(Filter{}))

	var empty log.Stats
	require.Equal(t, empty, (&summaryHead{Read: headReadOf(&passed{sieve: NewSieve(Filter{})})}).passed(Filter{}).stats)
}

// TestHeadRefusesImpossibleCounts sets the counts of the logs to -1 one by one.
func TestHeadRefusesImpossibleCounts(t *testing.T) {
	whole := summaryHead{Keys: keyVersion, Caches: 1}
	n := 0
	setAll(reflect.ValueOf(&whole.Read).Elem(), &n)
	setAll(reflect.ValueOf(&whole.Span).Elem(), &n)
	counts := countsIn(reflect.ValueOf(&whole.Read).Elem(), countsIn(reflect.ValueOf(&whole.Span).Elem(), nil))
	require.Greater(t, len(counts), 20)
	parse := func() error {
		text, err := whole.text()
		require.NoError(t, err)
		_, err = parseHead(text)
		return err
	}
	require.NoError(t, parse())
	for _, c := range counts {
		before := c.Int()
		c.SetInt(-1)
		require.EqualError(t, parse(), "an impossible count")
		c.SetInt(before)
	}
}

// setAll sets everything in v to a value of its own; each list gets one element.
func setAll(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			setAll(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		setAll(v.Index(0), n)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		setAll(v.Elem(), n)
	case reflect.String:
		v.SetString(fmt.Sprint(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int: // the only one is a kind
		v.SetInt(int64(log.KindDamaged))
	default:
		v.SetInt(int64(*n))
	}
}

// countsIn appends all int64 in v.
func countsIn(v reflect.Value, counts []reflect.Value) []reflect.Value {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			counts = countsIn(v.Field(i), counts)
		}
	case reflect.Slice:
		for i := range v.Len() {
			counts = countsIn(v.Index(i), counts)
		}
	case reflect.Int64:
		counts = append(counts, v)
	}
	return counts
}
