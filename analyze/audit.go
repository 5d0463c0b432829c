package analyze

import (
	"cmp"
	"math"
	"slices"

	"hashlog/analyze/internal/stream"
	"hashlog/log"
)

const (
	maxGaps    = 1000
	maxRepeats = 10
)

// audit collects what Options.Audit asks for, request by request.
type audit struct {
	dropped  int64
	repeated int64
	repeats  []Repeat
	ids      *stream.RecentIDs
	sessions distinct
	salts    distinct
	measured measured
	started  bool
	first    float64 // timestamp
	last     float64 // the latest timestamp
	spacings stream.Spacings
	longest  []Gap   // at most 2 × maxGaps spacings
	least    float64 // only longer spacings can be among the longest
}

func newAudit() *audit { return &audit{ids: stream.NewRecentIDs(RepeatWindow)} }

func (a *audit) lookUp(q *request) error {
	a.addID(q)
	a.sessions.add(q.session)
	a.salts.add(q.salt)
	a.measured.add(q)
	a.dropped += q.dropped
	a.addTime(q.time)
	return nil
}

func (a *audit) touch(*touches) error { return nil }

// addTime adds a request's timestamp. A late request does not set the clock back.
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
	if len(q.id) == 0 || !a.ids.Add(log.Fingerprint(q.id)) {
		return
	}
	a.repeated++
	if len(a.repeats) < maxRepeats {
		a.repeats = append(a.repeats, Repeat{RequestID: string(q.id), File: q.source.file, Line: q.source.line})
	}
}

// elapsed returns the seconds between two timestamps, at most math.MaxFloat64.
func elapsed(from, to float64) float64 { return min(to-from, math.MaxFloat64) }

func (a *audit) addSpacing(g Gap) {
	a.spacings.Add(g.Seconds)
	a.addLongest(g)
}

// addLongest adds a spacing if it may be one of the longest.
func (a *audit) addLongest(g Gap) {
	if g.Seconds <= a.least {
		return
	}
	a.longest = append(a.longest, g)
	if len(a.longest) == 2*maxGaps {
		a.dropShortest()
	}
}

// dropShortest sorts the spacings, longest first, and keeps the maxGaps longest.
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
	a.ids.AddAll(from.ids)
	a.sessions.merge(&from.sessions)
	a.salts.merge(&from.salts)
	a.measured.merge(from.measured)
	if !from.started {
		return nil
	}
	a.addTime(from.first)
	a.spacings.Merge(&from.spacings)
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
		SurplusHashes:     end.oddities.surplus,
		SizeDisagreements: end.oddities.sizeDisagrees,
		RepeatedIDs:       a.repeated,
		Repeats:           append([]Repeat{}, a.repeats...),
		Sessions:          int64(len(a.sessions.seen)),
		SessionRequests:   a.sessions.requests,
		CacheSalts:        int64(len(a.salts.seen)),
		SaltedRequests:    a.salts.requests,
		Measured:          a.measured.report(),
	}
	if out.SpanSeconds > 0 {
		out.RequestsPerSecond = min(float64(in.Requests)/out.SpanSeconds, math.MaxFloat64)
	}
	if end.sizesKnown {
		out.UniqueBytes = &[]int64{end.bytes.unique}[0]
	}
	out.UsualSpacing = a.spacings.Median()
	out.Gaps, out.GapCount = a.gaps(10 * out.UsualSpacing)
	out.UsualSpacingExact = a.spacings.Exact()
	holes, starts := sequenceHoles(end.paths)
	out.Holes, out.MissingStarts = append([]Hole{}, holes...), append([]MissingStart{}, starts...)
	rep.Audit = out
}

// gaps returns the spacings longer than least seconds, at most maxGaps of them, and their total number.
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
	return list, max(maxGaps, a.spacings.Above(least))
}
