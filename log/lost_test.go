package log

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/source"
)

// noise is text that can hardly be compressed, a piece for each record.
var noise = sync.OnceValue(func() []byte {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
	rng := rand.New(rand.NewPCG(1, 1))
	text := make([]byte, 64*source.BlockSize/2)
	for i := range text {
		text[i] = alphabet[rng.Uint32()%uint32(len(alphabet))]
	}
	return text
})

// longLog returns a log of so many records, one second apart, each about half a block long. It is
// far longer than the lookahead, even when compressed.
func longLog(from, records int) string {
	var text strings.Builder
	for at := from; at < from+records; at++ {
		piece := noise()[at%64*source.BlockSize/2:][:source.BlockSize/2]
		text.WriteString(logLine(float64(at), fmt.Sprintf("%06d %s", at, piece)))
	}
	return text.String()
}

// firstOf returns the request ids without their padding.
func firstOf(ids []string) (short []string) {
	for _, id := range ids {
		word, _, _ := strings.Cut(id, " ")
		short = append(short, word)
	}
	return short
}

// readWith reads all of the files, and calls meanwhile after the first record.
func readWith(t *testing.T, files *Files, opts Options, meanwhile func()) got {
	t.Helper()
	r, err := files.Open(t.Context(), opts)
	require.NoError(t, err)
	defer r.Close()
	var g got
	for r.Scan() {
		g.ids = append(g.ids, string(r.Entry().RequestID))
		if len(g.ids) == 1 {
			meanwhile()
		}
	}
	g.stats, g.err = timeless(r.Stats()), r.Err()
	return g
}

// A log that has become shorter is damaged, whenever that happens. The records left count.
func TestCutShort(t *testing.T) {
	const records = 60
	whole := longLog(1, records)
	for name, c := range map[string]struct {
		left    int
		records int64
		at      int64 // line
	}{
		"within a record": {len(longLog(1, 30)) + source.BlockSize/3, 30, 31},
		"between records": {len(longLog(1, 30)), 30, 31},
		"by a byte":       {len(whole) - 1, records, records},
		"to nothing":      {0, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			for when, read := range map[string]func(path string, files *Files) got{
				"before opening": func(path string, files *Files) got {
					require.NoError(t, os.Truncate(path, int64(c.left)))
					return read(t, files, Options{})
				},
				"between passes": func(path string, files *Files) got {
					require.Zero(t, read(t, files, Options{}).stats.ProblemCount)
					require.NoError(t, os.Truncate(path, int64(c.left)))
					return read(t, files, Options{})
				},
				"while reading": func(path string, files *Files) got {
					return readWith(t, files, Options{window: 1}, func() { require.NoError(t, os.Truncate(path, int64(c.left))) })
				},
			} {
				path := write(t, t.TempDir(), "x.jsonl", whole)
				g := read(path, find(t, path))
				require.NoError(t, g.err, when)
				require.EqualValues(t, 1, g.stats.Damaged, when)
				require.Zero(t, g.stats.Torn+g.stats.Skipped, when)
				if when == "while reading" && c.left == 0 { // records read before count
					require.Less(t, g.stats.Records, int64(records*2/3), "4 MiB are decoded ahead")
					require.Contains(t, g.stats.Problems[0].Msg, "has been cut short since it was found: ")
					continue
				}
				require.Equal(t, c.records, g.stats.Records, when)
				require.Equal(t, []string{fmt.Sprintf("%s:%d: has been cut short since it was found: %d of %d bytes are left", path, c.at, c.left, len(whole))},
					texts(g.stats.Problems), when)
			}
		})
	}
}

// Like all damage it is fatal under Strict.
func TestCutShortStrict(t *testing.T) {
	path := write(t, t.TempDir(), "x.jsonl", logLine(1, "a")+logLine(2, "b"))
	files := find(t, path)
	require.NoError(t, os.Truncate(path, int64(len(logLine(1, "a")))))
	g := read(t, files, Options{Strict: true})
	var problem *Problem
	require.ErrorAs(t, g.err, &problem)
	require.Equal(t, KindDamaged, problem.Kind)
}

