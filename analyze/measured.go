package analyze

// measured sums up the requests of which the log says what the server found cached.
type measured struct {
	requests int64
	tokens   int64 // of the requests
	cached   int64 // of the tokens
}

func (m *measured) add(q *request) {
	if q.measured {
		m.merge(measured{1, q.tokens.seqLen, q.cached})
	}
}

// merge adds other requests. The sums are at most those of the tokens of a log, which fit.
func (m *measured) merge(more measured) {
	m.requests += more.requests
	m.tokens += more.tokens
	m.cached += more.cached
}

func (m *measured) report() Measured {
	out := Measured{Requests: m.requests, TotalTokens: m.tokens, CachedTokens: m.cached}
	if m.requests > 0 {
		rate := Rate(m.cached, m.tokens)
		out.TokenHitRate = &rate
	}
	return out
}
