package analyze

import (
	"hashlog/analyze/units"
	"hashlog/sim"
)

// tally sums the requests of the counted part into the histograms that a curve is made of.
type tally struct {
	totals   totals
	expires  bool   // chunks can expire
	demand   depths // tokens by the capacity from which on they hit
	need     depths // tokens by the need of their chunk
	expired  depths // tokens of expired chunks by need
	distance depths // accesses by classic distance
	resident []row  // needs of the request at hand, but for the expired chunks
	old      []row  // needs of those
}

// totals are what a curve's figures are parts of.
type totals struct {
	tokens     int64
	cacheable  int64 // tokens covered by hashes
	coldTokens int64
	lookups    int64 // chunks
}

// depths is a histogram by depth in both units.
type depths struct {
	chunks dense
	// bytes is nil while all chunks have one size, when it would be chunks × size, and where a size is unknown.
	bytes *sparse
}

func (d *depths) add(r row) {
	d.chunks.add(r.inChunks())
	if d.bytes != nil {
		d.bytes.add(r.inBytes())
	}
}

func (y *tally) all() [4]*depths { return [...]*depths{&y.demand, &y.need, &y.expired, &y.distance} }

// countBytes counts bytes apart from now on. So far all chunks had the given size.
func (y *tally) countBytes(size int64) {
	for _, d := range y.all() {
		d.bytes = d.chunks.scaled(size)
	}
}

// spans returns how many spans the histograms in bytes hold.
func (y *tally) spans() (n int64) {
	for _, d := range y.all() {
		if d.bytes != nil {
			n += int64(len(d.bytes.spans))
		}
	}
	return n
}

// dropBytes counts bytes no more.
func (y *tally) dropBytes() {
	for _, d := range y.all() {
		d.bytes = nil
	}
}

// add counts a request, whose demand is at hand.
func (y *tally) add(t tokens, runs []sim.Run, demand []row) {
	for _, r := range demand {
		y.demand.add(r)
	}
	chunks := 0
	y.resident, y.old = y.resident[:0], y.old[:0]
	for _, run := range runs {
		y.addNeeds(t, chunks, run)
		chunks += run.N
	}
	for _, r := range y.resident {
		y.need.add(r)
	}
	for _, r := range y.old {
		y.expired.add(r)
	}
	y.totals.tokens += t.seqLen
	y.totals.cacheable += t.first(chunks)
	y.totals.lookups += int64(chunks)
}

// addNeeds counts the tokens of a run, which begins with chunk first of its request, by need.
func (y *tally) addNeeds(t tokens, first int, run sim.Run) {
	switch {
	case run.Need.Chunks == sim.Never:
		y.totals.coldTokens += t.between(first, first+run.N)
	case run.Expired:
		y.old = t.rows(y.old, run, first, 0, run.N)
	default:
		y.resident = t.rows(y.resident, run, first, 0, run.N)
	}
}

// addDistances counts the accesses of a request that hit from some capacity on.
func (y *tally) addDistances(distances []sim.Distance) {
	for _, d := range distances {
		if d.Chunks != sim.Never && !d.Expired {
			y.distance.add(row{need: d.Depth, n: 1, tokens: int64(d.N)})
		}
	}
}

// curves returns the curve in chunks and, where every size is known, the one in bytes, else nil. size is the one size of
// all chunks, or 0.
func (y *tally) curves(size int64) (chunks, bytes *Curve) {
	chunks = &Curve{Unit: units.Chunks, ChunkBytes: size, totals: y.totals, expires: y.expires,
		demand: &y.demand.chunks, need: &y.need.chunks, expired: &y.expired.chunks, distance: &y.distance.chunks}
	switch {
	case y.demand.bytes != nil:
		bytes = &Curve{Unit: units.Bytes, totals: y.totals, expires: y.expires, demand: y.demand.bytes, need: y.need.bytes, expired: y.expired.bytes, distance: y.distance.bytes}
	case size > 0:
		scaled := *chunks
		scaled.Unit = units.Bytes
		bytes = &scaled
	}
	return chunks, bytes
}
