package analyze

import (
	"hashlog/analyze/internal/distribution"
	"hashlog/analyze/internal/idcount"
	"hashlog/analyze/units"
)

// report sets the report's statistics. The results and the rolling lines are already in the report.
func (y *statsTally) report(rep *Report, end *ending) {
	seconds := y.last - y.first
	out := &Stats{RequestsPerSecond: perSecond(float64(y.lengths.N()), seconds), TokensPerSecond: perSecond(float64(y.tokens), seconds),
		InputTokens: distributionOf(&y.lengths, 1)}
	capacities := y.capacities
	if len(capacities) == 0 {
		capacities = rep.Rolling.Lines
	}
	var read [][]CapacityStats
	for i := range y.lists {
		read = append(read, y.lists[i].read(y))
	}
	for i, c := range capacities {
		list, level := y.levels.find(c)
		s := read[list][level]
		s.CapacityBytes, s.CapacityChunks = end.curve.listed(c)
		s.CumulativeTokenHitRate = CumulativeRate{y.progress.rate(c, 10), y.progress.rate(c, 25), y.progress.rate(c, 50), y.progress.rate(c, 75), y.progress.rate(c, 100)}
		if len(y.capacities) == 0 && c.Unit == units.Unlimited {
			s.ReuseCount = y.lists[list].reuseOfAll()
		}
		if y.writes {
			s.Evictions = &rep.Results[i].Evictions
			if end.sizesKnown {
				perDay := perSecond(y.written(list, level), seconds) * 24 * 60 * 60
				s.BytesWrittenPerDay = &perDay
			}
		}
		out.Capacities = append(out.Capacities, s)
	}
	rep.Stats = out
}

// perSecond returns an average rate, 0 if less than a microsecond passes.
func perSecond(n, seconds float64) float64 {
	if seconds < 1e-6 {
		return 0
	}
	return n / seconds
}

// read returns the statistics at each level of a list, without those that report adds.
func (l *statsList) read(y *statsTally) []CapacityStats {
	var sums statsLevel // of all levels so far
	out := make([]CapacityStats, len(l.levels))
	for i := range l.levels {
		sums.merge(&l.levels[i])
		out[i] = CapacityStats{
			RequestHitRate: RequestHitRate{Distribution: distributionOf(&sums.rates, rateUnits),
				ZeroShare: Rate(y.withTokens-sums.someHit, y.withTokens), FullShare: Rate(sums.allHit, y.withTokens)},
			HitPrefixChunks: distributionOf(&sums.prefixes, 1), SpanLookups: distributionOf(&sums.spans, 1),
			StackPosition: distributionOf(&sums.positions, 1), ReuseIntervalSeconds: distributionOf(&sums.micros, 1e6),
		}
	}
	if len(y.capacities) > 0 {
		counts := make([]distribution.Counts, len(l.reuse))
		idcount.Sums(l.reuse, func(i int, count, ids int64) { counts[i].Add(count, ids) })
		for i := range counts {
			reuse := distributionOf(&counts[i], 1)
			out[i].ReuseCount = &reuse
		}
	}
	return out
}

// reuseOfAll returns the hits by chunk at all levels together, if they are counted so.
func (l *statsList) reuseOfAll() *Distribution {
	var counts distribution.Counts
	idcount.Sums(l.reuse, func(_ int, count, ids int64) { counts.Add(count, ids) })
	reuse := distributionOf(&counts, 1)
	return &reuse
}

// written returns the bytes written to the cache of a capacity.
func (y *statsTally) written(list, level int) float64 {
	l := &y.lists[list]
	if l.cache != noCache {
		return l.written
	}
	bytes := y.touchedBytes
	for i := range l.levels[:level+1] {
		bytes -= l.levels[i].hitTouches
	}
	return bytes
}

// distributionOf summarises counts of numbers, so many of which are one unit.
func distributionOf(c *distribution.Counts, unit float64) Distribution {
	at := func(percent int64) float64 { return float64(c.Percentile(percent)) / unit }
	return Distribution{Count: c.N(), Mean: c.Mean() / unit, P25: at(25), P50: at(50), P75: at(75), P90: at(90), P99: at(99), Max: float64(c.Max()) / unit}
}
