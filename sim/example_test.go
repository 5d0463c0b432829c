package sim_test

import (
	"fmt"
	"strings"

	"hashlog/sim"
)

// A hit-rate curve: which part of the lookups would hit in a cache of 1, 2, 3 … chunks?
func Example() {
	requests := [][]sim.Key{
		{1, 2, 3},
		{1, 2, 4}, // begins like the first
		{1, 2, 3, 5},
		{6, 7},
		{1, 2, 3, 5, 8},
	}
	index, stack := sim.NewIndex(), sim.NewStack(sim.TailFirst)
	hits := make(map[int64]int) // lookups by demand, the smallest capacity at which they hit
	lookups := 0
	for _, keys := range requests {
		rows, err := index.Number(keys, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		runs, touches := stack.LookUp(rows, 0)
		demand := int64(0)
		for _, run := range runs {
			for i := range run.N {
				demand = max(demand, run.NeedAt(i).Chunks) // a chunk hits if all before it do
				hits[demand]++
			}
		}
		stack.Touch(touches)
		lookups += len(keys)
	}
	sum := 0
	for capacity := range stack.UniqueChunks() {
		sum += hits[1+capacity]
		fmt.Printf("%d chunks: %-9s %2.0f %%\n", 1+capacity, strings.Repeat("#", sum), 100*float64(sum)/float64(lookups))
	}
	// Output:
	// 1 chunks: ##        12 %
	// 2 chunks: ####      24 %
	// 3 chunks: #####     29 %
	// 4 chunks: #######   41 %
	// 5 chunks: ########  47 %
	// 6 chunks: ######### 53 %
	// 7 chunks: ######### 53 %
	// 8 chunks: ######### 53 %
}

// A cache of ten chunks that evicts half of them once it is four fifths full.
func ExampleBatched() {
	index, stack := sim.NewIndex(), sim.NewStack(sim.HeadFirst)
	cache := sim.NewBatched(10, sim.Watermark{Trigger: 0.8, Ratio: 0.5})
	for now, keys := range [][]sim.Key{{1, 2, 3, 4, 5}, {1, 2, 6, 7}, {8, 9}, {1, 2, 6}} {
		rows, err := index.Number(keys, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		runs, touches := stack.LookUp(rows, 0)
		hits := hitPrefix(runs, cache.Resident())
		distances, _ := stack.Touch(touches)
		cache.Touch(distances)
		cache.Evict(stack, float64(now))
		fmt.Printf("%d of %d chunks hit, then %d are resident\n", hits, len(keys), cache.Resident())
	}
	// Output:
	// 0 of 5 chunks hit, then 5 are resident
	// 2 of 4 chunks hit, then 7 are resident
	// 0 of 2 chunks hit, then 5 are resident
	// 0 of 3 chunks hit, then 6 are resident
}

// hitPrefix returns how many leading chunks a cache holds that is so many chunks deep.
func hitPrefix(runs []sim.Run, depth int64) (n int) {
	for _, run := range runs {
		for i := range run.N {
			if run.NeedAt(i).Chunks > depth {
				return n
			}
			n++
		}
	}
	return n
}

// The keys in the stack, the most recently touched first.
func ExampleStack_All() {
	index, stack := sim.NewIndex(), sim.NewStack(sim.HeadFirst)
	for _, keys := range [][]sim.Key{{10, 11, 12}, {10, 13}} {
		rows, err := index.Number(keys, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		_, touches := stack.LookUp(rows, 4096)
		stack.Touch(touches)
	}
	for chunk := range stack.All() {
		fmt.Println(index.Key(chunk.ID), chunk.Size, chunk.Once)
	}
	// Output:
	// 13 4096 true
	// 10 4096 false
	// 12 4096 true
	// 11 4096 true
}
