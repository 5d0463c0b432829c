package analyze

import (
	"slices"

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
	for i := range y.levels.separate() {
		read = append(read, y.read(i))
	}
	for i, c := range capacities {
		list, level := y.levels.find(c)
		s := read[list][level]
		s.CapacityBytes, s.CapacityChunks = end.curve.listed(c)
		s.CumulativeTokenHitRate = CumulativeRate{y.progress.rate(c, 10), y.progress.rate(c, 25), y.progress.rate(c, 50), y.progress.rate(c, 75), y.progress.rate(c, 100)}
		if len(y.capacities) == 0 && c.Unit == units.Unlimited {
			s.ReuseCount = y.reuseOfAll(list)
		}
		if y.writes {
			s.Evictions = rep.Results[i].Evictions
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

// read returns the statistics at each level of a list that is not the joint one, without those that report adds.
func (y *statsTally) read(list int) []CapacityStats {
	var sums statsLevel // of all levels so far
	l, joint := &y.lists[list], &y.lists[len(y.lists)-1]
	sums.prefixes.Add(0, y.lengths.N())
	sums.rates.Add(0, y.withTokens)
	missed := y.withTokens // requests with tokens of which none hits
	out := make([]CapacityStats, len(l.levels))
	for i := range l.levels {
		sums.merge(&l.levels[i])
		for j := y.levels.jointUpTo(list, i-1); j < y.levels.jointUpTo(list, i); j++ {
			sums.merge(&joint.levels[j])
		}
		sums.prefixes.Add(0, y.lengths.N()-sums.prefixes.N()) // takes away those that hit from here on
		someHit := sums.rates.N() - y.withTokens
		sums.rates.Add(0, -someHit)
		missed -= someHit
		out[i] = CapacityStats{
			RequestHitRate: RequestHitRate{Distribution: distributionOf(&sums.rates, rateUnits),
				ZeroShare: Rate(missed, y.withTokens), FullShare: Rate(sums.allHit, y.withTokens)},
			HitPrefixChunks: distributionOf(&sums.prefixes, 1), SpanLookups: distributionOf(&sums.spans, 1),
			StackPosition: distributionOf(&sums.positions, 1), ReuseIntervalSeconds: distributionOf(&sums.micros, 1e6),
		}
	}
	if len(y.capacities) > 0 {
		for i, counts := range y.reuse(list) {
			reuse := distributionOf(&counts, 1)
			out[i].ReuseCount = &reuse
		}
	}
	return out
}

// reuse returns the hits by chunk at each level of a list.
func (y *statsTally) reuse(list int) []distribution.Counts {
	l, joint := &y.lists[list], &y.lists[len(y.lists)-1]
	var counters []*idcount.Counter
	var last []int // by level, its last counter
	for i, own := range l.reuse {
		counters = append(counters, joint.reuse[y.levels.jointUpTo(list, i-1):y.levels.jointUpTo(list, i)]...)
		last = append(last, len(counters))
		counters = append(counters, own)
	}
	counts := make([]distribution.Counts, len(last))
	idcount.Sums(counters, func(j int, count, ids int64) {
		if i, ok := slices.BinarySearch(last, j); ok {
			counts[i].Add(count, ids)
		}
	})
	return counts
}

// reuseOfAll returns the hits by chunk at all levels together, if they are counted so.
func (y *statsTally) reuseOfAll(list int) *Distribution {
	counters := y.lists[list].reuse
	if y.levels.set != nil {
		counters = append(slices.Clip(counters), y.lists[len(y.lists)-1].reuse...)
	}
	var counts distribution.Counts
	idcount.Sums(counters, func(j int, count, ids int64) {
		if j == len(counters)-1 {
			counts.Add(count, ids)
		}
	})
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
	for i := range y.levels.jointUpTo(list, level) {
		bytes -= y.lists[len(y.lists)-1].levels[i].hitTouches
	}
	return bytes
}

// distributionOf summarises counts of numbers, so many of which are one unit.
func distributionOf(c *distribution.Counts, unit float64) Distribution {
	at := func(percent int64) float64 { return float64(c.Percentile(percent)) / unit }
	return Distribution{Count: c.N(), Mean: c.Mean() / unit, P25: at(25), P50: at(50), P75: at(75), P90: at(90), P99: at(99), Max: float64(c.Max()) / unit}
}
