// Package workload makes up traffic as servers of large language models see it: what they would log of every lookup in
// their KV cache. It knows nothing of files.
//
// # The traffic
//
// Requests arrive as a Poisson process, its rate constant or following the hours of a day. Each is made by one of a
// number of users, a few of whom ask far more often than most. A user has one conversation at a time. Its first prompt is
// one of the shared system prompts, some of them far more common than others, and a first message; every later prompt is
// the one before, the answer to it, and a new question. Lengths have an exponential distribution, and the number of turns
// has a geometric one. When a conversation is over, or the next prompt would be too long, the user starts another,
// perhaps on another system prompt and with another model.
//
// A prompt is looked up by its complete chunks; what is left at its end has no hash. A prompt shorter than a chunk takes
// place, and its conversation goes on, but it is not looked up, so it is not seen here either.
//
// # How much is asked for again
//
// Let a turn add d tokens on average, system prompts have S tokens, conversations m turns, and chunks c tokens, of which
// half are lost at the end of each prompt. With a geometric number of turns a conversation asks for mS + m²d − mc/2 tokens
// in chunks, of which md are new. So the share of chunks that were asked for before, which an unlimited cache hits, is
//
//	1 − 1/x,  x = m + S/d − c/2d,  or x = m without system prompts
//
// and [Options].Reuse is turned into m, S and d by this. It comes true to a few hundredths; not where prompts keep reaching
// the limit of length, or are hardly longer than a chunk.
//
// # Hashes
//
// Equal prefixes have equal hashes, and a hash stands for its whole prefix, as in a hash chain: a chunk's hash is
// derived from the system prompt, or else the conversation, that it ends in, and its place there. Nothing is remembered
// but the live conversations, some fifty bytes a user, however many requests are made.
//
// # The same on every machine
//
// Equal options give equal requests, to the last bit, whatever the processor. So everything is drawn and added up in
// integers. Floating point multiplications and additions may be fused into one operation with one rounding on some
// processors, and math.Log or math.Pow have no result that is specified to the last bit: neither is used.
package workload
