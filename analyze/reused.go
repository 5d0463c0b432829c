package analyze

// NothingReused says in a few words why an unlimited cache hits nothing: "no chunk was looked up twice". It is empty if that
// cache hits something, if that is unknown, or if there are no counted tokens to hit.
func (r *Report) NothingReused() string {
	counted := r.Curve == nil || r.Curve.totals.tokens > 0
	s := r.Settings
	switch {
	case r.Ceiling == nil || r.Ceiling.TokenHitRate > 0 || r.Input.TotalTokens == 0 || !counted:
		return ""
	case r.Input.UniqueChunks != nil && r.Input.ChunkLookups == *r.Input.UniqueChunks:
		return "no chunk was looked up twice"
	case s.MatchUnit != nil:
		return "no request begins with stored chunks that fill a match unit"
	case s.StoreDelay > 0 || s.TTL != nil || s.Admit != nil && *s.Admit > 1:
		return "no request begins with a chunk that is stored"
	case s.Warmup != nil:
		return "no counted request begins with a chunk that was looked up before"
	}
	return "no request begins with a chunk that was looked up before"
}