// So are compressed logs, even if they are cut between two members, which looks like an end.
func TestCutShortCompressed(t *testing.T) {
	for name, log := range compressedLogs() {
		if name == "unnamed" {
			continue
		}
		for _, left := range []int{0, 2, log.border - 1, log.border, log.border + 1, len(log.text) - 1} {
			path := write(t, t.TempDir(), name, log.text)
			files := find(t, path)
			require.NoError(t, os.Truncate(path, int64(left)))
			g := read(t, files, Options{})
			require.NoError(t, g.err)
			require.EqualValues(t, 1, g.stats.Damaged, "%s cut to %d", name, left)
			require.Zero(t, g.stats.Torn+g.stats.Skipped)
			if left >= log.border {
				require.GreaterOrEqual(t, g.stats.Records, int64(10))
			}
		}
	}
}

// A log that is cut short and grows beyond its former length before anybody looks.
func TestWrittenAnew(t *testing.T) {
	other := func(records int) string { return longLog(1000, records) }
	for when, read := range map[string]func(path string, files *Files) got{
		"while reading": func(path string, files *Files) got {
			return readWith(t, files, Options{window: 1}, func() { write(t, filepath.Dir(path), "x.jsonl", other(70)) })
		},
		"between passes": func(path string, files *Files) got {
			require.Zero(t, read(t, files, Options{}).stats.ProblemCount)
			write(t, filepath.Dir(path), "x.jsonl", other(70))
			return read(t, files, Options{})
		},
	} {
		path := write(t, t.TempDir(), "x.jsonl", longLog(1, 60))
		g := read(path, find(t, path))
		require.NoError(t, g.err, when)
		require.EqualValues(t, 1, g.stats.Damaged, when)
		problems := texts(g.stats.Problems)
		require.Contains(t, problems[len(problems)-1], ": has been cut short and written anew since it was found", when)
	}
	// Before the first read a log may become anything that isn't shorter.
	path := write(t, t.TempDir(), "x.jsonl", longLog(1, 6))
	files := find(t, path)
	write(t, filepath.Dir(path), "x.jsonl", other(7))
	require.Equal(t, Stats{Records: 7}, read(t, files, Options{}).stats)
	// But not after its first timestamps have been read.
	path = write(t, t.TempDir(), "x.jsonl", longLog(1, 6))
	files = find(t, path, write(t, t.TempDir(), "y.jsonl", logLine(1, "y")))
	r, err := files.Open(t.Context(), Options{})
	require.NoError(t, err)
	require.NoError(t, r.Close())
	write(t, filepath.Dir(path), "x.jsonl", other(7))
	require.EqualValues(t, 1, read(t, files, Options{}).stats.Damaged)
}

// All passes read a growing log as far as it went when the first pass came to it.
func TestGrows(t *testing.T) {
	path := write(t, t.TempDir(), "x.jsonl", logLine(1, "1"))
	grow := func(text string) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = f.WriteString(text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	files := find(t, path)
	grow(longLog(2, 40))
	g := readWith(t, files, Options{window: 1}, func() { grow(longLog(42, 10)) })
	require.NoError(t, g.err)
	require.Equal(t, Stats{Records: 41}, g.stats)
	grow(longLog(52, 10))
	require.Equal(t, Stats{Records: 41}, read(t, files, Options{}).stats)
	// Cut back to its length at Find, it is shorter than what has been read.
	require.NoError(t, os.Truncate(path, int64(len(logLine(1, "1")))))
	require.EqualValues(t, 1, read(t, files, Options{}).stats.Damaged)

	// An empty one stays empty.
	path = write(t, t.TempDir(), "x.jsonl", "")
	files = find(t, path)
	empty := Stats{EmptyFiles: 1, FirstEmpty: path}
	require.Equal(t, empty, read(t, files, Options{}).stats)
	grow(logLine(1, "1"))
	require.Equal(t, empty, read(t, files, Options{}).stats)
	require.EqualValues(t, 1, read(t, find(t, path), Options{}).stats.Records)
}

// A file redirected to standard input is treated like other logs.
func TestCutShortStdin(t *testing.T) {
	path := write(t, t.TempDir(), "x", logLine(1, "a"), logLine(2, "b"), logLine(3, "c"))
	record := int64(len(logLine(1, "a")))
	for left, want := range map[int64]Stats{
		3 * record: {Records: 2},
		2 * record: {Records: 1, Damaged: 1, ProblemCount: 1, Problems: []Problem{
			{"stdin", 2, KindDamaged, fmt.Sprintf("has been cut short since it was found: %d of %d bytes are left", 2*record, 3*record)}}},
		0: {Damaged: 1, ProblemCount: 1, Problems: []Problem{
			{"stdin", 1, KindDamaged, fmt.Sprintf("has been cut short since it was found: %d of %d bytes are left", record, 3*record)}}},
	} {
		stdin, err := os.Open(path)
		require.NoError(t, err)
		defer stdin.Close()
		_, err = stdin.Seek(record, io.SeekStart) // somebody has read the first
		require.NoError(t, err)
		files, err := Find(t.Context(), []string{"-"}, stdin)
		require.NoError(t, err)
		require.NoError(t, os.Truncate(path, left))
		require.Equal(t, want, read(t, files, Options{}).stats)
		write(t, filepath.Dir(path), "x", logLine(1, "a"), logLine(2, "b"), logLine(3, "c"))
	}
}

func skipIfOpenFilesStay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed")
	}
}

