// Package policy replays a log that is held in memory through caches of one capacity: those that keep no LRU stack, such as
// FIFO, SIEVE or ARC, and those that do, for comparison. It also bounds what any cache could do that knows the future.
//
// # How to use it
//
//  1. [Trace.Add] takes the requests of a log, whose chunks a [sim.Index] has numbered.
//  2. [Trace.Admit] may keep chunks out until they have been asked for a number of times.
//  3. [Parse] makes the [Spec] of a cache; [LRU] and [Batched] make those of package sim. [All] describes what there is.
//  4. [Trace.Replay] replays the trace through one cache of one capacity. Any number of replays may run at the same time.
//  5. [NewLive] makes a cache that follows a log as it is read.
//  6. [NewOptimum] prepares the bounds on the optimum, [Optimum.Feasible] and [Optimum.Bound] give them at a capacity. They
//     know no [Trace.Admit]: an optimal cache admits what it likes. How they work is said in opt.go.
//
// # What a replay is
//
// The rules are those of package sim. A request first looks up its chunks. Its hit prefix of k chunks, the leading ones that
// are all resident in the cache as the request before left it, is worth min(k × Unit, Limit). Then it touches every chunk, one
// after the other in touch order. A touch is a hit or a miss of its own, which counts as a chunk hit or not, and the cache
// does with it what its paper says. So a chunk may come and go within a request.
//
//   - Room is made before a chunk is inserted, so the cache never exceeds its capacity.
//   - A chunk larger than the capacity is not admitted. Nothing is evicted for it, and the cache learns nothing from it.
//   - lru departs from the second rule as the stack does: such a chunk flushes it, and counts as inserted and evicted.
//   - batched departs from both as [sim.Batched] does: it inserts all chunks of a request, then evicts.
//   - redis, valkey and redis-lfu depart from both as the servers do: they insert a chunk, then evict while more than the capacity is
//     in use. A chunk larger than the capacity flushes them.
//   - With [Trace.Admit] a chunk is touched only from its n-th request on. Until then it is looked up and never found.
//
// Under a warm-up only requests with Counted set count. What is inserted and evicted counts by the request whose touches do it.
//
// # Capacities
//
// A capacity is a number of chunks, or of bytes with every chunk at the size of its first sight. Queues within a cache are
// measured in the same unit; the files of s3fifo and arc say how their papers, which count pages, are read in bytes. If all
// chunks have one size, a capacity in bytes is that of the whole chunks that fit into it, for every cache but batched, whose
// watermark is a part of the bytes, and those of servers whose allocators take more than a chunk has. The capacity math.MaxInt64 is
// unlimited.
//
// # Memory
//
// A trace takes what [Trace] says. A replay takes for each unique chunk of the trace, resident or not,
//
//	lru, batched, fifo, sieve, arc   9 bytes: a place, and two links in a queue
//	s3fifo                           10: and a number of hits
//	memcached, memcached-flat        17: and a time in seconds
//	redis, valkey, redis-lfu         9: and the next in its bucket, and its last use; 4 to 8 for each resident chunk
//	random                           1, and 4 for each resident chunk
//	radix                            25: and the last touch, the parent, and how many chunks extend it
//
// [Optimum] says what the optimum takes.
//
// State is in flat arrays by id. Requests repeat earlier ones and ids are numbered in order of first sight, so a request reads
// and writes memory mostly front to back.
//
// # How it is tested
//
// Every cache has a twin in plain_test.go, plain_redis_test.go or memcached_plain_test.go, written from the paper or the server's source with slices and maps.
// The tests compare what both hold after each request and what they have counted, on random traces in both touch orders and units; they
// follow examples worked out by hand; they compare lru with the one pass of [sim.Stack] and batched with [sim.Batched], to the last
// token; and they compare the caches of servers with what servers measured on a real trace (server_test.go). The bounds on
// the optimum have plain twins too, in opt_plain_test.go and opt_plain_caches_test.go. On tiny traces they are held to the
// best of all that a cache could do, and no cache exceeds the upper one.
package policy
