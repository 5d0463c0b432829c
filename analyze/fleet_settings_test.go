package analyze

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim/routing"
)

// parsedRoutings reads routings.
func parsedRoutings(t *testing.T, names ...string) (list []routing.Routing) {
	t.Helper()
	for _, name := range names {
		r, err := routing.Parse(name)
		require.NoError(t, err)
		list = append(list, r)
	}
	return list
}

func TestFleetSettings(t *testing.T) {
	text := func(o FleetOptions) string {
		s := o.fleetSettings()
		out, err := json.Marshal(s)
		require.NoError(t, err)
		return string(out)
	}
	require.Equal(t, `{"nodes":null,"routings":null,"node_prefill_rate":null,"decode_time_seconds":null,"load_window_seconds":null,"shared_tier":null,"elsewhere":false,"seed":0}`,
		text(FleetOptions{Sources: true, Load: routing.LoadModel{Window: time.Second}}), "no routing looks at the load")
	capacity := units.InBytes(3 << 30)
	require.Equal(t, `{"nodes":[2,4],"routings":["round-robin","sglang"],"node_prefill_rate":null,"decode_time_seconds":null,"load_window_seconds":1,"shared_tier":"3 GiB","elsewhere":true,"seed":7}`,
		text(FleetOptions{Nodes: []int{2, 4}, Routings: parsedRoutings(t, "round-robin", "sglang"), Load: routing.LoadModel{Window: time.Second}, SharedTier: &capacity, Elsewhere: true, Seed: 7}))
	require.Equal(t, `{"nodes":[2],"routings":["sglang"],"node_prefill_rate":0.5,"decode_time_seconds":60,"load_window_seconds":null,"shared_tier":null,"elsewhere":false,"seed":0}`,
		text(FleetOptions{Nodes: []int{2}, Routings: parsedRoutings(t, "sglang"), Load: routing.LoadModel{Window: time.Second, PrefillRate: 0.5, DecodeTime: time.Minute}}))
}

// TestFleetFacts says what stands for what a log does not have.
func TestFleetFacts(t *testing.T) {
	facts := func(load routing.LoadModel, names ...string) []string {
		o := FleetOptions{Routings: parsedRoutings(t, names...), Load: load}
		return o.facts()
	}
	window := routing.LoadModel{Window: 10 * time.Second}
	require.Empty(t, facts(window, "round-robin", "prefix:2", "session"))
	const modelled = "The log has no service times, so load is modelled: a request counts "
	require.Equal(t, []string{modelled + "for 10 s from its arrival on; longest-prefix counts requests."}, facts(window, "longest-prefix"))
	require.Equal(t, []string{modelled + "for 10 s from its arrival on; prefix:2:bounded=1.25 and longest-prefix count requests."},
		facts(window, "prefix:2:bounded=1.25", "longest-prefix"))
	served := routing.LoadModel{Window: 10 * time.Second, PrefillRate: 8000, DecodeTime: 2 * time.Second}
	require.Equal(t, []string{
		modelled + "until its missed tokens are computed, one request after another at 8000 tokens/s, and for 2 s more; longest-prefix counts requests.",
		modelled + "for 10 s from its arrival on; prefix:2:bounded=1.25 counts requests."}, facts(served, "prefix:2:bounded=1.25", "longest-prefix"))
	served.DecodeTime = 0
	require.Equal(t, []string{modelled + "until its missed tokens are computed, one request after another at 8000 tokens/s; longest-prefix counts requests."}, facts(served, "longest-prefix"))
	require.Equal(t, []string{modelled + "for 1 min from its arrival on; longest-prefix counts requests."}, facts(routing.LoadModel{Window: 1, DecodeTime: time.Minute}, "longest-prefix"))
	all := facts(window, "sglang", "dynamo", "longest-prefix", "aibrix")
	require.Equal(t, modelled+"for 10 s from its arrival on; sglang, longest-prefix and aibrix count requests, dynamo counts blocks.", all[len(all)-1])
	require.Contains(t, facts(window, "sglang")[0], "sglang: it matches the characters ")
	require.Len(t, (&FleetOptions{SharedTier: &units.Capacity{}}).facts(), 1)
}

// TestFleetDescribe replaces what does not hold for nodes.
func TestFleetDescribe(t *testing.T) {
	r := &FleetReport{Report: &Report{}}
	r.assume(&ending{opts: &Options{}})
	require.Contains(t, r.Assumed.Words, sharedWords)
	r.describe(&FleetOptions{Nodes: []int{3}, Routings: parsedRoutings(t, "longest-prefix"), Load: routing.LoadModel{Window: time.Second}})
	require.Equal(t, []int{3}, r.FleetSettings.Nodes)
	require.NotContains(t, r.Assumed.Words, sharedWords)
	require.NotContains(t, r.Assumptions, sharedSentence)
	require.Len(t, r.Assumed.Facts, 1)
	require.Equal(t, r.Assumed.Facts[0], r.Assumptions[len(r.Assumptions)-1])
}
