package policy

// The clairvoyant optimum.
//
// An optimal cache knows the future. After each request it keeps any selection of what it held and of the request's own
// chunks, as long as it fits. Its hits are the most that any cache can have, whatever it evicts or refuses to admit. They are
// hard to compute under the prefix rule, so Optimum gives two values that enclose them:
//
//	Feasible ≤ optimum ≤ Bound ≤ ceiling
//
// # Intervals
//
// For each counted request and each distinct chunk that the request has before its first never-seen chunk there is one
// interval: from the last request that touched the chunk, anywhere in it, to this one. Its weight is what all those places of
// the chunk are worth: place k is worth min((k+1) × Unit, Limit) − min(k × Unit, Limit). All weights add up to the ceiling,
// the hits of an unlimited cache.
//
// # Why the bound holds
//
// Take any cache, and call an interval covered if the cache holds its chunk from the request where it starts to the one where
// it ends.
//
//   - A chunk gets into a cache only when a request has it. So if a chunk is resident as a request arrives, its interval is
//     covered. A hit prefix is worth the sum of its places, and each of them belongs to a resident chunk. So a cache's hits are
//     at most the weight of its covered intervals. (Nothing behind a never-seen chunk can hit.)
//   - Between two requests a cache holds at most C chunks. So nowhere more than C covered intervals overlap. An interval covers
//     the gaps between requests: two that meet at a request don't overlap, since one chunk may go as the other comes. The
//     intervals of one chunk never overlap.
//
// So the hits are at most the weight of the heaviest set of intervals of which nowhere more than C overlap. With one weight the
// heaviest set is the largest. That is the scheduling of intervals on C machines, which a greedy sweep solves: take the
// intervals in order of their starts, and whenever more than C overlap drop the one that ends last (Faigle and Nawijn, "Note
// on scheduling intervals on-line", Discrete Applied Mathematics 58, 1995; Carlisle and Lloyd, "On the k-coloring of
// intervals", Discrete Applied Mathematics 59, 1995). For a cache whose requests are single chunks this is the rule of Belady
// ("A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966).
//
// Different weights w₁ < w₂ < … are cut into layers (w₀ = 0): a set of intervals weighs Σⱼ (wⱼ − wⱼ₋₁) × its intervals of weight
// ≥ wⱼ, and these are at most as many as the sweep over all intervals of weight ≥ wⱼ finds:
//
//	Bound = Σⱼ (wⱼ − wⱼ₋₁) × F(j),   F(j) = the most intervals of weight ≥ wⱼ of which nowhere more than C overlap
//
// # Unlike sizes
//
// If sizes differ, a capacity in bytes excludes the intervals of chunks that don't fit alone. Three bounds hold for the rest, and
// Bound is the lowest:
//
//   - At most ⌊C / the smallest size⌋ intervals overlap.
//   - A cache that may hold any part of a chunk, and gets that part of its worth, hits no less. There, an interval of weight w and
//     size s is s intervals of one byte with weight w/s each, at most C of which overlap, in layers of w/s.
//   - The optimum of this relaxation itself, a linear program, is approached from above with prices of room (opt_prices.go).
//
// All sizes are divided by their greatest common divisor first, and so is C, rounded down. With equal sizes, bytes thus give the
// figures of chunks.
//
// # Why the replay is feasible
//
// Feasible sweeps over all intervals at once. It drops from the request that ends last, there the deepest place first, and counts
// for each request the prefix of which everything is left (opt_replay.go). This is a cache: what it holds always fits, and an
// interval that is neither refused as it starts nor dropped later is a chunk that is resident as the request arrives.
//
// If hashes are chained, weights equal and sizes equal, it equals the bound, since what the sweep leaves of a request is always
// a prefix. Suppose chunk x of request u is dropped at t. The deeper chunks of u whose intervals have started are dropped before
// x. A deeper chunk y whose interval has not started is touched after t, before u. With chained hashes the request that touches y
// has x as well. So the interval of x to u has not started at t either, and can't be dropped there.
//
// If chunks are of unlike worth or size, Feasible also tries a cache that drops from the request that gains least: its worth per
// size, less what the room costs until then, at one price for the whole trace.

