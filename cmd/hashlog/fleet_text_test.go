package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

func sized[T any](v T) *T { return &v }

// fleetOf has 1,000 tokens, 4 nodes of 100 and 200 chunks, and two routings, the second of which is cache-aware.
func fleetOf(routings ...string) *analyze.FleetReport {
	r := &analyze.FleetReport{Report: &analyze.Report{Input: analyze.Input{Files: 1, Requests: 10, TotalTokens: 1000}}}
	r.Ceiling = &analyze.Ceiling{TokenHitRate: 0.8, HitTokens: 800, CapacityChunks: sized[int64](900)}
	for _, chunks := range []int64{100, 200} {
		r.Results = append(r.Results, analyze.Result{CapacityChunks: sized(chunks)})
		r.Pooled = append(r.Pooled, analyze.PooledResult{Nodes: 4, CapacityChunks: sized(4 * chunks), HitTokens: chunks * 3, TotalTokens: 1000,
			TokenHitRate: float64(chunks*3) / 1000, MissTokens: analyze.MissTokens{Tail: 100, Cold: 50, Capacity: 850 - 3*chunks}})
	}
	for i, name := range routings {
		for at, chunks := range []int64{100, 200} {
			hits := chunks * int64(i+1)
			r.Fleet = append(r.Fleet, analyze.FleetResult{Nodes: 4, Routing: name, CapacityChunks: sized(chunks), HitTokens: hits, TotalTokens: 1000,
				TokenHitRate: float64(hits) / 1000, MissTokens: analyze.FleetMissTokens{MissTokens: analyze.MissTokens{Tail: 100, Cold: 60, Capacity: 840 - hits}},
				Evictions: 1234, LoadImbalance: 1.5, PoolChunks: sized(chunks * 2), Copies: []analyze.ChunkCopies{{Nodes: 1, Chunks: 60}, {Nodes: 2, Chunks: 10}, {Nodes: 4, Chunks: 5}}})
			for node := range 4 {
				n := analyze.FleetNode{Nodes: 4, Routing: name, Node: "n" + string(rune('0'+node)), Requests: int64(node), TotalTokens: int64(100 * (node + 1)), LoadShare: float64(node+1) / 10,
					Results: []analyze.ClassResult{{TokenHitRate: float64(chunks) / 1000}}}
				switch {
				case node == 0: // it has no requests
					n.Results = []analyze.ClassResult{}
				case i == 0:
					n.Results = []analyze.ClassResult{{TokenHitRate: 0.1}, {TokenHitRate: 0.2}}
				}
				if i == 1 || at == 0 {
					r.Nodes = append(r.Nodes, n)
				}
			}
		}
	}
	return r
}

func textOf(r *analyze.FleetReport) string {
	var out strings.Builder
	fleetText(&out, r, remarks{})
	return out.String()
}

func TestFleetText(t *testing.T) {
	text := textOf(fleetOf("round-robin", "sglang"))
	require.Contains(t, text, `
ceiling  80.00 % from 900 chunks on

4 nodes of 100 chunks, together 400 chunks
  routing      token hit rate  hit tokens  as one pool of  max ÷ mean load  evictions
  round-robin         10.00 %         100      200 chunks             1.50      1,234
  sglang              20.00 %         200      200 chunks             1.50      1,234
  one pool            30.00 %         300               –                –          –

  missed tokens     tail    cold  capacity  broken prefix
  round-robin    10.00 %  6.00 %   74.00 %         0.00 %
  sglang         10.00 %  6.00 %   64.00 %         0.00 %
  one pool       10.00 %  5.00 %   55.00 %         0.00 %

  at the end   resident chunks  distinct  on one node  on several  on most nodes  spent twice
  round-robin              100        75           60          15              4      25.00 %
  sglang                   100        75           60          15              4      25.00 %
sglang hits most, 20.00 %, as one pool of 200 chunks does. One pool of 400 chunks would hit 30.00 %, 10.00 points more.

4 nodes of 200 chunks, together 800 chunks
`)
	require.NotContains(t, text, "  node  ", "JSON has the nodes of several routings")
}

