package analyze

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// TestReadCachesCSV reads a comparison back, and splits its misses as Compare does.
func TestReadCachesCSV(t *testing.T) {
	files, err := log.Find(t.Context(), []string{"../testdata/demo"}, nil)
	require.NoError(t, err)
	var caches []ComparedCache
	for _, name := range []string{"lru", "s3fifo", "opt"} {
		c, err := ParseComparedCache(name)
		require.NoError(t, err)
		caches = append(caches, c)
	}
	listed := []units.Capacity{units.InBytes(64 << 30), units.InBytes(16 << 30), {Unit: units.Unlimited}}
	c, err := Compare(context.Background(), files, CompareOptions{Options: Options{Capacities: listed}, Caches: caches, Points: 5})
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, WriteCachesCSV(&b, c))
	got, err := ReadCachesCSV(&b, "caches.csv")
	require.NoError(t, err)
	require.Equal(t, c.TotalTokens, got.TotalTokens)
	require.NoError(t, c.Report.SplitMisses(got))
	require.Len(t, got.Capacities, len(c.Capacities)+len(c.Grid))
	for i, want := range append(c.Capacities, c.Grid...) {
		at := got.Capacities[i]
		require.Equal(t, want.Size, at.Size)
		require.Equal(t, len(want.Caches), len(at.Caches))
		for j, w := range want.Caches {
			require.Equal(t, w.Cache, at.Caches[j].Cache)
			require.Equal(t, w.TouchOrder, at.Caches[j].TouchOrder)
			require.Equal(t, w.HitTokens, at.Caches[j].HitTokens)
			require.Equal(t, w.TokenHitRate, at.Caches[j].TokenHitRate)
			require.Equal(t, w.Evictions, at.Caches[j].Evictions)
			require.Equal(t, w.BytesWritten, at.Caches[j].BytesWritten)
		}
		require.Equal(t, want.Bottlenecks, at.Bottlenecks)
	}
	got.TotalTokens--
	var other *OtherLogsError
	require.ErrorAs(t, c.Report.SplitMisses(got), &other)
	require.Equal(t, OtherLogsError{c.TotalTokens - 1, c.TotalTokens}, *other)
}

// TestReadCachesCSVErrors names the file and the line of whatever is wrong.
func TestReadCachesCSVErrors(t *testing.T) {
	const head = "cache,touch_order,capacity_bytes,capacity_chunks,hit_tokens,total_tokens\n"
	for text, want := range map[string]string{
		"":      "c.csv:1: the file is empty",
		"a,b\n": "c.csv:1: there is no column cache: this is no caches.csv",
		head:    "c.csv:1: there is no row",
		head + "lru,head,1,,5,10\nlru,head,2,,x,10\n":  `c.csv:3: hit_tokens is "x", which is no count`,
		head + "lru,head,1,,-5,10\n":                   `c.csv:2: hit_tokens is "-5", which is no count`,
		head + "lru,head,1.5,,5,10\n":                  `c.csv:2: capacity_bytes is "1.5", which is no count`,
		head + "lru,head,1,,11,10\n":                   "c.csv:2: hit_tokens are 11 of 10",
		head + "lru,head,1,,1,10\n\nlru,head,2,,1,9\n": "c.csv:4: total_tokens are 9, and 10 above",
		head + "lru,head,1\n":                          "c.csv:2: wrong number of fields",
		head + "\"lru\n,head,1,,5,10\n":                `c.csv:`,
	} {
		_, err := ReadCachesCSV(strings.NewReader(text), "c.csv")
		var located *CachesError
		require.ErrorAs(t, err, &located, text)
		require.True(t, strings.HasPrefix(err.Error(), want), "%q: %v", text, err)
	}
	got, err := ReadCachesCSV(strings.NewReader("new,"+head+"?,\"a,\"\"b\",,,,1,2\n?,lru,head,,,1,2\n?,\"a,\"\"b\",,,,2,2\n"), "c.csv")
	require.NoError(t, err, "columns that are not known, names that are quoted, and rows that come twice")
	require.Len(t, got.Capacities, 1)
	require.Equal(t, `a,"b`, got.Capacities[0].Caches[0].Cache)
	require.Equal(t, int64(1), got.Capacities[0].Caches[0].HitTokens)
	require.Len(t, got.Capacities[0].Caches, 2)
	_, err = ReadCachesCSV(failingReader{}, "c.csv")
	require.ErrorIs(t, err, errFailing)
}

var errFailing = errors.New("it fails")

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errFailing }

// TestAtLines compares the figures of classes at the rolling lines with those at listed capacities and on the curve.
func TestAtLines(t *testing.T) {
	files, err := log.Find(t.Context(), []string{"../testdata/demo"}, nil)
	require.NoError(t, err)
	listed := []units.Capacity{units.InBytes(64 << 30), {Unit: units.Unlimited}, units.InBytes(16 << 30)}
	watermark := Cache{Watermark: Presets()[1].Watermark}
	for name, opts := range map[string]Options{
		"listed":         {Capacities: listed, Rolling: &RollingOptions{Capacities: listed}, Grid: &GridOptions{}},
		"chosen":         {Rolling: &RollingOptions{}, Grid: &GridOptions{}},
		"no grid":        {Capacities: listed, Rolling: &RollingOptions{Capacities: listed}},
		"batched":        {Capacities: listed, Rolling: &RollingOptions{Capacities: listed}, Grid: &GridOptions{Points: 5}, Cache: watermark},
		"batched chosen": {Rolling: &RollingOptions{}, Grid: &GridOptions{Points: 5}, Cache: watermark},
	} {
		opts.By = []Dimension{ByModel, ByLength}
		r, err := Run(context.Background(), files, opts)
		require.NoError(t, err, name)
		for _, d := range r.By {
			sums := make([]int64, len(r.Rolling.Lines))
			for i := range d.Len() {
				class := d.Class(i)
				for j, at := range d.AtLines(i, r.Rolling) {
					sums[j] += at.HitTokens
					if len(class.Results) > 0 {
						require.Equal(t, class.Results[j], at, name)
					}
					m := at.MissTokens
					require.Equal(t, class.TotalTokens, at.HitTokens+m.Tail+m.Cold+m.Capacity+m.BrokenPrefix, name)
				}
			}
			var hits []int64
			for i := range r.Rolling.Windows {
				for j, n := range r.Rolling.Windows[i].Hits(hits) {
					sums[j] -= n
				}
			}
			require.Equal(t, make([]int64, len(sums)), sums, "%s: the classes are the whole", name)
		}
	}
}
