package chart

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// tracedRequests returns a chart of requests with both panels of 100 × 100 pixels at the origin.
func tracedRequests(r *analyze.Requests) (*requestsChart, []tick) {
	ch := &requestsChart{Requests: r, top: 1}
	for _, s := range largestFirst(r.Capacities) {
		ch.order = append(ch.order, s.line)
	}
	for _, l := range r.Lengths {
		ch.tokens += l.TotalTokens
	}
	ch.lengths.panel = box(0, 0, 100*dot, 100*dot)
	ch.shares.panel = ch.lengths.panel
	return ch, ch.trace()
}

func TestLengthBars(t *testing.T) {
	ch, x := tracedRequests(&analyze.Requests{Capacities: sizes(1<<20, 4<<20), Rates: [][]int64{{1}, {1}}, Lengths: []analyze.LengthRates{
		{From: 0, To: 1, Requests: 3, HitTokens: []int64{0, 0}},
		{From: 16, To: 32, Requests: 10, TotalTokens: 250, HitTokens: []int64{50, 100}},
		{From: 32, To: 64, Requests: 20, TotalTokens: 750, HitTokens: []int64{600, 450}},
	}})
	require.Len(t, ch.bars, 2, "none without tokens")
	for i, want := range []struct {
		from, to float64
		tops     [2]float64
		order    [2]int
	}{
		{0, 25, [2]float64{40, 20}, [2]int{0, 1}},
		{25, 100, [2]float64{80, 60}, [2]int{1, 0}}, // the smaller capacity hits more
	} {
		b := ch.bars[i]
		require.InDelta(t, want.from, float64(b.from/dot), 1e-9)
		require.InDelta(t, want.to, float64(b.to/dot), 1e-9)
		for j, top := range b.tops {
			require.InDelta(t, want.tops[j], float64(top.y/dot), 1e-9)
			require.Equal(t, want.order[j], top.order)
		}
	}
	require.InDelta(t, .125, x[0].at, 1e-9)
	require.InDelta(t, .625, x[1].at, 1e-9)
}

func TestSharesOfRequests(t *testing.T) {
	rates := make([]int64, 101)
	rates[0], rates[1], rates[50], rates[100] = 40, 10, 30, 20
	ch, _ := tracedRequests(&analyze.Requests{Capacities: sizes(1 << 20), Rates: [][]int64{rates}})
	ch.legends()
	require.Len(t, ch.lines[0], 1)
	var corners [][2]int
	for _, p := range inDots(ch.lines[0])[0] {
		if n := len(corners); n == 0 || corners[n-1][1] != p[1] {
			corners = append(corners, p)
		}
	}
	require.Equal(t, [][2]int{{0, 60}, {1, 50}, {50, 20}}, corners, "60 % are above 0 %, 50 % above 1 %, 20 % above 50 %")
	last := ch.lines[0][0][len(ch.lines[0][0])-1]
	require.InDelta(t, 100, float64(last.X/dot), 1e-9)
	require.Equal(t, []string{"1 MiB", "40.0 %", "20.0 %"}, ch.counts.rows[0].cells)
}

func TestRequestsSay(t *testing.T) {
	for _, c := range requestsCases() {
		got := texts(t, c.picture())
		switch c.name {
		case "typical":
			for _, want := range []string{"Token hit rate by prompt length, and by request", "Prompt length in tokens, and its share of all tokens",
				"2048-4095", "28.4 %", "Requests with a higher hit rate", "Hit rate of a request", "All lengths", "at 0 %", "over 99 %", "unlimited", "8 MiB"} {
				require.Contains(t, got, want)
			}
		case "open":
			require.Contains(t, got, "1024+")
			require.NotContains(t, got, "0", "nobody sees a bar without tokens")
		case "all-hits":
			require.Contains(t, got, "1", "a single length")
		case "many-capacities":
			for _, capacity := range c.report.Requests.Capacities {
				require.Contains(t, got, capacity.String())
			}
		case "no-tokens":
			require.Contains(t, got, "No tokens were counted")
		}
	}
	for _, r := range []*analyze.Report{nil, {}} {
		require.ErrorContains(t, Requests(io.Discard, PNG, r), "no such figures")
	}
}

// TestCapacityColors expects lines that stand out from white: a contrast of 3 : 1 (WCAG 2.2, 1.4.11).
func TestCapacityColors(t *testing.T) {
	for n := 1; n <= 12; n++ {
		ch := &requestsChart{order: make([]int, n)}
		for i := range n {
			require.Greater(t, contrast(ch.color(i), paper), 3.0)
		}
	}
}