// A log that is deleted for good is left out, whenever that is noticed.
func TestGone(t *testing.T) {
	dir := t.TempDir()
	paths := []string{write(t, dir, "a.jsonl", logLine(1, "a")), write(t, dir, "b.jsonl.gz", gzipped(logLine(2, "b"))), write(t, dir, "c.jsonl", logLine(3, "c"))}
	want := []string{paths[0] + ": has gone since it was found: it is left out", paths[1] + ": has gone since it was found: it is left out"}

	files := find(t, paths...)
	require.NoError(t, os.Remove(paths[0])) // before it is peeked
	r, err := files.Open(t.Context(), Options{})
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.NoError(t, os.Remove(paths[1])) // before it is opened
	g := read(t, files, Options{})
	require.NoError(t, g.err)
	require.Equal(t, []string{"c"}, g.ids)
	require.EqualValues(t, 2, g.stats.Damaged)
	require.ElementsMatch(t, want, texts(g.stats.Problems))

	text, err := files.Texts(t.Context())
	require.NoError(t, err)
	defer text.Close()
	var lines, damage []string
	for text.Next() {
		for text.Scan() {
			lines = append(lines, string(text.Line().Text))
		}
		if p := text.Damage(); p != nil {
			damage = append(damage, p.String())
		}
	}
	require.NoError(t, text.Err())
	require.Len(t, lines, 1)
	require.Equal(t, want, damage)

	// So is the only log, deleted between two passes.
	require.NoError(t, os.Remove(paths[2]))
	g = read(t, files, Options{})
	require.NoError(t, g.err)
	require.EqualValues(t, 3, g.stats.Damaged)
	require.Zero(t, g.stats.Records)

	g = read(t, files, Options{Strict: true})
	require.ErrorContains(t, g.err, ": has gone since it was found")
}

// longPair returns two long logs whose times overlap, read with one descriptor, and their request ids.
func longPair(t *testing.T) (a, b string, files *Files, want []string) {
	skipIfOpenFilesStay(t)
	dir := t.TempDir()
	a, b = write(t, dir, "a.jsonl", longLog(1, 60)), write(t, dir, "b.jsonl", longLog(1, 60))
	files = find(t, a, b)
	want = firstOf(read(t, files, Options{}).ids)
	require.Len(t, want, 120)
	return a, b, find(t, a, b), want
}

// turn replaces a plain log by a compressed one, as a writer does.
func turn(t *testing.T, path, suffix string, pack func(string) string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	write(t, filepath.Dir(path), filepath.Base(path)+suffix, pack(string(text)))
	require.NoError(t, os.Remove(path))
}

