package memory

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCollectOften(t *testing.T) {
	before := debug.SetGCPercent(80)
	defer debug.SetGCPercent(before)
	now := func() int {
		percent := debug.SetGCPercent(1)
		debug.SetGCPercent(percent)
		return percent
	}
	t.Setenv("GOGC", "")
	restore := CollectOften()
	require.Equal(t, moreGarbage, now())
	restore()
	require.Equal(t, 80, now())

	t.Setenv("GOGC", "80") // as the runtime has set it
	restore = CollectOften()
	require.Equal(t, 80, now())
	restore()
	require.Equal(t, 80, now())
}
