package reconcile

import (
	"fmt"
	"slices"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/log"
)

// Result holds what was predicted against what was measured. [json.Marshal] gives its JSON form.
type Result struct {
	Input    analyze.Input    `json:"input"`
	Settings analyze.Settings `json:"settings"`
	// Capacity is that of the prediction.
	CapacityBytes  *int64   `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64   `json:"capacity_chunks"`
	Measured       Measured `json:"measured"`
	// Predicted and Explained are totals of the windows that are compared: of the prediction, and of the same changed by all Steps.
	Predicted Total `json:"predicted"`
	Explained Total `json:"explained"`
	// Searched is the half of the windows in which steps were searched, Judged the other one, which decided whether they hold. Both are
	// nil if there are fewer than eight windows: nothing is searched then.
	Searched *Half `json:"searched"`
	Judged   *Half `json:"judged"`
	// Steps explain the difference, the largest gain first; empty if nothing does.
	Steps []Step `json:"steps"`
	// Tried are the best steps of each kind on their own, whether they explain anything or not.
	Tried []Step `json:"tried"`
	// UnexplainedPoints is the mean difference that is left: in Judged or, without halves, in all windows.
	UnexplainedPoints float64        `json:"unexplained_points"`
	Verdict           string         `json:"verdict"`
	Windows           []Window       `json:"windows"`
	Notes             []analyze.Note `json:"notes"`
	Assumptions       []string       `json:"assumptions"`
	// Sources are those that have a cache of their own each; nil if one cache is predicted for all.
	Sources []string `json:"sources"`

	// Report is that of the prediction. It has the same notes.
	Report *analyze.Report `json:"-"`
	// Replays is how often the logs were replayed.
	Replays int `json:"-"`
	// Log is what the reader met.
	Log log.Stats `json:"-"`
}

// Measured is what the server counted in the windows that are compared.
type Measured struct {
	Metric          string  `json:"metric"`
	Denominator     string  `json:"denominator"` // all tokens, cacheable tokens, unknown
	HitTokens       float64 `json:"hit_tokens"`
	RequestedTokens float64 `json:"requested_tokens"`
	HitRate         float64 `json:"hit_rate"`
}

// Total is a prediction of all windows that are compared.
type Total struct {
	HitRate         float64    `json:"hit_rate"` // weighted by the tokens that the server counted, as differences are
	RequestedTokens float64    `json:"requested_tokens"`
	Difference      Difference `json:"difference"`
}

// Half is a half of the windows that are compared.
type Half struct {
	Start   float64    `json:"start"` // seconds since the Unix epoch
	End     float64    `json:"end"`
	Windows int        `json:"windows"`
	Before  Difference `json:"before"` // of the prediction
	After   Difference `json:"after"`  // with all steps
}

// Step is a change of the prediction, and what it gains.
type Step struct {
	Kind Kind `json:"step"`
	// Change says in a few words what is changed: "store delay 2 s".
	Change string `json:"change"`
	// Value is what was fitted or found by volume, nil for other steps: seconds, bytes or chunks of a capacity, tokens or chunks of a unit, or
	// a share of the requests or tokens.
	Value *float64 `json:"value"`
	Unit  string   `json:"unit"` // of the value: seconds, bytes, chunks, tokens, share; "" without one
	// GainPoints is by how much the step brings prediction and measurement together in the half that judges, after the steps before it;
	// of a step that was tried alone, after none.
	GainPoints float64 `json:"gain_points"`
	// LeftPoints is the mean difference after the step.
	LeftPoints float64 `json:"left_points"`
	// Holds reports whether the gain is large enough, and certain.
	Holds bool `json:"holds"`
}

// Window is a measured window with its predictions. Rates are fractions.
type Window struct {
	Start            float64 `json:"start"` // seconds since the Unix epoch
	End              float64 `json:"end"`
	Half             string  `json:"half"` // searched, judged or, without halves, ""
	MeasuredHits     float64 `json:"measured_hit_tokens"`
	MeasuredTokens   float64 `json:"measured_requested_tokens"`
	MeasuredRate     float64 `json:"measured_hit_rate"`
	PredictedHits    int64   `json:"predicted_hit_tokens"`
	PredictedTokens  int64   `json:"predicted_total_tokens"`
	PredictedRate    float64 `json:"predicted_hit_rate"`
	DifferencePoints float64 `json:"difference_points"` // predicted − measured
	ExplainedRate    float64 `json:"explained_hit_rate"`
	LeftPoints       float64 `json:"left_points"` // explained − measured
	Requests         int64   `json:"requests"`    // in the log
}

// Names of the halves in [Window].
const (
	searchedHalf = "searched"
	judgedHalf   = "judged"
)

// result collects the outcome of a search.
func (s *search) result(end setting, steps, tried []step, left leftOut) *Result {
	if s.apart {
		s.report.EachSource()
	}
	r := &Result{Input: s.report.Input, Settings: s.report.Settings, Report: s.report, Log: s.report.Log, Replays: s.passes,
		Assumptions: s.report.Assumptions, Steps: []Step{}, Tried: []Step{}}
	r.CapacityBytes, r.CapacityChunks = s.report.Results[0].CapacityBytes, s.report.Results[0].CapacityChunks
	if s.apart {
		r.Sources = s.sources
	}
	r.Measured = s.measuredTotal()
	r.Predicted, r.Explained = s.total(&s.base), s.total(&end)
	r.UnexplainedPoints = r.Explained.Difference.MeanPoints
	if s.halved() {
		r.Searched = s.part(0, s.half, &end)
		r.Judged = s.part(s.half, len(s.points), &end)
		r.UnexplainedPoints = r.Judged.After.MeanPoints
	}
	for i := range steps {
		r.Steps = append(r.Steps, s.stepOf(&steps[i]))
	}
	for i := range tried {
		r.Tried = append(r.Tried, s.stepOf(&tried[i]))
	}
	r.Windows = s.table(&end)
	for _, text := range s.notes(left) {
		r.Notes = append(r.Notes, analyze.Note{Text: text})
	}
	s.report.Notes = append(r.Notes, s.report.Notes...)
	r.Notes = s.report.Notes
	r.Verdict = r.verdict()
	return r
}

func (s *search) measuredTotal() Measured {
	m := Measured{Metric: s.series.Metric, Denominator: s.series.Denominator.String()}
	for _, w := range s.points {
		m.HitTokens += w.HitTokens
		m.RequestedTokens += w.RequestedTokens
	}
	m.HitRate = m.HitTokens / m.RequestedTokens
	return m
}

// total returns what a setting predicts of all windows.
func (s *search) total(of *setting) (t Total) {
	rates := s.rates(of)
	var tokens float64
	for i, w := range s.points {
		t.HitRate += rates[i] * w.RequestedTokens
		tokens += w.RequestedTokens
	}
	t.HitRate /= tokens
	_, volumes := s.of(of)
	for i := range volumes {
		t.RequestedTokens += of.volume(&volumes[i])
	}
	t.Difference = apart(rates, s.points)
	return t
}

func (s *search) part(from, to int, end *setting) *Half {
	points := s.points[from:to]
	return &Half{Start: points[0].Start, End: points[len(points)-1].End, Windows: len(points),
		Before: apart(s.rates(&s.base)[from:to], points), After: apart(s.rates(end)[from:to], points)}
}

func (s *search) stepOf(st *step) Step {
	value, unit := valueOf(st.kind, &st.after)
	return Step{Kind: st.kind, Change: changeWords(st.kind, &st.after), Value: value, Unit: unit, GainPoints: st.gain, LeftPoints: st.left, Holds: st.holds}
}

// table lists the windows.
func (s *search) table(end *setting) []Window {
	predicted, explained := s.rates(&s.base), s.rates(end)
	hits, volumes := s.of(&s.base)
	out := make([]Window, len(s.points))
	for i, p := range s.points {
		half := ""
		switch {
		case s.halved() && i < s.half:
			half = searchedHalf
		case s.halved():
			half = judgedHalf
		}
		rate := rateOf(p)
		out[i] = Window{Start: p.Start, End: p.End, Half: half, MeasuredHits: p.HitTokens, MeasuredTokens: p.RequestedTokens, MeasuredRate: rate,
			PredictedHits: hits[i], PredictedTokens: volumes[i].tokens, PredictedRate: predicted[i], DifferencePoints: 100 * (predicted[i] - rate),
			ExplainedRate: explained[i], LeftPoints: 100 * (explained[i] - rate), Requests: volumes[i].requests}
	}
	return out
}

// OneForAll ends the note that there are several sources, each of which may have a cache of its own (Options.Sources).
const OneForAll = ", and the prediction is one cache for all of them."

// notes says what is to be borne in mind of the series and of windows that are left out.
func (s *search) notes(left leftOut) []string {
	notes := slices.Clone(s.series.Notes)
	for _, why := range left.reasons() {
		notes = append(notes, why+".")
	}
	if s.series.Denominator == measured.RemainingTokens {
		notes = append(notes, "The metric counts only tokens that a cache in front didn't hold, and the prediction all tokens: the two differ by what that cache serves.")
	}
	if s.servers > 1 && !s.apart {
		notes = append(notes, fmt.Sprintf("The log is of %s%s", units.Count(int64(s.servers), "source"), OneForAll))
	}
	if !s.halved() {
		notes = append(notes, "Fewer than eight windows: nothing is explained, since a search needs windows that judge what it finds.")
	}
	return notes
}

// Period returns the time that the windows cover.
func (r *Result) Period() units.Period {
	return units.Period{First: r.Windows[0].Start, Last: r.Windows[len(r.Windows)-1].End}
}
