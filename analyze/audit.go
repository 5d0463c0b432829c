package analyze

import (
	"cmp"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

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

	// ReplayMemoryBytes is about how much memory a replay of the log takes.
	ReplayMemoryBytes int64 `json:"replay_memory_bytes"`

	OutOfOrder        int64 `json:"out_of_order"`         // records behind a later one of their file; all but the late ones were put right
	SurplusHashes     int64 `json:"surplus_hashes"`       // requests with more hashes than seq_len covers
	SizeDisagreements int64 `json:"size_disagreements"`   // requests with another chunk size than the chunk was first seen with
	RepeatedIDs       int64 `json:"repeated_request_ids"` // requests whose request_id an earlier one has

	// UsualSpacing is the median of the times between successive requests, in seconds, leaving out those of 0.
	UsualSpacing float64 `json:"usual_spacing_seconds"`
	// Gaps are the stretches without a request that are longer than ten times the usual spacing, the longest first. Of
	// more than a thousand only the longest thousand are listed; GapCount counts them all.
	Gaps     []Gap `json:"gaps"`
	GapCount int64 `json:"gap_count"`
	// Holes are the numbers that are missing from the names of a folder's files.
	Holes []Hole `json:"sequence_holes"`
	// Repeats are the first ten requests whose request_id an earlier one has.
	Repeats []Repeat `json:"repeats"`
}

// Gap is a stretch without a request, in seconds since the Unix epoch.
type Gap struct {
	Start   float64 `json:"start"`
	Seconds float64 `json:"seconds"`
}

// Hole is a stretch of missing numbers between two files whose names follow one another.
type Hole struct {
	After   string `json:"after"`
	Before  string `json:"before"`
	Missing int64  `json:"missing"`
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
	Audit
	ids       map[uint64]struct{} // fingerprints of request ids
	started   bool
	last      float64
	spacings  map[int]spacingClass
	positive  int64 // spacings above 0
	candidate []Gap // the longest spacings, at most 2 × maxGaps
}

func newAudit() *audit {
	return &audit{ids: make(map[uint64]struct{}), spacings: make(map[int]spacingClass),
		Audit: Audit{Gaps: []Gap{}, Holes: []Hole{}, Repeats: []Repeat{}}}
}

func (a *audit) add(e *log.Entry) {
	a.addID(e)
	a.Dropped += e.Dropped
	if a.started && e.Timestamp > a.last {
		a.addSpacing(Gap{Start: a.last, Seconds: elapsed(a.last, e.Timestamp)})
	}
	if !a.started || e.Timestamp > a.last {
		a.last = e.Timestamp // a late record does not set the clock back
	}
	a.started = true
}

func (a *audit) addID(e *log.Entry) {
	if len(e.RequestID) == 0 {
		return
	}
	id := log.Fingerprint(e.RequestID)
	if _, seen := a.ids[id]; !seen {
		a.ids[id] = struct{}{}
		return
	}
	a.RepeatedIDs++
	if len(a.Repeats) < maxRepeats {
		a.Repeats = append(a.Repeats, Repeat{RequestID: string(e.RequestID), File: e.File, Line: e.Line})
	}
}

// spacingClasses is how many classes of spacings there are to a factor of two: the median is right to 4 %.
const spacingClasses = 16

// spacingClass sums spacings of nearly one length.
type spacingClass struct {
	n       int64
	seconds float64 // sum
}

// elapsed returns the seconds between two timestamps, at most the largest number there is.
func elapsed(from, to float64) float64 { return min(to-from, math.MaxFloat64) }

func (a *audit) addSpacing(g Gap) {
	at := int(math.Floor(math.Log2(g.Seconds) * spacingClasses))
	class := a.spacings[at]
	class.n++
	class.seconds = min(class.seconds+g.Seconds, math.MaxFloat64)
	a.spacings[at] = class
	a.positive++
	a.candidate = append(a.candidate, g)
	if len(a.candidate) == 2*maxGaps {
		a.dropShortest()
	}
}

func (a *audit) dropShortest() {
	slices.SortStableFunc(a.candidate, func(x, y Gap) int { return cmp.Compare(y.Seconds, x.Seconds) })
	a.candidate = a.candidate[:min(len(a.candidate), maxGaps)]
}

// usualSpacing returns the median of the spacings above 0, 0 if there is none.
func (a *audit) usualSpacing() float64 {
	classes := make([]int, 0, len(a.spacings))
	for class := range a.spacings {
		classes = append(classes, class)
	}
	slices.Sort(classes)
	var below int64
	for _, class := range classes {
		c := a.spacings[class]
		if below += c.n; 2*below >= a.positive {
			return c.seconds / float64(c.n)
		}
	}
	return 0
}

// report finishes the audit of a replay.
func (a *audit) report(r *replay, stats log.Stats) *Audit {
	in := &r.input
	a.SpanSeconds = elapsed(in.FirstTimestamp, in.LastTimestamp)
	if a.SpanSeconds > 0 {
		a.RequestsPerSecond = min(float64(in.Requests)/a.SpanSeconds, math.MaxFloat64)
	}
	if r.stack.SizesKnown() {
		bytes := r.stack.UniqueBytes()
		a.UniqueBytes = &bytes
	}
	a.ChunksSeenOnce = r.stack.SeenOnce()
	a.ReplayMemoryBytes = r.memory()
	a.OutOfOrder = stats.OutOfOrder + stats.Late
	a.SurplusHashes, a.SizeDisagreements = in.surplus, in.sizeDisagrees
	a.UsualSpacing = a.usualSpacing()
	a.dropShortest()
	a.findGaps()
	a.Holes = append(a.Holes, sequenceHoles(r.files.Paths())...)
	return &a.Audit
}

// findGaps lists the gaps. Where there are more than are kept, the classes of spacings tell their number.
func (a *audit) findGaps() {
	least := 10 * a.UsualSpacing
	for _, g := range a.candidate {
		if g.Seconds > least {
			a.Gaps = append(a.Gaps, g)
		}
	}
	a.GapCount = int64(len(a.Gaps))
	if len(a.Gaps) < maxGaps {
		return
	}
	a.GapCount = 0
	for _, c := range a.spacings {
		if c.seconds/float64(c.n) > least {
			a.GapCount += c.n
		}
	}
}

var segmentName = regexp.MustCompile(`^lookup_hashes_(\d{8}_\d{6})_(\d+)\.jsonl(?:\.gz|\.zst)?$`)

// segment is a log file by its name.
type segment struct {
	path, folder, time string
	number             int64
}

// sequenceHoles finds the numbers missing between files of one folder that follow one another in time. A number that
// does not rise is a writer that began anew, not a hole.
func sequenceHoles(paths []string) (holes []Hole) {
	var segments []segment
	for _, path := range paths {
		m := segmentName.FindStringSubmatch(filepath.Base(path))
		if m == nil {
			continue
		}
		if n, err := strconv.ParseInt(m[2], 10, 64); err == nil {
			segments = append(segments, segment{path, filepath.Dir(path), m[1], n})
		}
	}
	slices.SortFunc(segments, compareSegments)
	for i := 1; i < len(segments); i++ {
		a, b := segments[i-1], segments[i]
		if a.folder == b.folder && b.number > a.number+1 {
			holes = append(holes, Hole{After: a.path, Before: b.path, Missing: b.number - a.number - 1})
		}
	}
	return holes
}

func compareSegments(a, b segment) int {
	return cmp.Or(cmp.Compare(a.folder, b.folder), cmp.Compare(a.time, b.time), cmp.Compare(a.number, b.number))
}
