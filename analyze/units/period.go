package units

// Period is the time from the first to the last request of a log, in seconds since the Unix epoch.
type Period struct{ First, Last float64 }

// Undated reports whether the timestamps count from the log's own start, as those of traces do: the log ends before the year
// 2000.
func (p Period) Undated() bool {
	const (
		year2000 = 946_684_800
		longest  = 1e12 // seconds, some 30,000 years
	)
	return p.Last < year2000 && p.Last-p.First <= longest
}

// String returns both ends and the length of the period, or only its length if the log is undated:
// "2024-03-31T00:02:22Z to 2024-03-31T08:21:22Z (8 h 19 min)", "58 min 57 s of an undated trace".
func (p Period) String() string {
	length := FormatSpan(p.Last - p.First)
	if p.Undated() {
		return length + " of an undated trace"
	}
	return FormatTime(p.First) + " to " + FormatTime(p.Last) + " (" + length + ")"
}

// FormatTime returns a time of the period, as FormatTime does or, if the log is undated, counted from the first request:
// "51 min after the first request".
func (p Period) FormatTime(timestamp float64) string {
	if p.Undated() {
		return FormatSpan(max(timestamp-p.First, 0)) + " after the first request"
	}
	return FormatTime(timestamp)
}
