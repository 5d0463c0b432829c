// Package analyze says what a replay means: which records count, what a chunk weighs, and what the depths that package sim
// finds amount to in tokens.
//
// # What a caller does
//
//  1. Find the logs with [log.Find].
//  2. Say in [Options] which records count, how the cache behaves and what is asked: capacities, targets, a grid, windows of
//     time, tiers, an audit. The zero value replays everything through a plain LRU and asks for the curve alone.
//  3. Call [Run]. It replays the logs once and returns a [*Report].
//  4. Read the report: [Report.Curve] is exact at every capacity, [Report.Results] are the figures at those asked for,
//     [Report.Notes] and [Report.Assumptions] say what to bear in mind. [WriteJSON], [WriteCapacityCSV], [WriteRollingCSV]
//     and [WriteTiersCSV] write it, package chart draws it.
//
// Package units reads and prints capacities, durations and times; package geometry tells what a model stores for a token.
//
// # Inside
//
// A replay is three steps, each in goroutines of its own with bounded queues between them: the reader decodes, a numbering
// filters records and gives their chunks ids, and the replay asks the stack and counts.
//
// The last step takes one [request] at a time: it looks the request up, lets its touches take effect, and hands both to every
// [counter]. Each counter is a file of its own, can be merged with its like, and writes its part of the report. To count
// something more, add a counter and list it in newSums.
//
//	log.Reader → numbering → replay → request, touches → counters → Report → JSON, CSV, pictures
//
// # From a record to its demand
//
// Records come in order of time, so reading ends at Filter.Until: what lies behind is neither checked nor counted, not even
// as filtered out.
//
// A record that passes the [Filter] becomes a request: its chunks' cache keys, and the bytes that each chunk takes. A key is a
// 64-bit fingerprint of model name and chunk hash. Among n unique chunks two share a fingerprint with a chance of about
// n² / 2⁶⁵, some 3 % at 10⁹ chunks, and such a collision touches only the requests that hold either key.
//
// Chunk i of a request has need_i, the size that a cache must have to hold the chunk as the request arrives. A prefix of k
// chunks hits iff max(need_1 … need_k) ≤ C, and a hit prefix of k chunks is worth min(k × chunk_size, seq_len) tokens. So
// each token of a request has a demand: it hits at that capacity and above, and at no smaller one.
//
// # The curve
//
// [Curve] sums the requests of the counted part, which is all after the warm-up, into three histograms, whose running
// sums are exact at every capacity C:
//
//   - tokens by demand give the hit tokens;
//   - tokens by need of their chunk give the tokens of resident chunks, which hit or lie behind a miss;
//   - accesses by classic stack distance give the chunk hits of a plain cache replay without the prefix rule.
//
// Missed tokens are of four kinds that add up to total − hit: tail (no hash covers them), cold (their chunk was never stored
// before the request), capacity (stored, need > C) and broken prefix (resident, but behind a miss).
//
// The token hit rate is hit tokens / total tokens; the cacheable token hit rate is hit tokens / tokens that hashes cover;
// the chunk hit rate is classic chunk hits / chunk lookups. The ceiling is the rate of an unlimited cache. A target is
// answered by reading the curve the other way.
//
// Depths count chunks and, as long as every chunk's size is known, bytes. While all sizes are equal, bytes are chunks ×
// size; the second set of histograms comes into being with the first chunk of another size.
//
// # Caches as servers run them
//
// With a store delay, the touches of a request take effect that long after its lookup, in the order of the requests
// ([Cache]). Time is that of the timestamps and never goes back: a record too late to be put in order counts as coming at the
// latest time before it. The classic figures are those of the touches as they take effect. A request's touches count if the
// request does, though they may take effect among those of others.
//
// With a TTL there is a fifth kind of miss, expired: the same cache without a TTL would hold the chunk, but its last touch
// lies too far back. A chunk that leaves the cache by its age then counts as an eviction: evictions are classic misses +
// residents before − residents after, where residents are chunks that have not expired.
//
// A cache that evicts in batches is followed at each listed capacity ([caches]), and its figures there are as exact as the
// others. The curve beneath is that of a plain LRU. If nobody lists the capacities, as for the grid of a picture, a pass with
// a plain LRU chooses them ([followed]).
//
// # Tiers
//
// Tiers are inclusive, so each is a cache of its own size: a request hits as in the largest, and each chunk of its hit prefix
// is served by the smallest tier with need ≤ its size ([tiers]).
//
// Tiers are written through: when a chunk of a counted request is touched, it is written to every tier that doesn't hold it
// at that moment ([tierWrites]). The touches of a request follow one another in touch order, so what counts is the classic
// distance of each. A chunk that earlier touches of its own request have evicted is written again; one that the request names
// twice, and that is still there, is not. An expired chunk is written again. So is a chunk larger than the tier: it goes in
// and flushes the tier, itself included. A tier of C is thus written as many chunks as a cache of C has classic misses:
//
//	chunks written(C) = evictions(C) + residents after(C) − residents before(C)
//
// With a store delay, a write belongs to the window in which the touch takes effect, which may lie behind the last request.
// Averages of reads and of writes are both over the windows from the first request to the last.
//
// # Parts of the log
//
// Windows of time ([Rolling]) and models are counted at a list of capacities that is known beforehand ([partCounter]). If
// none is given, these are all powers of two, so that one pass can choose afterwards.
package analyze
