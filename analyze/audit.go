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
	first    float64 // timestamp
	last     float64 // the latest timestamp
	spacings spacings
	longest  []Gap   // at most 2 × maxGaps spacings
	least    float64 // a spacing that is no longer is not among the longest
}

func newAudit() *audit { return &audit{ids: newRecentIDs(RepeatWindow)} }

func (a *audit) lookUp(q *request) error {
	a.addID(q)
	a.dropped += q.dropped
	a.addTime(q.time)
	return nil
}

func (a *audit) touch(*touches) error { return nil }

// addTime adds a request's time. A late one does not set the clock back.
func (a *audit) addTime(now float64) {
	switch {
	case !a.started:
		a.started, a.first, a.last = true, now, now
	case now > a.last:
		a.addSpacing(Gap{Start: a.last, Seconds: elapsed(a.last, now)})
		a.last = now
	}
}

func (a *audit) addID(q *request) {
	if len(q.id) == 0 || !a.ids.add(log.Fingerprint(q.id)) {
		return
	}
	a.repeated++
	if len(a.repeats) < maxRepeats {
		a.repeats = append(a.repeats, Repeat{RequestID: string(q.id), File: q.source.file, Line: q.source.line})
	}
}

// elapsed returns the seconds between two timestamps, at most the largest number there is.
func elapsed(from, to float64) float64 { return min(to-from, math.MaxFloat64) }

func (a *audit) addSpacing(g Gap) {
	a.spacings.add(g.Seconds)
	a.addLongest(g)
}

// addLongest takes in a spacing that may be one of the longest.
func (a *audit) addLongest(g Gap) {
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

func (a *audit) merge(later counter) error {
	from := later.(*audit)
	a.dropped += from.dropped
	a.repeated += from.repeated
	a.repeats = append(a.repeats, from.repeats[:min(len(from.repeats), maxRepeats-len(a.repeats))]...)
	a.ids.addAll(from.ids)
	if !from.started {
		return nil
	}
	a.addTime(from.first)
	a.spacings.merge(&from.spacings)
	for _, g := range from.longest {
		a.addLongest(g)
	}
	a.last = max(a.last, from.last)
	return nil
}

func (a *audit) report(rep *Report, end *ending) {
	in, stats := &rep.Input, end.stats
	out := &Audit{
		SpanSeconds:       elapsed(in.FirstTimestamp, in.LastTimestamp),
		Dropped:           a.dropped,
		ChunksSeenOnce:    end.seenOnce,
		ReplayMemoryBytes: end.memory,
		OutOfOrder:        stats.OutOfOrder + stats.Late,
		SurplusHashes:     end.sums.input.surplus,
		SizeDisagreements: end.sums.input.sizeDisagrees,
		RepeatedIDs:       a.repeated,
		Repeats:           append([]Repeat{}, a.repeats...),
	}
	if out.SpanSeconds > 0 {
		out.RequestsPerSecond = min(float64(in.Requests)/out.SpanSeconds, math.MaxFloat64)
	}
	if end.sizesKnown {
		out.UniqueBytes = &[]int64{end.bytes.unique}[0]
	}
	out.UsualSpacing = a.spacings.median()
	out.Gaps, out.GapCount = a.gaps(10 * out.UsualSpacing)
	out.UsualSpacingExact = a.spacings.exact()
	holes, starts := sequenceHoles(end.paths)
	out.Holes, out.MissingStarts = append([]Hole{}, holes...), append([]MissingStart{}, starts...)
	rep.Audit = out
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
