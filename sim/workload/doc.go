// Package workload generates synthetic traffic of servers for large language models, as the lookups in their KV cache that
// they would log. It does no I/O.
//
// # How to use it
//
//  1. [New] checks the [Options] and returns a [Generator]. Requests or Duration must be given; all other options have
//     defaults.
//  2. [Generator.Models] returns the models that requests refer to, and what a chunk of each stores.
//  3. [Generator.Next] fills in one [Request] after the other, in order of time, until it returns false.
//  4. [Generator.Stats] counts what has been generated so far.
//
// # The traffic
//
// Requests arrive as a Poisson process, whose rate is constant or follows the hours of the day. Each is made by one of a
// number of users, a few of whom ask far more often than most. A user has one conversation at a time. Its first prompt is
// one of the shared system prompts, some of them far more common than others, and a first message. Every later prompt is
// the one before, the answer to it, and a new question. Lengths have an exponential distribution, and the number of turns
// has a geometric one. When a conversation is over, or its next prompt would be too long, the user starts another, perhaps
// with another system prompt and another model.
//
// A prompt is looked up by its complete chunks; the rest at its end has no hash. A prompt shorter than a chunk takes part in
// its conversation, but it is not looked up, so Next does not return it.
//
// # Reuse
//
// Let a turn add d tokens on average, system prompts have S tokens, conversations m turns, and chunks c tokens, half of
// which are lost at the end of each prompt. With a geometric number of turns a conversation looks up mS + m²d − mc/2 tokens
// in chunks, and md of them are new. So the share of chunks that were looked up before, which an unlimited cache hits, is
//
//	1 − 1/x,  x = m + S/d − c/2d,  or x = m without system prompts
//
// [Options].Reuse is turned into m, S and d by this formula. The traffic meets it to a few hundredths, unless prompts keep
// reaching the limit of length or are hardly longer than a chunk.
//
// # Hashes
//
// Equal prefixes have equal hashes, and a hash stands for its whole prefix, as in a hash chain: a chunk's hash is derived
// from the system prompt that it is part of, or else from its conversation, and from its place there. A generator remembers
// only the live conversations, some fifty bytes a user, however many requests it makes.
//
// # The same on every machine
//
// Equal options give equal requests, to the last bit, on every processor. So everything is drawn and added up in integers.
// Some processors fuse a floating point multiplication and an addition into one operation with one rounding, and the
// results of math.Log and math.Pow are not specified to the last bit: neither is used.
package workload
