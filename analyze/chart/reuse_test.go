package chart

import (
	"io"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// tracedReuse returns a chart of reuse with both panels of 100 × 100 pixels at the origin.
func tracedReuse(r analyze.Reuse, ranks, counts, times logAxis) *reuseChart {
	ch := &reuseChart{Reuse: &r, ranks: ranks, counts: counts, times: times}
	for _, i := range r.Intervals {
		ch.reused += i.Tokens
	}
	ch.popular.panel = box(0, 0, 100*dot, 100*dot)
	ch.soon.panel = ch.popular.panel
	ch.trace()
	return ch
}

func TestPopularityByRank(t *testing.T) {
	ch := tracedReuse(analyze.Reuse{Popularity: []analyze.Popularity{
		{LookupsFrom: 100, LookupsTo: 100, Chunks: 1, Lookups: 100},
		{LookupsFrom: 8, LookupsTo: 15, Chunks: 9, Lookups: 90},
		{LookupsFrom: 1, LookupsTo: 1, Chunks: 990, Lookups: 990},
	}}, logAxis{1, 1000}, logAxis{1, 100}, logAxis{1, 10})
	third := math.Log10(2) / 3
	require.Equal(t, [][][2]int{{{0, 100}, {int(100*third + .5), 50}, {33, 50}, {int(100*math.Log10(11)/3 + .5), 0}, {100, 0}}}, inDots(ch.popularity))
}

func TestReusedWithin(t *testing.T) {
	ch := tracedReuse(analyze.Reuse{Intervals: []analyze.ReuseInterval{{From: 1, To: 10, Tokens: 25}, {From: 100, To: 1000, Tokens: 75}}},
		logAxis{1, 10}, logAxis{1, 10}, logAxis{1, 10_000})
	require.Equal(t, [][][2]int{{{0, 0}, {25, 25}, {50, 25}, {75, 100}, {100, 100}}}, inDots(ch.within))
	require.Len(t, ch.marks, 2, "a day is beyond the axis")
	require.InDelta(t, 25, float64(ch.marks[0].at.Y/dot), 1e-6)
	require.InDelta(t, 100*math.Log10(3600)/4, float64(ch.marks[1].at.X/dot), 1e-6)
	require.InDelta(t, 100, float64(ch.marks[1].at.Y/dot), 1e-6, "all are reused after a quarter of an hour")
	require.InDelta(t, 62.5, float64(ch.at(math.Sqrt(100*1000)).Y/dot), 1e-6, "half-way between the ends of a class")
}

func TestReuseSays(t *testing.T) {
	for _, c := range reuseCases() {
		got := texts(t, c.picture())
		switch c.name {
		case "typical":
			for _, want := range []string{"Reuse of chunks, at any capacity", "75.0 % of 2,133,642 chunks looked up once, 89.3 % of the tokens in chunks looked up before",
				"Rank of the chunk, by its lookups", "Lookups of the chunk", "100,000", "1 million", "Looked up again within", "Share of all reused tokens", "10 ms", "10 min", "1 h", "1 min: about 32 %", "1 h: about 90 %"} {
				require.Contains(t, got, want)
			}
		case "no-reuse":
			require.Contains(t, got, "No chunk was looked up twice")
		case "no-chunks":
			require.Contains(t, got, "No chunks were counted")
		}
	}
	for _, r := range []*analyze.Report{nil, {}} {
		require.ErrorContains(t, Reuse(io.Discard, PNG, r), "no such figures")
	}
}

func TestDecades(t *testing.T) {
	ticks := logAxis{1, 1e6}.decadeTicks(100, 40, decadeLabel)
	var labels []string
	for _, t := range ticks {
		labels = append(labels, t.label)
	}
	require.Equal(t, []string{"1", "", "", "1,000", "", "", "1 million"}, labels)
	require.InDelta(t, .5, ticks[3].at, 1e-9)
}
