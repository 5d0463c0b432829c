package routing

import (
	"math"
	"time"
)

// LoadModel says how long a request keeps its node busy, since a log does not tell.
//
// A node computes the tokens that it does not hit at PrefillRate, request by request in the order of arrival, and each request
// then takes DecodeTime, beside all others. If both are 0, a request is on its node for Window from its arrival on, and counts as
// one that has yet to be computed.
type LoadModel struct {
	PrefillRate float64       // tokens a second; 0: in no time
	DecodeTime  time.Duration // of each request
	Window      time.Duration
}

// windowed reports whether requests last as long as the window.
func (m *LoadModel) windowed() bool { return m.PrefillRate == 0 && m.DecodeTime == 0 }

// Valid reports whether the rate is finite, and nothing is negative.
func (m *LoadModel) Valid() bool {
	return m.PrefillRate >= 0 && !math.IsInf(m.PrefillRate, 1) && m.DecodeTime >= 0 && m.Window >= 0
}
