package log

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/line"
)

func TestReadEntries(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "any.name", logLine(1.5, "a"), minimal(`,"model_name":"n"`), "\r\n")
	g := readArgs(t, Options{}, path)
	require.NoError(t, g.err)
	require.Equal(t, Stats{Records: 2}, g.stats)
	require.Equal(t, []Entry{
		{Timestamp: 1.5, RequestID: []byte("a"), ModelName: "m", ChunkSize: 16, SeqLen: 40, ChunkBytes: 8,
			Hashes: []uint64{line.Fingerprint([]byte("0xa")), line.Fingerprint([]byte("0xb"))}, File: path, Line: 1, Source: path},
		{Timestamp: 1.5, ModelName: "n", ChunkSize: 16, SeqLen: 40,
			Hashes: []uint64{line.Fingerprint([]byte("a")), line.Fingerprint([]byte("b"))}, File: path, Line: 2, Source: path},
	}, g.entries)
}

func TestLineEnds(t *testing.T) {
	a, b := logLine(1, "a"), logLine(2, "b")
	cut := strings.TrimSuffix(b, "\n")
	for name, c := range map[string]struct {
		text  string
		ids   []string
		stats Stats
	}{
		"empty":                  {"", nil, Stats{EmptyFiles: 1}},
		"blank":                  {"\n \t\r\n\n", nil, Stats{EmptyFiles: 1}},
		"blank tail":             {a + "  ", []string{"a"}, Stats{Records: 1}},
		"blank lines and CRLF":   {"\r\n" + strings.TrimSuffix(a, "\n") + "\r\n\n" + b, []string{"a", "b"}, Stats{Records: 2}},
		"no last newline":        {a + cut, []string{"a", "b"}, Stats{Records: 2}},
		"no last newline but CR": {a + cut + "\r", []string{"a", "b"}, Stats{Records: 2}},
		"torn": {a + cut[:len(cut)-1], []string{"a"}, Stats{Records: 1, Torn: 1,
			TornAt: []Problem{{Line: 2, Kind: KindTorn, Msg: "torn last line: not JSON: ends early"}}}},
		"NUL tail": {a + "\x00\x00", []string{"a"}, Stats{Records: 1, Torn: 1, TornAt: []Problem{{Line: 2, Kind: KindTorn,
			Msg: `torn last line: not JSON: invalid character '\x00' at start of value at byte 1`}}}},
		"bad tail with newline": {a + "{\n", []string{"a"}, Stats{Records: 1, Skipped: 1, ProblemCount: 1,
			Problems: []Problem{{Line: 2, Kind: KindSkipped, Msg: "not JSON: ends early"}}}},
		"bad in between": {a + "\n{}\n" + b, []string{"a", "b"}, Stats{Records: 2, Skipped: 1, ProblemCount: 1,
			Problems: []Problem{{Line: 3, Kind: KindSkipped, Msg: `missing "timestamp"`}}}},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, t.TempDir(), "x.jsonl", c.text)
			for _, problems := range [][]Problem{c.stats.Problems, c.stats.TornAt} {
				for i := range problems {
					problems[i].File = path
				}
			}
			if c.stats.EmptyFiles > 0 {
				c.stats.FirstEmpty = path
			}
			g := readArgs(t, Options{}, path)
			require.NoError(t, g.err)
			require.Equal(t, c.ids, g.ids)
			require.Equal(t, c.stats, g.stats)
		})
	}
}

func TestStrict(t *testing.T) {
	dir := t.TempDir()
	bad := write(t, dir, "bad.jsonl", logLine(1, "a"), "{}\n", logLine(2, "b"))
	g := readArgs(t, Options{Strict: true}, bad)
	var problem *Problem
	require.ErrorAs(t, g.err, &problem)
	require.Equal(t, Problem{bad, 2, KindSkipped, `missing "timestamp"`}, *problem)
	require.EqualError(t, g.err, bad+`:2: missing "timestamp"`)

	torn := write(t, dir, "torn.jsonl", logLine(1, "a"), "{")
	g = readArgs(t, Options{Strict: true}, torn)
	require.NoError(t, g.err)
	require.EqualValues(t, 1, g.stats.Torn)

	cut := write(t, dir, "cut.jsonl.gz", gzipped(logLine(1, "a"))[:60])
	g = readArgs(t, Options{Strict: true}, cut)
	require.ErrorAs(t, g.err, &problem)
	require.Equal(t, KindDamaged, problem.Kind)
}

func TestProblemsAreBounded(t *testing.T) {
	path := write(t, t.TempDir(), "x.jsonl", logLine(1, "a"), strings.Repeat("{}\n", 25))
	g := readArgs(t, Options{}, path)
	require.EqualValues(t, 25, g.stats.Skipped)
	require.EqualValues(t, 25, g.stats.ProblemCount)
	require.Len(t, g.stats.Problems, MaxProblems)
	require.Equal(t, path+`:11: missing "timestamp"`, g.stats.Problems[9].String())
	require.Equal(t, "f: whole", Problem{File: "f", Msg: "whole"}.String())
}

