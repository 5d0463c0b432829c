package workload_test

import (
	"fmt"

	"hashlog/sim/workload"
)

func Example() {
	g, err := workload.New(workload.Options{Requests: 5, Users: 1, Turns: 4, SystemTokens: 1000, TurnTokens: 200, HashBytes: 8})
	if err != nil {
		fmt.Println(err)
		return
	}
	var r workload.Request
	for g.Next(&r) {
		last := len(r.Hashes) - 1
		fmt.Printf("%.6f conversation %d, turn %d: %d tokens, chunk %d is %x\n",
			r.Timestamp, r.Conversation, r.Turn, r.SeqLen, last, r.Hashes[last])
	}
	fmt.Printf("%.0f %% of the chunks had been looked up before\n", 100*g.Stats().Reuse())
	// Output:
	// 1704067200.309385 conversation 0, turn 1: 1570 tokens, chunk 5 is 437fc249f64cb7b1
	// 1704067200.334344 conversation 0, turn 2: 1687 tokens, chunk 5 is 437fc249f64cb7b1
	// 1704067201.158320 conversation 0, turn 3: 1754 tokens, chunk 5 is 437fc249f64cb7b1
	// 1704067201.284766 conversation 0, turn 4: 1835 tokens, chunk 6 is 5fb68555c11b6f5e
	// 1704067202.000655 conversation 1, turn 1: 1563 tokens, chunk 5 is 2c54b974f0e30f52
	// 58 % of the chunks had been looked up before
}
