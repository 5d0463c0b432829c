package analyze

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"hashlog/log"
)

// keyVersion is the version of the keys of chunks. Summaries whose keys are made otherwise cannot be joined. TestKeyVersion pins the keys.
const keyVersion = 1

// summaryHead is the head of a file, as JSON.
type summaryHead struct {
	Program  string          `json:"program"`     // version of the program that has written the file
	Keys     int             `json:"key_version"` // keyVersion
	Settings SummarySettings `json:"settings"`
	Span     headSpan        `json:"span"`
	Open     bool            `json:"open"`
	Caches   int             `json:"caches"`
	Args     []headText      `json:"args"`            // by the numbers that deferred requests have
	Salts    []headText      `json:"salts,omitempty"` // likewise; without classes by salt there are none
	Read     headRead        `json:"read"`
	State    *headState      `json:"state"` // nil: it is no state
}

// headState is a log.Behind.
type headState struct {
	End  *float64      `json:"end"`
	Logs []headLogRead `json:"logs"`
}

// headLogRead is a log.LogRead.
type headLogRead struct {
	Name    headText `json:"name"`
	Read    bool     `json:"read"`
	Before  int64    `json:"before"`
	At      int64    `json:"at"`
	GoesOn  bool     `json:"goes_on"`
	Lines   int64    `json:"lines"`
	Bytes   int64    `json:"bytes"`
	Torn    bool     `json:"torn"`
	Damaged bool     `json:"damaged"`
}

// headSpan is a Span.
type headSpan struct {
	Since    *float64  `json:"since"`
	Until    *float64  `json:"until"`
	Requests int64     `json:"requests"`
	First    float64   `json:"first"`
	Last     float64   `json:"last"`
	Parts    []string  `json:"parts"`
	Logs     []headLog `json:"logs"`
}

// ordered reports whether parts and logs rise.
func (s *headSpan) ordered() bool {
	for i := 1; i < len(s.Parts); i++ {
		if s.Parts[i-1] >= s.Parts[i] {
			return false
		}
	}
	for i := 1; i < len(s.Logs); i++ {
		if s.Logs[i-1].Name >= s.Logs[i].Name {
			return false
		}
	}
	return true
}

// headLog is a LogSpan.
type headLog struct {
	Name    headText `json:"name"`
	GoesOn  bool     `json:"goes_on"`
	Before  int64    `json:"before"`
	At      int64    `json:"at"`
	Earlier int64    `json:"earlier"`
}

// headRead is what a pass has met of the logs, a passed.
type headRead struct {
	Paths   []headText `json:"paths"`
	Sources []headText `json:"sources"`
	Remarks []headText `json:"remarks"`

	Met    int64      `json:"met"` // records that the filter has met
	Empty  int64      `json:"empty"`
	Passed int64      `json:"passed"`
	Named  int64      `json:"named"`  // of the model asked for
	Others []headText `json:"others"` // names of other models
	First  float64    `json:"first"`
	Last   float64    `json:"last"`

	Reader  headStats `json:"reader"`
	Earlier headStats `json:"earlier"` // what belongs to earlier parts
}

// headStats is a log.Stats but for what the last run behind a state has passed over, so that a run with nothing new leaves the state as it is.
type headStats struct {
	Records      int64         `json:"records"`
	BeforeSince  int64         `json:"before_since"`
	Skipped      int64         `json:"skipped"`
	Torn         int64         `json:"torn"`
	Late         int64         `json:"late"`
	OutOfOrder   int64         `json:"out_of_order"`
	Damaged      int64         `json:"damaged"`
	EmptyFiles   int64         `json:"empty_files"`
	Unread       int64         `json:"unread"`
	First        float64       `json:"first"`
	Last         float64       `json:"last"`
	FirstEmpty   headText      `json:"first_empty"`
	FirstUnread  headText      `json:"first_unread"`
	Beyond       *float64      `json:"beyond"`
	Problems     []headProblem `json:"problems"`
	ProblemCount int64         `json:"problem_count"`
	TornAt       []headProblem `json:"torn_at"`
	Foreign      []headForeign `json:"foreign"`
}

// headProblem is a log.Problem.
type headProblem struct {
	File headText `json:"file"`
	Line int64    `json:"line"`
	Kind log.Kind `json:"kind"`
	Msg  headText `json:"message"`
}

// headForeign is a log.Foreign.
type headForeign struct {
	As    headText `json:"as"`
	First headText `json:"first"`
	Files int64    `json:"files"`
}

