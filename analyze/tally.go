package analyze

import (
	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// tally sums the requests of the counted part in the histograms of a curve.
type tally struct {
	totals   totals
	expires  bool   // whether chunks can expire
	demand   depths // tokens by demand
	need     depths // tokens by the need of their chunk
	expired  depths // tokens of expired chunks by need
	distance depths // accesses by classic stack distance

	sizes sizes // of all chunks so far
}

// depths is a histogram by depth, in both units.
type depths struct {
	chunks histogram.Dense
	// bytes is nil while all chunks have one size (bytes are then chunks × size), and if a size is unknown.
	bytes *histogram.Sparse
}

func (d *depths) add(r row) {
	d.chunks.Add(r.inChunks())
	if d.bytes != nil {
		d.bytes.Add(r.inBytes())
	}
}

func newTally(expires bool) *tally { return &tally{expires: expires, sizes: sizes{known: true}} }

func (y *tally) all() [4]*depths { return [...]*depths{&y.demand, &y.need, &y.expired, &y.distance} }

// follow starts the histograms in bytes when chunk sizes begin to differ, and drops them when a size turns out to be
// unknown.
func (y *tally) follow(now sizes) {
	switch {
	case !now.known:
		for _, d := range y.all() {
			d.bytes = nil
		}
	case now.unlike && !y.sizes.unlike:
		for _, d := range y.all() {
			d.bytes = d.chunks.Scaled(y.sizes.one)
		}
	}
	y.sizes = now
}

// spans returns how many spans the histograms in bytes hold.
func (y *tally) spans() (n int64) {
	for _, d := range y.all() {
		if d.bytes != nil {
			n += int64(d.bytes.Len())
		}
	}
	return n
}

func (y *tally) lookUp(q *request) error {
	y.follow(q.sizes)
	if !q.counted {
		return nil
	}
	for _, r := range q.demand {
		y.demand.add(r)
	}
	for _, r := range q.resident {
		y.need.add(r)
	}
	for _, r := range q.expired {
		y.expired.add(r)
	}
	y.totals.tokens += q.tokens.seqLen
	y.totals.cacheable += q.tokens.first(q.chunks)
	y.totals.coldTokens += q.cold()
	y.totals.lookups += int64(q.chunks)
	return nil
}

// touch counts the accesses that hit at some capacity.
func (y *tally) touch(t *touches) error {
	y.follow(t.sizes)
	if !t.counted {
		return nil
	}
	for _, d := range t.distances {
		if d.Chunks != sim.Never && !d.Expired {
			y.distance.add(row{need: d.Depth, n: 1, tokens: int64(d.N)})
		}
	}
	return nil
}

func (y *tally) merge(later counter) error {
	from := later.(*tally)
	y.totals.tokens += from.totals.tokens
	y.totals.cacheable += from.totals.cacheable
	y.totals.coldTokens += from.totals.coldTokens
	y.totals.lookups += from.totals.lookups
	y.follow(y.sizes.and(from.sizes))
	into, others := y.all(), from.all()
	for i, d := range into {
		d.chunks.Merge(&others[i].chunks)
		switch {
		case d.bytes == nil:
		case others[i].bytes != nil:
			d.bytes.Merge(others[i].bytes)
		default:
			d.bytes.Merge(others[i].chunks.Scaled(from.sizes.one))
		}
	}
	return nil
}

// and summarises the sizes of both sets of chunks together.
func (s sizes) and(others sizes) sizes {
	switch {
	case !s.known || !others.known:
		return sizes{}
	case s == sizes{known: true}: // no chunk
		return others
	case others == sizes{known: true} || s == others:
		return s
	}
	return sizes{known: true, unlike: true}
}

// report sets the report's curve.
func (y *tally) report(rep *Report, end *ending) { rep.Curve = end.curve }

// curves returns the curve in chunks and the one in bytes; the latter is meaningless if a size is unknown. size is the
// common size of all chunks; 0 if there is none.
func (y *tally) curves(size int64) (chunks, bytes *Curve) {
	chunks = &Curve{Unit: units.Chunks, ChunkBytes: size, totals: y.totals, expires: y.expires,
		demand: &y.demand.chunks, need: &y.need.chunks, expired: &y.expired.chunks, distance: &y.distance.chunks}
	if size > 0 && y.demand.bytes == nil {
		scaled := *chunks
		scaled.Unit = units.Bytes
		return chunks, &scaled
	}
	bytes = &Curve{Unit: units.Bytes, totals: y.totals, expires: y.expires}
	for i, h := range [...]*histogram.Histogram{&bytes.demand, &bytes.need, &bytes.expired, &bytes.distance} {
		*h = &histogram.Sparse{} // no chunk at all, or an unknown size; then nobody reads this curve
		if d := y.all()[i]; d.bytes != nil {
			*h = d.bytes
		}
	}
	return chunks, bytes
}
