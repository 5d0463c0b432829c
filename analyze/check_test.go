package analyze

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// TestNonsenseIsRefused passes invalid options, one at a time.
func TestNonsenseIsRefused(t *testing.T) {
	nan, inf, one, two := math.NaN(), math.Inf(1), 1.0, 2.0
	watermark := Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}
	for want, opts := range map[string]Options{
		"capacity of 0 B: must be above zero":                         {Capacities: []units.Capacity{{}}},
		"capacity of -5 chunks: must be above zero":                   {Capacities: []units.Capacity{units.InChunks(-5)}},
		"capacity of 0 chunks: must be above zero":                    {Capacities: []units.Capacity{units.InChunks(0)}, Cache: watermark},
		"capacity of -7 chunks: must be above zero":                   {Rolling: &RollingOptions{Capacities: []units.Capacity{units.InChunks(-7)}}},
		"capacity of -1 chunks: must be above zero":                   {Grid: &GridOptions{From: units.InChunks(-1)}},
		"capacity of -2 chunks: must be above zero":                   {Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(-2)}}}},
		"a target without a rate":                                     {Targets: []Target{{}}},
		"a grid of -1 points":                                         {Grid: &GridOptions{Points: -1}},
		"windows of -1s: must be a millisecond":                       {Rolling: &RollingOptions{Window: -time.Second}},
		"windows of 1µs: must be a millisecond":                       {Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(1)}}, Window: time.Microsecond}},
		"tier a: bandwidth and endurance":                             {Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(1), Bandwidth: -1}}}},
		"warm-up of 1 of the requests":                                {Warmup: Warmup{Fraction: 1}},
		"warm-up of NaN of the requests":                              {Warmup: Warmup{Fraction: nan}},
		"warm-up of -1s":                                              {Warmup: Warmup{Duration: -time.Second}},
		"warm-up of 0.5 of the requests and of 1s: give one of them":  {Warmup: Warmup{Fraction: .5, Duration: time.Second}},
		"warm-up of 1 s and until 1970-01-01T00:00:01Z: give one of":  {Warmup: Warmup{Until: ptr(1.0), Duration: time.Second}},
		"warm-up until NaN seconds: must be in the years 1 to 9999":   {Warmup: Warmup{Until: &nan}},
		"warm-up until 1e+12 seconds: must be in the years 1 to 9999": {Warmup: Warmup{Until: ptr(1e12)}},
		"chunks of -1 bytes":                                          {BytesPerChunk: -1},
		"-1 ranks":                                                    {Ranks: -1},
		"touch order 7":                                               {TouchOrder: 7},
		"at most -1 requests":                                         {Filter: Filter{MaxRequests: -1}},
		"a time of NaN seconds: must be finite":                       {Filter: Filter{Since: &nan}},
		"a time of +Inf seconds: must be finite":                      {Filter: Filter{Until: &inf}},
		"evictions at most every +Inf s":                              {Cache: Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2, Interval: inf}}},
		"a geometry of 0 bytes per token":                             {Geometry: &geometry.Geometry{}},
		"nothing lies between them":                                   {Filter: Filter{Since: &two, Until: &one}},
		"store delay -1 s: must not be negative":                      {Cache: Cache{StoreDelay: -time.Second}},
	} {
		_, err := Run(t.Context(), nil, opts)
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, (&Options{}).Check())
}
