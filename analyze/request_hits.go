package analyze

// RequestHits is what caches of the listed capacities have of one counted request. Unlike a [Row] it knows nothing of other capacities,
// so it is there for every cache. It is valid until the next one.
type RequestHits struct {
	Timestamp       float64 // seconds since the Unix epoch
	RequestID       []byte
	SeqLen          int64   // tokens in the request
	CacheableTokens int64   // those that hashes cover
	ChunkSize       int64   // tokens in a full chunk
	Chunks          int64   // of the request
	HitTokens       []int64 // by Options.Capacities
	CachedTokens    int64   // of the request, as the server measured it; 0 unless HasCachedTokens
	HasCachedTokens bool
	Source, File    string // log.Entry has them
}

// hitsMaker makes the hits of requests.
type hitsMaker struct {
	opts *Options
	hits RequestHits // at hand
}

// newHitsMaker returns nil if nobody asks for hits.
func newHitsMaker(opts *Options) *hitsMaker {
	if opts.OnHits == nil {
		return nil
	}
	return &hitsMaker{opts: opts}
}

// lookUp hands out the hits of a counted request. cs are the caches that are simulated; nil if there are none.
func (m *hitsMaker) lookUp(q *request, cs *caches) error {
	if m == nil || !q.counted {
		return nil
	}
	h := &m.hits
	*h = RequestHits{Timestamp: q.time, RequestID: q.id, SeqLen: q.tokens.seqLen, CacheableTokens: q.totals.cacheable,
		ChunkSize: q.tokens.chunkSize, Chunks: int64(q.chunks), HitTokens: h.HitTokens[:0], CachedTokens: q.cached, HasCachedTokens: q.measured, Source: q.source.name, File: q.source.file}
	for _, c := range m.opts.Capacities {
		if cs != nil {
			h.HitTokens = append(h.HitTokens, q.found[cs.index[c]].hit)
			continue
		}
		h.HitTokens = append(h.HitTokens, hitsAt(q.demand, c))
	}
	return m.opts.OnHits(h)
}