import "context"

// Optimum encloses the hits of an optimal cache that knows the future, for one trace at any capacity. It is made with NewOptimum
// and safe for concurrent use.
//
// It takes 20 bytes for each group of consecutive chunks of a request that were last touched together, and 12 bytes for each
// request. In logs of conversations requests have a few groups each; a group is at least one lookup that an unlimited cache hits.
type Optimum struct {
	requests int
	groups   []group  // in order of their starts
	starts   []uint32 // by request: where its groups begin in groups; one more at the end
	ended    []uint32 // indices of groups, in order of the requests where they end and of their places there
	ends     []uint32 // by request: where its groups begin in ended; one more at the end
	valued   []uint32 // by request: how many leading chunks an unlimited cache hits and gets worth for; 0 if not counted

	kinds   []intervals // all there are
	unit    int64       // greatest common divisor of the sizes of kinds; 0 if one is unknown
	trace   *Trace
	ceiling int64
}

// NewOptimum prepares the bounds on a trace, which must not change any more. While it runs it needs another 4 bytes for each
// unique chunk. The error is that of ctx, or [ErrTooManyIntervals].
func NewOptimum(ctx context.Context, t *Trace) (*Optimum, error) {
	o := &Optimum{requests: len(t.requests), trace: t}
	if err := o.findIntervals(ctx); err != nil {
		return nil, err
	}
	for i, k := range o.kinds {
		if i == 0 || o.unit > 0 {
			o.unit = divisor(o.unit, k.size)
		}
	}
	return o, nil
}

// divisor returns the greatest common divisor of a and b, 0 if b is 0.
func divisor(a, b int64) int64 {
	if b == 0 {
		return 0
	}
	for a != 0 {
		a, b = b%a, a
	}
	return b
}

// Bound returns what no cache of a capacity can exceed, in the unit of Request.Limit: the hits in counted requests. The error is
// that of ctx, or [ErrSizesUnknown].
//
// A call takes a sweep over all groups for each different weight, and 8 bytes for each request while it runs. If weights are
// many, it makes fewer sweeps (opt_layers.go): the value may then be larger than the sum above, but no cache exceeds it either.
// With a capacity in bytes and unlike sizes it takes some 130 passes, and 60 bytes for each request. That bound is approached in
// steps, so the bound of a larger capacity may be a trifle lower.
func (o *Optimum) Bound(ctx context.Context, c Capacity) (int64, error) {
	if trivial, err := o.isTrivial(c); trivial || err != nil {
		return o.ceiling, err
	}
	m := o.measureOf(c)
	if m.isUniform() {
		return o.layered(ctx, m, o.mostSweeps())
	}
	bound, err := o.layered(ctx, m.inSmallest(), o.mostSweeps())
	if err != nil || !o.addsUp(m) {
		return bound, err
	}
	layered, err := o.layered(ctx, m, o.mostSweeps())
	if err != nil {
		return 0, err
	}
	return o.relaxed(ctx, m, min(bound, layered))
}

// Feasible returns hits that a cache of a capacity can have if it knows the future, in the unit of Request.Limit: those in
// counted requests. The error is that of ctx, or [ErrSizesUnknown].
//
// A call takes a pass over all groups, and 16 bytes for each request while it runs. If chunks are of unlike worth or size, it
// takes some 15 passes and 60 bytes for each request.
func (o *Optimum) Feasible(ctx context.Context, c Capacity) (int64, error) {
	if trivial, err := o.isTrivial(c); trivial || err != nil {
		return o.ceiling, err
	}
	hits, _, err := o.feasible(ctx, o.measureOf(c))
	return hits, err
}

// isTrivial reports whether the ceiling is all there is to find at a capacity.
func (o *Optimum) isTrivial(c Capacity) (bool, error) {
	return c.isUnlimited() || len(o.groups) == 0, c.check(o.trace)
}
