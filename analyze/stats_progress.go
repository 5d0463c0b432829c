package analyze

import "hashlog/analyze/units"

// progressBlocks is how many blocks of requests are kept apart, and up to twice as many.
const progressBlocks = 2000

// progress sums the tokens of requests in blocks, so that at the end the hit rate of the first requests can be told for any
// share of them: exactly while there are few requests, and to the nearest block when there are many.
type progress struct {
	counter partCounter
	size    int64 // requests of a block
	blocks  []progressBlock
}

// progressBlock are the sums of consecutive requests.
type progressBlock struct {
	requests int64
	tokens   int64
	hits     partHits
}

func newProgress(counter partCounter) *progress { return &progress{counter: counter, size: 1} }

func (p *progress) add(q *request) {
	if n := len(p.blocks); n == 0 || p.blocks[n-1].requests >= p.size {
		p.halve()
		p.blocks = append(p.blocks, progressBlock{})
	}
	b := &p.blocks[len(p.blocks)-1]
	b.requests++
	b.tokens += q.tokens.seqLen
	p.counter.add(&b.hits, q, hitTokens)
}

// halve joins each two blocks if there are too many.
func (p *progress) halve() {
	if len(p.blocks) < 2*progressBlocks {
		return
	}
	for i := range len(p.blocks) / 2 {
		into, next := &p.blocks[2*i], &p.blocks[2*i+1]
		into.requests += next.requests
		into.tokens += next.tokens
		into.hits.merge(&next.hits)
		p.blocks[i] = *into
	}
	p.blocks = p.blocks[:(len(p.blocks)+1)/2]
	p.size *= 2
}

// merge appends the blocks of later requests.
func (p *progress) merge(later *progress) {
	p.size = max(p.size, later.size)
	for _, b := range later.blocks {
		p.halve()
		copied := progressBlock{requests: b.requests, tokens: b.tokens}
		copied.hits.merge(&b.hits)
		p.blocks = append(p.blocks, copied)
	}
}

// rate returns the token hit rate of the first percent of the requests, at least one, at a capacity.
func (p *progress) rate(c units.Capacity, percent int64) float64 {
	var all int64
	for i := range p.blocks {
		all += p.blocks[i].requests
	}
	want := max(1, all/100*percent+all%100*percent/100)
	var requests, tokens, hits int64
	for i := range p.blocks {
		b := &p.blocks[i]
		if requests > 0 && requests+b.requests-want > want-requests { // the end of the block is further off
			break
		}
		requests += b.requests
		tokens += b.tokens
		hits += p.counter.tokens(&b.hits, c)
	}
	return Rate(hits, tokens)
}
