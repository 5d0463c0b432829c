package log

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// compressedLogs are logs of twenty records in two members or frames, with the
// offset where the second begins.
func compressedLogs() map[string]struct {
	text   string
	border int
} {
	var halves [2]string
	for i := range 20 {
		halves[i/10] += logLine(float64(i), fmt.Sprint(i))
	}
	type log = struct {
		text   string
		border int
	}
	skippable := "\x5e\x2a\x4d\x18\x03\x00\x00\x00abc"
	first, second := gzipped(halves[0]), gzipped(halves[1])
	zfirst, zsecond := zstded(halves[0]), zstded(halves[1])
	return map[string]log{
		"x.gz":    {first + second, len(first)},
		"x.zst":   {zfirst + zsecond, len(zfirst)},
		"y.zst":   {skippable + zfirst + zsecond, len(skippable + zfirst)},
		"unnamed": {zfirst + second, len(zfirst)}, // the second is garbage
	}
}

func TestCompressed(t *testing.T) {
	dir := t.TempDir()
	for name, log := range compressedLogs() {
		g := readArgs(t, Options{}, write(t, dir, name, log.text))
		require.NoError(t, g.err)
		if name == "unnamed" {
			require.EqualValues(t, 10, g.stats.Records)
			require.Equal(t, []string{dir + "/unnamed:11: compressed data is corrupt: invalid input: magic number mismatch"},
				texts(g.stats.Problems))
			continue
		}
		require.Equal(t, Stats{Records: 20}, g.stats, name)
	}
}

// However a compressed log is cut off, the reader notices, except where a member
// or frame ends.
func TestTruncatedAnywhere(t *testing.T) {
	dir := t.TempDir()
	for name, log := range compressedLogs() {
		if name == "unnamed" {
			continue
		}
		records := int64(0)
		for n := range len(log.text) {
			path := write(t, dir, name, log.text[:n])
			g := readArgs(t, Options{}, path)
			require.NoError(t, g.err)
			require.Zero(t, g.stats.Skipped+g.stats.Torn, "%s cut to %d", name, n)
			require.GreaterOrEqual(t, g.stats.Records, records)
			records = g.stats.Records
			if n == log.border || strings.HasPrefix(name, "y") && n == 11 {
				require.Zero(t, g.stats.Damaged, "%s cut to %d", name, n)
				continue
			}
			require.EqualValues(t, 1, g.stats.Damaged, "%s cut to %d", name, n)
			// In the line after the last record, or in that one, if only its newline is missing.
			want := func(line int64) string { return fmt.Sprintf("%s:%d: compressed data ends early", path, line) }
			require.Len(t, g.stats.Problems, 1)
			require.Contains(t, []string{want(records), want(records + 1)}, g.stats.Problems[0].String(), "%s cut to %d", name, n)
		}
		require.GreaterOrEqual(t, records, int64(10))
	}
}

// The same from a stream, which has no name to go by.
func TestTruncatedStream(t *testing.T) {
	for _, log := range compressedLogs() {
		for n := 4; n < log.border; n++ {
			if n == 11 && log.text[0] == 0x5e {
				continue
			}
			f, err := Find(t.Context(), []string{"-"}, strings.NewReader(log.text[:n]))
			require.NoError(t, err)
			require.EqualValues(t, 1, read(t, f, Options{}).stats.Damaged, n)
		}
	}
}

// A flipped bit is noticed too, and the records before it count.
func TestCorrupt(t *testing.T) {
	dir := t.TempDir()
	for name, log := range compressedLogs() {
		if name == "unnamed" {
			continue
		}
		text := []byte(log.text)
		text[log.border+20] ^= 0x10
		g := readArgs(t, Options{}, write(t, dir, name, string(text)))
		require.NoError(t, g.err)
		if name != "x.gz" { // there it hits the name in the header
			require.EqualValues(t, 1, g.stats.Damaged, name)
			require.GreaterOrEqual(t, g.stats.Records, int64(10))
		}
		text = []byte(log.text)
		text[len(text)-1] ^= 1 // checksum or size
		g = readArgs(t, Options{}, write(t, dir, name, string(text)))
		require.Contains(t, g.stats.Problems[0].Msg, "compressed data is corrupt: ")
		require.GreaterOrEqual(t, g.stats.Records, int64(10))
	}
}

// Plain text under the name of a compressed file is read as what it is.
func TestPlainUnderCompressedName(t *testing.T) {
	g := readArgs(t, Options{}, write(t, t.TempDir(), "x.gz", logLine(1, "a")))
	require.Equal(t, Stats{Records: 1}, g.stats)
}

func TestKindNames(t *testing.T) {
	require.Equal(t, "skipped late damaged torn Kind(9)", fmt.Sprint(KindSkipped, " ", KindLate)+fmt.Sprint(" ", KindDamaged, " ")+fmt.Sprint(KindTorn, " ", Kind(9)))
	require.Equal(t, "12.3 s 0.0123 s", seconds(12.345)+" "+seconds(.012345))
}
