package analyze

import (
	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// quantity is what a curve sums by depth.
type quantity int

const (
	hitTokens      quantity = iota // tokens by demand
	residentTokens                 // tokens by the need of their chunk, hit or after a miss
	chunkHits                      // accesses by classic stack distance
	expiredTokens                  // tokens by the need of their chunk; left out, with those behind it, where chunks cannot expire
	prefixTokens                   // tokens by demand, where hitTokens are those of whole match units; left out where there is no match unit
	quantities
)

// savedQuantities are in the files of summaries, which know no match unit.
const savedQuantities = prefixTokens

// tally sums the requests of the counted part in the histograms of a curve.
type tally struct {
	totals totals
	chunks *histogram.Dense // by quantity and depth in chunks
	// bytes holds histograms by quantity and depth in bytes. It is nil while all chunks have one size (bytes are then chunks ×
	// size), and if a size is unknown.
	bytes []*histogram.Sparse
	// parts has the tokens of requests by class; nil if chunks and bytes have them themselves.
	parts *dimensionTally

	sizes sizes // of all chunks so far

	kinds missKinds
}

// missKinds are the kinds of misses that not every replay has.
type missKinds struct {
	expired     bool // chunks can expire
	notAdmitted bool // chunks may have to be looked up several times before they are stored
	unaligned   bool // there is a match unit
}

// missKinds returns the kinds of misses that a replay has.
func (o *Options) missKinds() missKinds {
	return missKinds{expired: o.Cache.TTL > 0, notAdmitted: o.Cache.Admit > 0, unaligned: o.MatchUnit != MatchUnit{}}
}

// newTally returns an empty tally. expires reports whether chunks can expire.
func newTally(expires bool) *tally { return newTallyOf(missKinds{expired: expires}) }

// newTallyOf returns an empty tally for some kinds of misses.
func newTallyOf(kinds missKinds) *tally {
	n := expiredTokens
	switch {
	case kinds.unaligned:
		n = quantities
	case kinds.expired:
		n = prefixTokens
	}
	return &tally{chunks: histogram.NewDense(int(n)), sizes: sizes{known: true}, kinds: kinds}
}

func (y *tally) add(q quantity, r row) {
	y.chunks.Add(int(q), r.inChunks())
	if y.bytes != nil {
		y.bytes[q].Add(r.inBytes())
	}
}

// follow starts the histograms in bytes when chunk sizes begin to differ, and drops them when a size turns out to be
// unknown. now may leave out chunks that were followed before.
func (y *tally) follow(now sizes) {
	now = y.sizes.and(now)
	switch {
	case !now.known:
		y.bytes = nil
	case now.unlike && !y.sizes.unlike:
		y.bytes = y.scaled()
	}
	y.sizes = now
}

// scaled returns the histograms by depth in bytes while all chunks have one size.
func (y *tally) scaled() (out []*histogram.Sparse) {
	for q := range y.chunks.Len() {
		out = append(out, y.chunks.Scaled(q, y.sizes.one))
	}
	return out
}

// spans returns how many spans the histograms in bytes hold.
func (y *tally) spans() (n int64) {
	for _, h := range y.bytes {
		n += int64(h.Len())
	}
	return n
}

func (y *tally) lookUp(q *request) error {
	y.follow(q.sizes)
	if !q.counted {
		return nil
	}
	y.totals.add(q.totals)
	if y.parts != nil {
		return nil
	}
	for what := range quantities {
		for _, r := range q.rowsOf(what) {
			y.add(what, r)
		}
	}
	return nil
}

// touch counts the accesses that hit at some capacity.
func (y *tally) touch(t *touches) error {
	y.follow(t.sizes)
	if !t.counted {
		return nil
	}
	y.totals.touches += int64(t.chunks)
	for _, d := range t.distances {
		if d.Chunks != sim.Never && !d.Expired {
			y.add(chunkHits, row{need: d.Depth, n: 1, tokens: int64(d.N)})
		}
	}
	return nil
}

func (y *tally) merge(later counter) error {
	from := later.(*tally)
	y.totals.add(from.totals)
	y.follow(from.sizes)
	y.chunks.Merge(from.chunks)
	if y.bytes != nil {
		more := from.bytes
		if more == nil {
			more = from.scaled()
		}
		for q, h := range y.bytes {
			h.Merge(more[q])
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
	y = y.whole()
	chunks = &Curve{Unit: units.Chunks, ChunkBytes: size, totals: y.totals, kinds: y.kinds}
	for _, column := range y.chunks.Columns() {
		chunks.sums = append(chunks.sums, column)
	}
	bytes = &Curve{Unit: units.Bytes, totals: y.totals, kinds: y.kinds}
	if size > 0 && y.bytes == nil {
		bytes.ChunkBytes, bytes.sums = size, chunks.sums
		return chunks, bytes
	}
	for q := range chunks.sums {
		h := &histogram.Sparse{} // no chunk at all, or an unknown size; then nobody reads this curve
		if y.bytes != nil {
			h = y.bytes[q]
		}
		bytes.sums = append(bytes.sums, h)
	}
	return chunks, bytes
}

// whole returns a tally with all tokens, those of the parts included.
func (y *tally) whole() *tally {
	if y.parts == nil {
		return y
	}
	out := &tally{totals: y.totals, chunks: histogram.NewDense(y.chunks.Len()), sizes: y.sizes, kinds: y.kinds}
	out.chunks.Merge(y.chunks)
	for _, h := range y.bytes {
		own := &histogram.Sparse{}
		own.Merge(h)
		out.bytes = append(out.bytes, own)
	}
	for i := range y.parts.classes {
		if part := y.parts.classes[i].depths; part != nil {
			part.addTo(out)
		}
	}
	return out
}
