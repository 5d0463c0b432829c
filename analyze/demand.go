package analyze

import (
	"hashlog/analyze/internal/histogram"
	"hashlog/sim"
)

// row is a row of needs, each one chunk deeper than the last, each with a number of tokens.
type row struct {
	need   sim.Depth // the smallest
	size   int64     // bytes of a chunk: by how much the need rises
	n      int64     // needs, ≥ 1
	tokens int64     // of each
}

func (r row) inChunks() histogram.Span {
	return histogram.Span{Lo: r.need.Chunks, Step: 1, N: r.n, Weight: r.tokens}
}

func (r row) inBytes() histogram.Span {
	return histogram.Span{Lo: r.need.Bytes, Step: r.size, N: r.n, Weight: r.tokens}
}

// rows appends to dst the needs of the chunks i to n−1 of a run, whose first chunk is number first of its request, with
// the tokens of each.
func (t tokens) rows(dst []row, run sim.Run, first, i, n int) []row {
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

// demand appends to dst the tokens of a request by the capacity from which on they hit, without those that no capacity
// hits. A chunk hits from the largest need up to and including its own: where needs fall that stays as it is, where they
// rise it rises with them.
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

// upTo returns the tokens of the rows whose needs are at most some number of chunks.
func upTo(rows []row, depth int64) (tokens int64) {
	for i := range rows {
		tokens += rows[i].inChunks().UpTo(depth) * rows[i].tokens
	}
	return tokens
}
