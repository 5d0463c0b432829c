// Package sim replays cache lookups through an LRU cache, at every capacity at once.
//
// A request is the keys of its chunks in prefix order. For each chunk the package tells how large a cache must be to hold
// it as the request arrives. Package analyze turns this into hit rates of tokens.
//
// # How to use it
//
// Replay each request, in order of time, in four steps:
//
//  1. [Index.Number] turns its keys into ids. This step may run ahead of the others in a goroutine of its own.
//  2. [Stack.LookUp] returns what each chunk needs, as runs of chunks ([Run]).
//  3. [Stack.Touch] moves the chunks to the top of the stack, at once or after further lookups, and returns the stack
//     distance of each touch ([Distance]).
//  4. The caller sums: chunks by need, hit prefixes by demand, touches by distance. The running total of such a sum up to C
//     is the exact figure of a cache of capacity C. The example draws a hit-rate curve in this way.
//
// Some caches need more. One that admits chunks late takes a call of [Stack.SetAdmission] at the start. One with a TTL takes a
// call of [Stack.SetTTL] at the start, and [Stack.Advance] whenever the time moves on; with [Stack.KeepAges] instead,
// [Stack.MaxAges] tells what hits at every TTL. One that evicts in batches is a [Batched] beside the stack, one for each
// capacity; tiers that hold each chunk once are an [Exclusive].
//
// The state can be read at any time: [Stack.Resident] and its like count chunks, [Stack.All] walks them from the most to
// the least recently touched, and [Index.Key] gives the key of an id. A stack can be made again from what there is to read:
// see [Stack.Learn], [Stack.Reorder] and [Stack.Await]. Calls that could only give wrong figures, such as a
// negative size or a time that goes back, panic.
//
// # The model
//
// A request first looks up its chunks, then touches them. Its hit prefix is the number of leading chunks that are all
// resident in the cache as the previous request left it. Then it touches every chunk, head first (chunk 0 … n−1, so the
// last chunk ends most recent) or tail first (chunk n−1 … 0). A touch refreshes a chunk that is resident and inserts one
// that is absent; while the cache is over its capacity, the least recently used chunk is evicted. A key keeps the size that
// it was first seen with.
//
// # One pass, every capacity
//
// LRU keeps its keys in one order, the stack, whatever its capacity (Mattson, Gecsei, Slutz and Traiger, "Evaluation
// techniques for storage hierarchies", IBM Systems Journal 9(2), 1970). A chunk's need is its own size plus the sizes of
// all chunks touched more recently, and it is resident at capacity C iff need ≤ C. With needs taken as the request
// arrives, a prefix of k chunks hits iff
//
//	m_k = max(need_1 … need_k) ≤ C
//
// so the needs of a request tell what it hits at every capacity; m_k is the demand of its chunk k. A chunk that was never
// seen has the need [Never].
//
// The classic figures, in which every chunk is one access, looked up and touched in touch order, come from the stack
// distance of each access: the need of its chunk at the moment of the access. Every classic miss inserts, so over a stretch
// of requests
//
//	evictions(C) = classic misses(C) + residents before(C) − residents after(C)
//
// # Caches as servers run them
//
// Servers depart from the model in four ways, and each leaves one stack:
//
//   - A server stores chunks after prefill, so the touches of a request take effect later than its lookup. Other requests may
//     look up and touch between [Stack.LookUp] and [Stack.Touch].
//   - A chunk may be touched only from its nth lookup on, as caches on flash do against wear ([Stack.SetAdmission]). Chunks
//     that were never touched are in no cache (Run.Refused).
//   - A chunk may expire some time after its last touch. All chunks above it in the stack are younger, so the expired chunks
//     are the bottom of the stack. A chunk is resident iff need ≤ C and it has not expired (Run.Expired). So one pass gives
//     every TTL too: a prefix of k chunks hits iff m_k ≤ C and the largest age of its chunks is at most the TTL ([MaxAge]).
//   - A cache may evict in batches, above a watermark ([Watermark]). It still holds the top of the stack, but how deep it
//     reaches depends on its past. So each capacity needs a counter ([Batched]), and demand has no meaning: a smaller cache
//     may hold a chunk that a larger one has just evicted.
//
// Exclusive tiers are one stack too ([Exclusive]): what falls out of a tier is less recent than what it keeps, and more recent than what
// the next one holds. Where chunks have unlike sizes, the depth at which one tier ends and the next begins depends on the past.
//
// # Runs
//
// Requests repeat earlier requests, and chunks that were touched one after another are neighbours in the stack. Along such
// a stretch the need changes by one chunk a step. The classic distance does not change at all: touching the lower of two
// neighbours puts one chunk on top of the other and takes none away. So [Stack] answers in runs, and computes one depth
// a run.
//
// # Memory for a capacity
//
// What lies deeper than K is in no cache of up to K. So whoever asks for no larger cache can forget it, and start to forget when half as
// many chunks again are held ([Stack.Keep], [Index.Keep]). Memory then follows K, not the log. A forgotten chunk that comes
// back is like a new one, so nobody knows any more how many unique chunks there are, and which misses a larger cache would
// have hit.
//
// # Parts of a log
//
// A stretch of a log that is replayed apart is right about every chunk that it has touched before, since nothing older lies above it.
// What it does not know is what its first touches met. These alone, replayed in their order through the index and the
// stack of what came before, as ordinary lookups and touches, tell it:
//
//  1. For each request with chunks that were never seen, look up these, as often as the request has them. What they need is what they
//     would have needed in one replay of both stretches. If they were never seen here either, something still earlier may have seen them.
//  2. Touch each of them once, where touch order comes to it first ([Touches.WithRows]). The further touches of a chunk in
//     the same request are known already.
//  3. At the end put the chunks of the stretch, which are now on top, into the order that they have at its end
//     ([Stack.Reorder]).
//
// The result is the index and the stack of one replay. With a K, first touches matter only until K chunks have been touched, or chunks
// of K bytes ([Stack.Reaching]): whatever came before lies deeper from then on. TestMergeEqualsPlainStack does all this.
//
// # How it is tested
//
// Package simtest has a plain cache of one capacity that follows the model, and the policies of servers, to the letter.
// The tests compare it with the one-pass engine, request by request.
package sim
