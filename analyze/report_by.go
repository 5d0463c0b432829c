package analyze

import (
	"cmp"
	"encoding/json"
	"slices"

	"hashlog/analyze/units"
)

// Breakdown holds a division for each dimension of Options.By. Its JSON form is the list of all their classes.
type Breakdown []*Division

// Division is the counted part of a log, divided into the classes of one dimension: every request is in one class, so the
// figures of all classes add up to those of the whole. Classes without requests are left out. Those of ByModel have
// the order of Input.Models, those of BySource that in which the sources were given, and behind them those that records name, as they came; all others rise.
type Division struct {
	Dimension Dimension

	sums     *dimensionTally
	numbers  []int // of the classes
	listed   partCounter
	results  []capacityOf // those of Report.Results
	grid     []capacityOf // those of Report.Table
	template Curve        // of each class, but for totals and sums

	read []Class // from JSON; all else is unknown then
}

// capacityOf is a capacity, as it was asked for and in both units.
type capacityOf struct {
	units.Capacity
	Size
}

// Class holds the figures of one class of requests. All classes use the cache together.
type Class struct {
	Dimension Dimension `json:"dimension"`
	// Name is the name of the model, the source or the salt ("" for none); the range of lengths (in tokens) or turns, such as "4096-8191", "1" or
	// "32768+"; or the hour, "00" to "23". Times that no calendar has are "unknown".
	Name             string `json:"class"`
	Requests         int64  `json:"requests"`
	TotalTokens      int64  `json:"total_tokens"`
	CeilingHitTokens *int64 `json:"ceiling_hit_tokens"` // of an unlimited cache; nil if that is unknown
	// Results are the figures at the capacities of Report.Results, in their order.
	Results []ClassResult `json:"results"`
}

// ClassResult holds what a class hits in a cache of one capacity that all classes use.
type ClassResult struct {
	// Unknown says that a summary has not counted classes at this capacity. All but the capacity means nothing then, and is null in JSON.
	Unknown        bool   `json:"-"`
	CapacityBytes  *int64 `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`

	HitTokens    int64      `json:"hit_tokens"`
	TokenHitRate float64    `json:"token_hit_rate"`
	MissTokens   MissTokens `json:"miss_tokens"`
}

// newDivision returns the classes of a dimension. The report holds the results and the table.
func newDivision(y *byTally, d *dimensionTally, rep *Report, end *ending) *Division {
	out := &Division{Dimension: d.Dimension, sums: d, listed: y.listed, template: *end.curve}
	for number := range d.classes {
		if d.classes[number].requests > 0 {
			out.numbers = append(out.numbers, number)
		}
	}
	switch d.Dimension {
	case BySalt:
		slices.SortFunc(out.numbers, func(a, b int) int { return cmp.Compare(d.name(a), d.name(b)) })
	case BySource:
		place := make(map[string]int)
		for i, arg := range end.sources {
			place[arg] = i - len(end.sources)
		}
		slices.SortStableFunc(out.numbers, func(a, b int) int { return cmp.Compare(place[d.name(a)], place[d.name(b)]) })
	}
	for i, c := range end.opts.Capacities {
		r := &rep.Results[i]
		out.results = append(out.results, capacityOf{c, Size{r.CapacityBytes, r.CapacityChunks}})
	}
	if t := rep.Table; t != nil {
		for i, c := range t.listed() {
			out.grid = append(out.grid, capacityOf{c, t.Sizes[i]})
		}
	}
	return out
}

// Len returns the number of classes.
func (d *Division) Len() int { return len(d.numbers) + len(d.read) }

// Class returns the figures of class i, 0 ≤ i < Len(). They are computed on demand, since there may be very many classes.
func (d *Division) Class(i int) Class {
	if d.read != nil {
		return d.read[i]
	}
	c := d.class(i)
	var ceiling *int64
	if !d.template.bounded() {
		ceiling = &c.ceiling
	}
	return Class{Dimension: d.Dimension, Name: d.sums.name(d.numbers[i]), Requests: c.requests, TotalTokens: c.totals.tokens,
		CeilingHitTokens: ceiling, Results: d.atListed(c, d.results)}
}

