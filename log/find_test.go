package log

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func findError(args ...string) error {
	_, err := Find(context.Background(), args, nil)
	return err
}

func TestFindFolder(t *testing.T) {
	dir := t.TempDir()
	one := write(t, dir, "lookup_hashes_1.jsonl", logLine(1, "1"))
	two := write(t, dir, "lookup_hashes_2.jsonl.gz", gzipped(logLine(2, "2")))
	write(t, dir, "lookup_hashes_3.jsonl.zst.tmp", "half")
	write(t, dir, "lookup_hashes_3.json", "no")
	write(t, dir, "other.jsonl", "no")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "lookup_hashes_9.jsonl"), 0o755))
	target := write(t, t.TempDir(), "elsewhere", logLine(3, "3"))
	link := filepath.Join(dir, "lookup_hashes_0.jsonl")
	require.NoError(t, os.Symlink(target, link))

	f := find(t, dir)
	require.Equal(t, []string{link, one, two}, f.Paths())
	require.Equal(t, 3, f.Len())
	require.Empty(t, f.Notes())
	require.False(t, f.Streams())
	require.EqualValues(t, 2*len(logLine(1, "1"))+len(gzipped(logLine(2, "2"))), f.Bytes())
	require.Equal(t, []string{"1", "2", "3"}, read(t, f, Options{}).ids)
}

func TestFindErrors(t *testing.T) {
	dir := t.TempDir()
	require.EqualError(t, findError(), "no logs given: name files, folders, or - for standard input")
	require.EqualError(t, findError("-"), "no standard input to read")
	missing := filepath.Join(dir, "missing")
	require.EqualError(t, findError(missing), "reading "+missing+": no such file or directory")
	require.ErrorIs(t, findError(missing), os.ErrNotExist)
	require.ErrorIs(t, findError(""), os.ErrNotExist)

	require.EqualError(t, findError(dir), dir+": no lookup_hashes_*.jsonl (.gz, .zst) in this folder")
	write(t, dir, "b.jsonl")
	write(t, dir, "a.jsonl.gz")
	require.EqualError(t, findError(dir), dir+": no lookup_hashes_*.jsonl (.gz, .zst) in this folder; "+
		"to read its other logs (a.jsonl.gz, b.jsonl), name them as arguments")
	for i := range 5 {
		write(t, dir, fmt.Sprintf("c%d.jsonl", i))
	}
	require.ErrorContains(t, findError(dir), "(a.jsonl.gz, b.jsonl, c0.jsonl, …)")

	broken := filepath.Join(dir, "lookup_hashes_1.jsonl") // it is not gone: it leads nowhere
	require.NoError(t, os.Symlink(missing, broken))
	require.ErrorContains(t, findError(dir), broken)
}

func TestFindUnreadable(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "x", logLine(1, "a"))
	require.NoError(t, os.Chmod(path, 0))
	asNobody(t, dir)
	require.EqualError(t, findError(path), "reading "+path+": permission denied")
}

func TestSameFileTwice(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "lookup_hashes_1.jsonl", logLine(1, "a"))
	soft, hard := filepath.Join(dir, "soft"), filepath.Join(dir, "hard")
	require.NoError(t, os.Symlink(path, soft))
	require.NoError(t, os.Link(path, hard))

	f := find(t, path, soft, hard, dir, path)
	require.Equal(t, []string{path}, f.Paths())
	require.Equal(t, []string{
		soft + " is the same file as " + path + ": read once",
		hard + " is the same file as " + path + ": read once",
		path + " is given twice: read once",
		path + " is given twice: read once",
	}, f.Notes())
	require.Equal(t, []string{"a"}, read(t, f, Options{}).ids)

	for i := range 20 {
		write(t, dir, fmt.Sprintf("lookup_hashes_2%d.jsonl", i), "")
	}
	f = find(t, dir, dir)
	require.Equal(t, 21, f.Len())
	require.Len(t, f.Notes(), 11)
	require.Equal(t, "11 more files were given twice: read once", f.Notes()[10])
}

