package job

import (
	"cmp"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// row compares caches in which each node has one capacity.
type row struct {
	capacity      units.Capacity
	nodes         int
	bytes, chunks *int64 // of a node; nil if unknown or unlimited

	total        int64  // tokens
	apart        int64  // hit tokens of nodes with caches of their own
	sameTotal    *int64 // hit tokens of one pool of the capacity of all nodes; nil if it is too large to be known
	sameCapacity *int64 // hit tokens of one pool of the capacity of a node; nil likewise
}

// compare reads both summaries, and compares them at the steps of a grid and at the capacities listed.
func (j *Job) compare(ctx context.Context, pool, fleet Piece) ([]row, *Met, error) {
	nodes, err := j.read(ctx, fleet.File)
	if err != nil {
		return nil, nil, err
	}
	asked, err := capacities(nodes)
	if err != nil {
		return nil, nil, err
	}
	apart, err := report(nodes, asked, nil)
	if err != nil {
		return nil, nil, err
	}
	whole, err := j.read(ctx, pool.File)
	if err != nil {
		return nil, nil, err
	}
	met, err := report(whole, nil, nil) // whose notes are about the logs, not about capacities
	if err != nil {
		return nil, nil, err
	}
	rows, err := j.rows(asked, apart, whole)
	return rows, newMet(met.Log, met.Notes), err
}

// rows compares nodes apart, of the capacities asked, with the pool.
func (j *Job) rows(asked []units.Capacity, apart *analyze.Report, pool *analyze.Summary) ([]row, error) {
	totals, same := j.pools(asked, len(j.plan.Nodes), apart.Curve), j.pools(asked, 1, apart.Curve)
	of, err := report(pool, slices.Concat(known(totals), known(same)), nil)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(asked))
	sameTotal, sameCapacity := hits(of.Results, totals), hits(of.Results[len(known(totals)):], same)
	for i, capacity := range asked {
		a := &apart.Results[i]
		rows[i] = row{capacity, len(j.plan.Nodes), a.CapacityBytes, a.CapacityChunks, a.TotalTokens, a.HitTokens, sameTotal[i], sameCapacity[i]}
	}
	return rows, nil
}

// hits returns the hit tokens at each of some capacities, from the results at those that are known. They are nil at the others.
func hits(results []analyze.Result, at []*units.Capacity) []*int64 {
	tokens := make([]*int64, len(at))
	for i, c := range at {
		if c != nil {
			tokens[i], results = &results[0].HitTokens, results[1:]
		}
	}
	return tokens
}

// report reports figures of a summary.
func report(s *analyze.Summary, capacities []units.Capacity, grid *analyze.GridOptions) (*analyze.Report, error) {
	o, err := s.Settings().Options()
	if err != nil {
		return nil, err
	}
	o.Capacities, o.Grid, o.Rolling = capacities, grid, nil
	return s.Report(*o)
}

// capacities returns those of a node to compare at, rising.
func capacities(nodes *analyze.Summary) ([]units.Capacity, error) {
	r, err := report(nodes, nil, &analyze.GridOptions{})
	if err != nil {
		return nil, err
	}
	o, err := nodes.Settings().Options()
	if err != nil {
		return nil, err
	}
	asked := o.Capacities
	for _, n := range r.Table.Capacities {
		asked = append(asked, units.Capacity{N: n, Unit: r.Table.Unit})
	}
	slices.SortFunc(asked, func(a, b units.Capacity) int { return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.N, b.N)) })
	return slices.Compact(asked), nil
}

// pools returns the capacities of so many nodes together. They are nil where a pool so large is unknown.
func (j *Job) pools(of []units.Capacity, nodes int, curve *analyze.Curve) []*units.Capacity {
	pools := make([]*units.Capacity, len(of))
	for i, c := range of {
		if all, ok := times(c, nodes); ok && within(all, j.plan.Settings.MaxPool, curve.ChunkBytes) {
			pools[i] = &all
		}
	}
	return pools
}

// within reports whether a capacity is known to be at most another, which has no bound if it is zero. chunk is the size of every chunk
// in bytes, 0 if they are unlike or unknown.
func within(c, most units.Capacity, chunk int64) bool {
	switch {
	case most == units.Capacity{} || most.Unit == units.Unlimited:
		return true
	case c.Unit == most.Unit:
		return c.N <= most.N
	case c.Unit == units.Chunks && chunk > 0:
		return c.N <= most.N/chunk
	case c.Unit == units.Bytes && chunk > 0:
		return c.N/chunk <= most.N
	}
	return false
}

func known(capacities []*units.Capacity) (some []units.Capacity) {
	for _, c := range capacities {
		if c != nil {
			some = append(some, *c)
		}
	}
	return some
}

// writeTable writes a header and one row per capacity. Rates are fractions; an unknown number is an empty cell.
func writeTable(w io.Writer, rows []row) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"capacity_bytes", "capacity_chunks", "nodes", "total_tokens", "apart_hit_tokens", "apart_token_hit_rate",
		"pooled_same_total_hit_tokens", "pooled_same_total_token_hit_rate", "pooled_same_capacity_hit_tokens", "pooled_same_capacity_token_hit_rate", "capacity_label"})
	for i := range rows {
		r := &rows[i]
		cells := []string{integer(r.bytes), integer(r.chunks), strconv.Itoa(r.nodes), integer(&r.total)}
		for _, hits := range []*int64{&r.apart, r.sameTotal, r.sameCapacity} {
			cells = append(cells, integer(hits), rate(hits, r.total))
		}
		_ = out.Write(append(cells, r.capacity.Label())) // Flush returns its error
	}
	out.Flush()
	return out.Error()
}

func integer(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func rate(part *int64, whole int64) string {
	if part == nil {
		return ""
	}
	return strconv.FormatFloat(analyze.Rate(*part, whole), 'f', -1, 64)
}
