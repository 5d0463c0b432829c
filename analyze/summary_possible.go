package analyze

import (
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// leftOver is how much of what a summary's input has is not counted anywhere else. It bounds what can be counted later.
type leftOver struct {
	requests                 int64
	tokens, lookups, touches int64 // of counted requests
}

// leftFor returns how much of the input is left for deferred requests.
func (s *sums) leftFor() leftOver {
	in, counted := &s.input.sum, &s.tally.totals
	return leftOver{in.Requests, in.TotalTokens - counted.tokens, in.ChunkLookups - counted.lookups, in.ChunkLookups - counted.touches}
}

// take takes a deferred request of so many chunks away. It reports whether there was as much.
func (l *leftOver) take(q *deferredRequest, chunks int) bool {
	l.requests--
	if q.counted {
		l.tokens -= q.seqLen
		l.lookups -= int64(chunks)
		l.touches -= int64(q.brings)
	}
	return min(l.requests, l.tokens, l.lookups, l.touches) >= 0
}

// The histograms of a file may take so many bytes, whatever its length, and so many for each of its bytes. Real ones take some 200 for each;
// single hits far apart, each on a page of its own, some 600.
const (
	freeForDepths    = 256 << 20 // for hits up to a depth of 1.4 × 10⁹ chunks
	perByteForDepths = 1 << 10
)

// checkDepths requires that no sum is of a hit deeper than a number of chunks, and that the file is long enough for the memory that the
// sums take for each depth once they are used. The number alone does not do: caches beside one another have no keys that bear it out.
func (f *SummaryFile) checkDepths(chunks int64) {
	if f.opts.bounded() && f.opts.MaxCapacity.Unit == units.Bytes {
		chunks = 1024*chunks + 1<<16 // there may have been more of smaller chunks
	}
	if deepest := f.s.replay.sums.deepest(); deepest > chunks {
		f.r.Fail("hits at a depth of %d chunks, of %d chunks", deepest, chunks)
		return
	}
	if bytes := f.s.replay.sums.tally.chunks.Memory(); bytes > freeForDepths+perByteForDepths*f.r.Read() {
		f.r.Fail("histograms that take %d bytes of memory, in a file of so few", bytes)
	}
}

// possible reports whether a request fits to the summary, to so many chunks that are known before it, and to those that it may bring.
func (f *SummaryFile) possible(q *deferredRequest, known, keys int) bool {
	chunks, _ := countRuns(q.runs)
	aged := 0
	for _, a := range q.ages {
		aged += a.N
	}
	if f.opts.TTLs != nil {
		aged -= chunks
	}
	switch r := f.s.replay; {
	case q.now < f.now, q.now > r.told, q.counted && r.before != nil && q.now < r.before.now:
		return false
	case q.brings > keys, int(q.model) >= len(r.sums.names.list), int(q.arg) >= max(len(f.head.Args), 1), int(q.salt) >= max(len(f.head.Salts), 1), aged != 0:
		return false
	case slices.ContainsFunc(q.runs, func(run sim.Run) bool { return !f.possibleRun(run, known) }):
		return false
	}
	f.now = q.now
	return f.left.take(q, chunks)
}

// possibleRun reports whether a run fits to the summary, and to so many chunks that are known before it.
func (f *SummaryFile) possibleRun(run sim.Run, known int) bool {
	all := f.s.replay.sizes
	switch {
	case run.Refused, run.Expired && f.opts.Cache.TTL == 0:
		return false
	case run.Need.Chunks == sim.Never:
		return !run.Expired
	case max(run.Need.Chunks, run.NeedAt(run.N-1).Chunks) > int64(known):
		return false
	case !all.known:
		return true
	case all.unlike:
		return run.Need.Bytes != sim.Never
	}
	return run.Size == all.one && run.Need.Bytes == run.Need.Chunks*run.Size
}

// checkSizes requires that the sizes of the chunks are among those that the summary has met.
func (f *SummaryFile) checkSizes() {
	r := f.s.replay
	switch chunks := sizesOf(r.node.stack); {
	case r.sizes.and(chunks) != r.sizes:
		f.r.Fail("chunk sizes %v, which are not among %v", chunks, r.sizes)
	case r.inBytes != nil && !r.sizes.known:
		f.r.Fail("chunks of unknown size, and a capacity of %s", r.inBytes)
	}
}
