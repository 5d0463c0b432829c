package log

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// lettered is a format with a letter and a timestamp in ms on each line.
type lettered struct{ letter string }

func (n lettered) Decoder(_ string, first []byte) Decoder {
	if strings.HasPrefix(string(first), n.letter) {
		return n
	}
	return nil
}

func (n lettered) Decode(line []byte, e *Entry) error {
	timestamp, ok := n.Timestamp(line)
	if !ok {
		return fmt.Errorf("not a number behind %s", n.letter)
	}
	*e = Entry{Timestamp: timestamp, ChunkSize: 1, RequestID: append(e.RequestID[:0], line...)}
	return nil
}

func (n lettered) Timestamp(line []byte) (float64, bool) {
	ms, err := strconv.ParseFloat(strings.TrimPrefix(string(line), n.letter), 64)
	return ms / 1000, err == nil
}

func (n lettered) String() string { return "numbers behind " + n.letter }

var formats = Options{Formats: []Format{lettered{"a"}, lettered{"b"}}}

func TestFormats(t *testing.T) {
	dir := t.TempDir()
	a := "\n \na1000\na3000\nb5000\na2000"
	paths := []string{write(t, dir, "a", a), write(t, dir, "b.gz", gzipped("b2500\n")), write(t, dir, "c.zst", zstded("a1500\na4000\n")),
		write(t, dir, "d", logLine(2.2, "own"))}
	for _, opts := range []Options{formats, {Formats: formats.Formats, MaxOpen: 1}} {
		g := readArgs(t, opts, paths...)
		require.NoError(t, g.err)
		require.Equal(t, []string{"a1000", "a1500", "a2000", "own", "b2500", "a3000", "a4000"}, g.ids)
		require.Equal(t, []string{dir + "/a:5: not a number behind a"}, texts(g.stats.Problems))
		require.Equal(t, []Foreign{{"numbers behind a", paths[0], 2}, {"numbers behind b", paths[1], 1}}, g.stats.Foreign)
		require.Equal(t, paths[0]+" and another log are read as numbers behind a", g.stats.Foreign[0].String())
		require.Equal(t, paths[1]+" is read as numbers behind b", g.stats.Foreign[1].String())
	}
	require.Equal(t, "x and 2 more logs are read as y", Foreign{"y", "x", 3}.String())
}

// milliseconds is the format of logs named ms: records with timestamps in ms.
type milliseconds struct{}

func (milliseconds) Decoder(name string, _ []byte) Decoder {
	if filepath.Base(name) == "ms" {
		return &inMilliseconds{}
	}
	return nil
}

type inMilliseconds struct{ LineDecoder }

func (d *inMilliseconds) Decode(line []byte, e *Entry) error {
	err := d.LineDecoder.Decode(line, e)
	e.Timestamp /= 1000
	return err
}

func (d *inMilliseconds) Timestamp(line []byte) (float64, bool) {
	ms, ok := d.LineDecoder.Timestamp(line)
	return ms / 1000, ok
}

func (*inMilliseconds) String() string { return "milliseconds" }

// A pass with other formats than the first finds the beginnings of logs anew.
func TestPassesWithOtherFormats(t *testing.T) {
	dir := t.TempDir()
	files := find(t, write(t, dir, "ms", logLine(1000, "a"), logLine(3000, "c")), write(t, dir, "s", logLine(2, "b"), logLine(2000, "d")))
	for range 2 {
		require.Equal(t, []string{"b", "a", "d", "c"}, read(t, files, Options{}).ids)
		until := 2000.0
		got := read(t, files, Options{Formats: []Format{milliseconds{}}, Until: &until})
		require.Equal(t, []string{"a", "b", "c"}, got.ids)
		require.Zero(t, got.stats.Late)
	}
}

// TestFormatOpensLate reads so many logs that a wrong timestamp from peeking would show.
func TestFormatOpensLate(t *testing.T) {
	dir := t.TempDir()
	var paths, want []string
	for i := range 40 {
		want = append(want, fmt.Sprintf("a%d", 1000+i))
		paths = append(paths, write(t, dir, fmt.Sprint(i), want[i], "\n"))
	}
	g := readArgs(t, Options{Formats: formats.Formats, MaxOpen: 2}, paths...)
	require.NoError(t, g.err)
	require.Equal(t, want, g.ids)
	require.Zero(t, g.stats.Late)
}

func TestFormatOfStdin(t *testing.T) {
	for _, text := range []string{"a1000\na2000\n", gzipped("a1000\na2000\n")} {
		files, err := Find(context.Background(), []string{"-"}, iotest.OneByteReader(strings.NewReader(text)))
		require.NoError(t, err)
		g := read(t, files, formats)
		require.NoError(t, g.err)
		require.Equal(t, []string{"a1000", "a2000"}, g.ids)
		require.Equal(t, []Foreign{{"numbers behind a", StdinName, 1}}, g.stats.Foreign)
	}
}

