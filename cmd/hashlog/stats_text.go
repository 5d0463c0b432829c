package main

import (
	"fmt"
	"io"
	"math"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
)

// statsText prints the statistics of requests and chunks: a row for each distribution and capacity, then what requests hit in all,
// a row for each capacity.
func statsText(w io.Writer, s *analyze.Stats) {
	if s == nil {
		return
	}
	fmt.Fprintf(w, "\n%s requests and %s tokens per second\n\n", figure(s.RequestsPerSecond), figure(s.TokensPerSecond))
	var t table.Table
	t.Row("statistics", "capacity", "values", "mean", "p25", "p50", "p75", "p90", "p99", "max")
	distributionRow(&t, "tokens of a request", "–", s.InputTokens, figure)
	for _, d := range distributions {
		name := d.name
		for i := range s.Capacities {
			c := &s.Capacities[i]
			if of := d.of(c); of != nil {
				distributionRow(&t, name, statsCapacity(c), *of, d.write)
				name = ""
			}
		}
	}
	t.Write(w)
	fmt.Fprintln(w)
	requestsText(w, s)
}

// distributions are those of each capacity; of returns nil where it is not known.
var distributions = []struct {
	name  string
	of    func(c *analyze.CapacityStats) *analyze.Distribution
	write func(float64) string
}{
	{"token hit rate of a request", func(c *analyze.CapacityStats) *analyze.Distribution { return &c.RequestHitRate.Distribution }, units.FormatPercent},
	{"hit prefix of a request, in chunks", func(c *analyze.CapacityStats) *analyze.Distribution { return &c.HitPrefixChunks }, figure},
	{"hits of a chunk that hits", func(c *analyze.CapacityStats) *analyze.Distribution { return c.ReuseCount }, figure},
	{"chunk lookups from last use to hit", func(c *analyze.CapacityStats) *analyze.Distribution { return &c.SpanLookups }, figure},
	{"stack position at hit", func(c *analyze.CapacityStats) *analyze.Distribution { return &c.StackPosition }, figure},
	{"time from last use to hit", func(c *analyze.CapacityStats) *analyze.Distribution { return &c.ReuseIntervalSeconds }, units.FormatSpan},
}

func distributionRow(t *table.Table, name, capacity string, d analyze.Distribution, write func(float64) string) {
	cells := []string{name, capacity, units.Comma(d.Count)}
	for _, v := range []float64{d.Mean, d.P25, d.P50, d.P75, d.P90, d.P99, d.Max} {
		if d.Count == 0 {
			cells = append(cells, "–")
		} else {
			cells = append(cells, write(v))
		}
	}
	t.Row(cells...)
}

func requestsText(w io.Writer, s *analyze.Stats) {
	writes := len(s.Capacities) > 0 && s.Capacities[0].Evictions != nil
	var t table.Table
	heads := []string{"requests", "no hit", "all hit", "token hit rate of the first 10 %", "25 %", "50 %", "75 %", "100 %"}
	if writes {
		heads = append(heads, "evictions", "written per day")
	}
	t.Row(heads...)
	for i := range s.Capacities {
		c := &s.Capacities[i]
		r := c.CumulativeTokenHitRate
		cells := []string{statsCapacity(c), units.FormatPercent(c.RequestHitRate.ZeroShare), units.FormatPercent(c.RequestHitRate.FullShare)}
		for _, rate := range []float64{r.P10, r.P25, r.P50, r.P75, r.P100} {
			cells = append(cells, units.FormatPercent(rate))
		}
		if writes {
			written := "–"
			if c.BytesWrittenPerDay != nil {
				written = units.FormatManyBytes(*c.BytesWrittenPerDay)
			}
			cells = append(cells, units.Comma(*c.Evictions), written)
		}
		t.Row(cells...)
	}
	t.Write(w)
}

func statsCapacity(c *analyze.CapacityStats) string {
	return sizeName(analyze.Size{Bytes: c.CapacityBytes, Chunks: c.CapacityChunks})
}

// figure prints a number with three digits, or all digits before the point.
func figure(v float64) string {
	if v >= 999.5 && v < math.MaxInt64 {
		return units.Comma(int64(math.Round(v)))
	}
	return fmt.Sprintf("%.3g", v)
}