// headText is a text of any bytes, such as the name of a file. One that JSON cannot have is a NUL and the base64 of its bytes.
type headText string

// MarshalText implements [encoding.TextMarshaler].
func (t headText) MarshalText() ([]byte, error) {
	if s := string(t); !utf8.ValidString(s) || strings.HasPrefix(s, "\x00") {
		return []byte("\x00" + base64.StdEncoding.EncodeToString([]byte(s))), nil
	}
	return []byte(t), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (t *headText) UnmarshalText(b []byte) error {
	*t = headText(b)
	if coded, ok := strings.CutPrefix(string(b), "\x00"); ok {
		raw, err := base64.StdEncoding.DecodeString(coded)
		*t = headText(raw)
		return err
	}
	return nil
}

// asTexts converts texts; nil stays nil.
func asTexts[To, From ~string](list []From) (out []To) {
	for _, s := range list {
		out = append(out, To(s))
	}
	return out
}

// eachAs converts the elements of a list; nil stays nil.
func eachAs[From, To any](list []From, convert func(From) To) (out []To) {
	for _, v := range list {
		out = append(out, convert(v))
	}
	return out
}

// headOf returns the head of a summary.
func headOf(s *Summary) *summaryHead {
	h := &summaryHead{Program: programVersion(), Keys: keyVersion, Settings: SettingsOf(s.opts), Open: s.Open(), Caches: s.caches, Read: headReadOf(s.read)}
	sp := &s.span
	h.Span = headSpan{sp.Since, sp.Until, sp.Requests, sp.First, sp.Last, sp.Parts, eachAs(sp.Logs, func(l LogSpan) headLog {
		return headLog{headText(l.Name), l.GoesOn, l.Before, l.At, l.Earlier}
	})}
	if b := s.behind; b != nil {
		h.State = &headState{b.End, eachAs(b.Logs, func(l log.LogRead) headLogRead {
			return headLogRead{headText(l.Name), l.Read, l.Before, l.At, l.GoesOn, l.Lines, l.Bytes, l.Torn, l.Damaged}
		})}
	}
	if s.Open() {
		names := &s.replay.deferred.names
		h.Args, h.Salts = asTexts[headText](names.args.list), asTexts[headText](names.salts.list)
	}
	return h
}

func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

// span returns the span of the head.
func (h *summaryHead) span() Span {
	s := &h.Span
	return Span{s.Since, s.Until, s.Requests, s.First, s.Last, s.Parts, eachAs(s.Logs, func(l headLog) LogSpan {
		return LogSpan{string(l.Name), l.GoesOn, l.Before, l.At, l.Earlier}
	})}
}

// behind returns how far a state has read the logs; nil if it is none.
func (h *summaryHead) behind() *log.Behind {
	if h.State == nil {
		return nil
	}
	return &log.Behind{End: h.State.End, Logs: eachAs(h.State.Logs, func(l headLogRead) log.LogRead {
		return log.LogRead{Name: string(l.Name), Read: l.Read, Before: l.Before, At: l.At, GoesOn: l.GoesOn, Lines: l.Lines, Bytes: l.Bytes, Torn: l.Torn, Damaged: l.Damaged}
	})}
}

func headReadOf(p *passed) headRead {
	s := p.sieve
	var others []headText
	for name := range s.others {
		others = append(others, headText(name))
	}
	slices.Sort(others)
	return headRead{Paths: asTexts[headText](p.paths), Sources: asTexts[headText](p.sources), Remarks: asTexts[headText](p.remarks),
		Met: s.Read, Empty: s.Empty, Passed: s.Passed, Named: s.named, Others: others, First: s.first, Last: s.last,
		Reader: headStatsOf(&p.stats), Earlier: headStatsOf(&p.earlier)}
}

func headStatsOf(s *log.Stats) headStats {
	return headStats{Records: s.Records, BeforeSince: s.BeforeSince, Skipped: s.Skipped, Torn: s.Torn, Late: s.Late,
		OutOfOrder: s.OutOfOrder, Damaged: s.Damaged, EmptyFiles: s.EmptyFiles, Unread: s.Unread, First: s.First, Last: s.Last,
		FirstEmpty: headText(s.FirstEmpty), FirstUnread: headText(s.FirstUnread), Beyond: s.Beyond,
		Problems: eachAs(s.Problems, headProblemOf), ProblemCount: s.ProblemCount, TornAt: eachAs(s.TornAt, headProblemOf),
		Foreign: eachAs(s.Foreign, func(f log.Foreign) headForeign {
			return headForeign{headText(f.As), headText(f.First), f.Files}
		})}
}

// stats returns what headStatsOf was given.
func (s *headStats) stats() log.Stats {
	return log.Stats{Records: s.Records, BeforeSince: s.BeforeSince, Skipped: s.Skipped, Torn: s.Torn, Late: s.Late,
		OutOfOrder: s.OutOfOrder, Damaged: s.Damaged, EmptyFiles: s.EmptyFiles, Unread: s.Unread, First: s.First, Last: s.Last,
		FirstEmpty: string(s.FirstEmpty), FirstUnread: string(s.FirstUnread), Beyond: s.Beyond,
		Problems: eachAs(s.Problems, headProblem.problem), ProblemCount: s.ProblemCount, TornAt: eachAs(s.TornAt, headProblem.problem),
		Foreign: eachAs(s.Foreign, func(f headForeign) log.Foreign {
			return log.Foreign{As: string(f.As), First: string(f.First), Files: f.Files}
		})}
}

// check finds what is impossible.
func (s *headStats) check() error {
	counts := []int64{s.Records, s.BeforeSince, s.Skipped, s.Torn, s.Late, s.OutOfOrder, s.Damaged, s.EmptyFiles, s.Unread, s.ProblemCount}
	for _, f := range s.Foreign {
		counts = append(counts, f.Files)
	}
	for _, p := range slices.Concat(s.Problems, s.TornAt) {
		counts = append(counts, p.Line)
	}
	switch {
	case slices.Min(counts) < 0:
		return errImpossibleCount
	case len(s.Problems) > log.MaxProblems || len(s.TornAt) > log.MaxProblems:
		return fmt.Errorf("more than %d problems", log.MaxProblems)
	}
	return nil
}

func headProblemOf(p log.Problem) headProblem {
	return headProblem{headText(p.File), p.Line, p.Kind, headText(p.Msg)}
}

func (p headProblem) problem() log.Problem {
	return log.Problem{File: string(p.File), Line: p.Line, Kind: p.Kind, Msg: string(p.Msg)}
}

// passed returns what the head has read.
func (h *summaryHead) passed(f Filter) *passed {
	r := &h.Read
	p := &passed{paths: asTexts[string](r.Paths), sources: asTexts[string](r.Sources), remarks: asTexts[string](r.Remarks), sieve: NewSieve(f)}
	p.sieve.Read, p.sieve.Empty, p.sieve.Passed, p.sieve.named, p.sieve.first, p.sieve.last = r.Met, r.Empty, r.Passed, r.Named, r.First, r.Last
	for _, name := range r.Others {
		p.sieve.others[string(name)] = struct{}{}
	}
	p.stats, p.earlier = r.Reader.stats(), r.Earlier.stats()
	return p
}

// text returns the head as JSON.
func (h *summaryHead) text() (string, error) {
	b, err := json.Marshal(h, json.FormatNilSliceAsNull(true))
	return string(b), err
}

// parseHead reads what text has returned, and finds what is impossible in it.
func parseHead(text string) (*summaryHead, error) {
	h := &summaryHead{}
	if err := json.Unmarshal([]byte(text), h); err != nil {
		return nil, err
	}
	counts := []int64{h.Span.Requests, h.Read.Met, h.Read.Empty, h.Read.Passed, h.Read.Named}
	for _, l := range h.Span.Logs {
		counts = append(counts, l.Before, l.At, l.Earlier)
	}
	if h.State != nil {
		for _, l := range h.State.Logs {
			counts = append(counts, l.Before, l.At, l.Lines, l.Bytes)
		}
	}
	switch {
	case h.Keys != keyVersion:
		return nil, fmt.Errorf("its keys are of version %d; this program makes keys of version %d", h.Keys, keyVersion)
	case h.State != nil && (h.Open || h.Caches != 1):
		return nil, fmt.Errorf("a state of %d caches that is open: %t", h.Caches, h.Open)
	case h.Caches < 1 || h.Open && h.Caches > 1 || slices.Min(counts) < 0:
		return nil, errImpossibleCount
	case !h.Span.ordered():
		return nil, errors.New("parts or logs that are there twice")
	case len(h.Args) > math.MaxInt32:
		return nil, fmt.Errorf("too many names")
	}
	return h, cmp.Or(h.Read.Reader.check(), h.Read.Earlier.check())
}

var errImpossibleCount = errors.New("an impossible count")
