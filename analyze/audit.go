package analyze

import (
	"cmp"
	"math"
	"slices"

	"hashlog/log"
)

// Audit is what is in a log beyond what a replay needs, and whether anything is wrong with it.
type Audit struct {
	SpanSeconds       float64 `json:"span_seconds"`
	RequestsPerSecond float64 `json:"requests_per_second"` // over the span

	// Dropped is how many records the writer lost, as the records after them say.
	Dropped int64 `json:"dropped"`

	UniqueBytes    *int64 `json:"unique_bytes"` // what a cache of everything would need; nil where a size is unknown
	ChunksSeenOnce int64  `json:"chunks_seen_once"`

	// ReplayMemoryBytes is about how much memory a replay of the log takes, in whole MiB.
	ReplayMemoryBytes int64 `json:"replay_memory_bytes"`

	OutOfOrder        int64 `json:"out_of_order"`       // records behind a later one of their file; all but the late ones were put right
	SurplusHashes     int64 `json:"surplus_hashes"`     // requests with more hashes than seq_len covers
	SizeDisagreements int64 `json:"size_disagreements"` // requests with another chunk size than the chunk was first seen with
	// RepeatedIDs are the requests whose request_id an earlier one has, of the RepeatWindow that come right before.
	RepeatedIDs int64 `json:"repeated_request_ids"`

	// UsualSpacing is the median of the times between successive requests, in seconds, leaving out those of 0. It is exact
	// unless more than half a million of them differ; then it is right to at least 0.2 %, and mostly far better.
	UsualSpacing      float64 `json:"usual_spacing_seconds"`
	UsualSpacingExact bool    `json:"usual_spacing_exact"`
	// Gaps are the stretches without a request that are longer than ten times the usual spacing, the longest first. Of
	// more than a thousand only the longest thousand are listed; GapCount counts them all.
	Gaps     []Gap `json:"gaps"`
	GapCount int64 `json:"gap_count"`
	// Holes are the numbers that are missing from the names of a folder's files.
	Holes []Hole `json:"sequence_holes"`
	// MissingStarts are the folders that do not begin with a file of number 0: a hole before the first of their files,
	// where retention may have been at work.
	MissingStarts []MissingStart `json:"missing_starts"`
	// Repeats are the first ten of RepeatedIDs.
	Repeats []Repeat `json:"repeats"`
}

// Gap is a stretch without a request, in seconds since the Unix epoch.
type Gap struct {
	Start   float64 `json:"start"`
	Seconds float64 `json:"seconds"`
}

// Repeat is a request whose request_id an earlier one has.
type Repeat struct {
	RequestID string `json:"request_id"`
	File      string `json:"file"`
	Line      int64  `json:"line"`
}

const (
	maxGaps    = 1000
	maxRepeats = 10
)

// audit looks at requests as they are replayed.
type audit struct {
	dropped  int64
	repeated int64
	repeats  []Repeat
	ids      *recentIDs
	started  bool
	last     float64
	spacings spacings
	longest  []Gap   // at most 2 × maxGaps spacings
	least    float64 // a spacing that is no longer is not among the longest
}

func newAudit() *audit { return &audit{ids: newRecentIDs(RepeatWindow)} }

func (a *audit) add(e *log.Entry) {
	a.addID(e)
	a.dropped += e.Dropped
	if a.started && e.Timestamp > a.last {
		a.addSpacing(Gap{Start: a.last, Seconds: elapsed(a.last, e.Timestamp)})
	}
	if !a.started || e.Timestamp > a.last {
		a.last = e.Timestamp // a late record does not set the clock back
	}
	a.started = true
}

func (a *audit) addID(e *log.Entry) {
	if len(e.RequestID) == 0 || !a.ids.add(log.Fingerprint(e.RequestID)) {
		return
	}
	a.repeated++
	if len(a.repeats) < maxRepeats {
		a.repeats = append(a.repeats, Repeat{RequestID: string(e.RequestID), File: e.File, Line: e.Line})
	}
}

// elapsed returns the seconds between two timestamps, at most the largest number there is.
func elapsed(from, to float64) float64 { return min(to-from, math.MaxFloat64) }

func (a *audit) addSpacing(g Gap) {
	a.spacings.add(g.Seconds)
	if g.Seconds <= a.least {
		return
	}
	a.longest = append(a.longest, g)
	if len(a.longest) == 2*maxGaps {
		a.dropShortest()
	}
}

// dropShortest leaves the longest spacings, longest first.
func (a *audit) dropShortest() {
	slices.SortStableFunc(a.longest, func(x, y Gap) int { return cmp.Compare(y.Seconds, x.Seconds) })
	if len(a.longest) >= maxGaps {
		a.longest = a.longest[:maxGaps]
		a.least = a.longest[maxGaps-1].Seconds
	}
}

// report returns the audit of a replay.
func (a *audit) report(r *replay, stats log.Stats) *Audit {
	in := &r.input
	out := &Audit{
		SpanSeconds:       elapsed(in.FirstTimestamp, in.LastTimestamp),
		Dropped:           a.dropped,
		ChunksSeenOnce:    r.stack.SeenOnce(),
		ReplayMemoryBytes: r.memory(),
		OutOfOrder:        stats.OutOfOrder + stats.Late,
		SurplusHashes:     in.surplus,
		SizeDisagreements: in.sizeDisagrees,
		RepeatedIDs:       a.repeated,
		Repeats:           append([]Repeat{}, a.repeats...),
	}
	if out.SpanSeconds > 0 {
		out.RequestsPerSecond = min(float64(in.Requests)/out.SpanSeconds, math.MaxFloat64)
	}
	if r.stack.SizesKnown() {
		bytes := r.stack.UniqueBytes()
		out.UniqueBytes = &bytes
	}
	out.UsualSpacing = a.spacings.median()
	out.Gaps, out.GapCount = a.gaps(10 * out.UsualSpacing)
	out.UsualSpacingExact = a.spacings.exact()
	holes, starts := sequenceHoles(r.files.Paths())
	out.Holes, out.MissingStarts = append([]Hole{}, holes...), append([]MissingStart{}, starts...)
	return out
}

// gaps returns the spacings that are longer than some seconds, as many as are listed, and their number.
func (a *audit) gaps(least float64) (list []Gap, n int64) {
	a.dropShortest()
	list = []Gap{}
	for _, g := range a.longest[:min(len(a.longest), maxGaps)] {
		if g.Seconds > least {
			list = append(list, g)
		}
	}
	if len(list) < maxGaps {
		return list, int64(len(list))
	}
	return list, max(maxGaps, a.spacings.above(least))
}