// TestFleetTextOfNodes lists the nodes of a single routing at the capacity of each section, whether they are the same at all
// capacities or not.
func TestFleetTextOfNodes(t *testing.T) {
	require.Contains(t, textOf(fleetOf(analyze.SourcesRouting)), `
  node  requests  tokens     load  token hit rate  missed: tail    cold  capacity  broken prefix
  n0           0     100  10.00 %          0.00 %        0.00 %  0.00 %    0.00 %         0.00 %
  n1           1     200  20.00 %         20.00 %        0.00 %  0.00 %    0.00 %         0.00 %
  n2           2     300  30.00 %         20.00 %        0.00 %  0.00 %    0.00 %         0.00 %
  n3           3     400  40.00 %         20.00 %        0.00 %  0.00 %    0.00 %         0.00 %
The nodes hit 20.00 %, as one pool of 400 chunks does. One pool of 800 chunks would hit 60.00 %, 40.00 points more.
`)
	aware := fleetOf("round-robin", "sglang")
	aware.Fleet, aware.Nodes = aware.Fleet[2:], aware.Nodes[4:]
	first, second, _ := strings.Cut(textOf(aware), "4 nodes of 200 chunks")
	require.Contains(t, first, "\n  n3           3     400  40.00 %         10.00 % ")
	require.Contains(t, second, "\n  n3           3     400  40.00 %         20.00 % ")
	require.Contains(t, second, "\nsglang hits 40.00 %, as one pool of 400 chunks does. ")

	many := fleetOf("sources")
	many.Fleet[0].Nodes, many.Pooled[0].Nodes, many.Nodes = 32, 32, nil
	for i := range 32 {
		many.Nodes = append(many.Nodes, analyze.FleetNode{Nodes: 32, Routing: "sources", Node: "a\nb", TotalTokens: int64(i)})
	}
	text := textOf(many)
	require.Contains(t, text, "\n  \"a\\nb\"         0      31 ")
	require.NotContains(t, text, "\n  \"a\\nb\"         0       1 ")
	require.Contains(t, text, "\n  … and 2 more (--json has all)\n")
}

// TestFleetTextOfNodeCounts begins with a table of the hit rates at each capacity.
func TestFleetTextOfNodeCounts(t *testing.T) {
	r := fleetOf("round-robin", "sglang")
	require.NotContains(t, textOf(r), " a node")
	for _, p := range r.Pooled {
		p.Nodes, p.TokenHitRate = 8, p.TokenHitRate+0.1
		r.Pooled = append(r.Pooled, p)
	}
	var eight []analyze.FleetResult
	for i, f := range r.Fleet {
		f.Nodes, f.TokenHitRate = 8, f.TokenHitRate+0.05
		eight = append(eight, f)
		if i%2 == 1 { // behind all capacities of the routing
			r.Fleet = append(r.Fleet, eight[i-1:]...)
		}
	}
	require.Contains(t, textOf(r), `
  200 chunks a node  4 nodes  8 nodes
  round-robin        20.00 %  25.00 %
  sglang             40.00 %  45.00 %
  one pool           60.00 %  70.00 %

4 nodes of 200 chunks, together 800 chunks
`)
}

