package convert

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/log/foreign"
	"hashlog/writer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// input returns an input of files with these texts.
func input(t *testing.T, opts foreign.Options, texts ...string) Input {
	var paths []string
	for i, text := range texts {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.jsonl", i))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		paths = append(paths, path)
	}
	files, err := log.Find(t.Context(), paths, nil)
	require.NoError(t, err)
	return Input{Files: files, Formats: opts.Formats(), Bar: &progress.Bar{}}
}

// newLogs returns logs in a new folder, and how often that has been claimed and released.
func newLogs(t *testing.T) (logs *Logs, dir string, claims *[2]int) {
	dir, claims = t.TempDir(), &[2]int{}
	return NewLogs(writer.Options{Dir: dir}, func() (func(), error) {
		claims[0]++
		return func() { claims[1]++ }, nil
	}), dir, claims
}

func TestRecords(t *testing.T) {
	const good = `{"timestamp": 5000, "input_length": 1024, "hash_ids": [1, 2]}` + "\n"
	in := input(t, foreign.Options{Format: foreign.Mooncake, Lines: true}, good+"{\n"+good+`{"timestamp": 7000, "input_length": 0, "hash_ids": []}`+"\n")
	logs, dir, claims := newLogs(t)
	require.False(t, logs.Claimed())
	read, err := logs.Records(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, logs.Close(t.Context()))
	logs.Release()
	require.Equal(t, [2]int{1, 1}, *claims)
	require.Equal(t, int64(1), read.Sieve.Empty)
	require.Equal(t, int64(1), read.Stats.Skipped)
	w := logs.Written()
	require.NotZero(t, w.Bytes)
	w.Bytes = 0
	require.Equal(t, Written{Files: 1, Requests: 2, Tokens: 2048, Lookups: 4, First: 5, Last: 5}, w)
	made, err := filepath.Glob(dir + "/*")
	require.NoError(t, err)
	require.Len(t, made, 1)

	in.Strict = true
	logs, _, _ = newLogs(t)
	_, err = logs.Records(t.Context(), in)
	var p *log.Problem
	require.ErrorAs(t, err, &p)
	require.Equal(t, int64(2), p.Line)
	require.NoError(t, logs.Close(t.Context()))
}

// TestTables begins another log where a file lies before the one before it, and keeps the order of rows in a file.
func TestTables(t *testing.T) {
	logs, _, _ := newLogs(t)
	in := input(t, foreign.Options{}, "time,key\n5,a\n4,b\n6,c\nx,d\n", "time,key\n1,a\n2,a\n")
	read, err := logs.Tables(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, logs.Close(t.Context()))
	require.Equal(t, int64(1), read.Stats.Skipped)
	w := logs.Written()
	w.Bytes = 0
	require.Equal(t, Written{Files: 2, Requests: 5, Tokens: 5, Lookups: 5, First: 1, Last: 6, Disordered: 1}, w)

	logs, _, claims := newLogs(t)
	_, err = logs.Tables(t.Context(), input(t, foreign.Options{}, "nothing\n"))
	var header *foreign.HeaderError
	require.ErrorAs(t, err, &header)
	require.NoError(t, logs.Close(t.Context()))
	require.Equal(t, [2]int{}, *claims)
}

func TestTrace(t *testing.T) {
	record := func(at float64, size, seqLen int, hashes string) string {
		return fmt.Sprintf(`{"timestamp": %v, "request_id": "", "model_name": "m", "chunk_size": %d, "seq_len": %d, "chunk_hashes": [%s]}`+"\n", at, size, seqLen, hashes)
	}
	trace := &Trace{Input: input(t, foreign.Options{}, record(10, 2, 4, `"0xa", "0xb"`)+record(11, 2, 2, `"0x1", "0x2", "0x3"`)+record(12, 2, 4, `"0xa", "0xc"`))}
	var out bytes.Buffer
	require.NoError(t, trace.Write(t.Context(), &out))
	require.Equal(t, `{"timestamp": 0, "input_length": 4, "output_length": 1, "hash_ids": [0, 1]}
{"timestamp": 2000, "input_length": 4, "output_length": 1, "hash_ids": [0, 2]}
`, out.String())
	require.Equal(t, int64(1), trace.Read.Stats.Skipped)
	require.Contains(t, trace.Read.Stats.Problems[0].Msg, "3 chunk_hashes, but seq_len 2 has room for 1 chunk of 2 tokens")
	require.Equal(t, []float64{10, 12}, []float64{trace.First, trace.Last})

	out.Reset()
	trace = &Trace{Input: input(t, foreign.Options{}, record(10, 2, 2, `"0xa"`)+record(11, 3, 3, `"0xb"`))}
	var mixed *foreign.MixedSizesError
	require.ErrorAs(t, trace.Write(t.Context(), &out), &mixed)
	require.Empty(t, out.String(), "a trace that cannot be made is not begun")

	model := "other"
	trace = &Trace{Input: input(t, foreign.Options{}, record(10, 2, 2, `"0xa"`))}
	trace.Filter = analyze.Filter{Model: &model}
	require.NoError(t, trace.Write(t.Context(), &out))
	require.Zero(t, trace.Encoder.Rows())
	require.Zero(t, trace.Read.Sieve.Passed)
	require.Equal(t, int64(1), trace.Read.Sieve.Read)
}