func TestStdinTwice(t *testing.T) {
	path := write(t, t.TempDir(), "x", logLine(1, "a"))
	stdin, err := os.Open(path)
	require.NoError(t, err)
	defer stdin.Close()
	f, err := Find(context.Background(), []string{"-", "-", path}, stdin)
	require.NoError(t, err)
	require.Equal(t, []string{"stdin"}, f.Paths())
	require.Equal(t, []string{"stdin is given twice: read once", path + " is the same file as stdin: read once"}, f.Notes())
	require.True(t, f.Streams())
	require.EqualValues(t, -1, f.Bytes())
	g := read(t, f, Options{})
	require.Equal(t, []string{"a"}, g.ids)
	require.Equal(t, "stdin", g.entries[0].File)
	_, err = f.Open(context.Background(), Options{})
	require.Equal(t, errUsed, err)
}

// An entry names the argument that led to its log, the first of several.
func TestSources(t *testing.T) {
	dir := t.TempDir()
	first := write(t, dir, "lookup_hashes_1.jsonl", logLine(1, "a"))
	write(t, dir, "lookup_hashes_2.jsonl", logLine(2, "b"))
	packed := write(t, dir, "x.jsonl.gz", gzipped(logLine(3, "c")))
	plain := write(t, dir, "x.jsonl", logLine(3, "c")+logLine(4, "d"))
	stdin, err := os.Open(write(t, dir, "piped", logLine(5, "e")))
	require.NoError(t, err)
	defer stdin.Close()
	f, err := Find(context.Background(), []string{first, packed, dir, "-", first, plain, filepath.Join(dir, "piped")}, stdin)
	require.NoError(t, err)
	require.Equal(t, []string{first, packed, dir, "-"}, f.Sources())
	g := read(t, f, Options{})
	require.Equal(t, []string{"a", "b", "c", "d", "e"}, g.ids)
	var sources []string
	for _, e := range g.entries {
		sources = append(sources, e.Source)
	}
	require.Equal(t, []string{first, dir, packed, packed, "-"}, sources)
	require.Equal(t, plain, g.entries[2].File)
}

// Of two copies of a log, one is chosen and read.
func TestTwins(t *testing.T) {
	a, b, c := logLine(1, "a"), logLine(2, "b"), logLine(3, "c")
	cut := func(s string) string { return s[:len(s)-9] } // still yields most of it
	random := strings.Repeat(a, 3) + logLine(4, "0123456789")
	for name, x := range map[string]struct {
		files map[string]string
		chosen,
		why string
		ids []string
	}{
		"equal":              {map[string]string{"x": a + b, "x.gz": gzipped(a + b)}, "x", "which holds all of the other", []string{"a", "b"}},
		"plain goes on":      {map[string]string{"x": a + b, "x.zst": zstded(a)}, "x", "which holds all of the other", []string{"a", "b"}},
		"plain is shorter":   {map[string]string{"x": a, "x.zst": zstded(a + b)}, "x.zst", "which is whole", []string{"a", "b"}},
		"plain is empty":     {map[string]string{"x": "", "x.zst": zstded(a)}, "x.zst", "which is whole", []string{"a"}},
		"plain differs":      {map[string]string{"x": c + b + a, "x.gz": gzipped(a + b)}, "x.gz", "which is whole", []string{"a", "b"}},
		"packed is cut":      {map[string]string{"x": a + b, "x.gz": cut(gzipped(a + b))}, "x", "since the compressed one is damaged", []string{"a", "b"}},
		"packed is empty":    {map[string]string{"x": a, "x.zst": ""}, "x", "since the compressed one is damaged", []string{"a"}},
		"both are empty":     {map[string]string{"x": "", "x.zst": ""}, "x", "since the compressed one is damaged", nil},
		"cut but more":       {map[string]string{"x": a, "x.gz": gzipped(a+b) + "garbage"}, "x.gz", "which is damaged but holds more", []string{"a", "b"}},
		"two packed":         {map[string]string{"x.gz": gzipped(a), "x.zst": zstded(b)}, "x.gz", "which is whole", []string{"a"}},
		"one of them whole":  {map[string]string{"x.gz": gzipped(a+b) + "garbage", "x.zst": zstded(b)}, "x.zst", "which is whole", []string{"b"}},
		"neither whole":      {map[string]string{"x.gz": gzipped(a) + "garbage", "x.zst": zstded(a+b) + "garbage"}, "x.zst", "which is damaged but holds the most", []string{"a", "b"}},
		"three, plain":       {map[string]string{"x": a + b, "x.gz": gzipped(a), "x.zst": zstded(c)}, "x", "which holds all of the other", []string{"a", "b"}},
		"three, second":      {map[string]string{"x": "", "x.gz": cut(gzipped(random)), "x.zst": zstded(c)}, "x.zst", "which is whole", []string{"c"}},
		"packed is not that": {map[string]string{"x": a, "x.gz": a + b}, "x.gz", "which is whole", []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var paths []string
			for _, suffix := range []string{"", ".gz", ".zst"} {
				if text, ok := x.files["x"+suffix]; ok {
					paths = append(paths, write(t, dir, "lookup_hashes_x.jsonl"+suffix, text))
				}
			}
			chosen := filepath.Join(dir, "lookup_hashes_"+x.chosen[:1]+".jsonl"+x.chosen[1:])
			other := write(t, dir, "other", logLine(1, "other"))
			for _, args := range [][]string{{dir, other}, append(paths, other)} {
				f := find(t, args...)
				require.Equal(t, []string{chosen, other}, f.Paths())
				require.Equal(t, []string{strings.Join(paths, " and ") + " are one log: " + chosen + " is read, " + x.why}, f.Notes())
			}
			require.Equal(t, x.ids, readArgs(t, Options{}, dir).ids)
		})
	}
}

