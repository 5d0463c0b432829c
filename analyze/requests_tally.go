package analyze

import (
	"math"
	"math/bits"
	"slices"
)

// rateClasses is the number of classes of Requests.Rates.
const rateClasses = 101

// requestTally counts what Report.Requests holds.
type requestTally struct {
	lengths    lengthClasses
	classes    []lengthSums // by class of lengths
	levels     *hitLevels
	withTokens int64                  // requests; all have a rate of 0 at first
	rates      [][][rateClasses]int64 // by list and level; those of the levels up to a capacity add up to its own
}

// lengthSums are the counts of the requests of one class of lengths.
type lengthSums struct {
	requests int64
	tokens   int64
	hits     partHits
}

// newRequestTally returns an empty tally for the capacities of levels, which must count before it.
func newRequestTally(opts *Options, levels *hitLevels) *requestTally {
	y := &requestTally{lengths: lengthClasses(opts.LengthClasses), levels: levels}
	for _, l := range y.levels.lists {
		y.rates = append(y.rates, make([][rateClasses]int64, l.size))
	}
	return y
}

func (y *requestTally) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	class := y.class(y.lengths.of(q.tokens.seqLen))
	class.requests++
	class.tokens += q.tokens.seqLen
	class.hits.merge(&y.levels.found)
	if q.tokens.seqLen > 0 {
		y.withTokens++
		from, to := y.levels.in(q.sizes)
		for i := from; i < to; i++ {
			y.countRates(i, q)
		}
	}
	return nil
}

// class returns the sums of a class of lengths.
func (y *requestTally) class(number int) *lengthSums {
	for number >= len(y.classes) {
		y.classes = append(y.classes, lengthSums{})
	}
	return &y.classes[number]
}

// countRates counts the rate of a request, another one from each level on at which it hits more.
func (y *requestTally) countRates(list int, q *request) {
	rates := y.rates[list]
	var chunks int64
	before := 0
	for _, hit := range y.levels.lists[list].hits {
		chunks += hit.tokens
		class := rateClass(q.hit(int(chunks)), q.tokens.seqLen)
		rates[hit.capacity][before]--
		rates[hit.capacity][class]++
		before = class
	}
}

// rateClass returns the class of part / whole, its percentage rounded up.
func rateClass(part, whole int64) int {
	hi, lo := bits.Mul64(uint64(part), 100)
	percent, rest := bits.Div64(hi, lo, uint64(whole))
	if rest > 0 {
		percent++
	}
	return int(percent)
}

func (y *requestTally) touch(*touches) error { return nil }

func (y *requestTally) merge(later counter) error {
	from := later.(*requestTally)
	for i := range from.classes {
		into, more := y.class(i), &from.classes[i]
		into.requests += more.requests
		into.tokens += more.tokens
		into.hits.merge(&more.hits)
	}
	y.withTokens += from.withTokens
	for list, levels := range from.rates {
		for level := range levels {
			for class, n := range levels[level] {
				y.rates[list][level][class] += n
			}
		}
	}
	return nil
}

// report sets the report's figures of requests, at the capacities of the rolling lines, which are already in the report.
func (y *requestTally) report(rep *Report, _ *ending) {
	out := &Requests{Capacities: rep.Rolling.Lines, Sizes: rep.Rolling.Sizes}
	for i := range y.classes {
		c := &y.classes[i]
		if c.requests == 0 {
			continue
		}
		from, to := y.lengths.bounds(i)
		row := LengthRates{From: from, To: to, Requests: c.requests, TotalTokens: c.tokens}
		for _, capacity := range out.Capacities {
			row.HitTokens = append(row.HitTokens, y.levels.counter.tokens(&c.hits, capacity))
		}
		out.Lengths = append(out.Lengths, row)
	}
	for _, capacity := range out.Capacities {
		list, last := y.levels.find(capacity)
		sums := make([]int64, rateClasses)
		sums[0] = y.withTokens
		levels := y.rates[list][:last+1]
		if joint := y.levels.jointUpTo(list, last); joint > 0 {
			levels = append(slices.Clip(levels), y.rates[len(y.rates)-1][:joint]...)
		}
		for level := range levels {
			for class, n := range levels[level] {
				sums[class] += n
			}
		}
		out.Rates = append(out.Rates, sums)
	}
	rep.Requests = out
}

// lengthClasses are classes of lengths in tokens, from 0 on: those of powers of two or, if there are any, those with these lower
// bounds. They are the classes of ByLength.
type lengthClasses []int64

// of returns the class of a length.
func (l lengthClasses) of(tokens int64) int {
	if len(l) == 0 {
		return powerClass(tokens)
	}
	return boundedClass(l, tokens)
}

// bounds returns the shortest length of a class, and the shortest beyond it, math.MaxInt64 if there is none.
func (l lengthClasses) bounds(class int) (from, to int64) {
	if len(l) == 0 {
		if class == 0 {
			return 0, 1
		}
		from = 1 << (class - 1)
		if from > math.MaxInt64/2 {
			return from, math.MaxInt64
		}
		return from, 2 * from
	}
	to = math.MaxInt64
	if class > 0 {
		from = l[class-1]
	}
	if class < len(l) {
		to = l[class]
	}
	return from, to
}
