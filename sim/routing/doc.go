// Package routing deals requests to the nodes of a fleet, as the routers in front of LLM servers do.
//
// [Parse] makes a [Routing] from its name, and [Routing.New] a [Router], which chooses a node for each request in the order of
// the log. [All] describes the routings, with the sources of their numbers.
//
// An oblivious router looks at the requests alone, so it deals alike whatever the caches hold, and one pass is exact at every
// capacity. A cache-aware one ([Routing.CacheAware]) also asks what each node holds, and how busy it is ([Fleet]). Its dealing
// depends on the capacity. [Loads] counts how busy the nodes are.
//
// Equal nodes are chosen between by chance. The random numbers follow from the seed, so the same requests are dealt alike again.
package routing
