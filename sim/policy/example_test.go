package policy_test

import (
	"context"
	"fmt"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// Documents are read once each between the turns of a conversation. LRU forgets its beginning, SIEVE does not.
func ExampleTrace_Replay() {
	var trace policy.Trace
	index := sim.NewIndex()
	add := func(keys ...sim.Key) {
		rows, err := index.Number(keys, nil)
		if err != nil {
			panic(err)
		}
		trace.Add(policy.Request{Rows: rows, Unit: 256, Limit: int64(256 * len(keys)), Counted: true})
	}
	add(1, 2)
	add(1, 2, 3)
	add(10, 11, 12)
	add(1, 2, 3, 4)
	add(20, 21, 22)
	add(1, 2, 3, 4, 5)

	sieve, err := policy.Parse("sieve")
	if err != nil {
		panic(err)
	}
	for _, cache := range []policy.Spec{policy.LRU(), sieve} {
		result, err := trace.Replay(context.Background(), cache, policy.Capacity{N: 4}, sim.HeadFirst)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s hits %d tokens and evicts %d chunks\n", cache, result.Hit, result.Evictions)
	}
	// Output:
	// lru hits 512 tokens and evicts 14 chunks
	// sieve hits 1536 tokens and evicts 10 chunks
}
