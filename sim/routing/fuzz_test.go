package routing

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What Parse reads can be printed, read again, and used.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"round-robin", "prefix:2", "prefix:2:bounded=1.25", "dynamo:credit=0.5:scale=2", "sglang:match=.3", "prefix::", "llm-d:queue=-0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := Parse(r.String())
		require.NoError(t, err)
		require.Equal(t, r, again)
		node := r.New(2, Settings{}).Route(&Request{ChunkSize: 1}, &fixedFleet{make([]int, 2), make([]Load, 2)})
		require.True(t, node == 0 || node == 1)
	})
}
