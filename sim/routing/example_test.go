package routing_test

import (
	"fmt"

	"hashlog/sim/routing"
)

func Example() {
	r, err := routing.Parse("prefix:2")
	if err != nil {
		panic(err)
	}
	router := r.New(4, routing.Settings{})
	first := router.Route(&routing.Request{Keys: []uint64{10, 11, 12}}, nil)
	longer := router.Route(&routing.Request{Keys: []uint64{10, 11, 20, 21}}, nil)
	fmt.Println(r, first == longer, r.CacheAware())

	_, err = routing.Parse("prefix")
	fmt.Println(err)
	// Output:
	// prefix:2 true false
	// routing "prefix": must be prefix:K with a number of chunks, such as prefix:2
}
