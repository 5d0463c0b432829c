// Package policy replays caches that are no LRU stack, each at one capacity, from a log that is held in memory ([Trace]).
package policy
