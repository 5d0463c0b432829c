package policy

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
)

// With very many different weights, a bound makes fewer sweeps than there are layers: as many as visit mostVisits groups, which
// takes about a second, but at least leastSweeps. They go where they narrow the bound most, and the other F(j) are bounded from
// above: F falls with j, and by no more than there are intervals of the weights between. So what a few sweeps find is often
// exact already.
const (
	leastSweeps = 64
	mostVisits  = 1 << 27
)

// mostSweeps returns how many sweeps a bound may make.
func (o *Optimum) mostSweeps() int { return max(leastSweeps, mostVisits/len(o.groups)) }

// layer is the intervals of at least some weight, in proportion to their size.
type layer struct {
	kind        // the lightest: weight / size, in the measure's unit
	total int64 // size of all
	most  int64 // F: size of the most of which nowhere more than the capacity overlaps, or more than that
}

// layered returns the bound by layers in a measure, found with at most so many sweeps, ≥ 1.
func (o *Optimum) layered(ctx context.Context, m measure, sweeps int) (int64, error) {
	layers, rank := o.layers(m)
	if len(layers) == 1 {
		return 0, nil
	}
	s := newSweep(o, m)
	known := make([]bool, len(layers))
	known[len(layers)-1] = true // no intervals
	for next := 0; next >= 0 && sweeps > 0; sweeps-- {
		most, err := s.most(ctx, next, rank)
		if err != nil {
			return 0, err
		}
		layers[next].most, known[next] = most, true
		next = narrow(layers, known)
	}
	return worth(layers), nil
}

// layers returns the layers, the largest first, and the last layer that each kind is in, −1 for none. The last layer is empty.
func (o *Optimum) layers(m measure) (layers []layer, rank []int32) {
	var order []int
	for i := range o.kinds {
		if m.sizes[i] > 0 {
			order = append(order, i)
		}
	}
	density := func(i int) kind { return kind{o.kinds[i].weight, m.sizes[i]} }
	slices.SortFunc(order, func(a, b int) int { return compareDensity(density(a), density(b)) })
	rank = slices.Repeat([]int32{-1}, len(o.kinds))
	for n, i := range order {
		if n == 0 || compareDensity(density(order[n-1]), density(i)) != 0 {
			layers = append(layers, layer{kind: density(i)})
		}
		rank[i] = int32(len(layers) - 1)
		layers[rank[i]].total += o.kinds[i].n * m.sizes[i]
	}
	layers = append(layers, layer{kind: kind{0, 1}})
	for i := len(layers) - 2; i >= 0; i-- {
		layers[i].total += layers[i+1].total
	}
	return layers, rank
}

// compareDensity compares a.weight / a.size with b.weight / b.size.
func compareDensity(a, b kind) int {
	aHigh, aLow := bits.Mul64(uint64(a.weight), uint64(b.size))
	bHigh, bLow := bits.Mul64(uint64(b.weight), uint64(a.size))
	return cmp.Or(cmp.Compare(aHigh, bHigh), cmp.Compare(aLow, bLow))
}

// narrow bounds F in the layers between known ones from above, and returns the layer whose F would narrow the bound most, −1 if
// it is exact.
func narrow(layers []layer, known []bool) (next int) {
	next = -1
	var widest float64
	for from := 0; from < len(layers)-1; {
		to := from + 1
		for !known[to] {
			to++
		}
		if width := fill(layers[from : to+1]); width > widest {
			next, widest = (from+to)/2, width
		}
		from = to
	}
	return next
}

// fill bounds F in the layers between the first and the last of these, and returns how far the bound may be from exact.
func fill(layers []layer) (width float64) {
	first, last := layers[0], layers[len(layers)-1]
	density := first.density()
	for i := 1; i < len(layers)-1; i++ {
		l := &layers[i]
		l.most = min(first.most, last.most+l.total-last.total)
		least := max(last.most, first.most-(first.total-l.total))
		width += float64((l.density() - density) * float64(l.most-least))
		density = l.density()
	}
	return width
}

func (k kind) density() float64 { return float64(k.weight) / float64(k.size) }

// worth returns what the layers are worth, rounded down:
//
//	Σⱼ (dⱼ − dⱼ₋₁) × F(j) = Σⱼ dⱼ × (F(j) − F(j+1)),   dⱼ = weight / size
func worth(layers []layer) (sum int64) {
	var fractions float64
	for i, l := range layers[:len(layers)-1] {
		high, low := bits.Mul64(uint64(l.weight), uint64(l.most-layers[i+1].most))
		quotient, remainder := bits.Div64(high, low, uint64(l.size))
		sum += int64(quotient)
		fractions += float64(remainder) / float64(l.size)
	}
	const rounding = 1e-9 // far more than the error of fractions
	return sum + int64(float64(fractions*(1+rounding))+rounding)
}
