package log

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSegmentName(t *testing.T) {
	begin := time.Date(2026, 1, 2, 3, 4, 5, 999, time.FixedZone("", 3600))
	n := NewSegmentName(begin, 17)
	require.Equal(t, SegmentName{Stamp: "20260102_020405", Number: 17}, n)
	require.Equal(t, "lookup_hashes_20260102_020405_000017.jsonl", n.String())
	begun, err := n.Begin()
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 1, 2, 2, 4, 5, 0, time.UTC), begun)
}

// Names come back as they were, compressed or not, and Find takes them for logs.
func TestParseSegmentName(t *testing.T) {
	for name, want := range map[string]SegmentName{
		"lookup_hashes_20260102_030405_000001.jsonl":              {"20260102_030405", 1, ""},
		"lookup_hashes_20260102_030405_000001.jsonl.gz":           {"20260102_030405", 1, ".gz"},
		"lookup_hashes_20260102_030405_999999.jsonl.zst":          {"20260102_030405", 999_999, ".zst"},
		"lookup_hashes_20260102_030405_1000000.jsonl":             {"20260102_030405", 1_000_000, ""},
		"lookup_hashes_20260102_030405_9223372036854775807.jsonl": {"20260102_030405", 1<<63 - 1, ""},
		"lookup_hashes_20261399_996199_000000.jsonl":              {"20261399_996199", 0, ""}, // no time, but in order
	} {
		n, ok := ParseSegmentName(name)
		require.True(t, ok, name)
		require.Equal(t, want, n)
		require.Equal(t, name, n.String())
		require.True(t, isLogName(name), name)
		match, err := filepath.Match(SegmentPattern, name)
		require.NoError(t, err)
		require.Equal(t, n.Suffix == "", match, name)
	}
	n, ok := ParseSegmentName("lookup_hashes_20260102_030405_1.jsonl") // another writer's
	require.True(t, ok)
	require.Equal(t, SegmentName{Stamp: "20260102_030405", Number: 1}, n)
}

func TestParseSegmentNameRefuses(t *testing.T) {
	const name = "lookup_hashes_20260102_030405_000001.jsonl"
	for _, no := range []string{"", "x" + name, "folder/" + name, name + ".bak", name + ".gz.tmp", name + ".gz.zst", name + ".GZ", name + "\n", name[:len(name)-1],
		"LOOKUP_hashes_20260102_030405_000001.jsonl", "lookup_hashes_20260102_030405_.jsonl", "lookup_hashes_20260102_030405.jsonl",
		"lookup_hashes_2026010_030405_000001.jsonl", "lookup_hashes_20260102-030405_000001.jsonl", "lookup_hashes_20260102_030405_+00001.jsonl",
		"lookup_hashes_20260102_030405_9223372036854775808.jsonl", "lookup_hashes_x.jsonl"} {
		n, ok := ParseSegmentName(no)
		require.False(t, ok, no)
		require.Zero(t, n, no)
	}
}

func TestSegmentNameBegin(t *testing.T) {
	for _, stamp := range []string{"20261302_030405", "20260230_030405", "20260102_030460", ""} {
		_, err := SegmentName{Stamp: stamp}.Begin()
		require.Error(t, err, stamp)
	}
}

// Time comes before number, and the number is compared as a number.
func TestSegmentNameCompare(t *testing.T) {
	want := []SegmentName{
		{Stamp: "20260101_000000", Number: 5},
		{Stamp: "20260102_000000", Number: 3},
		{Stamp: "20260102_000000", Number: 999_999},
		{Stamp: "20260102_000000", Number: 1_000_000},
		{Stamp: "20260102_000001", Number: 0},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, SegmentName.Compare)
	require.Equal(t, want, got)
	require.Zero(t, want[0].Compare(SegmentName{Stamp: "20260101_000000", Number: 5, Suffix: ".gz"}))
}