func TestReadAnyDType(t *testing.T) {
	path := write(t, t.TempDir(), "x.jsonl", minimal(`,"dtypes":["fp4"],"shapes":[[2]]`)+"\n", logLine(2, "b"))
	g := readArgs(t, Options{}, path)
	require.Equal(t, []string{path + `:1: unknown dtype "fp4"`}, texts(g.stats.Problems))
	g = readArgs(t, Options{AnyDType: true}, path)
	require.Zero(t, g.stats.ProblemCount)
	require.Len(t, g.entries, 2)
}

// A last line without a newline that is JSON but not a record is bad, not torn.
func TestBadLastLine(t *testing.T) {
	for text, why := range map[string]string{
		minimal(`,"dtypes":["fp4"],"shapes":[[2]]`): `unknown dtype "fp4"`,
		`null`: "not a JSON object",
		`[1]`:  "not a JSON object",
		`{}`:   `missing "timestamp"`,
	} {
		path := write(t, t.TempDir(), "x.jsonl", logLine(1, "a"), text)
		g := readArgs(t, Options{}, path)
		require.Equal(t, []string{path + ":2: " + why}, texts(g.stats.Problems))
		require.Zero(t, g.stats.Torn)
	}
}

func TestLongLines(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("x", 3<<20)
	text := logLine(1, "a") + logLine(2, long) + logLine(3, "b") + logLine(4, long)
	path := write(t, dir, "x.jsonl", text)

	g := readArgs(t, Options{}, path)
	require.Equal(t, []string{"a", long, "b", long}, g.ids)

	g = readArgs(t, Options{maxLine: 1 << 20}, path)
	require.Equal(t, []string{"a", "b"}, g.ids)
	require.Equal(t, []string{path + ":2: line is longer than 1048576 bytes", path + ":4: line is longer than 1048576 bytes"},
		texts(g.stats.Problems))

	write(t, dir, "x.jsonl", strings.TrimSuffix(text, "\n"))
	g = readArgs(t, Options{maxLine: 1 << 20}, path)
	require.EqualValues(t, 1, g.stats.Skipped)
	require.Equal(t, []string{path + ":4: torn last line: line is longer than 1048576 bytes"}, texts(g.stats.TornAt))
}

// An error of the file ends the reading and is not damage, even if the decompressor changes it.
func TestFileErrors(t *testing.T) {
	broken := errors.New("input/output error")
	for _, failure := range []error{broken, io.ErrUnexpectedEOF} {
		for _, whole := range []string{logLine(1, "a") + logLine(2, "b"), zstded(logLine(1, "a")), gzipped(logLine(1, "a")), "\x50\x2a\x4d\x18\xff\xff\x00\x00" + logLine(1, "")} {
			for n := range len(whole) {
				stdin := io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(failure))
				f, err := Find(context.Background(), []string{"-"}, stdin)
				require.NoError(t, err)
				g := read(t, f, Options{})
				require.ErrorIs(t, g.err, failure)
				require.EqualError(t, g.err, "reading stdin: "+failure.Error())
				require.Zero(t, g.stats.ProblemCount+g.stats.Torn)
			}
		}
	}
}

func TestProgress(t *testing.T) {
	dir := t.TempDir()
	a := write(t, dir, "a", logLine(1, "a"))
	b := write(t, dir, "b", gzipped(logLine(2, "b")))
	f := find(t, a, b)
	for range 2 { // two passes
		r, err := f.Open(context.Background(), Options{})
		require.NoError(t, err)
		read, total := r.Progress()
		require.Zero(t, read) // though both have been peeked into
		require.Equal(t, f.Bytes(), total)
		for r.Scan() {
		}
		read, total = r.Progress()
		require.Equal(t, total, read)
		require.NoError(t, r.Close())
		require.False(t, r.Scan())
		require.Nil(t, r.Entry())
	}
}

func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "x", strings.Repeat(logLine(1, "a"), 10000))
	f := find(t, path, write(t, dir, "y", logLine(1, "a")))
	write(t, dir, "z", logLine(1, "a"))
	ctx, cancel := context.WithCancel(context.Background())
	r, err := f.Open(ctx, Options{})
	require.NoError(t, err)
	defer r.Close()
	require.True(t, r.Scan())
	cancel()
	require.False(t, r.Scan())
	require.Equal(t, context.Canceled, r.Err())
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
	_, err = f.Open(ctx, Options{})
	require.NoError(t, err) // already peeked into: nothing to read
	_, err = find(t, path, filepath.Join(dir, "z")).Open(ctx, Options{})
	require.Equal(t, context.Canceled, err)
}

// Later problems do not change earlier Stats.
func TestStatsAreACopy(t *testing.T) {
	path := write(t, t.TempDir(), "x", "{}\n", logLine(1, "a"), logLine(2, "b"), "{\n")
	f := find(t, path)
	r, err := f.Open(context.Background(), Options{window: 1})
	require.NoError(t, err)
	defer r.Close()
	require.True(t, r.Scan())
	before := r.Stats()
	require.True(t, r.Scan())
	require.False(t, r.Scan())
	require.Len(t, before.Problems, 1)
	require.Len(t, r.Stats().Problems, 2)
}
