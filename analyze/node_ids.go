package analyze

import (
	"slices"

	"hashlog/sim"
)

// nodeIDs numbers the chunks of one node in order of first sight, as a [sim.Index] of the node alone would. It knows chunks by the ids
// that they have in the whole fleet. These follow one another within a request on every node, so a node keeps spans of them instead of
// a table of keys.
type nodeIDs struct {
	pages map[uint32]uint32 // the latest span of fleetPage consecutive ids, by id / fleetPage
	spans []idSpan          // in the order of the node's ids; the first one is none
	n     uint32            // ids so far
}

// fleetPage is how many ids of the fleet have their spans in one list.
const fleetPage = 64

// idSpan is chunks of one page with consecutive ids on both sides.
type idSpan struct {
	fleet, node uint32 // the first id in the fleet and on the node
	n           uint32
	before      uint32 // the span of the page before it; 0 if there is none
}

func newNodeIDs() *nodeIDs { return &nodeIDs{pages: make(map[uint32]uint32), spans: make([]idSpan, 1)} }

// number appends to rows the ids on the node of chunks given by their ids in the fleet.
func (x *nodeIDs) number(fleet, rows []sim.Row) []sim.Row {
	for _, of := range fleet {
		for of.N > 0 {
			page := of.First / fleetPage
			latest := x.pages[page]
			for of.N > 0 && of.First/fleetPage == page {
				id, n, known := x.find(latest, of)
				if !known {
					id, latest = x.add(page, latest, of.First, n)
				}
				rows = appendRow(rows, sim.Row{First: id, N: n})
				of.First, of.N = of.First+uint32(n), of.N-n
			}
		}
	}
	return rows
}

// known appends to rows the ids of the leading chunks that the node has seen.
func (x *nodeIDs) known(fleet, rows []sim.Row) []sim.Row {
	for _, of := range fleet {
		for of.N > 0 {
			id, n, known := x.find(x.pages[of.First/fleetPage], of)
			if !known {
				return rows
			}
			rows = appendRow(rows, sim.Row{First: id, N: n})
			of.First, of.N = of.First+uint32(n), of.N-n
		}
	}
	return rows
}

// find looks for the first chunk of a row in the spans of its page. n is for how many chunks the answer holds; they are of that page. If
// they are known, id is the first one's.
func (x *nodeIDs) find(latest uint32, of sim.Row) (id uint32, n int, known bool) {
	n = min(of.N, fleetPage-int(of.First%fleetPage))
	for at := latest; at != 0; {
		s := &x.spans[at]
		if into := of.First - s.fleet; into < s.n { // false if the span begins later
			return s.node + into, min(n, int(s.n-into)), true
		}
		if s.fleet > of.First {
			n = min(n, int(s.fleet-of.First))
		}
		at = s.before
	}
	return 0, n, false
}

// add gives the next ids to n chunks of a page, and returns the first one and the latest span of the page.
func (x *nodeIDs) add(page, latest, first uint32, n int) (id, span uint32) {
	id, x.n = x.n, x.n+uint32(n)
	if s := &x.spans[latest]; latest != 0 && s.fleet+s.n == first && s.node+s.n == id {
		s.n += uint32(n)
		return id, latest
	}
	span = uint32(len(x.spans))
	x.spans = append(x.spans, idSpan{first, id, uint32(n), latest})
	x.pages[page] = span
	return id, span
}

// inFleet returns the span of an id of the node. hint is a span that it may be in.
func (x *nodeIDs) inFleet(id uint32, hint idSpan) idSpan {
	if id-hint.node < hint.n {
		return hint
	}
	at, found := slices.BinarySearchFunc(x.spans[1:], id, func(s idSpan, id uint32) int {
		switch {
		case s.node > id:
			return 1
		case s.node+s.n <= id:
			return -1
		}
		return 0
	})
	if !found {
		panic("analyze: a node has no such id")
	}
	return x.spans[1+at]
}

// appendRow appends a row, which it joins with the last one if their ids follow one another.
func appendRow(rows []sim.Row, r sim.Row) []sim.Row {
	if last := len(rows) - 1; last >= 0 && rows[last].First+uint32(rows[last].N) == r.First {
		rows[last].N += r.N
		return rows
	}
	return append(rows, r)
}