// TestFormatIsFixed: the first line in any format decides for the log.
func TestFormatIsFixed(t *testing.T) {
	dir := t.TempDir()
	g := readArgs(t, formats, write(t, dir, "x", "?\na2000\na1000\n", logLine(1, "own")))
	require.Equal(t, []string{"a1000", "a2000"}, g.ids)
	require.Equal(t, []string{dir + "/x:1: not JSON: invalid character '?' at start of value at byte 1", dir + "/x:4: not a number behind a"}, texts(g.stats.Problems))
	require.Equal(t, []Foreign{{"numbers behind a", dir + "/x", 1}}, g.stats.Foreign)
	g = readArgs(t, formats, write(t, dir, "z", "{}\n", logLine(1, "own"), "a1000\n"), write(t, dir, "v", "?\nb500\n"))
	require.Equal(t, []string{"b500", "own"}, g.ids)
	require.EqualValues(t, 3, g.stats.Skipped)
	g = readArgs(t, formats, write(t, dir, "y", "a?\na1000\n", logLine(1, "own")))
	require.Equal(t, []string{"a1000"}, g.ids)
	require.EqualValues(t, 2, g.stats.Skipped)
}

// TestFormatDoubt: a log that no format recognises for long is in this package's format.
func TestFormatDoubt(t *testing.T) {
	for _, bad := range []int{maxDoubts - 1, maxDoubts} {
		g := readArgs(t, formats, write(t, t.TempDir(), "x", strings.Repeat("?\n", bad), "a1000\n"))
		require.NoError(t, g.err)
		if bad < maxDoubts {
			require.Equal(t, []string{"a1000"}, g.ids)
			continue
		}
		require.Empty(t, g.ids)
		require.EqualValues(t, bad+1, g.stats.Skipped)
		require.Empty(t, g.stats.Foreign)
	}
}

// TestUnknownDTypeIsOurs: a record with an unknown dtype still decides the format.
func TestUnknownDTypeIsOurs(t *testing.T) {
	own := minimal(`,"dtypes":["odd"],"shapes":[[1]]`)
	for _, any := range []bool{false, true} {
		g := readArgs(t, Options{Formats: formats.Formats, AnyDType: any}, write(t, t.TempDir(), "x", own, "\na1000\n"))
		require.Empty(t, g.stats.Foreign)
		require.Contains(t, texts(g.stats.Problems)[len(g.stats.Problems)-1], "x:2: not JSON")
	}
}

// scan returns the lines of all texts, and the damage.
func scan(t *testing.T, files *Files) (lines, damage []string, err error) {
	texts, err := files.Texts(t.Context())
	require.NoError(t, err)
	defer texts.Close()
	for texts.Next() {
		for texts.Scan() {
			l := texts.Line()
			lines = append(lines, fmt.Sprintf("%s:%d: %s", texts.Name(), l.Number, l.Text))
		}
		if p := texts.Damage(); p != nil {
			damage = append(damage, p.String())
		}
	}
	read, total := texts.Progress()
	if files.Streams() {
		require.EqualValues(t, -1, total)
	} else if texts.Err() == nil {
		require.Equal(t, total, read)
	}
	return lines, damage, texts.Err()
}

func TestTexts(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("0123456789", 30000)
	packed := gzipped(long)
	files := find(t, write(t, dir, "a", "one\r\n\ntwo"), write(t, dir, "b", zstded("three\n")), write(t, dir, "c", packed[:len(packed)-4]), write(t, dir, "d", ""))
	for range 2 {
		lines, damage, err := scan(t, files)
		require.NoError(t, err)
		require.Equal(t, []string{dir + "/a:1: one", dir + "/a:3: two", dir + "/b:1: three", dir + "/c:1: " + long}, lines)
		require.Equal(t, []string{dir + "/c:1: compressed data ends early"}, damage)
	}
}

func TestTextsOfStreams(t *testing.T) {
	broken := errors.New("broken pipe")
	files, err := Find(t.Context(), []string{"-"}, iotest.TimeoutReader(strings.NewReader("a line\n")))
	require.NoError(t, err)
	lines, _, err := scan(t, files)
	require.ErrorIs(t, err, iotest.ErrTimeout)
	require.Equal(t, []string{"stdin:1: a line"}, lines)
	_, err = files.Texts(t.Context())
	require.ErrorIs(t, err, errUsed)

	files, err = Find(t.Context(), []string{"-"}, iotest.ErrReader(broken))
	require.NoError(t, err)
	_, damage, err := scan(t, files)
	require.ErrorIs(t, err, broken)
	require.Empty(t, damage)
}
