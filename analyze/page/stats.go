package page

import (
	"strconv"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// trafficTable describes the requests, whatever the cache.
func trafficTable(s *analyze.Stats) table {
	t := table{ID: "traffic", Caption: "The traffic", Heads: []head{textHead("figure"), numberHead("value")}}
	for _, row := range []struct {
		what  string
		value float64
	}{
		{"requests a second", s.RequestsPerSecond}, {"tokens a second", s.TokensPerSecond}, {"tokens a request, mean", s.InputTokens.Mean},
		{"tokens a request, median", s.InputTokens.P50}, {"tokens a request, 99th percentile", s.InputTokens.P99}, {"tokens a request, most", s.InputTokens.Max},
	} {
		t.Rows = append(t.Rows, []cell{{Text: row.what}, numberCell(row.value)})
	}
	return t
}

// distribution is a distribution of a cache, as rows of a table.
type distribution struct {
	name  string
	cell  func(float64) cell
	among *analyze.Distribution // nil: unknown
}

// statsTable describes single requests and chunks, by capacity. Percentiles are within 1 %.
func statsTable(s *analyze.Stats) table {
	t := table{ID: "stats", Caption: "Single requests and chunks, by capacity",
		Heads: []head{numberHead("capacity"), textHead("figure"), numberHead("mean"), numberHead("25 %"), numberHead("median"), numberHead("75 %"), numberHead("90 %"), numberHead("99 %"), numberHead("most")},
		Note:  "Columns with a percentage are percentiles, at most 1 % off."}
	for _, c := range s.Capacities {
		for _, d := range []distribution{
			{"hit rate of a request", rateCell, &c.RequestHitRate.Distribution},
			{"chunks of the hit prefix", numberCell, &c.HitPrefixChunks},
			{"hits of a chunk that hits", numberCell, c.ReuseCount},
			{"lookups between two uses", numberCell, &c.SpanLookups},
			{"chunks used in between", numberCell, &c.StackPosition},
			{"seconds between two uses", numberCell, &c.ReuseIntervalSeconds},
		} {
			if d.among == nil {
				continue
			}
			row := []cell{sizeCell(analyze.Size{Bytes: c.CapacityBytes, Chunks: c.CapacityChunks}), {Text: d.name}}
			for _, x := range []float64{d.among.Mean, d.among.P25, d.among.P50, d.among.P75, d.among.P90, d.among.P99, d.among.Max} {
				row = append(row, d.cell(x))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// extremesTable says how many requests hit nothing or everything, how the rate grows, and what is written and evicted.
func extremesTable(s *analyze.Stats) table {
	t := table{ID: "extremes", Caption: "Requests without hits, and the work of the cache",
		Heads: []head{numberHead("capacity"), numberHead("requests without a hit"), numberHead("all tokens hit"), numberHead("rate after 10 % of requests"), numberHead("after 50 %"), numberHead("after all"),
			numberHead("evictions"), numberHead("written a day")}}
	for _, c := range s.Capacities {
		evictions, written := cell{Text: "–"}, cell{Text: "–"}
		if c.Evictions != nil {
			evictions = countCell(*c.Evictions)
		}
		if c.BytesWrittenPerDay != nil {
			written = cell{units.FormatManyBytes(*c.BytesWrittenPerDay), fraction(*c.BytesWrittenPerDay)}
		}
		t.Rows = append(t.Rows, []cell{sizeCell(analyze.Size{Bytes: c.CapacityBytes, Chunks: c.CapacityChunks}), rateCell(c.RequestHitRate.ZeroShare), rateCell(c.RequestHitRate.FullShare),
			rateCell(c.CumulativeTokenHitRate.P10), rateCell(c.CumulativeTokenHitRate.P50), rateCell(c.CumulativeTokenHitRate.P100), evictions, written})
	}
	return t
}

// numberCell shows a number with three figures, or whole from a hundred on.
func numberCell(x float64) cell {
	text := strconv.FormatFloat(x, 'g', 3, 64)
	if x >= 100 && x < 1e15 {
		text = units.Comma(int64(x + 0.5))
	}
	return cell{text, fraction(x)}
}
