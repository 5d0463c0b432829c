// Package analyze turns a replay of lookup logs into figures. It decides which records count and how large a chunk is, and
// converts the stack depths that package sim finds into tokens.
//
// # Using the package
//
//  1. Find the logs with [log.Find].
//  2. Fill in [Options]: which records count, how the cache behaves, and what to report (capacities, targets, a grid, time
//     windows, tiers, classes of requests, an audit). The zero value replays every record through a plain LRU and reports
//     the curve alone.
//  3. Call [Run]. It replays the logs once and returns a [*Report].
//  4. Read the report. [Report.Curve] is exact at every capacity, [Report.Results] holds the figures at the listed
//     capacities, and [Report.Notes] and [Report.Assumptions] say what to bear in mind. [WriteJSON], [WriteCapacityCSV],
//     [WriteRollingCSV], [WriteMissesCSV], [WriteGainCSV], [WriteTiersCSV], [WriteTTLCSV], [WriteByCSV], [WriteModelsCSV],
//     [WriteRequestsCSV], [WriteReuseCSV] and [WriteGranularityCSV] write the report; package chart draws it, and package page writes
//     it as one HTML file.
//
// A log can also be replayed in parts, or day by day: see Summaries below. Run is the short way for one that is replayed as a whole.
//
// Options.OnRow gets a [Row] for each request as it is replayed; package rows writes them as CSV or Parquet. Options.OnHits gets what it hits
// in any cache; package reconcile holds that against what servers measured. [Compare] takes
// the place of Run to compare several caches, [Fleet] to deal requests to nodes that each have a cache.
//
// Package units parses and prints capacities, durations and times. Package geometry computes how many bytes a model stores
// per token.
//
// # How a replay works
//
// A replay has three stages, each in its own goroutines, with bounded queues between them: the reader decodes records, the
// numbering filters them (reading.go) and assigns ids to their chunks, and the replay queries the stack and counts.
//
// The last stage takes one request at a time. It looks the request up, applies its touches, and passes both to every
// counter (counter.go). Each counter has its own file, can be merged with another of its kind, and writes its part of the
// report. To count something new, write a counter and list it in newSums. Where much is counted, the counters are a fourth
// stage, so that the stack doesn't wait for them (count_queue.go).
//
//	log.Reader → reading → numbering → replay → request, touches → counters → Report → JSON, CSV, pictures
//
// [Fleet] has a replay for each way to deal requests, and one numbering for all of them (tee.go). A replay deals requests to nodes, each
// with a stack of its own, whose ids follow from those of the fleet (node_ids.go).
//
// # From a record to its demand
//
// Records arrive in time order, so reading stops at Filter.Until. Later records are neither checked nor counted, not even
// as filtered.
//
// A record that passes the [Filter] becomes a request: the cache keys of its chunks and the size of each chunk in bytes. A
// key is a 64-bit fingerprint of model name, cache salt and chunk hash. The probability that any two of n unique chunks share a
// fingerprint is about n² / 2⁶⁵, some 3 % at 10⁹ chunks. A collision affects only the requests that contain either chunk.
//
// Chunk i of a request has need_i, the smallest cache size that still holds the chunk when the request arrives. A prefix of
// k chunks hits iff max(need_1 … need_k) ≤ C, and yields min(k × chunk_size, seq_len) hit tokens. Each token of a request
// therefore has a demand: the smallest capacity at which it hits. It also hits at every larger one.
//
// # The curve
//
// A [Curve] holds three histograms over the counted part of the log (everything after the warm-up). Their running sums are
// exact at every capacity C:
//
//   - tokens by demand give the hit tokens;
//   - tokens by the need of their chunk give the tokens of resident chunks, which either hit or follow a miss;
//   - accesses by classic stack distance give the chunk hits of a plain cache replay without the prefix rule.
//
// The knee is the smallest capacity from which on no doubling gains a point, a hundredth of all tokens (knee.go). A doubling that
// begins just below d gains the tokens whose demand is from d to 2d − 1, so the knee is the largest d for which these are a point.
//
// Missed tokens fall into four kinds that add up to total − hit: tail (no hash covers them), cold (their chunk was never
// stored before the request), capacity (stored, but need > C) and broken prefix (resident, but after a miss).
//
// The token hit rate is hit tokens / total tokens. The cacheable token hit rate is hit tokens / tokens covered by hashes.
// The chunk hit rate is classic chunk hits / chunk lookups. The ceiling is the token hit rate of an unlimited cache. A
// target is answered by inverting the curve.
//
// Depths count chunks and, as long as every chunk size is known, bytes too. While all sizes are equal, bytes are chunks ×
// size; the first chunk of a different size adds a second set of histograms.
//
// # Caches as servers run them
//
// With a store delay, the touches of a request take effect that long after its lookup, in request order ([Cache]). Time is
// taken from the timestamps and never goes back: a record too late to be sorted counts as arriving at the latest time seen
// before it. The classic figures are those of the touches as they take effect. The touches of a request count if the request
// does, even if they take effect among the touches of uncounted requests.
//
// A TTL adds a fifth kind of miss, expired: the same cache without a TTL would hold the chunk, but its last touch is too old.
// A chunk that leaves the cache by age counts as an eviction: evictions are classic misses + residents before − residents
// after, where residents are chunks that have not expired.
//
// With an admission (Cache.Admit), a chunk is touched only from its nth lookup on. Chunks that were looked up before, but too
// few times, are a kind of miss of their own, not admitted. Their lookups count among the chunk lookups and miss, yet they
// insert nothing: evictions are touches − chunk hits + residents before − residents after. The lookups of a chunk are those of
// all replayed requests, uncounted ones included, each once.
//
// Several TTLs ([TTLOptions]) come from one pass, beside figures without a TTL. What demand is to the capacity, the largest
// age of a prefix is to the TTL ([sim.MaxAge]): of the tokens that hit at capacity C without a TTL, those of the chunks whose
// prefix has no age above T hit with the TTL T (ttl.go).
//
// A cache that evicts in batches is simulated at each listed capacity (caches.go), and its figures there are exact too. The
// underlying curve is that of a plain LRU. If no capacities are listed, as for the grid of a picture, a pass with a plain LRU
// chooses them (followed.go). Targets are found on the grid, and another pass narrows them to 1 % (narrow.go).
//
// # Granularity
//
// With a match unit of U tokens ([MatchUnit]), a hit prefix of k chunks yields only its whole units, ⌊min(k × chunk_size, seq_len) / U⌋ × U
// tokens. A unit hits where the last of its tokens does, so its demand is that of the chunk with this token, and the curve stays exact
// (match_unit.go). The curve then sums the tokens of hit prefixes besides: those beyond whole units are missed as unaligned. Several units are
// counted beside each other on one stack (match_unit_counter.go).
//
// A replay of N consecutive chunks as one (Options.Rechunk) takes the last of them for all (rechunk.go). That is exact where each chunk
// always lies behind the same one, as chained hashes do, which the numbering checks of all chunks of the log. A replay numbers the groups for
// itself, so those with other N read the same numbering side by side (tee.go).
//
// # Tables
//
// A [Table] holds the figures at a grid of capacities. By default these are fixed steps of the logarithm, the same for every log
// (grid_steps.go). Evictions need the chunks that were resident before the counted part (residency.go), bytes written the
// sizes of classic misses (bytes_written.go).
//
// # A largest capacity
//
// With Options.MaxCapacity K, a replay forgets the chunks that no cache of that capacity holds any more (forget.go). A need only grows
// until its chunk is touched, so a chunk that is deeper than K is a miss at every capacity up to K when it comes back, as one that was
// never seen is. The replay treats both alike from the moment of their lookup (bound.go), so no figure depends on when chunks are forgotten.
// What can't be told apart then is unknown: cold and capacity misses, the ceiling, and the number of unique chunks.
//
// # Summaries
//
// A [Summary] is what a replay leaves of a stretch of a log: the sums of its counters, and the index and the stack to go on from. The options
// that it was made with are fixed ([SummarySettings]), and time windows, models and classes are counted at all powers of two, since
// nobody knows yet what will be asked (rungs.go). [Summary.Report] makes of it what [Run] makes of the logs.
//
// There are three ways to go on:
//
//   - [Summary.Then] joins it with the stretch that follows. Each was replayed as if nothing had come before ([Summarize]), so requests for
//     chunks that it had not seen are deferred (deferred.go): they are counted once a join has found what their first touches met (join.go).
//     Package sim says why that is enough.
//   - [Summary.Continue] replays logs behind it. A state ([NewState]) knows besides how far each log has been read, and keeps the touches that
//     wait and what simulated caches hold, so it may be of any cache (state.go).
//   - [Summary.Beside] adds the counts of another cache, of any time. Of both stacks only what a report needs is left (beside.go).
//
// What a stretch covers, and whether another one can follow it, is its [Span]. What the reader has met is added up too, to the last bad line
// (passed.go). A file holds all this, and is read a block at a time (summary_file.go): [Summary.ThenFile] needs no more of the later
// summary in memory than that.
//
// # Tiers
//
// Inclusive tiers each behave like a cache of its own size: a request hits as in the largest tier, and each chunk of
// its hit prefix is served by the smallest tier with need ≤ its size (tiers.go).
//
// Inclusive tiers are written through: when a chunk of a counted request is touched, it is written to every tier that does not hold it
// at that moment (tier_writes.go). The touches of a request happen one after another in touch order, so the classic distance
// of each one decides. A chunk evicted by earlier touches of the same request is written again; a chunk that the request
// names twice and that is still resident is not. An expired chunk is written again. A chunk larger than the tier is written
// every time: it flushes the tier, itself included. A tier of size C is thus written as many chunks as a cache of size C has
// classic misses:
//
//	chunks written(C) = evictions(C) + residents after(C) − residents before(C)
//
// With Mode Exclusive each chunk is in one tier, and a request hits what any of them holds. All tiers together hold the top of the
// stack, each the stretch below that of the tier before it (package sim, Exclusive). Where a tier ends is therefore known in chunks
// before each lookup, which is all that the figures need: a chunk of the hit prefix is served by the first tier that ends at its need
// or deeper. With equal sizes of b bytes the ends are the sums of ⌊capacity / b⌋. With unlike ones they are replayed, chunk by
// chunk, and depend on the order in which chunks came. Written are the chunks that enter a tier; those that enter any but the first
// were read from the one before.
//
// With a store delay, a write belongs to the window in which the touch takes effect, possibly after the last request. Average
// read and write rates both cover the windows from the first request to the last.
//
// # Caches side by side
//
// [Compare] replays caches that are no stack, the optimum among them, each at a list of capacities (compare.go). The pass over
// the logs is that of a plain LRU; it also records the requests in memory ([policy.Trace]), and the replays read them from
// there, on all processors. Bottlenecks split the misses of a cache by what would help (compare_split.go):
//
//	total − hit = (total − ceiling) + (ceiling − bound) + (bound − feasible) + (feasible − best) + (best − hit)
//	              traffic             capacity            undecided            foresight           policy
//
// # Fleets
//
// A replay has one or more nodes, each with ids and a stack of its own (node.go, node_ids.go), and passes the requests of all of
// them to the same counters. The curve of a fleet is therefore exact at every capacity of a node: tokens by demand are summed over all
// requests, whatever the node that found the demand. Memory follows the chunks that all nodes have seen.
//
// [Fleet] runs a replay for each way to deal requests, and one for the pool, side by side: one reading of the logs and one numbering
// feed them all (tee.go). An oblivious router deals alike at every capacity (dealer.go), so its curve comes from one replay. What a
// cache-aware router does depends on the capacity, so it has a replay for each listed capacity (aware.go). Package holders tells what
// each node holds.
//
// A shared tier is one more stack, which sees all requests (shared_tier.go). A chunk that it holds has a need of 0 on every node, so
// the demand of a prefix is the largest need of the chunks that the tier lacks, and the curve stays exact at every capacity of a node.
// Of the tokens that hit at C, the tier serves those of its chunks whose need on the node is above C.
//
// Misses have the kinds of their node's history. [FleetMissTokens].Elsewhere are taken out of them: the tokens from the node's own
// hit prefix to the longest hit prefix on any other node (elsewhere.go).
//
// # Parts of the log
//
// Time windows ([Rolling]) and models are counted at a list of capacities fixed before the replay (part_hits.go). If none
// are given, the list is every power of two, so that the lines can be chosen after a single pass. While all chunks have one size,
// capacities in chunks and in bytes are a single list (joint_levels.go).
//
// [Stats] and [Requests] look at single requests and chunks, likewise at a list of capacities (hit_levels.go). What hits at a
// capacity hits at all larger ones, so a hit is counted once, at the smallest capacity of the list, and a request moves from one
// class to another at each capacity at which it hits more. Values are counted in classes of a logarithm (package distribution). The
// last use of each chunk belongs to the replay, as the stack does (uses.go).
//
// Report.Heat is the same in few windows and at many capacities (heat.go): every other step of the
// default grid (heat_steps.go), of which those in the range of that grid are reported. By default it reads the rolling windows, which
// then count at these steps too.
//
// Classes of requests ([Breakdown]) are counted at the listed capacities likewise. For a [Table], whose capacities may be
// chosen after the pass, each class sums its tokens by demand and by need (by_depth.go), which gives its exact curve. The
// ceiling of a class is the sum of its demands. All counts of a request are made once and added to its class in each
// dimension, so the classes of a dimension add up to the whole.
package analyze
