package writer

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func isSegment(name string) bool {
	_, ok := parseName(name)
	return ok
}

// next returns the next name, which must be there.
func next(t *testing.T, n *naming, at time.Time) string {
	t.Helper()
	name, ok := n.next(at)
	require.True(t, ok)
	require.True(t, isSegment(name), name)
	return name
}

func TestNamesCountUp(t *testing.T) {
	var n naming
	at := time.Date(2026, 1, 2, 3, 4, 5, 999, time.FixedZone("", 3600))
	require.Equal(t, "lookup_hashes_20260102_020405_000000.jsonl", next(t, &n, at))
	require.Equal(t, "lookup_hashes_20260102_020405_000001.jsonl", next(t, &n, at))
	require.Equal(t, "lookup_hashes_20260102_020405_000002.jsonl", next(t, &n, at.Add(-time.Hour)))
	require.Equal(t, "lookup_hashes_20260102_030405_000003.jsonl", next(t, &n, at.Add(time.Hour)))
}

func TestNamesAfterTheLastNumber(t *testing.T) {
	for _, c := range []struct {
		step time.Duration
		want string
	}{
		{0, "lookup_hashes_20260102_030406_000000.jsonl"},
		{-time.Hour, "lookup_hashes_20260102_030406_000000.jsonl"},
		{time.Second, "lookup_hashes_20260102_030406_000000.jsonl"},
		{time.Hour, "lookup_hashes_20260102_040405_000000.jsonl"},
	} {
		var n naming
		n.after("lookup_hashes_20260102_030405_999999.jsonl.gz")
		require.Equal(t, c.want, next(t, &n, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Add(c.step)))
	}
}

// Names rise whatever the clock does and whatever is there.
func TestNamesRise(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		n := naming{number: numbers - 1 - random.IntN(20), begin: time.Unix(random.Int64N(2e9), 0).UTC(), used: true}
		last := ""
		for range 50 {
			name := next(t, &n, n.begin.Add(time.Duration(random.Int64N(5e9)-3e9)))
			require.Greater(t, name, last)
			last = name
		}
	}
}

func TestNamesAtTheEndsOfTime(t *testing.T) {
	var n naming
	require.Equal(t, "lookup_hashes_00000101_000000_000000.jsonl", next(t, &n, time.Unix(-1<<40, 0)))
	require.Equal(t, "lookup_hashes_99991231_235959_000001.jsonl", next(t, &n, time.Unix(1<<40, 0)))
	n.after("lookup_hashes_99991231_235959_999999.jsonl")
	_, ok := n.next(time.Now())
	require.False(t, ok)
}

func TestIsSegment(t *testing.T) {
	const name = "lookup_hashes_20260102_030405_000001.jsonl"
	for _, yes := range []string{name, name + ".gz", name + ".zst"} {
		require.True(t, isSegment(yes), yes)
	}
	for _, no := range []string{"", name + ".bak", name + ".gz.tmp", "x" + name, name + ".GZ", name + "\n", name[:len(name)-1],
		"lookup_hashes_20261302_030405_000001.jsonl", "lookup_hashes_20260102_030405_00001.jsonl", "lookup_hashes_20260102_030405_0000001.jsonl",
		"lookup_hashes_20260102_030405_1.jsonl", "LOOKUP_hashes_20260102_030405_000001.jsonl"} {
		require.False(t, isSegment(no), no)
		before := naming{}
		before.after(no)
		require.False(t, before.used)
	}
}

// Temporary files are those of this package: a compressed form that is not yet whole.
func TestIsTemporary(t *testing.T) {
	const name = "lookup_hashes_20260102_030405_000001.jsonl"
	for _, yes := range []string{name + ".gz.tmp", name + ".zst.tmp", "lookup_hashes_20261302_030405_000001.jsonl.gz.tmp"} {
		require.True(t, isTemporary(yes), yes)
	}
	for _, no := range []string{"", name, name + ".gz", name + ".tmp", name + ".gz.tmp2", name + ".gz.tmp.tmp", "x" + name + ".gz.tmp",
		"lookup_hashes_20260102_030405_1.jsonl.gz.tmp", "lookup_hashes_20260102_030405_0000001.jsonl.gz.tmp", "lookup_hashes_x.jsonl.gz.tmp"} {
		require.False(t, isTemporary(no), no)
	}
}
