package holders_test

import (
	"fmt"

	"hashlog/sim"
	"hashlog/sim/holders"
)

// Two nodes of four chunks each serve three requests, each on the node that holds the longest prefix of it.
func Example() {
	index := sim.NewIndex()
	nodes := holders.New(holders.Options{Nodes: 2, Capacity: 4})
	for _, request := range []struct {
		node int
		keys []sim.Key
	}{
		{0, []sim.Key{11, 12, 13}},
		{1, []sim.Key{21, 22}},
		{0, []sim.Key{11, 12, 14}},
	} {
		rows, err := index.Number(request.keys, nil)
		if err != nil {
			panic(err)
		}
		fmt.Println(nodes.Matches(rows))
		nodes.Touch(request.node, rows, 1<<20)
	}
	fmt.Println("resident:", nodes.Resident(0), nodes.Resident(1))
	// Output:
	// [0 0]
	// [0 0]
	// [2 0]
	// resident: 4 2
}
