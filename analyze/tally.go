package analyze

import "hashlog/sim"

// tally sums the demands and distances of the counted requests into histograms.
type tally struct {
	totals totals
	chunks depths
	// bytes is nil while all chunks have one size, when it would be chunks × size, and where a size is unknown.
	bytes *depths
}

// add counts a request. stairs are its demand.
func (y *tally) add(t tokens, steps sim.Steps, stairs []stair) {
	for _, s := range stairs {
		y.chunks.demand.add(s.demand.Chunks, s.tokens)
		if y.bytes != nil {
			y.bytes.demand.add(s.demand.Bytes, s.tokens)
		}
	}
	chunks := 0
	for _, run := range steps.Runs {
		y.addNeeds(t, chunks, run)
		chunks += run.N
	}
	for _, d := range steps.Distances {
		if d.Chunks == sim.Never {
			continue
		}
		y.chunks.distance.add(d.Chunks, int64(d.N))
		if y.bytes != nil {
			y.bytes.distance.add(d.Bytes, int64(d.N))
		}
	}
	y.totals.requests++
	y.totals.tokens += t.seqLen
	y.totals.cacheable += t.first(chunks)
	y.totals.lookups += int64(chunks)
}

// addNeeds counts the tokens of a run, which begins with chunk first, by need.
func (y *tally) addNeeds(t tokens, first int, run sim.Run) {
	if run.Need.Chunks == sim.Never {
		y.totals.coldTokens += t.first(first+run.N) - t.first(first)
		return
	}
	for i := range run.N {
		n := t.of(first + i)
		if n == 0 {
			return
		}
		need := run.NeedAt(i)
		y.chunks.need.add(need.Chunks, n)
		if y.bytes != nil {
			y.bytes.need.add(need.Bytes, n)
		}
	}
}

// curves returns the curve in chunks and, where every size is known, the one in bytes. size is the one size of all
// chunks, or 0.
func (y *tally) curves(size int64) (chunks, bytes *Curve) {
	chunks = y.chunks.curve(Chunks, 1, y.totals)
	switch {
	case y.bytes != nil:
		bytes = y.bytes.curve(Bytes, 1, y.totals)
	case size > 0:
		scaled := *chunks
		scaled.Unit, scaled.scale, scaled.ChunkBytes = Bytes, size, size
		bytes = &scaled
		chunks.ChunkBytes = size
	}
	return chunks, bytes
}