// Twins keep the place of the first of them, also by way of a linked folder.
func TestTwinsElsewhere(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(dir, link))
	plain, packed := write(t, dir, "x", logLine(1, "a")), write(t, dir, "x.gz", gzipped(logLine(1, "a")))
	y := write(t, dir, "y", logLine(1, "y"))
	require.Equal(t, []string{plain, y}, find(t, filepath.Join(link, "x.gz"), y, plain).Paths())
	require.Equal(t, []string{y, plain}, find(t, y, plain, packed).Paths())
	// The same name in another folder is another log.
	far := write(t, t.TempDir(), "x.gz", gzipped(logLine(1, "far")))
	require.Len(t, find(t, plain, far).Paths(), 2)
}

func TestTwinsCancelled(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "lookup_hashes_1.jsonl", logLine(1, "a"))
	write(t, dir, "lookup_hashes_1.jsonl.gz", gzipped(logLine(1, "a")))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Find(ctx, []string{dir}, nil)
	require.Equal(t, context.Canceled, err)
}

// A folder may change after it has been listed and before its logs are opened.
func TestFindGone(t *testing.T) {
	skipIfOpenFilesStay(t)
	name := func(i int, suffix string) string { return fmt.Sprintf("lookup_hashes_%d.jsonl%s", i, suffix) }
	dir := t.TempDir()
	write(t, dir, name(1, ""), logLine(1, "deleted"))
	write(t, dir, name(2, ""), logLine(2, "compressed"))
	write(t, dir, name(3, ".gz"), gzipped(logLine(3, "deleted, compressed")))
	write(t, dir, name(4, ""), logLine(4, "plain of two"))
	write(t, dir, name(4, ".zst"), zstded(logLine(4, "the other of two")))
	write(t, dir, name(5, ""), logLine(5, "deleted, one of two"))
	write(t, dir, name(5, ".zst"), zstded(logLine(5, "deleted, the other")))
	write(t, dir, name(6, ""), logLine(6, "there"))
	change := func() {
		for _, gone := range []string{name(1, ""), name(3, ".gz"), name(4, ""), name(5, ""), name(5, ".zst")} {
			require.NoError(t, os.Remove(filepath.Join(dir, gone)))
		}
		turn(t, filepath.Join(dir, name(2, "")), ".gz", gzipped)
	}
	f := finder{listed: change}
	require.NoError(t, f.addFolder(dir))
	f.listed = nil
	require.NoError(t, f.addFolder(dir)) // finds the same files again
	require.NoError(t, f.mergeTwins(t.Context()))
	require.Empty(t, f.notes)
	files := newFiles(f.found, nil, nil, nil)
	path := func(i int, suffix string) string { return filepath.Join(dir, name(i, suffix)) }
	require.Equal(t, []string{path(1, ""), path(2, ".gz"), path(3, ".gz"), path(4, ".zst"), path(5, ""), path(6, "")}, files.Paths())
	g := read(t, files, Options{})
	require.NoError(t, g.err)
	require.Equal(t, []string{"compressed", "the other of two", "there"}, g.ids)
	require.Equal(t, []string{path(1, "") + ": has gone since it was found: it is left out", path(3, ".gz") + ": has gone since it was found: it is left out",
		path(5, "") + ": has gone since it was found: it is left out"}, texts(g.stats.Problems))
	require.EqualValues(t, 3, g.stats.Damaged)

	// All logs may be gone.
	dir = t.TempDir()
	write(t, dir, name(1, ""), logLine(1, "a"))
	f = finder{listed: func() { require.NoError(t, os.Remove(path(1, ""))) }}
	require.NoError(t, f.addFolder(dir))
	g = read(t, newFiles(f.found, nil, nil, nil), Options{})
	require.NoError(t, g.err)
	require.EqualValues(t, 1, g.stats.Damaged)
}

