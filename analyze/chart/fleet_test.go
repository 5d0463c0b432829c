package chart

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type fleetCase struct {
	name   string
	report *analyze.FleetReport
}

func (c fleetCase) picture() picture {
	ch, err := newFleetChart(c.report)
	if err != nil {
		panic(err)
	}
	return ch.picture()
}

// fleetPoint is a point of a routing: it hits as one cache of a part of the capacity of all nodes would.
func fleetPoint(routing string, nodes int, node int64, part float64, exact bool) analyze.FleetPoint {
	all := node * int64(nodes)
	return analyze.FleetPoint{Routing: routing, Nodes: nodes, Exact: exact, CapacityLabel: units.InChunks(node).Label(),
		NodeCapacity: analyze.Size{Chunks: &node}, FleetCapacity: analyze.Size{Chunks: &all},
		HitTokens: int64(1e6 * typical(part*float64(all))), TotalTokens: 1e6}
}

// fleetReport has a pool at 30 capacities, and routings, of numbers of nodes, that are exact.
func fleetReport(counts []int, routings ...string) *analyze.FleetReport {
	r := &analyze.FleetReport{Report: report()}
	grid := gridOf(units.Chunks, 64, 187_000, 30).Capacities
	for _, n := range grid {
		r.Points = append(r.Points, fleetPoint(analyze.PoolRouting, 1, n, 1, true))
	}
	for i, name := range routings {
		for _, nodes := range counts {
			for _, n := range grid {
				if n >= 64*int64(nodes) {
					r.Points = append(r.Points, fleetPoint(name, nodes, n/int64(nodes), 1/float64(i+nodes), true))
				}
			}
		}
	}
	return r
}

// fleetRoutings returns n routings.
func fleetRoutings(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("prefix:%d", i+1))
	}
	return names
}

func fleetCases() []fleetCase {
	aware := fleetReport([]int{4}, "round-robin", "prefix:2")
	for _, n := range []int64{40_000, 2_000, 10_000} { // in the order asked
		aware.Points = append(aware.Points, fleetPoint("sglang", 4, n, 0.6, false))
	}
	bytes := fleetReport([]int{20}, analyze.SourcesRouting)
	for i := range bytes.Points {
		p := &bytes.Points[i]
		p.FleetCapacity.Bytes = of(*p.FleetCapacity.Chunks << 20)
	}
	unbounded := fleetReport([]int{2}, "round-robin")
	unbounded.Points = append(unbounded.Points, analyze.FleetPoint{Routing: "dynamo", Nodes: 2, CapacityLabel: "unlimited"})
	one := &analyze.FleetReport{Report: report(), Points: []analyze.FleetPoint{
		fleetPoint(analyze.PoolRouting, 1, 20_000, 1, false), fleetPoint("sglang", 4, 5_000, 0.5, false)}}
	none := fleetReport([]int{4}, "round-robin")
	none.Input.TotalTokens, none.Ceiling.TokenHitRate = 0, 0
	for i := range none.Points {
		none.Points[i].HitTokens, none.Points[i].TotalTokens = 0, 0
	}
	return []fleetCase{
		{"typical", aware},
		{"sources", bytes},
		{"counts", fleetReport([]int{1, 2, 4, 8, 1000}, "round-robin", "prefix:2", "session")},
		{"many", fleetReport([]int{2, 4, 8, 16}, fleetRoutings(9)...)},
		{"unbounded", unbounded},
		{"one-capacity", one},
		{"no-tokens", none},
	}
}

