package analyze

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSequenceHoles(t *testing.T) {
	name := func(folder, time, number string) string {
		return folder + "/lookup_hashes_20240101_" + time + "_" + number + ".jsonl"
	}
	holes, starts := sequenceHoles([]string{
		name("a", "000000", "000007"),
		name("a", "010000", "000008") + ".zst",
		name("a", "020000", "000011"),
		name("b", "030000", "000099"), // another folder
		name("a", "030000", "000001"), // a writer that restarted
		name("a", "040000", "000002") + ".gz",
		name("a", "050000", "000004"),
		"a/other.jsonl",
	})
	require.Equal(t, []Hole{
		{After: name("a", "010000", "000008") + ".zst", Before: name("a", "020000", "000011"), Missing: 2},
		{After: name("a", "040000", "000002") + ".gz", Before: name("a", "050000", "000004"), Missing: 1},
	}, holes)
	require.Equal(t, []MissingStart{{Before: name("a", "000000", "000007"), Missing: 7}, {Before: name("b", "030000", "000099"), Missing: 99}}, starts)
}

// TestSequenceBegins distinguishes files missing at the start from a log that began there.
func TestSequenceBegins(t *testing.T) {
	for _, c := range []struct {
		names   string
		missing []int64
	}{
		{"20240101_000000_000000", nil},
		{"20240101_000000_000000 20240101_000000_000001", nil},
		{"20240101_000000_000017 20240102_000000_000018", []int64{17}},
		{"20240101_000000_000017 20240102_000000_000000", []int64{17}}, // restarted, but the first had predecessors
		{"20240101_000000_000000 20240102_000000_000017", nil},         // a hole, but not at the start
		{"20240102_000000_000000 20240101_000000_000001", []int64{1}},  // the time decides which is first
	} {
		var paths []string
		for _, n := range strings.Fields(c.names) {
			paths = append(paths, "a/lookup_hashes_"+n+".jsonl", "a/other_"+n+".jsonl")
		}
		_, starts := sequenceHoles(paths)
		var missing []int64
		for _, s := range starts {
			missing = append(missing, s.Missing)
		}
		require.Equal(t, c.missing, missing, c.names)
	}
}