// One of two twins, or both, may be deleted before they are compared.
func TestTwinsGone(t *testing.T) {
	skipIfOpenFilesStay(t)
	for name, c := range map[string]struct {
		remove []string
		chosen string
		ids    []string
	}{
		"plain":      {[]string{""}, ".gz", []string{"a"}},
		"compressed": {[]string{".gz"}, "", []string{"a"}},
		"both":       {[]string{"", ".gz"}, "", nil},
	} {
		dir := t.TempDir()
		path := write(t, dir, "x.jsonl", logLine(1, "a"))
		write(t, dir, "x.jsonl.gz", gzipped(logLine(1, "a")))
		var f finder
		require.NoError(t, f.add(t.Context(), path))
		require.NoError(t, f.add(t.Context(), path+".gz"))
		for _, suffix := range c.remove {
			require.NoError(t, os.Remove(path+suffix))
		}
		require.NoError(t, f.mergeTwins(t.Context()), name)
		require.Empty(t, f.notes)
		files := newFiles(f.found, nil, nil, nil)
		require.Equal(t, []string{path + c.chosen}, files.Paths(), name)
		g := read(t, files, Options{})
		require.Equal(t, c.ids, g.ids, name)
		require.EqualValues(t, 1-len(c.ids), g.stats.Damaged, name)
	}
}

// Of many notes, ten are shown and the others counted.
func TestManyTwins(t *testing.T) {
	dir := t.TempDir()
	for i := range 300 {
		name := fmt.Sprintf("lookup_hashes_%03d.jsonl", i)
		write(t, dir, name, logLine(1, "a"))
		write(t, dir, name+".gz", gzipped(logLine(1, "a")))
	}
	f := find(t, dir)
	require.Equal(t, 300, f.Len())
	require.Equal(t, 11, len(f.Notes()))
	require.Contains(t, f.Notes()[9], "lookup_hashes_009.jsonl.gz are one log")
	require.Equal(t, "290 more logs stand there both plain and compressed: one of each is read", f.Notes()[10])
}

// A file system reuses the inode of a deleted file for the next one. That is not a second name of one log.
func TestReusedNumberIsAnotherLog(t *testing.T) {
	dir := t.TempDir()
	folder := func(name string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.Mkdir(path, 0o777))
		return path
	}
	first, second, third := folder("1"), folder("2"), folder("3")
	const name = "lookup_hashes_20240101_000000_000000.jsonl"
	gone := write(t, first, name, logLine(1, "a"))
	write(t, second, name, logLine(2, "b"))
	listed := 0
	f := finder{listed: func() {
		if listed++; listed == 2 { // the first is compressed, and a new log gets its number
			write(t, first, name+".zst", zstded(logLine(1, "a")))
			require.NoError(t, os.Remove(gone))
			write(t, third, name, logLine(3, "c"), logLine(4, "d"))
		}
	}}
	for _, folder := range []string{first, second, third} {
		require.NoError(t, f.add(t.Context(), folder))
	}
	require.Empty(t, f.repeats)
	require.Len(t, f.found, 3)
}
