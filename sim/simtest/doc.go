// Package simtest helps to test package sim and code that uses it: it has a plain cache to compare results with, and
// replays a whole request in one call.
//
//   - [LRU] is a plain cache of one capacity. It follows the model of package sim to the letter, one chunk at a time, and
//     so do the policies of servers ([Policy]). It is slow and meant to be read.
//   - [Exclusive] is the same for tiers that hold each chunk once.
//   - [Engine] replays whole requests through an Index and a Stack of package sim.
//
// A test feeds both with the same requests and compares what they say. For each request the LRU returns an [Outcome] at
// its one capacity, and the Engine returns [Steps] that hold for every capacity.
package simtest
