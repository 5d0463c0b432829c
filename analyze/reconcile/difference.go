package reconcile

import (
	"math"

	"hashlog/analyze/reconcile/measured"
)

// Difference says how far predicted and measured hit rates are apart, in points: hundredths of all tokens. Windows are weighted by
// the tokens that the server counted as requested.
type Difference struct {
	MeanPoints    float64 `json:"mean_points"`    // of the absolute differences
	BiasPoints    float64 `json:"bias_points"`    // of predicted − measured
	LargestPoints float64 `json:"largest_points"` // in absolute terms, of one window
	LargestStart  float64 `json:"largest_window_start"`
}

// apart returns the difference between the predicted rates and windows.
func apart(predicted []float64, windows []measured.Window) (d Difference) {
	var tokens float64
	for i, w := range windows {
		off := 100 * (predicted[i] - rateOf(w))
		d.MeanPoints += w.RequestedTokens * math.Abs(off)
		d.BiasPoints += w.RequestedTokens * off
		tokens += w.RequestedTokens
		if i == 0 || math.Abs(off) > d.LargestPoints {
			d.LargestPoints, d.LargestStart = math.Abs(off), w.Start
		}
	}
	if tokens > 0 {
		d.MeanPoints /= tokens
		d.BiasPoints /= tokens
	}
	return d
}

func rateOf(w measured.Window) float64 { return w.HitTokens / w.RequestedTokens }

// gain returns by how many points the second prediction is closer to the windows than the first, and the standard error of that.
func gain(before, after []float64, windows []measured.Window) (points, uncertain float64) {
	closer := make([]float64, len(windows))
	var tokens float64
	for i, w := range windows {
		closer[i] = 100 * (math.Abs(before[i]-rateOf(w)) - math.Abs(after[i]-rateOf(w)))
		points += w.RequestedTokens * closer[i]
		tokens += w.RequestedTokens
	}
	points /= tokens
	var squares float64
	for i, w := range windows {
		squares += square(w.RequestedTokens * (closer[i] - points))
	}
	return points, math.Sqrt(squares) / tokens
}

func square(x float64) float64 { return x * x }
