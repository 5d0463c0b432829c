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
