package reconcile

import (
	"io"
	"strconv"
)

// WriteCSV writes the windows: a header and one row per window. Times are Unix seconds, rates fractions, differences points.
func WriteCSV(w io.Writer, r *Result) error {
	text := []byte("window_start,window_end,half,requests,measured_hit_tokens,measured_requested_tokens,measured_hit_rate," +
		"predicted_hit_tokens,predicted_total_tokens,predicted_hit_rate,difference_points,explained_hit_rate,left_points\n")
	number := func(x float64) { text = append(strconv.AppendFloat(text, x, 'f', -1, 64), ',') }
	integer := func(n int64) { text = append(strconv.AppendInt(text, n, 10), ',') }
	for i := range r.Windows {
		win := &r.Windows[i]
		number(win.Start)
		number(win.End)
		text = append(append(text, win.Half...), ',')
		integer(win.Requests)
		number(win.MeasuredHits)
		number(win.MeasuredTokens)
		number(win.MeasuredRate)
		integer(win.PredictedHits)
		integer(win.PredictedTokens)
		number(win.PredictedRate)
		number(win.DifferencePoints)
		number(win.ExplainedRate)
		number(win.LeftPoints)
		text[len(text)-1] = '\n'
	}
	_, err := w.Write(text)
	return err
}
