package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMedian(t *testing.T) {
	require.Equal(t, 3.0, median([]float64{3}))
	require.Equal(t, 2.5, median([]float64{4, 1, 3, 2}))
	values := []float64{9, 1, 5}
	require.Equal(t, 5.0, median(values))
	require.Equal(t, []float64{9, 1, 5}, values)
}

// took returns results of commands that took so long and had so much memory at their peak.
func took(commands map[string][]float64, peak int64) *results {
	r := &results{samples: make(map[string][]sample), logs: map[string]made{
		"a": {ChunkLookups: 2000, UniqueChunks: 1 << 20}, "b": {ChunkLookups: 1000}}}
	for name, walls := range commands {
		for _, wall := range walls {
			r.samples[name] = append(r.samples[name], sample{Wall: wall, CPU: 2 * wall, Peak: peak})
		}
	}
	return r
}

// The value is made from medians, the spread from rounds: 9/1 and 4/2 are never compared across.
func TestComparisons(t *testing.T) {
	r := took(map[string][]float64{"a": {9, 4, 6}, "b": {1, 2, 3}}, 96<<20)
	for name, c := range map[string]struct {
		metric metric
		want   figure
	}{
		"ratio":     {ratio("a", "b"), figure{3, 2, 9, "6 s, 2 s"}},
		"excess":    {excess("a", "b"), figure{200, 100, 800, "6 s, 2 s"}},
		"perLookup": {perLookup("a", "b"), figure{1.5, 1, 4.5, "6 s, 2 s"}},
		"replays":   {replays("a", "b", "a", 500), figure{1. / 8, 1. / 16, 1. / 4, "12 s, 4 s of processor time"}},
		"all":       {replaysAndReading("a", "a", 500), figure{1. / 12, 1. / 18, 1. / 8, "12 s of processor time"}},
		"seconds":   {seconds("a"), figure{6, 4, 9, ""}},
		"perUnique": {perUnique("a", "a"), figure{32, 32, 32, "96 MiB"}},
		"peakRatio": {peakRatio("a", "b"), figure{1, 1, 1, "96 MiB, 96 MiB"}},
		"gibibytes": {gibibytes("a"), figure{0.09375, 0.09375, 0.09375, "96 MiB"}},
	} {
		have, err := c.metric.figure(r)
		require.NoError(t, err, name)
		require.Equal(t, c.want, have, name)
	}
}

func TestUnknownPeakIsNoFigure(t *testing.T) {
	_, err := perUnique("a", "a").figure(took(map[string][]float64{"a": {1}}, 0))
	require.ErrorContains(t, err, "does not report the peak memory")
	_, err = peakRatio("a", "b").figure(took(map[string][]float64{"a": {1}, "b": {1}}, 0))
	require.ErrorContains(t, err, "does not report the peak memory")
}

const benchmarkOutput = `goos: linux
pkg: hashlog/log
BenchmarkDecode/hash=32 	  484628	      2456 ns/op	2908.62 MB/s	    407160 records/s	       0 B/op	       0 allocs/op
PASS
`

func TestReported(t *testing.T) {
	r := &results{samples: map[string][]sample{"decode": {{output: benchmarkOutput}}}}
	have, err := reported("decode", "MB/s", 1e-3).figure(r)
	require.NoError(t, err)
	require.InDelta(t, 2.90862, have.value, 1e-9)
	_, err = reported("decode", "Mlookups/s", 1).figure(r)
	require.ErrorContains(t, err, "no benchmark reported its Mlookups/s")
}

func TestPerFirstTouch(t *testing.T) {
	r := &results{samples: map[string][]sample{
		"merge": {{CPU: 3}, {CPU: 1}, {CPU: 2}},
		"wc":    {{output: "  1600 a.sum\n  3200 b.sum\n  4800 total\n"}, {output: "2400 a.sum\n"}},
	}}
	_, err := perFirstTouch(processorTime("merge"), 1)(r)
	require.ErrorContains(t, err, "a part was not inspected")
	for n := range 8 {
		r.samples[inspecting(n+1)] = []sample{{output: `{"input": {"unique_chunks": 100}}`}}
	}
	have, err := perFirstTouch(processorTime("merge"), 1e3)(r)
	require.NoError(t, err)
	require.Equal(t, figure{2.5, 1.25, 3.75, "800 first touches"}, have)
	have, err = perFirstTouch(countedBytes("wc"), 1)(r)
	require.NoError(t, err)
	require.Equal(t, figure{4.5, 3, 6, "800 first touches"}, have)
	r.samples["wc"][0].output = "nothing"
	_, err = perFirstTouch(countedBytes("wc"), 1)(r)
	require.Error(t, err)
}

func TestStateAgainstTenth(t *testing.T) {
	r := took(map[string][]float64{"state": {9, 4, 6}, "tenth": {1, 2, 3}}, 0)
	r.samples["wc"] = []sample{{output: "100000000 medium.state\n"}}
	have, err := againstTenth(r)
	require.NoError(t, err)
	require.Equal(t, figure{2, 4. / 3, 4.5, "6 s, 2 s and 1 s"}, have)
}