func TestFleetSays(t *testing.T) {
	cases := map[string][]string{
		"typical":      {"Token hit rate of a fleet by the capacity of all nodes", "4 nodes", "one pool", "round-robin", "prefix:2", "sglang", "Lines with dots are known at the dots alone", "ceiling 37.3 %", "Capacity of all nodes together in chunks"},
		"sources":      {"20 nodes", "sources", "Capacity of all nodes together", "1 GiB"},
		"counts":       {"1, 2, 4, 8 and 1,000 nodes", "prefix:2 × 8", "session × 1,000"},
		"many":         {"prefix:9 × 16"},
		"one-capacity": {"one pool", "sglang", "4 nodes"},
		"no-tokens":    {"No tokens were replayed"},
	}
	for _, c := range fleetCases() {
		said := strings.Join(texts(t, c.picture()), "\n")
		for _, want := range cases[c.name] {
			require.Contains(t, said, want, c.name)
		}
		require.NotContains(t, said, "dynamo", c.name)
	}
	require.NotContains(t, strings.Join(texts(t, fleetCases()[1].picture()), "\n"), "dots")
	require.ErrorContains(t, Fleet(io.Discard, PNG, nil), "no report")
	require.ErrorContains(t, Fleet(io.Discard, PNG, &analyze.FleetReport{Report: report()}), "no capacity has a bound")
	require.ErrorContains(t, Fleet(io.Discard, "gif", fleetReport([]int{2}, "session")), `"gif"`)
	require.ErrorContains(t, Fleet(broken{}, SVG, fleetReport([]int{2}, "session")), "disk full")
}

// TestFleetLines reads the lines off: each rises with the capacity of all nodes, in the right unit, the pool first.
func TestFleetLines(t *testing.T) {
	ch, err := newFleetChart(fleetCases()[0].report)
	require.NoError(t, err)
	require.Equal(t, units.Chunks, ch.across.unit)
	require.Len(t, ch.lines, 4)
	require.True(t, ch.lines[0].isPool())
	require.Equal(t, poolStyle, ch.lines[0].style)
	aware := ch.lines[3]
	require.True(t, aware.marked)
	require.Equal(t, []int64{8_000, 40_000, 160_000}, aware.curve.capacities)
	for i, c := range aware.curve.capacities {
		require.InDelta(t, typical(0.6*float64(c)), aware.curve.rates[i], 1e-6)
	}
	require.False(t, ch.lines[1].marked)

	ch, err = newFleetChart(fleetCases()[1].report)
	require.NoError(t, err)
	require.Equal(t, units.Bytes, ch.across.unit)
	require.Equal(t, int64(64<<20), ch.across.From)
}

// TestFleetUnits draws what is known in the unit of most points, and names what is not.
func TestFleetUnits(t *testing.T) {
	mixed := fleetReport([]int{4}, "prefix:2")
	for i := range mixed.Points { // chunks of unlike sizes
		p := &mixed.Points[i]
		p.FleetCapacity = analyze.Size{Bytes: of(*p.FleetCapacity.Chunks << 20)}
	}
	mixed.Points = append(mixed.Points, fleetPoint("sglang", 4, 2_000, 0.6, false))
	ch, err := newFleetChart(mixed)
	require.NoError(t, err)
	require.Equal(t, units.Bytes, ch.across.unit)
	require.Len(t, ch.lines, 2)
	require.Contains(t, strings.Join(texts(t, ch.picture()), "\n"), "Capacities that are not known in bytes are left out: sglang")
	for _, c := range fleetCases() {
		require.NotContains(t, strings.Join(texts(t, c.picture()), "\n"), "left out", c.name)
	}
}

// TestFleetStyles tells routings apart by colour and numbers of nodes by dashes.
func TestFleetStyles(t *testing.T) {
	for _, c := range fleetCases() {
		seen := map[string]string{}
		ch, err := newFleetChart(c.report)
		require.NoError(t, err)
		for i, l := range ch.lines {
			key := fmt.Sprint(l.style.Color, l.style.Dashes)
			if c.name != "many" && c.name != "counts" { // these have more numbers of nodes than there are dashes, or more routings than colours
				require.Empty(t, seen[key], ch.labels[i].text)
			}
			seen[key] = ch.labels[i].text
		}
	}
	ch, err := newFleetChart(fleetReport([]int{2, 4}, fleetRoutings(14)...))
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, l := range ch.lines {
		seen[fmt.Sprint(l.style.Color, l.style.Dashes)] = true
	}
	require.Len(t, seen, 1+2*14)
	ch, err = newFleetChart(fleetReport([]int{2, 4}, "round-robin", "session"))
	require.NoError(t, err)
	require.Equal(t, ch.lines[1].style.Color, ch.lines[2].style.Color)
	require.NotEqual(t, ch.lines[1].style.Dashes, ch.lines[2].style.Dashes)
	require.NotEqual(t, ch.lines[1].style.Color, ch.lines[3].style.Color)
}
