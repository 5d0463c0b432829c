package analyze

import "hashlog/analyze/units"

// maxProgressBlocks is the largest number of blocks of requests that are kept apart.
const maxProgressBlocks = 4000

// progress sums the tokens of requests in blocks, so that at the end the hit rate of the first requests can be told for any
// share of them: exactly while there are few requests, and when there are many to the end of a block, which is at most 1/2000 of
// all requests away.
type progress struct {
	counter partCounter
	size    int64 // most requests of a block
	blocks  []progressBlock
}

// progressBlock are the sums of consecutive requests.
type progressBlock struct {
	requests int64
	tokens   int64
	hits     partHits
}

func newProgress(counter partCounter) *progress { return &progress{counter: counter, size: 1} }

// add adds a request with its hit tokens.
func (p *progress) add(q *request, hits *partHits) {
	p.room(1).merge(&progressBlock{1, q.tokens.seqLen, *hits})
}

// room returns the last block if it has room for so many more requests, else a new one.
func (p *progress) room(requests int64) *progressBlock {
	if n := len(p.blocks); n > 0 && p.blocks[n-1].requests+requests <= p.size {
		return &p.blocks[n-1]
	}
	if len(p.blocks) == maxProgressBlocks {
		p.join(2 * p.size)
		return p.room(requests)
	}
	p.blocks = append(p.blocks, progressBlock{})
	return &p.blocks[len(p.blocks)-1]
}

// join joins neighbouring blocks as long as they have no more requests together than a new size.
func (p *progress) join(size int64) {
	blocks := p.blocks
	p.size, p.blocks = size, nil
	for i := range blocks {
		p.room(blocks[i].requests).merge(&blocks[i])
	}
}

func (b *progressBlock) merge(from *progressBlock) {
	b.requests += from.requests
	b.tokens += from.tokens
	b.hits.merge(&from.hits)
}

// merge appends the blocks of later requests.
func (p *progress) merge(later *progress) {
	if later.size > p.size {
		p.join(later.size)
	}
	for i := range later.blocks {
		p.room(later.blocks[i].requests).merge(&later.blocks[i])
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
