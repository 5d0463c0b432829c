package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
)

// TestPage holds docs/fidelity.md to what was measured on the reference conversation, and to the models that draw no random numbers.
func TestPage(t *testing.T) {
	all, err := readResults("../../../../../shared/reference/servers.measured.json")
	if err != nil {
		t.Skip("the reference is not here")
	}
	text, err := os.ReadFile("../../../../docs/fidelity.md")
	require.NoError(t, err)
	page := string(text)
	w, err := readWorkload(context.Background(), []string{reference})
	require.NoError(t, err)
	for _, r := range all {
		require.Contains(t, page, fmt.Sprintf("| `%s` | %s | %.2f %% |", r.Preset, units.Comma(int64(math.Round(r.Held))), 100*r.Rate))
		if strings.HasPrefix(r.Preset, "memcached") {
			beside, err := r.compare(context.Background(), w)
			require.NoError(t, err)
			line, _, _ := strings.Cut(strings.SplitAfterN(table([]row{beside}), "\n", 3)[2], "\n")
			require.Contains(t, page, line[strings.Index(line, "| `"):])
		}
	}
}
