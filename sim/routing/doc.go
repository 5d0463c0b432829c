// Package routing deals requests to the nodes of a fleet, as the routers in front of LLM servers do.
//
// A [Routing] is parsed from its name and makes a [Router], which chooses a node for each request in the order of the log. An
// oblivious router looks at the request alone, so it deals alike whatever the caches hold. A cache-aware one also asks what each
// node holds, and how busy it is ([Fleet]).
package routing
