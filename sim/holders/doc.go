// Package holders tells which nodes of a fleet hold the chunks of a request, as a router that knows the caches sees them.
//
// Each node has a cache of its own, and all have one capacity. Package sim gives the figures of such a cache at every capacity,
// but a router that asks what the nodes hold deals requests by the answer, so at each capacity it deals them differently. Holders
// follows the caches of all nodes at one capacity.
//
// # How to use it
//
// The ids of chunks are those of one [sim.Index] for the whole fleet. Replay each request, in order of time:
//
//  1. [Holders.Advance] moves the time on.
//  2. [Holders.Matches] returns by node how many leading chunks of the request it holds.
//  3. [Holders.Touch] touches the chunks on the node that serves the request.
//
// With a store delay, the caller makes the touches wait, and calls Advance and Touch when they are due.
//
// [Holders.Resident] counts the chunks of a node, at any time. Calls that could only give wrong figures, such as a negative size or
// a time that goes back, panic.
//
// # The caches
//
// A node is an LRU cache as package sim defines it, in chunks or in bytes and in either touch order. It may let chunks expire some
// time after their last touch, and evict in batches ([sim.Watermark]).
//
// # How it is stored
//
// A page is 64 chunks with consecutive ids. For each page there is a list of the nodes that hold some of it, with a bit a chunk. The
// ids of a request are mostly consecutive, so Matches reads one word a page and node, not a chunk and node. After the first page it
// looks only at the nodes that hold everything so far.
//
// The LRU order of a node is a list of stretches. A stretch is chunks of one page that the node touched one after another. The order
// in a stretch is that of the ids, so a set of bits is enough, also after some of its chunks have been touched again or evicted.
//
// A stretch and a node of a page exist while they have a resident chunk. So memory follows the chunks that all nodes hold together,
// and it is far less than that where requests repeat long prefixes. Only the table of pages follows all chunks of the log, with
// 24 bytes for 64 of them.
//
// # How it is tested
//
// The tests compare each lookup, and what each node holds, with one plain cache a node (package simtest), on random traces, under
// fuzzing, and with one stack a node on longer traffic.
package holders
