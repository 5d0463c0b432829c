package analyze

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// TestPolicyLRUEqualsStack replays a plain LRU as a cache with a policy of its own, so that all figures come from caches that are
// simulated, and compares them with those of the stack: with delays, admissions, warm-ups, match units and larger chunks, by class, by
// window and by request.
func TestPolicyLRUEqualsStack(t *testing.T) {
	t.Parallel()
	lru := policy.LRU()
	kinds := []string{"equal", "by model", "disagreeing", "unknown"}
	for i := range 16 {
		kind := kinds[i%4]
		t.Run(fmt.Sprint(kind, "/", i), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(i), 97))
			records := randomRecords(r, kind, 150)
			opts := Options{TouchOrder: sim.Order(r.IntN(2)), MatchUnit: []MatchUnit{{}, {3, false}, {100, true}}[r.IntN(3)], Capacities: someCapacities(kind != "unknown")}
			if i%3 == 0 {
				records, opts.Rechunk = chained(unlikeChunks(records)), 2
			}
			opts.Warmup.Fraction = []float64{0, 0.3}[r.IntN(2)]
			opts.Cache.StoreDelay = []time.Duration{0, 2500 * time.Millisecond}[r.IntN(2)]
			opts.Cache.Admit = []int{0, 1, 2, 3}[r.IntN(4)]
			opts.By = []Dimension{ByModel, ByLength, ByTurn}
			opts.Stats, opts.Requests = true, true
			opts.Rolling = &RollingOptions{Window: 20 * time.Second, Capacities: opts.Capacities}
			want := hitsOf(t, runLog(t, records, opts))
			opts.Cache.Policy = &lru
			require.Equal(t, want, hitsOf(t, runLog(t, records, opts)))
		})
	}
}

// hitsOf returns the figures of a report by capacity, as JSON, without those that a cache with a policy of its own doesn't have.
func hitsOf(t *testing.T, r *Report) map[string]string {
	out := make(map[string]string)
	add := func(what string, v any) {
		text, err := json.MarshalIndent(v, "", " ")
		require.NoError(t, err)
		out[what] = string(text)
	}
	add("results", r.Results)
	add("by", r.By)
	add("stats", r.Stats)
	add("windows", r.Rolling.Windows)
	add("requests", r.Requests)
	return out
}
