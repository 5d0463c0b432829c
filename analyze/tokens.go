package analyze

import "math"

// tokens describes how a request's tokens are spread over its chunks: full chunks first, then perhaps a partial one.
type tokens struct {
	chunkSize int64 // tokens in a full chunk, > 0
	seqLen    int64 // tokens in the request
}

// eachChunk counts every chunk as one token, those without tokens too.
var eachChunk = tokens{chunkSize: 1, seqLen: math.MaxInt64}

// first returns the tokens of the first k chunks: min(k × chunk_size, seq_len).
func (t tokens) first(k int) int64 {
	if int64(k) > t.seqLen/t.chunkSize {
		return t.seqLen
	}
	return int64(k) * t.chunkSize
}

// between returns the tokens of chunks a up to, but not including, b.
func (t tokens) between(a, b int) int64 { return t.first(b) - t.first(a) }

// full returns how many of the chunks a up to, but not including, b are full. Full chunks come first; at most one more
// chunk has tokens.
func (t tokens) full(a, b int) int {
	return int(max(0, min(int64(b), t.seqLen/t.chunkSize)-int64(a)))
}

// chunksFor returns how many leading chunks it takes to cover some of the tokens.
func (t tokens) chunksFor(tokens int64) int {
	n := tokens / t.chunkSize
	if tokens%t.chunkSize > 0 {
		n++
	}
	return int(n)
}
