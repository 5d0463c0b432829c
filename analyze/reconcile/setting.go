package reconcile

import (
	"time"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// setting is all that a step may change: what is replayed, what is counted of it, and how the counts become a rate.
type setting struct {
	replayed
	counted
	denominator measured.Denominator // TotalTokens or CacheableTokens
	twice       float64              // share of the requests that the server looks up once more, and then finds whole
	missing     missing
}

// replayed is the part of a setting that takes a replay of its own.
type replayed struct {
	order     sim.Order
	watermark sim.Watermark // the zero value evicts one chunk at a time
	delay     time.Duration
}

// counted is the part of a setting that says what to count in a replay.
type counted struct {
	capacity units.Capacity
	unit     matchUnit
	once     bool // a request that is looked up again counts once
}

// matchUnit is the unit in which a server counts the hit prefix of a request. The zero value counts every token.
type matchUnit struct {
	analyze.MatchUnit
	// last is set if a server computes the last token of every request, and so never finds the chunk that ends with it.
	last bool
}

// tokens returns the hit tokens of a request with a hit prefix of some tokens.
func (u matchUnit) tokens(hit, seqLen, chunkSize int64) int64 {
	if u.last && hit == seqLen && hit > 0 {
		hit = (hit - 1) / chunkSize * chunkSize
	}
	unit := u.N
	switch {
	case unit == 0:
		return hit
	case !u.Tokens && unit > hit/chunkSize:
		return 0
	case !u.Tokens:
		unit *= chunkSize
	}
	return hit / unit * unit
}

// missing says how the requests that the server counts and the log lacks are made up for. They hit nothing.
type missing struct {
	share    float64 // of the tokens in the log; 0: none
	byWindow bool    // in each window as many tokens as the log is short of
}

// rate returns the hit rate that a setting predicts for a window with some hit tokens, of which the server counted requested tokens.
func (s *setting) rate(hit int64, v *volume, requested float64) float64 {
	hits, all := float64(hit)+s.twice*float64(v.cacheable), s.volume(v)
	if s.missing.byWindow {
		all = max(all, requested)
	} else {
		all *= 1 + s.missing.share
	}
	if all == 0 {
		return 0
	}
	return hits / all
}

// volume returns the tokens that a setting predicts to be requested, without those that the log lacks.
func (s *setting) volume(v *volume) float64 {
	tokens := v.tokens
	if s.denominator == measured.CacheableTokens {
		tokens = v.cacheable
	}
	return float64(tokens) * (1 + s.twice)
}

// volume is what is requested in a window.
type volume struct {
	requests, tokens, cacheable int64
}