// A log that is compressed while it is being read is continued at the same record.
func TestCompressedWhileRead(t *testing.T) {
	a, b, files, want := longPair(t)
	g := readWith(t, files, Options{MaxOpen: 1, window: 1}, func() {
		turn(t, a, ".zst", zstded)
		turn(t, b, ".gz", gzipped)
	})
	require.NoError(t, g.err)
	require.Equal(t, want, firstOf(g.ids))
	require.Equal(t, Stats{Records: 120}, g.stats)
	g = read(t, files, Options{}) // the next pass
	require.Equal(t, want, firstOf(g.ids))
	require.Equal(t, Stats{Records: 120}, g.stats)
}

// A log may be deleted soon after it has been compressed.
func TestGoneWhileRead(t *testing.T) {
	for name, remove := range map[string]func(a, b string){
		"at once": func(a, b string) {
			require.NoError(t, os.Remove(a))
			require.NoError(t, os.Remove(b))
		},
		"after compression": func(a, b string) {
			turn(t, a, ".zst", zstded)
			turn(t, b, ".gz", gzipped)
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b, files, want := longPair(t)
			r, err := files.Open(t.Context(), Options{MaxOpen: 1, window: 1})
			require.NoError(t, err)
			defer r.Close()
			var ids []string
			for r.Scan() {
				ids = append(ids, string(r.Entry().RequestID))
				if len(ids) == 3 { // both have been begun
					remove(a, b)
				}
				if len(ids) == 60 && name == "after compression" {
					require.NoError(t, os.Remove(a+".zst"))
					require.NoError(t, os.Remove(b+".gz"))
				}
			}
			require.NoError(t, r.Err())
			stats := r.Stats()
			// A log that is open when the other one turns out to be gone keeps its descriptor, and is read to its end.
			require.Contains(t, []int64{1, 2}, stats.Damaged)
			require.Less(t, stats.Records, int64(120))
			require.Zero(t, stats.Torn+stats.Skipped+stats.Late)
			require.Len(t, stats.Problems, int(stats.Damaged))
			lines := map[string]int64{a: 61, b: 61}
			for _, p := range stats.Problems {
				require.Equal(t, "has gone since it was found: the rest of it is left out", p.Msg)
				lines[p.File] = p.Line
			}
			require.Equal(t, lines[a]-1+lines[b]-1, stats.Records, "all lines before were read")
			both := 2 * (min(lines[a], lines[b]) - 1)
			require.Equal(t, want[:both], firstOf(ids)[:both])
		})
	}
}

// A compressed form with other content does not continue a log.
func TestCompressedOtherwise(t *testing.T) {
	for name, c := range map[string]struct{ text, why string }{
		"another log": {zstded(longLog(7, 60)), "has gone since it was found, and %s does not begin like it"},
		"shorter":     {zstded(longLog(1, 5)), "has been compressed since it was found, and its compressed form has only "},
		"damaged":     {zstded(longLog(1, 60))[:1000], "has been compressed since it was found, to %s: compressed data ends early"},
	} {
		t.Run(name, func(t *testing.T) {
			a, b, files, _ := longPair(t)
			g := readWith(t, files, Options{MaxOpen: 1, window: 1}, func() {
				turn(t, a, ".zst", func(string) string { return c.text })
				turn(t, b, ".zst", zstded)
			})
			require.NoError(t, g.err)
			require.EqualValues(t, 1, g.stats.Damaged)
			require.Equal(t, a, g.stats.Problems[0].File)
			why := strings.ReplaceAll(c.why, "%s", a+".zst")
			require.Contains(t, g.stats.Problems[0].Msg, why)
			require.GreaterOrEqual(t, g.stats.Records, int64(60))
		})
	}
}

// A log whose compressed form is shorter than the log was at Find is cut short.
func TestCompressedShorter(t *testing.T) {
	path := write(t, t.TempDir(), "x.jsonl", logLine(1, "a")+logLine(2, "b"))
	files := find(t, path)
	turn(t, path, ".gz", func(string) string { return gzipped(logLine(1, "a")) })
	g := read(t, files, Options{})
	require.Equal(t, []string{"a"}, g.ids)
	require.EqualValues(t, 1, g.stats.Damaged)
}
