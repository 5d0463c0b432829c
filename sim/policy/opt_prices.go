package policy

import (
	"context"
	"math"
)

// prices are what it costs to hold a unit of room between each two requests. For any prices ≥ 0,
//
//	room × Σ prices + Σ over intervals of max(0, weight − size × the prices of its gaps)
//
// is at least the weight of any intervals that fit, in whole or in parts: what a cache holds pays no more than the room costs,
// and the rest of each weight counts in full. The least value is the optimum of the linear relaxation (duality). The prices come
// near it in steps against the gradient: where too much is held they rise, where room is left they fall (Held, Wolfe and
// Crowder, "Validation of subgradient optimization", Mathematical Programming 6, 1974).
type prices struct {
	*Optimum
	measure
	before []float64 // by request: the prices of all gaps before it, added up
	free   []float64 // by request: room in the gap after it that the intervals with a gain leave; below 0 if there is too little
	total  float64   // size of all intervals
}

// relaxed returns a bound that the linear relaxation of a measure gives, or the given one if that is lower.
func (o *Optimum) relaxed(ctx context.Context, m measure, bound int64) (int64, error) {
	least, p, err := o.feasible(ctx, m)
	if err != nil || least == bound {
		return bound, err
	}
	if p == nil {
		p = newPrices(o, m)
		if _, err := p.flat(ctx); err != nil {
			return 0, err
		}
	}
	value, err := p.descend(ctx, float64(least))
	if value < float64(bound) {
		bound = int64(value)
	}
	return bound, err
}

func newPrices(o *Optimum, m measure) *prices {
	p := &prices{Optimum: o, measure: m, before: make([]float64, o.requests), free: make([]float64, o.requests)}
	for i, k := range o.kinds {
		p.total += float64(float64(k.n) * float64(m.sizes[i]))
	}
	return p
}

// value returns the value of the prices, and finds the free room. Here and below, a product that something is added to is
// converted first, so that every machine rounds it.
func (p *prices) value(ctx context.Context) (float64, error) {
	room := float64(p.room)
	sum := float64(room * p.before[p.requests-1])
	clear(p.free)
	for i := range p.requests {
		if i%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		for _, g := range p.groups[p.starts[i]:p.starts[i+1]] {
			size, weight := float64(p.sizes[g.kind]), float64(p.kinds[g.kind].weight)
			gain := weight - float64(size*(p.before[g.end]-p.before[i]))
			if size == 0 || gain <= 0 {
				continue
			}
			n := float64(g.n)
			sum += float64(n * gain)
			p.free[i] -= float64(n * size)
			p.free[g.end] += float64(n * size)
		}
	}
	p.free[0] += room
	for i := 1; i < p.requests; i++ {
		p.free[i] += p.free[i-1]
	}
	return sum, nil
}

// flat sets one price for all gaps, about the best, and returns it. The value is convex in the price, so its slope tells on
// which side the best is.
func (p *prices) flat(ctx context.Context) (price float64, err error) {
	low, high := p.densities()
	low /= float64(p.requests)
	const halvings = 12 // of the logarithm: prices may be many orders of magnitude apart
	for range halvings {
		price = math.Sqrt(low * high)
		for i := range p.before {
			p.before[i] = price * float64(i)
		}
		if _, err := p.value(ctx); err != nil {
			return 0, err
		}
		slope := 0.0
		for _, free := range p.free[:p.requests-1] {
			slope += free
		}
		if slope > 0 {
			high = price
		} else {
			low = price
		}
	}
	return price, nil
}

// densities returns the least and the greatest weight per size of the intervals.
func (p *prices) densities() (low, high float64) {
	low = math.Inf(1)
	for i, k := range p.kinds {
		if p.sizes[i] > 0 {
			density := float64(k.weight) / float64(p.sizes[i])
			low, high = min(low, density), max(high, density)
		}
	}
	return low, high
}

// Two models on one cache take about a hundred steps to come within 1 % of the least value.
const (
	steps    = 100
	momentum = 0.7   // share of the last step in the next one
	progress = 0.002 // of the distance that is left; a step that brings less is in vain
	patience = 5     // steps in vain before steps get smaller
	shrink   = 0.6
)

// descend lowers the value as far as so many steps bring it, and returns it, rounded up by all that floating point can have lost.
// least is a value that it can't fall below.
func (p *prices) descend(ctx context.Context, least float64) (float64, error) {
	n := p.requests - 1
	price, direction, best := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		price[i] = p.before[i+1] - p.before[i]
	}
	lowest, scale, vain := math.Inf(1), 1.0, 0
	for range steps {
		value, err := p.value(ctx)
		if err != nil {
			return 0, err
		}
		value += p.lost(value)
		if vain++; value < lowest {
			if lowest-value > progress*(lowest-least) {
				vain = 0
			}
			lowest = value
			copy(best, price)
		}
		if vain > patience {
			scale, vain = scale*shrink, 0
			copy(price, best)
			clear(direction)
			p.set(price)
		} else if lowest < least+1 || !p.step(price, direction, scale*(value-least)) {
			break
		}
	}
	return lowest, nil
}

// lost returns more than rounding can have taken from a value. Each of the terms has the error of the prices before its request,
// times its size; adding up the terms loses a little with each.
func (p *prices) lost(value float64) float64 {
	const epsilon = 1.0 / (1 << 52)
	return epsilon * (float64(float64(len(p.groups)+4)*value) + float64(4*p.before[p.requests-1]*p.total))
}

// step moves the prices against the gradient, as far as would lower the value by a distance if it were linear. It reports whether
// there is anywhere to go.
func (p *prices) step(price, direction []float64, distance float64) bool {
	norm := 0.0
	for i := range price {
		uphill := p.free[i]
		if uphill > 0 && price[i] == 0 {
			uphill = 0
		}
		direction[i] = float64(momentum*direction[i]) - uphill
		norm += float64(direction[i] * direction[i])
	}
	if norm == 0 {
		return false
	}
	for i := range price {
		price[i] = max(0, price[i]+float64(distance/norm*direction[i]))
	}
	p.set(price)
	return true
}

// set sets the price of each gap.
func (p *prices) set(price []float64) {
	for i, x := range price {
		p.before[i+1] = p.before[i] + x
	}
}
