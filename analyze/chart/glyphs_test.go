package chart

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/chart/internal/lettering"
	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestFootnotesCanBeWritten checks that the font has every letter of the reports' own texts.
func TestFootnotesCanBeWritten(t *testing.T) {
	config, err := os.ReadFile("../../testdata/model-config/llama-70b.json")
	require.NoError(t, err)
	for _, opts := range []analyze.Options{
		{Warmup: analyze.Warmup{Duration: time.Minute}, Ranks: 3},
		{Cache: analyze.Cache{StoreDelay: time.Second, TTL: time.Hour, Admit: 2}, Tiers: &analyze.TierOptions{Tiers: []analyze.Tier{{Name: "a", Capacity: units.Capacity{N: 9, Unit: units.Chunks}}}}},
		{Cache: analyze.Cache{Watermark: &sim.Watermark{Trigger: 0.8, Ratio: 0.2, Interval: 1}}, Grid: &analyze.GridOptions{}, Ranks: 3},
	} {
		opts.Geometry, err = geometry.Parse("llama-70b.json", config, geometry.Options{Ranks: opts.Ranks})
		require.NoError(t, err)
		files, err := log.Find(context.Background(), []string{"../../testdata/good.jsonl"}, nil)
		require.NoError(t, err)
		report, err := analyze.Run(context.Background(), files, opts)
		require.NoError(t, err)
		lines := report.Assumptions
		for _, n := range report.Notes {
			lines = append(lines, n.Text)
		}
		for _, text := range lines {
			require.True(t, lettering.Plain(lettering.Regular, text), text)
		}
	}
}