// Table returns the figures of class i at the capacities of Report.Table.
func (d *Division) Table(i int) []ClassResult {
	c := d.class(i)
	if c.depths == nil {
		return d.atListed(c, d.grid)
	}
	at := make([]int64, len(d.grid))
	for j, g := range d.grid {
		at[j] = g.N
	}
	out := make([]ClassResult, len(d.grid))
	for j, f := range d.curve(c).Table(at) {
		out[j] = classResult(d.grid[j].Size, f)
	}
	return out
}

// Exact reports whether HitTokens works: not in a report of a summary, which knows classes at some capacities alone, nor without a table.
func (d *Division) Exact() bool { return d.Len() == 0 || d.read == nil && d.class(0).depths != nil }

// HitTokens returns the hit tokens of class i at any capacities, in the unit of Report.Curve. It works if Exact does.
func (d *Division) HitTokens(i int, capacities []int64) []int64 {
	return d.curve(d.class(i)).hitTokens(capacities)
}

// Largest returns the classes with the most tokens, at most n of them, the largest first. If there are no more than n classes
// in all, they keep their order.
func (d *Division) Largest(n int) []int {
	out := make([]int, d.Len())
	for i := range out {
		out[i] = i
	}
	if len(out) <= n {
		return out
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return cmp.Compare(d.class(b).totals.tokens, d.class(a).totals.tokens)
	})
	return out[:n]
}

func (d *Division) class(i int) *classSums { return &d.sums.classes[d.numbers[i]] }

// atListed returns the figures of a class at capacities that were fixed before the replay.
func (d *Division) atListed(c *classSums, capacities []capacityOf) []ClassResult {
	out := make([]ClassResult, len(capacities))
	curve := d.template
	curve.totals = c.totals
	for i, at := range capacities {
		counted, ok := d.listed.counted(at.Capacity, curve.ChunkBytes)
		if ok {
			out[i] = classResult(at.Size, curve.figures(tokensAt(d.listed, &c.listed, counted)))
		} else {
			out[i] = ClassResult{Unknown: true, CapacityBytes: at.Bytes, CapacityChunks: at.Chunks, MissTokens: curve.figures([quantities]int64{}).Miss}
		}
	}
	return out
}

// curve returns the exact curve of a class, which has no classic figures.
func (d *Division) curve(c *classSums) *Curve {
	curve := d.template
	curve.totals = c.totals
	curve.sums = c.depths.histograms(&curve)
	return &curve
}

func classResult(size Size, f Figures) ClassResult {
	return ClassResult{CapacityBytes: size.Bytes, CapacityChunks: size.Chunks,
		HitTokens: f.HitTokens, TokenHitRate: f.TokenHitRate(), MissTokens: f.Miss}
}

// MarshalJSON returns the list of all classes.
func (b Breakdown) MarshalJSON() ([]byte, error) {
	classes := make([]Class, b.len())
	for i := range classes {
		classes[i] = b.class(i)
	}
	return asJSON(classes, "", "")
}

// UnmarshalJSON reads the list of all classes. Of the divisions, only Len and Class work then.
func (b *Breakdown) UnmarshalJSON(text []byte) error {
	var classes []Class
	if err := json.Unmarshal(text, &classes); err != nil {
		return err
	}
	*b = nil
	for _, c := range classes {
		if n := len(*b); n == 0 || (*b)[n-1].Dimension != c.Dimension {
			*b = append(*b, &Division{Dimension: c.Dimension})
		}
		d := (*b)[len(*b)-1]
		d.read = append(d.read, c)
	}
	return nil
}

// len returns the number of classes of all divisions.
func (b Breakdown) len() (n int) {
	for _, d := range b {
		n += d.Len()
	}
	return n
}

// class returns a class of all divisions.
func (b Breakdown) class(i int) Class {
	for _, d := range b {
		if i < d.Len() {
			return d.Class(i)
		}
		i -= d.Len()
	}
	panic("analyze: no such class")
}
