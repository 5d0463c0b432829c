package analyze

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// TestModelsEqualByModel asks for the figures by model alone, beside other dimensions and beside themselves. They are always the
// same, and only By has what By asks for.
func TestModelsEqualByModel(t *testing.T) {
	for seed, kind := range []string{"equal", "by model", "unknown", "equal"} {
		records := randomRecords(rand.New(rand.NewPCG(uint64(seed), 41)), kind, 200)
		opts := Options{Grid: &GridOptions{Points: 20}, TouchOrder: sim.TailFirst}
		if seed == 3 {
			opts.Cache.Watermark = &sim.Watermark{Trigger: 0.8, Ratio: 0.2}
		}
		asked := opts
		asked.By = []Dimension{ByModel}
		byModel := runLog(t, records, asked)
		var want strings.Builder
		require.NoError(t, WriteByCSV(&want, byModel))
		require.Equal(t, 1+3*len(byModel.Table.Capacities), strings.Count(want.String(), "\n"))
		for _, by := range [][]Dimension{nil, {ByTurn}, {ByModel, ByLength}} {
			opts.By, opts.Models = by, true
			report := runLog(t, records, opts)
			var got strings.Builder
			require.NoError(t, WriteModelsCSV(&got, report))
			require.Equal(t, want.String(), got.String())
			require.Len(t, report.By, len(by))
			for i, d := range by {
				require.Equal(t, d, report.By[i].Dimension)
			}
			text, err := json.Marshal(report)
			require.NoError(t, err)
			require.Equal(t, len(by) > 0, strings.Contains(string(text), `"by"`))
			rows, bytes := ModelsCSVSize(report)
			require.Equal(t, int64(3*len(report.Table.Capacities)), rows)
			require.InEpsilon(t, got.Len(), bytes, 0.2)
		}
	}
	report := runLog(t, randomRecords(rand.New(rand.NewPCG(1, 1)), "equal", 20), Options{Grid: &GridOptions{}})
	require.Nil(t, report.Models)
	rows, bytes := ModelsCSVSize(report)
	require.Equal(t, "0 0", fmt.Sprint(rows, bytes))
}