// TestFleetTextOfOptions shows what options add.
func TestFleetTextOfOptions(t *testing.T) {
	r := fleetOf("round-robin", "sglang")
	for i := range r.Fleet {
		f := &r.Fleet[i]
		f.SharedTokens, f.MissTokens.Elsewhere, f.MissTokens.Expired = sized[int64](50), sized[int64](20), sized[int64](10)
		f.SharedTier = &analyze.TierResult{Bytes: sized[int64](4 << 30), BytesWritten: sized[int64](2 << 30), BytesWrittenPerDay: sized(2.0 * (1 << 40)),
			Bandwidth: &analyze.TierBandwidth{WindowSeconds: 60, Average: 1 << 20, Peak: 3 << 20, AverageWrite: 1 << 19, PeakWrite: 1 << 20, Available: sized[int64](2 << 20), AvailableWrite: sized[int64](2 << 20), Above: sized[int64](7)}}
	}
	for i := range r.Pooled {
		r.Pooled[i].MissTokens.Expired = sized[int64](0)
	}
	text := textOf(r)
	require.Contains(t, text, `
  routing      token hit rate  from shared  hit tokens  as one pool of  max ÷ mean load  evictions
  round-robin         10.00 %       5.00 %         100      200 chunks             1.50      1,234
`)
	require.Contains(t, text, `
  missed tokens     tail    cold  capacity  broken prefix  expired  elsewhere
  round-robin    10.00 %  6.00 %   74.00 %         0.00 %   1.00 %     2.00 %
  sglang         10.00 %  6.00 %   64.00 %         0.00 %   1.00 %     2.00 %
  one pool       10.00 %  5.00 %   55.00 %         0.00 %   0.00 %          –
`)
	require.Contains(t, text, `
  shared tier  bytes read  average     peak  available  bytes written  a day    average     peak  available
  round-robin       4 GiB  1 MiB/s  3 MiB/s    2 MiB/s          2 GiB  2 TiB  512 KiB/s  1 MiB/s    2 MiB/s
  sglang            4 GiB  1 MiB/s  3 MiB/s    2 MiB/s          2 GiB  2 TiB  512 KiB/s  1 MiB/s    2 MiB/s
the shared tier of round-robin: reads or writes exceed its bandwidth in 7 windows of 1 min; `)

	r.Fleet[0].SharedTier = &analyze.TierResult{} // it serves chunks of unknown sizes
	require.Contains(t, textOf(r), `
  shared tier  bytes read  average     peak  available  bytes written  a day    average     peak  available
  round-robin           –        –        –          –              –      –          –        –          –
  sglang            4 GiB  1 MiB/s  3 MiB/s    2 MiB/s          2 GiB  2 TiB  512 KiB/s  1 MiB/s    2 MiB/s
`)
}

// TestBestText weighs the best routing against one pool.
func TestBestText(t *testing.T) {
	say := func(nodes int, hits, pool float64, as *int64) string {
		best := &analyze.FleetResult{Nodes: nodes, Routing: "session", HitTokens: int64(100 * hits), TokenHitRate: hits, PoolChunks: as}
		s := &analyze.FleetSection{Nodes: nodes, Results: []*analyze.FleetResult{best}, Pool: &analyze.PooledResult{TokenHitRate: pool}}
		return bestText(s, best)
	}
	require.Equal(t, "session hits 25.00 %, as one pool of 7 chunks does. One pool of unlimited size would hit 75.00 %, 50.00 points more.", say(2, 0.25, 0.75, sized[int64](7)))
	require.Equal(t, "session hits 75.00 %. One pool of unlimited size would hit 50.00 %, 25.00 points less.", say(2, 0.75, 0.5, nil))
	require.Equal(t, "session hits 0.00 %. One pool of unlimited size would hit no more.", say(2, 0, 0, sized[int64](1)))
	require.Equal(t, "session hits 50.00 %.", say(1, 0.5, 0.5, nil))

	tie := fleetOf("round-robin", "sglang")
	tie.Fleet[2].HitTokens, tie.Fleet[2].TokenHitRate = 100, 0.1
	require.Contains(t, textOf(tie), "\nAll routings hit 10.00 %, as one pool of 200 chunks does. One pool of 400 chunks would hit 30.00 %, 20.00 points more.\n")
}

// TestFinishFleet names the nodes that are left out.
func TestFinishFleet(t *testing.T) {
	var errs strings.Builder
	r := fleetOf("sources")
	require.NoError(t, finishFleet(&env{stderr: &errs}, r))
	require.Empty(t, errs.String())
	r.Unusable = []analyze.UnusableNode{{Node: "logs/n\x07", Why: "no usable record\n"}}
	require.ErrorIs(t, finishFleet(&env{stderr: &errs}, r), errPartial)
	require.Equal(t, "hashlog: node \"logs/n\\a\" is left out: no usable record\\n\n", errs.String())

	errs.Reset()
	r.Unusable[0].Kept = true
	require.ErrorIs(t, finishFleet(&env{stderr: &errs}, r), errPartial)
	require.Equal(t, "hashlog: node \"logs/n\\a\" counts as a node without requests, since a stream can be read only once: no usable record\\n\n", errs.String())
}
