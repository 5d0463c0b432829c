package analyze

import (
	"cmp"
	"math"
	"slices"

	"hashlog/analyze/internal/distribution"
	"hashlog/analyze/internal/idcount"
)

// exactRanks is how many of the most popular chunks have their exact number of lookups in Reuse.Popularity.
const exactRanks = 1000

// reuseEdges are the ends of the classes of Reuse.Intervals in seconds: a millisecond, then ten for each factor of ten, up to
// more than microsBetween returns.
var reuseEdges = func() (edges []float64) {
	for tenth := -30; tenth <= 130; tenth++ {
		edges = append(edges, math.Pow(10, float64(tenth)/10))
	}
	return edges
}()

// reuseTally counts what Report.Reuse holds.
type reuseTally struct {
	lookups     idcount.Counter // of each chunk
	intervals   []int64         // tokens by class
	firstTokens int64
}

func newReuseTally() *reuseTally { return &reuseTally{intervals: make([]int64, len(reuseEdges))} }

func (y *reuseTally) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	for _, r := range q.rows {
		y.lookups.AddRow(r.First, r.N)
	}
	first := 0
	for _, u := range q.uses {
		tokens := q.tokens.between(first, first+u.n)
		if u.span == 0 {
			y.firstTokens += tokens
		} else {
			y.intervals[intervalClass(u.micros)] += tokens
		}
		first += u.n
	}
	return nil
}

// reuseLimits are the largest intervals of the classes in whole microseconds.
var reuseLimits = func() limits {
	var list []int64
	for _, edge := range reuseEdges {
		micros := edge * 1e6
		if micros >= math.MaxInt64 {
			break
		}
		most := int64(micros)
		if float64(most)/1e6 >= edge {
			most--
		}
		list = append(list, most)
	}
	return newLimits(list)
}()

// intervalClass returns the class of an interval. It includes where it begins, but not where it ends.
func intervalClass(micros int64) int { return reuseLimits.reach(max(micros, 1)) }

func (y *reuseTally) touch(*touches) error { return nil }

func (y *reuseTally) merge(later counter) error {
	from := later.(*reuseTally)
	y.lookups.Merge(&from.lookups)
	for i, tokens := range from.intervals {
		y.intervals[i] += tokens
	}
	y.firstTokens += from.firstTokens
	return nil
}

// report sets the report's figures of reuse.
func (y *reuseTally) report(rep *Report, _ *ending) {
	out := &Reuse{Popularity: y.popularity(), FirstTokens: y.firstTokens}
	for class, tokens := range y.intervals {
		if tokens > 0 {
			out.Intervals = append(out.Intervals, ReuseInterval{From: edgeBefore(class), To: reuseEdges[class], Tokens: tokens})
		}
	}
	rep.Reuse = out
}

// edgeBefore returns where a class begins.
func edgeBefore(class int) float64 {
	if class == 0 {
		return 0
	}
	return reuseEdges[class-1]
}

// popularity returns the chunks by their lookups: exactly for the first exactRanks, then in classes.
func (y *reuseTally) popularity() (out []Popularity) {
	var alike []Popularity // chunks with the same number of lookups
	idcount.Sums([]*idcount.Counter{&y.lookups}, func(_ int, count, ids int64) {
		alike = append(alike, Popularity{count, count, ids, count * ids})
	})
	slices.SortFunc(alike, func(a, b Popularity) int { return cmp.Compare(b.LookupsFrom, a.LookupsFrom) })
	var rank int64
	for _, p := range alike {
		last := len(out) - 1
		exact := rank < exactRanks || out[last].LookupsFrom == p.LookupsFrom // as many lookups as the last exact one
		if !exact {
			p.LookupsFrom, p.LookupsTo = distribution.ClassOf(p.LookupsTo)
		}
		rank += p.Chunks
		switch {
		case last < 0 || out[last].LookupsFrom > p.LookupsTo:
			out = append(out, p)
		case exact || out[last].LookupsFrom == p.LookupsFrom:
			out[last].Chunks += p.Chunks
			out[last].Lookups += p.Lookups
		default: // the upper part of the class is among the exact ones
			p.LookupsTo = out[last].LookupsFrom - 1
			out = append(out, p)
		}
	}
	return out
}
