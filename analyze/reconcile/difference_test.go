package reconcile

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/reconcile/measured"
)

// Windows weigh as much as the tokens that the server counted in them.
func TestDifferenceByHand(t *testing.T) {
	windows := []measured.Window{{Start: 0, HitTokens: 50, RequestedTokens: 100}, {Start: 60, HitTokens: 30, RequestedTokens: 300}, {Start: 120, HitTokens: 60, RequestedTokens: 600}}
	d := apart([]float64{.7, .05, .1}, windows)
	require.InDelta(t, (100*20.+300*5)/1000, d.MeanPoints, 1e-9)
	require.InDelta(t, (100*20.-300*5)/1000, d.BiasPoints, 1e-9)
	require.InDelta(t, 20, d.LargestPoints, 1e-9)
	require.Zero(t, d.LargestStart)

	points, uncertain := gain([]float64{.7, .05, .1}, []float64{.5, .05, .12}, windows)
	require.InDelta(t, (100*20.-600*2)/1000, points, 1e-9)
	squares := square(100*(20-points)) + square(300*(0-points)) + square(600*(-2-points))
	require.InDelta(t, math.Sqrt(squares)/1000, uncertain, 1e-9)
}
