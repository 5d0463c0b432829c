package reconcile

import (
	"context"
	"fmt"

	"hashlog/analyze"
	"hashlog/analyze/internal/window"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/log"
)

// seriesOf returns the series that is measured: the given one or, if there is none, that of the log.
func seriesOf(ctx context.Context, files *log.Files, replayed *analyze.Options, opts *Options) (*measured.Series, error) {
	if opts.Measured != nil {
		return opts.Measured, nil
	}
	sums := window.New(opts.Window, func(into, from *measured.Window) {
		into.HitTokens += from.HitTokens
		into.RequestedTokens += from.RequestedTokens
	})
	var without int64
	pass := *replayed
	pass.OnHits = func(h *analyze.RequestHits) error {
		if !h.HasCachedTokens {
			without++
			return nil
		}
		w := sums.At(h.Timestamp)
		w.HitTokens += float64(h.CachedTokens)
		w.RequestedTokens += float64(h.SeqLen)
		return nil
	}
	if pass.OnPass != nil {
		pass.OnPass = func(_ string, r *log.Reader) { replayed.OnPass("reading what was measured", r) }
	}
	if _, err := analyze.Run(ctx, files, pass); err != nil {
		return nil, err
	}
	return seriesOfLog(sums, without)
}

// seriesOfLog makes a series of the sums by window. without is the number of requests of which nothing was measured.
func seriesOfLog(sums *window.List[measured.Window], without int64) (*measured.Series, error) {
	if sums.Len() == 0 {
		return nil, ErrNotMeasured
	}
	sums.Sort()
	s := &measured.Series{Metric: "cached_tokens of the log", Denominator: measured.TotalTokens}
	for i := range sums.Len() {
		w := *sums.Sums(i)
		w.Start, w.End = sums.Bounds(i)
		s.Windows = append(s.Windows, w)
	}
	if without > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%s without cached_tokens: replayed, but not compared.", units.Count(without, "request")))
	}
	return s, nil
}

// periodOf returns the time that windows cover.
func periodOf(windows []measured.Window) units.Period {
	if len(windows) == 0 {
		return units.Period{}
	}
	return units.Period{First: windows[0].Start, Last: windows[len(windows)-1].End}
}
