package sim_test

import (
	"slices"

	"hashlog/sim"
)

// plainStack is the stack as a list of keys, the most recently touched first.
type plainStack struct {
	order   sim.Order
	ttl     float64 // 0: chunks do not expire
	keys    []sim.Key
	size    map[sim.Key]int64
	last    map[sim.Key]float64 // touch
	touches map[sim.Key]int
}

func newPlainStack(order sim.Order, ttl float64) *plainStack {
	return &plainStack{order: order, ttl: ttl, size: map[sim.Key]int64{}, last: map[sim.Key]float64{}, touches: map[sim.Key]int{}}
}

// met is what the chunks of a request meet.
type met struct {
	needs   []depth   // in prefix order
	ages    []float64 // of prefixes, never-seen chunks left out
	touched []depth   // distances, in touch order
}

// depth is a need or a distance, and whether the chunk has expired.
type depth struct {
	sim.Depth
	expired bool
}

func (p *plainStack) depth(key sim.Key, now float64) depth {
	d := depth{}
	for _, above := range p.keys {
		d.Chunks++
		d.Bytes += p.size[above]
		if above == key {
			d.expired = p.expired(key, now)
			return d
		}
	}
	return depth{Depth: never}
}

func (p *plainStack) expired(key sim.Key, now float64) bool {
	return p.ttl > 0 && now-p.last[key] > p.ttl
}

// request looks up the chunks of a request, then touches them.
func (p *plainStack) request(req timed, now float64) *met {
	m, age := &met{}, 0.0
	for _, key := range req.keys {
		d := p.depth(key, now)
		if d.Chunks != sim.Never {
			age = max(age, now-p.last[key])
		} else {
			p.size[key] = req.size
		}
		m.needs = append(m.needs, d)
		m.ages = append(m.ages, age)
	}
	keys := slices.Clone(req.keys)
	if p.order == sim.TailFirst {
		slices.Reverse(keys)
	}
	for _, key := range keys {
		m.touched = append(m.touched, p.depth(key, now))
		p.touch(key, now)
	}
	return m
}

func (p *plainStack) touch(key sim.Key, now float64) {
	p.keys = slices.DeleteFunc(p.keys, func(k sim.Key) bool { return k == key })
	p.keys = slices.Insert(p.keys, 0, key)
	p.last[key] = now
	p.touches[key]++
}
