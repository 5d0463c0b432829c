package chart

import (
	"math"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

type requestsCase struct {
	name   string
	report *analyze.Report
}

func (c requestsCase) picture() picture { return requestsPicture(c.report) }

// madeRequests has requests of 2^8 to 2^(8+lengths) tokens. Each capacity hits more than the one before it, and more of the long
// requests.
func madeRequests(capacities []units.Capacity, lengths int) *analyze.Report {
	r := report()
	out := &analyze.Requests{Capacities: capacities}
	n := len(capacities)
	for l := range lengths {
		row := analyze.LengthRates{From: 256 << l, To: 512 << l, Requests: int64(1000 * (l + 1)), TotalTokens: int64(1e6 * math.Exp(-math.Pow(float64(l)-3, 2)/4))}
		for i := range capacities {
			row.HitTokens = append(row.HitTokens, int64(float64(row.TotalTokens)*.9*float64(i+1)/float64(n)*(.5+.5*float64(l+1)/float64(lengths))))
		}
		out.Lengths = append(out.Lengths, row)
	}
	for i := range capacities {
		rates := make([]int64, 101)
		rates[0], rates[100] = int64(3000/(i+1)), int64(100*i)
		for class := 1; class < 101; class++ {
			rates[class] += int64(100 * math.Exp(-math.Pow(float64(class)-90*float64(i+1)/float64(n), 2)/300))
		}
		out.Rates = append(out.Rates, rates)
	}
	r.Requests = out
	return r
}

func requestsCases() []requestsCase {
	var many []units.Capacity
	for i := range 12 {
		many = append(many, units.InBytes(1<<(30+i)))
	}
	open := madeRequests(threeLines, 3)
	open.Requests.Lengths[2].To = math.MaxInt64
	open.Requests.Lengths[0] = analyze.LengthRates{From: 0, To: 1, Requests: 5, HitTokens: []int64{0, 0, 0}}
	one := report()
	one.Requests = &analyze.Requests{Capacities: sizes(1 << 30), Lengths: []analyze.LengthRates{{From: 1024, To: 2048, Requests: 1, TotalTokens: 1500, HitTokens: []int64{0}}},
		Rates: [][]int64{append([]int64{1}, make([]int64, 100)...)}}
	all := report()
	all.Requests = &analyze.Requests{Capacities: sizes(1 << 30), Lengths: []analyze.LengthRates{{From: 1, To: 2, Requests: 9, TotalTokens: 9, HitTokens: []int64{9}}},
		Rates: [][]int64{append(make([]int64, 100), 9)}}
	none := report()
	none.Requests = &analyze.Requests{Capacities: threeLines, Rates: [][]int64{make([]int64, 101), make([]int64, 101), make([]int64, 101)}}
	falling := madeRequests(sizes(1<<20, 2<<20), 3) // as a cache that evicts in batches may
	for i := range falling.Requests.Lengths {
		h := falling.Requests.Lengths[i].HitTokens
		h[0], h[1] = h[1], h[0]
	}
	return []requestsCase{
		{"typical", madeRequests(threeLines, 8)},
		{"many-capacities", madeRequests(many, 8)},
		{"many-lengths", madeRequests(threeLines, 25)},
		{"open", open},
		{"one-request", one},
		{"all-hits", all},
		{"no-tokens", none},
		{"falling", falling},
	}
}

type reuseCase struct {
	name   string
	report *analyze.Report
}

func (c reuseCase) picture() picture { return reusePicture(c.report) }

func reuseOf(reuse analyze.Reuse) *analyze.Report {
	r := report()
	r.Reuse = &reuse
	return r
}

// madeReuse has chunks whose lookups fall with their rank, and intervals around some minutes, ten classes to a factor of ten.
func madeReuse() analyze.Reuse {
	out := analyze.Reuse{FirstTokens: 3_000_000}
	for rank := 1; rank <= 300; rank++ {
		n := int64(4e5 / math.Pow(float64(rank), .9))
		out.Popularity = append(out.Popularity, analyze.Popularity{LookupsFrom: n, LookupsTo: n, Chunks: 1, Lookups: n})
	}
	for n := int64(2048); n >= 1; n /= 2 {
		chunks := int64(4e5 / float64(n*n) * 4)
		out.Popularity = append(out.Popularity, analyze.Popularity{LookupsFrom: n, LookupsTo: 2*n - 1, Chunks: chunks + 1, Lookups: n * (chunks + 1)})
	}
	for tenth := -20; tenth < 55; tenth++ {
		from := math.Pow(10, float64(tenth)/10)
		out.Intervals = append(out.Intervals, analyze.ReuseInterval{From: from, To: math.Pow(10, float64(tenth+1)/10), Tokens: int64(1e6 * math.Exp(-math.Pow(float64(tenth)-22, 2)/200))})
	}
	return out
}

func reuseCases() []reuseCase {
	one := analyze.Popularity{LookupsFrom: 1, LookupsTo: 1, Chunks: 7, Lookups: 7}
	return []reuseCase{
		{"typical", reuseOf(madeReuse())},
		{"no-reuse", reuseOf(analyze.Reuse{Popularity: []analyze.Popularity{one}, FirstTokens: 112})},
		{"no-chunks", reuseOf(analyze.Reuse{})},
		{"one-interval", reuseOf(analyze.Reuse{Popularity: []analyze.Popularity{{LookupsFrom: 9, LookupsTo: 9, Chunks: 1, Lookups: 9}},
			Intervals: []analyze.ReuseInterval{{From: 0, To: .001, Tokens: 128}}, FirstTokens: 16})},
		{"huge", reuseOf(analyze.Reuse{Popularity: []analyze.Popularity{{LookupsFrom: 1 << 40, LookupsTo: 1 << 41, Chunks: 1 << 20, Lookups: 1 << 60}, {LookupsFrom: 1, LookupsTo: 1, Chunks: 1 << 50, Lookups: 1 << 50}},
			Intervals: []analyze.ReuseInterval{{From: 1e6, To: 1.25e6, Tokens: 1 << 50}, {From: 1e9, To: 1.25e9, Tokens: 1 << 40}}, FirstTokens: 1 << 55})},
	}
}
