package policy

import (
	"context"
	"errors"
	"math"
)

// ErrTooManyIntervals reports a trace with more groups of intervals than there are numbers for: 2³² − 1.
var ErrTooManyIntervals = errors.New("policy: too many intervals")

// group is the intervals of consecutive places of a request that start at one request and are of one kind.
type group struct {
	end   uint32 // the request where they end
	place uint32 // of the first chunk in that request
	n     uint32
	kind  uint32 // index into Optimum.kinds
}

// kind is a weight and a size that intervals have.
type kind struct {
	weight int64 // > 0
	size   int64 // bytes, 0 if unknown
}

// intervals is how many there are of a kind.
type intervals struct {
	kind
	n int64
}

// findIntervals walks through the trace twice: first to count the groups, so that the second walk finds each its place.
func (o *Optimum) findIntervals(ctx context.Context) error {
	w := &walk{trace: o.trace, last: make([]uint32, o.trace.sizes.n)}
	kinds := kindTable{numbers: make(map[kind]uint32)}
	if err := o.countGroups(ctx, w, &kinds); err != nil {
		return err
	}
	w.seen = 0
	if err := o.placeGroups(ctx, w, &kinds); err != nil {
		return err
	}
	o.kinds = kinds.list
	return nil
}

// countGroups fills in valued, ceiling, starts and ends.
func (o *Optimum) countGroups(ctx context.Context, w *walk, kinds *kindTable) error {
	o.valued = make([]uint32, o.requests)
	o.starts, o.ends = make([]uint32, o.requests+1), make([]uint32, o.requests+1)
	groups := uint64(0)
	err := w.each(ctx, func(i int) {
		o.valued[i] = uint32(w.valued)
		o.ceiling += o.trace.requests[i].worth(w.valued)
		for _, s := range w.spans {
			o.starts[s.start]++
			kinds.list[kinds.number(s.kind)].n += int64(s.n)
		}
		o.ends[i] = uint32(len(w.spans))
		groups += uint64(len(w.spans))
	})
	if err == nil && groups > math.MaxUint32 {
		err = ErrTooManyIntervals
	}
	addUp(o.starts)
	addUp(o.ends)
	return err
}

// placeGroups fills in groups and ended.
func (o *Optimum) placeGroups(ctx context.Context, w *walk, kinds *kindTable) error {
	n := o.ends[o.requests]
	o.groups, o.ended = make([]group, n), make([]uint32, 0, n)
	next := o.starts[:o.requests] // where the next group goes; at the end that is where the groups of the next request begin
	err := w.each(ctx, func(i int) {
		for _, s := range w.spans {
			at := next[s.start]
			next[s.start]++
			o.groups[at] = group{uint32(i), s.place, s.n, kinds.number(s.kind)}
			o.ended = append(o.ended, at)
		}
	})
	copy(o.starts[1:], next)
	o.starts[0] = 0
	return err
}

// addUp replaces each number by the sum of those before it.
func addUp(numbers []uint32) {
	sum := uint32(0)
	for i, n := range numbers {
		numbers[i] = sum
		sum += n
	}
}

// kindTable numbers kinds in order of first sight.
type kindTable struct {
	list    []intervals
	numbers map[kind]uint32
	latest  uint32 // the number asked for last
}

func (t *kindTable) number(k kind) uint32 {
	if len(t.list) > 0 && t.list[t.latest].kind == k {
		return t.latest
	}
	n, ok := t.numbers[k]
	if !ok {
		n = uint32(len(t.list))
		t.list = append(t.list, intervals{kind: k})
		t.numbers[k] = n
	}
	t.latest = n
	return n
}
