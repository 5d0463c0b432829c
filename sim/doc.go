// Package sim replays cache lookups through an LRU cache, at every capacity at once.
//
// It knows keys and sizes, no tokens, and of time only what it is told: a request is the keys of its chunks in prefix order,
// and what comes out is how deep in the LRU order each of them lay. Package analyze weighs that.
//
// # The model
//
// A request first looks up, then touches. Its hit prefix is the number of leading chunks that are all resident in the
// cache as the previous request left it. Then every chunk is touched, head first (chunk 0 … n−1, so that the last chunk
// ends most recent) or tail first (chunk n−1 … 0): a resident chunk is refreshed, an absent one inserted, and while the
// cache is over its capacity the least recently used chunk goes. A key keeps the size of its first sight.
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
// so a request's needs say what it hits at every capacity; m is its demand. A never-seen chunk has the need [Never].
//
// The classic figures (every chunk one access, looked up and touched one by one in touch order) come from each access's
// own stack distance: the need of its chunk at the moment of the access. Every classic miss inserts, so over a stretch
// of requests
//
//	evictions(C) = classic misses(C) + residents before(C) − residents after(C)
//
// # Caches as servers run them
//
// What servers do unlike the model still leaves one stack (the plain cache of package simtest has all of it):
//
//   - A server stores after prefill, so the touches of a request take effect later than its lookup. [Stack.LookUp] and
//     [Stack.Touch] are these two steps; in between others may look up and touch.
//   - A chunk may expire, its last touch being too long ago. All above it in the stack are younger, so the expired chunks
//     are the bottom of the stack, and need ≤ C is one of two conditions ([Stack.SetTTL], [Stack.Advance], Run.Expired).
//   - A cache may evict in batches, above a watermark ([Watermark]). What it holds still is the top of the stack, but how
//     deep it reaches now depends on its past. So each capacity needs a counter ([Batched]), and there is no demand: a
//     smaller cache may hold what a larger one has just evicted.
//
// # Runs
//
// Requests repeat earlier requests, and chunks touched one after another lie one after another in the stack. Along such
// a stretch the need changes by one chunk a step, and the classic distance not at all: touching the lower of two
// neighbours puts one chunk on top of the other and takes none away. So [Stack] answers in runs ([Run], [Distance]), and
// asks for one depth a run.
//
// # The two engines
//
// [Index] and [Stack] are the one-pass engine: the one numbers chunks in order of first sight, the other replays the
// numbers, so the two can work side by side. Package simtest has a plain cache of one capacity that follows the model, and
// policies, to the letter; the tests hold the one engine against the other, request by request.
package sim
