package analyze

import (
	"hashlog/analyze/internal/section"
)

func (in *input) tag() string { return "INPT" }

// save writes requests, tokens, cacheable tokens and lookups; the first and the last timestamp (Float); the oddities; whether a request is
// counted (bool), and the timestamp of the first one (Float) if it is. Then the number of models; for each its name (Text), requests, tokens,
// chunk size in tokens and in bytes (0: unknown or several). At last the number of models with counted requests, and their places.
func (in *input) save(w *section.Writer) {
	sum := &in.sum
	saveCounts(w, sum.Requests, sum.TotalTokens, sum.CacheableTokens, sum.ChunkLookups)
	w.Float(sum.FirstTimestamp)
	w.Float(sum.LastTimestamp)
	saveCounts(w, in.oddities.uncounted, in.oddities.surplus, in.oddities.sizeDisagrees, in.oddities.otherGeometry)
	w.Bool(in.from != nil)
	if in.from != nil {
		w.Float(*in.from)
	}
	saveCounts(w, int64(len(sum.Models)))
	for i := range sum.Models {
		m := &sum.Models[i]
		w.Text(m.Name)
		saveCounts(w, m.Requests, m.TotalTokens, orZero(m.ChunkSize), orZero(m.BytesPerChunk))
	}
	saveCounts(w, int64(len(in.counted)))
	for _, place := range in.counted {
		saveCounts(w, int64(place))
	}
}

func (in *input) load(r *section.Reader, _ *sums) {
	sum := &in.sum
	sum.Requests, sum.TotalTokens = loadCount(r, "requests"), loadCount(r, "tokens")
	sum.CacheableTokens, sum.ChunkLookups = r.UpTo(sum.TotalTokens, "cacheable tokens"), loadCount(r, "lookups")
	sum.FirstTimestamp, sum.LastTimestamp = loadTimestamp(r), loadTimestamp(r)
	if sum.FirstTimestamp > sum.LastTimestamp {
		r.Fail("timestamps from %g to %g", sum.FirstTimestamp, sum.LastTimestamp)
	}
	for _, odd := range []*int64{&in.oddities.uncounted, &in.oddities.surplus, &in.oddities.sizeDisagrees, &in.oddities.otherGeometry} {
		*odd = r.UpTo(sum.Requests, "odd requests")
	}
	if r.Bool() {
		from := loadTimestamp(r)
		in.from = &from
	}
	in.loadModels(r)
}

// loadModels reads the models, which share the requests and their tokens.
func (in *input) loadModels(r *section.Reader) {
	requests, tokens := in.sum.Requests, in.sum.TotalTokens
	loadEach(r, r.UpTo(requests, "models"), func(i int) {
		m := Model{Name: r.Text(), Requests: share(r, &requests, "requests"), TotalTokens: share(r, &tokens, "tokens"),
			ChunkSize: known(loadCount(r, "chunk size")), BytesPerChunk: known(loadCount(r, "bytes of a chunk"))}
		if in.names.find(m.Name) != i {
			r.Fail("two models of one name")
		}
		in.sum.Models = append(in.sum.Models, m)
	})
	loadEach(r, r.UpTo(int64(len(in.sum.Models)), "counted models"), func(i int) {
		in.count(int(r.UpTo(int64(len(in.sum.Models))-1, "place of a model")))
		if len(in.counted) != i+1 {
			r.Fail("a model counted twice")
		}
	})
}

func (y *tally) tag() string { return "TALL" }

// save writes the sizes, the totals, and the histograms in chunks by quantity; the same in bytes if the sizes are unlike.
func (y *tally) save(w *section.Writer) {
	y.sizes.save(w)
	y.totals.save(w)
	for what := range y.chunks.Len() {
		saveDense(w, y.chunks, what)
	}
	for _, h := range y.bytes {
		saveSparse(w, h)
	}
}

func (y *tally) load(r *section.Reader, of *sums) {
	y.sizes = loadSizes(r)
	in := &of.input.sum
	y.totals.load(r, &totals{tokens: in.TotalTokens, cacheable: in.CacheableTokens, coldTokens: in.CacheableTokens,
		notAdmittedTokens: in.CacheableTokens, lookups: in.ChunkLookups, touches: in.ChunkLookups})
	for what := range y.chunks.Len() {
		loadDense(r, y.chunks, what, y.most(quantity(what)))
	}
	if y.sizes.unlike {
		for what := range y.chunks.Len() {
			y.bytes = append(y.bytes, loadSparse(r, y.most(quantity(what))))
		}
	}
}

// most returns the largest total that a quantity can have.
func (y *tally) most(what quantity) int64 {
	if what == chunkHits {
		return y.totals.touches
	}
	return y.totals.cacheable - y.totals.coldTokens - y.totals.notAdmittedTokens
}

func (y *writeTally) tag() string { return "WRIT" }

// save writes the sizes, whether there are too many bytes (bool), the bytes touched, and the histogram in bytes if there is one.
func (y *writeTally) save(w *section.Writer) {
	y.sizes.save(w)
	w.Bool(y.tooMany)
	saveCounts(w, y.touched)
	if y.hits != nil {
		saveSparse(w, y.hits)
	}
}

func (y *writeTally) load(r *section.Reader, _ *sums) {
	y.sizes = loadSizes(r)
	y.tooMany = r.Bool()
	y.touched = loadCount(r, "bytes touched")
	if y.sizes.unlike && !y.tooMany && y.caching == nil {
		y.hits = loadSparse(r, y.touched)
	}
}

func (y *cacheTally) tag() string { return "CACH" }

// save writes, for each cache, the tokens that hit, are resident and have expired, the chunk hits, and the bytes written (Fixed64).
func (y *cacheTally) save(w *section.Writer) {
	for i := range y.sums {
		s := &y.sums[i]
		saveCounts(w, s.tokens.hit, s.tokens.resident, s.tokens.expired, s.chunkHits)
		w.Fixed64(uint64(s.written))
	}
}

func (y *cacheTally) load(r *section.Reader, of *sums) {
	t := &of.tally.totals
	for i := range y.sums {
		s := &y.sums[i]
		s.tokens.hit, s.tokens.resident = r.UpTo(t.cacheable, "hit tokens"), r.UpTo(t.cacheable, "resident tokens")
		s.tokens.expired, s.chunkHits = r.UpTo(t.cacheable, "expired tokens"), r.UpTo(t.touches, "chunk hits")
		s.written = int64(r.Fixed64())
	}
}
