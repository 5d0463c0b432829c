// Package routing deals requests to the nodes of a fleet, as the routers in front of LLM servers do.
//
// [Parse] makes a [Routing] from its name, and [Routing.New] a [Router], which chooses a node for each request in the order of
// the log. [All] describes the routings: how they choose, the source of their rules and numbers, and what stands for what a log
// does not have.
//
// An oblivious router looks at the requests alone, so it deals alike whatever the caches hold, and one pass is exact at every
// capacity. A cache-aware one ([Routing.CacheAware]) also asks what each node holds, and how busy it is ([Fleet]). Its dealing
// depends on the capacity.
//
// # Load
//
// A log has no service times, so the load is modelled ([LoadModel]), and [Loads] counts it: call [Loads.Advance] as a request
// arrives, let the router choose, and call [Loads.Add] with what the node holds of it. A request that arrives at time t at a node
// with m tokens to compute is waiting until c and on the node until e:
//
//	c = max(t, c of the request before it on the node) + m / PrefillRate, or t without a rate
//	e = c + DecodeTime
//
// Without both, c = e = t + Window.
//
// # Chance
//
// Equal nodes are chosen between by chance. The random numbers follow from the seed, so the same requests are dealt alike again.
//
// # How it is tested
//
// Each router and the loads have a plain twin in the tests, written from the descriptions, and the tests compare them on random
// requests and fleets.
package routing
