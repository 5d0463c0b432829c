package analyze

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/routing"
)

// routerOfTimes is a router that keeps the times of its requests.
type routerOfTimes []float64

func (r *routerOfTimes) Route(q *routing.Request, _ routing.Fleet) int {
	*r = append(*r, q.Time)
	return 0
}

// TestDealtTimeNeverGoesBack deals a record that is too late to be sorted: it arrives at the latest time before it.
func TestDealtTimeNeverGoesBack(t *testing.T) {
	var times routerOfTimes
	r := newReplay(&Options{}, nil)
	r.dealer, r.node.ids = &dealer{router: &times}, newNodeIDs()
	b := &requests{numbered: make([]sim.Request, 5)}
	for i, at := range []float64{-5, -3, 7, 2, 8} { // the fourth is late
		b.entries = append(b.entries, log.Entry{Timestamp: at, ChunkSize: 1})
		require.NoError(t, r.addOf(b, i))
	}
	require.Equal(t, routerOfTimes{-5, -3, 7, 7, 8}, times)
}
