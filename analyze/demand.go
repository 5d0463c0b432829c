package analyze

import (
	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// row is a series of needs that rise by one chunk each, all with the same number of tokens.
type row struct {
	need   sim.Depth // the smallest
	size   int64     // bytes of a chunk, by which the need rises
	n      int64     // number of needs, ≥ 1
	tokens int64     // of each need
}

func (r row) inChunks() histogram.Span {
	return histogram.Span{Lo: r.need.Chunks, Step: 1, N: r.n, Weight: r.tokens}
}

func (r row) inBytes() histogram.Span {
	return histogram.Span{Lo: r.need.Bytes, Step: r.size, N: r.n, Weight: r.tokens}
}

// needAt returns need i of the row, 0 ≤ i < n.
func (r row) needAt(i int64) sim.Depth {
	d := r.need
	d.Chunks += i
	if d.Bytes != sim.Never {
		d.Bytes += i * r.size
	}
	return d
}

// rows appends to dst the needs of chunks i to n−1 of a run, with their tokens. first is the index, within the request, of
// the run's first chunk.
func (t tokens) rows(dst []row, run sim.Run, first, i, n int) []row {
	if run.Step == 0 { // one need
		if all := t.between(first+i, first+n); all > 0 {
			dst = append(dst, row{need: run.Need, size: run.Size, n: 1, tokens: all})
		}
		return dst
	}
	full := t.full(first+i, first+n)
	if full > 0 {
		lowest := i
		if run.Step < 0 {
			lowest = i + full - 1
		}
		dst = append(dst, row{need: run.NeedAt(lowest), size: run.Size, n: int64(full), tokens: t.chunkSize})
	}
	if i += full; i < n {
		if rest := t.between(first+i, first+n); rest > 0 {
			dst = append(dst, row{need: run.NeedAt(i), size: run.Size, n: 1, tokens: rest})
		}
	}
	return dst
}

// demand appends to dst the tokens of a request by demand, leaving out tokens that hit at no capacity. The demand of a
// chunk's tokens is the largest need up to and including the chunk's own: it stays level while needs fall, and follows them
// when they rise above it.
func (t tokens) demand(dst []row, runs []sim.Run) []row {
	var deepest sim.Depth
	first := 0
	for _, run := range runs {
		if run.Need.Chunks == sim.Never || run.Expired {
			break
		}
		level := run.N // chunks that need no more than those before them
		if run.Step > 0 {
			level = int(max(0, min(deepest.Chunks-run.Need.Chunks+1, int64(run.N))))
		} else if run.Need.Chunks > deepest.Chunks {
			deepest = run.Need
		}
		if n := t.between(first, first+level); n > 0 {
			dst = append(dst, row{need: deepest, n: 1, tokens: n})
		}
		if level < run.N {
			dst = t.rows(dst, run, first, level, run.N)
			deepest = run.NeedAt(run.N - 1)
		}
		first += run.N
	}
	return dst
}

// upTo returns the tokens of the rows whose needs are at most depth chunks.
func upTo(rows []row, depth int64) (tokens int64) {
	for i := range rows {
		tokens += rows[i].inChunks().UpTo(depth) * rows[i].tokens
	}
	return tokens
}

// hitsAt returns the tokens of a demand that hit in a plain LRU of a capacity.
func hitsAt(demand []row, c units.Capacity) (tokens int64) {
	if c.Unit != units.Bytes {
		return upTo(demand, c.Limit())
	}
	for i := range demand {
		tokens += demand[i].inBytes().UpTo(c.N) * demand[i].tokens
	}
	return tokens
}
