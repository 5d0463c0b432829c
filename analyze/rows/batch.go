package rows

import "hashlog/analyze"

const (
	// batchRows and batchSteps limit how many rows and steps are passed on at once.
	batchRows  = 256
	batchSteps = 1 << 14
	// batches is how many batches there are. With several, neither side waits for the other at each of them.
	batches = 4
)

// batch holds copies of rows. They share the memory of their texts, hit tokens and steps.
type batch struct {
	rows  []analyze.Row
	texts []byte
	hits  []int64
	steps []analyze.Step
}

// add copies a row. Where the shared memory must grow, earlier rows keep what they have.
func (b *batch) add(r *analyze.Row) {
	row := *r
	b.texts, row.RequestID = kept(b.texts, r.RequestID)
	b.hits, row.Hits = kept(b.hits, r.Hits)
	b.steps, row.Demand = kept(b.steps, r.Demand)
	b.rows = append(b.rows, row)
}

// kept appends values to a list, and returns the list and its copy of the values.
func kept[T any](list, values []T) (longer, copied []T) {
	n := len(list)
	longer = append(list, values...)
	return longer, longer[n:len(longer):len(longer)]
}

func (b *batch) isFull() bool { return len(b.rows) >= batchRows || len(b.steps) >= batchSteps }

// reset forgets the rows. It keeps their memory, unless a request had uncommonly many steps.
func (b *batch) reset() {
	clear(b.rows) // texts of models and sources
	b.rows, b.texts, b.hits, b.steps = b.rows[:0], b.texts[:0], b.hits[:0], b.steps[:0]
	if cap(b.steps) > 4*batchSteps {
		b.steps = nil
	}
}
