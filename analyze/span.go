package analyze

// Span is the time that a summary covers, and what it has read of the logs. Times are in seconds since the Unix epoch.
type Span struct {
	Since, Until *float64 // as asked for; nil: unlimited
	First, Last  float64  // timestamps of the first and the last record; 0 if there is none
	Parts        []string // fingerprints of the parts that were joined, so that none is joined twice
	Logs         []LogSpan
}

// LogSpan is what a summary has read of one log.
type LogSpan struct {
	Name   string // without the suffix of its compression
	GoesOn bool   // the log has records behind the end of the summary
	Before int64  // records before the time of the last one
	At     int64  // records at that time
}
