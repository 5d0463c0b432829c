package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// TestPercent never rounds up to the whole or down to nothing.
func TestPercent(t *testing.T) {
	for rate, want := range map[float64]string{0: "0.00 %", 1: "100.0 %", 0.999: "99.9 %", 0.99951: "99.95 %", 0.5: "50.0 %", 0.0999: "9.99 %", 0.01234: "1.23 %", 0.00001: "0.00 %", 0.4129: "41.3 %"} {
		require.Equal(t, want, percentOf(rate), rate)
	}
	require.Equal(t, "0.00 %", percent(0, 0))
	require.Equal(t, "99.99 %", percent(1e9-1, 1e9))
	require.Equal(t, "100.0 %", percent(7, 7))
	require.Equal(t, "12.5 points", points(1, 8))
}

func at(n int64) *int64 { return &n }

// planned are the facts of a cache of 64 and 256 GiB.
func planned() *facts {
	d := &data{Exact: true, TotalTokens: 1000, CeilingHits: 800, Kinds: kindsOf(analyze.MissTokens{})}
	for i, hits := range []int64{413, 790} {
		size := units.InBytes([]int64{64 << 30, 256 << 30}[i])
		d.Capacities = append(d.Capacities, capacity{Label: size.String(), Bytes: &size.N, Hits: hits, Misses: []int64{787 - hits, 13, 150, 50}, size: size})
	}
	d.Capacities = append(d.Capacities, capacity{Label: "unlimited", Hits: 800, Misses: []int64{0, 0, 150, 50}, size: units.Capacity{Unit: units.Unlimited}})
	return &facts{data: d, report: &analyze.Report{Ceiling: &analyze.Ceiling{TokenHitRate: 0.8, HitTokens: 800, CapacityBytes: at(400 << 30)},
		Targets: []analyze.TargetResult{{Target: "90 % of ceiling", Reachable: true, CapacityBytes: at(212 << 30)}, {Target: "85%", TokenHitRate: 0.8}}}}
}

func TestAnswer(t *testing.T) {
	f := planned()
	require.Equal(t, []string{
		"64 GiB gives 41.3 % and 256 GiB gives 79.0 %.",
		"90 % of what is reachable needs 212 GiB.",
		"85 % of all tokens is out of reach: even an unlimited cache hits only 80.0 %.",
		"The ceiling is 80.0 %, reached at 400 GiB: beyond that, memory adds nothing.",
	}, f.answer())
	f.data.Exact = false
	require.Equal(t, "90 % of what is reachable needs at most 212 GiB, the smallest size tried that reaches it.", f.answer()[1])
	require.Equal(t, "85 % of all tokens is not reached by any size tried: the best hits 80.0 %.", f.answer()[2])
	f.data.CeilingHits, f.report.Ceiling = 0, &analyze.Ceiling{}
	require.Equal(t, []string{"No cache of any size hits anything: no chunk was looked up again while it was stored."}, f.answer())
	f.data.TotalTokens = 0
	require.Equal(t, []string{"No tokens were counted, so there is no hit rate."}, f.answer())
}

func TestLimit(t *testing.T) {
	f := planned()
	const lost = "20.0 % of all tokens miss in a cache of any size: 15.0 % were never seen before and 5.00 % are ends of prompts that fill no whole chunk."
	require.Equal(t, limit{"capacity", []string{"At 64 GiB, it is the capacity: more memory can add up to 38.7 points.", lost}}, f.limit(f.data.Capacities[0]))
	require.Equal(t, limit{"traffic", []string{"At 256 GiB, it is the traffic: the cache has 98.8 % of the hits of an unlimited one, and more memory adds at most 1.00 points.", lost}}, f.limit(f.data.Capacities[1]))
	require.Equal(t, limit{"traffic", []string{"Without a limit on its size, it is the traffic: there is nothing left that more memory would hit.", lost}}, f.limit(f.data.Capacities[2]))

	head := "head"
	compare := func(lru, s3fifo int64) {
		b := []analyze.Bottleneck{{Cache: "lru", HitTokens: lru, CeilingTokens: 800, BestHitTokens: s3fifo, PolicyTokens: s3fifo - lru, Bottleneck: analyze.LimitedByCapacity}, {}}
		if 2*(s3fifo-lru) >= 800-lru {
			b[0].Bottleneck = analyze.LimitedByPolicy
		}
		caches := []analyze.CacheResult{{Cache: "lru", HitTokens: lru, TouchOrder: &head}, {Cache: "s3fifo", HitTokens: s3fifo, TouchOrder: &head}}
		f.compared = &analyze.ComparedTable{TotalTokens: 1000, Capacities: []analyze.ComparedCapacity{{Size: analyze.Size{Bytes: at(1 << 30)}}, {Size: analyze.Size{Bytes: at(64 << 30)}, Caches: caches, Bottlenecks: b}}}
	}
	compare(413, 650)
	require.Equal(t, limit{"policy", []string{"At 64 GiB, it is the policy: s3fifo hits 65.0 % where lru hits 41.3 %, which closes 61.2 % of the gap to the ceiling.", lost}}, f.limit(f.data.Capacities[0]))
	compare(413, 500)
	require.Equal(t, "It is not mainly the policy: at 64 GiB, s3fifo hits 50.0 % where lru hits 41.3 %.", f.limit(f.data.Capacities[0]).Sentences[1])
	compare(413, 413)
	require.Equal(t, "It is not the policy: of 2 caches compared at 64 GiB, none hits more than lru.", f.limit(f.data.Capacities[0]).Sentences[1])
}

func TestChunksGive(t *testing.T) {
	f := planned()
	f.data.Capacities = f.data.Capacities[:1]
	f.data.Capacities[0].size, f.data.Capacities[0].Label = units.InChunks(5000), "5,000 chunks"
	require.Equal(t, "5,000 chunks give 41.3 %.", f.answer()[0])
}

func TestCleanName(t *testing.T) {
	require.Equal(t, "a b", cleanName("\x00a\n\u202eb\u200b "))
	require.Equal(t, "unnamed", cleanName("\u202e"))
	require.Equal(t, "</script>", cleanName("</script>"))
	require.Len(t, []rune(cleanName(string(make([]rune, 10_000))+"xxxx")), 4)
}
