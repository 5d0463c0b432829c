package analyze

import (
	"fmt"
	"hashlog/sim"
)

// OrderName returns the name of a touch order, as ParseTouchOrder parses it.
func OrderName(o sim.Order) string {
	if o == sim.TailFirst {
		return "tail"
	}
	return "head"
}

// ParseTouchOrder parses "head" or "tail".
func ParseTouchOrder(s string) (sim.Order, error) {
	for _, o := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		if s == OrderName(o) {
			return o, nil
		}
	}
	return 0, fmt.Errorf("touch order %q: must be head or tail", s)
}
