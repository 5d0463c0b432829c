package log

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/line"
)

// Records beyond the limits are located, and a log of nothing else is merged like any log without records.
func TestBeyondLimitsLocated(t *testing.T) {
	const (
		canonical = `{"timestamp": %s, "request_id": "r", "model_name": "%s", "chunk_size": 1, "seq_len": 1, "dtypes": [], "shapes": [], "chunk_hashes": ["0x1"]}`
		simple    = `{"chunk_hashes":["0x1"],"model_name":"%[2]s","seq_len":1,"chunk_size":1,"timestamp":%[1]s}`
	)
	dir := t.TempDir()
	wild := fmt.Sprintf(canonical, "-1e300", "m") + "\n"
	a := write(t, dir, "a", logLine(1, "1"), wild, logLine(3, "3"), fmt.Sprintf(simple, "4", strings.Repeat("m", line.MaxModelName+1)), "\n")
	b := write(t, dir, "b", wild, logLine(2, "2"), fmt.Sprintf(simple, "1e300", "m"))
	c := write(t, dir, "c", wild)
	f := find(t, a, b, c)
	g := read(t, f, Options{})
	require.Equal(t, []string{"1", "2", "3"}, g.ids)
	require.Equal(t, Stats{Records: 3, Skipped: 5, ProblemCount: 5, Problems: g.stats.Problems}, g.stats)
	require.ElementsMatch(t, []string{
		a + ":2: timestamp must lie within 1e+12 seconds of 1970, is -1e+300: another unit?",
		a + ":4: model_name must have 65536 bytes at most, has 65537",
		b + ":1: timestamp must lie within 1e+12 seconds of 1970, is -1e+300: another unit?",
		b + ":3: timestamp must lie within 1e+12 seconds of 1970, is 1e+300: another unit?",
		c + ":1: timestamp must lie within 1e+12 seconds of 1970, is -1e+300: another unit?",
	}, texts(g.stats.Problems))
	require.Equal(t, []float64{1, 2}, []float64{f.seen.peeked[0].Load().earliest, f.seen.peeked[1].Load().earliest})
}
