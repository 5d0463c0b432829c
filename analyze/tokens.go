package analyze

// tokens is how a request's tokens lie over its chunks: full chunks first, then perhaps a part of one.
type tokens struct {
	chunkSize int64 // tokens in a full chunk, > 0
	seqLen    int64 // tokens in the request
}

// first returns the tokens of the first k chunks: min(k × chunk_size, seq_len).
func (t tokens) first(k int) int64 {
	if int64(k) > t.seqLen/t.chunkSize {
		return t.seqLen
	}
	return int64(k) * t.chunkSize
}

// of returns the tokens of chunk i alone.
func (t tokens) of(i int) int64 { return t.first(i+1) - t.first(i) }
