// Package measured reads the hit rates that a server counted, as windows of tokens. [Read] takes files and returns a [Series].
//
// # What is read
//
// A file is one of two things, and its first character tells which:
//
//   - a CSV with the columns time, hit_tokens and requested_tokens: one row each time that somebody looked (csv.go);
//   - answers of Prometheus' /api/v1/query_range: the counters of hits and of requests, of any number of servers, in one
//     answer, in a list of answers, one answer after another, or in several files (prometheus.go).
//
// The counters of a CSV are the user's own. Those of Prometheus have names, and [Metrics] says what each pair counts and which of
// our hit rates it is.
//
// # From counters to windows
//
// A counter grows, and begins again at 0 when its server does. What it counted between two readings is their difference,
// or the later reading if that is smaller (counter.go). Prometheus' increase() reads counters the same way, except that it
// extrapolates to the edges of its range:
//
//	growth(a, b) = value(b) − value(a)   if value(b) ≥ value(a)
//	               value(b)              otherwise: the server started again in between
//
// The growth of each counter is taken first, and the sums over all counters then make the windows (windows.go). A window lies
// between two successive times at which both hits and requests were read. If some counter was not read at a time in between, what
// it counted before and after that time is unknown, so the windows on both sides become one. No token is divided by a guess.
// Prometheus repeats a last reading for five minutes, so values that stand still before such a gap belong to it.
//
// A value that falls too often, or not far enough, isn't a counter that began again: a gauge is refused.
package measured
