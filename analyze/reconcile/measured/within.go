package measured

// Within returns the series of the windows that belong to a log whose first and last requests are at these times (Unix seconds). At
// least half of such a window lies in the log, or it holds at least half of the log. It returns an [*OverlapError] if there are none.
func (s *Series) Within(first, last float64) (*Series, error) {
	kept := *s
	kept.Windows, kept.Notes = nil, append([]string(nil), s.Notes...)
	for _, w := range s.Windows {
		if w.within(first, last) {
			kept.Windows = append(kept.Windows, w)
		}
	}
	if len(kept.Windows) == 0 {
		return nil, &OverlapError{[2]float64{s.Windows[0].Start, s.Windows[len(s.Windows)-1].End}, [2]float64{first, last}}
	}
	kept.note(len(s.Windows)-len(kept.Windows), "measured window is left out: it is before or after the log",
		"measured windows are left out: they are before or after the log")
	return &kept, nil
}

func (w *Window) within(first, last float64) bool {
	both := min(w.End, last) - max(w.Start, first)
	switch {
	case first == last:
		return w.Start <= first && first < w.End
	case both <= 0:
		return false
	}
	return 2*both >= w.End-w.Start || 2*both >= last-first
}
