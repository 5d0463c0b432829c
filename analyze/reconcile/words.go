package reconcile

import (
	"fmt"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// valueOf returns the number that a step of a kind has found, and its unit; nil if it has none.
func valueOf(k Kind, s *setting) (value *float64, unit string) {
	number := func(x float64, unit string) (*float64, string) { return &x, unit }
	switch {
	case k == StoreDelay:
		return number(s.delay.Seconds(), "seconds")
	case k == Capacity && s.capacity.Unit == units.Bytes:
		return number(float64(s.capacity.N), "bytes")
	case k == Capacity:
		return number(float64(s.capacity.N), "chunks")
	case k == Granularity && s.unit.N > 0 && s.unit.Tokens:
		return number(float64(s.unit.N), "tokens")
	case k == Granularity && s.unit.N > 0:
		return number(float64(s.unit.N), "chunks")
	case k == Retries && s.twice > 0:
		return number(s.twice, "share")
	case k == Missing && s.missing.share > 0:
		return number(s.missing.share, "share")
	}
	return nil, ""
}

// changeWords says in a few words what a step of a kind changes.
func changeWords(k Kind, s *setting) string {
	switch k {
	case Denominator:
		if s.denominator == measured.CacheableTokens {
			return "denominator without tails"
		}
		return "denominator with tails"
	case TouchOrder:
		return analyze.OrderName(s.order) + " touched first"
	case Watermark:
		return watermarkWords(s)
	case StoreDelay:
		return "store delay " + units.FormatDuration(s.delay)
	case Capacity:
		return "capacity " + s.capacity.Label()
	case Granularity:
		return unitWords(s.unit)
	case Retries:
		return retryWords(s)
	}
	return missingWords(s.missing)
}

func watermarkWords(s *setting) string {
	if s.watermark == (sim.Watermark{}) {
		return "evicts one chunk at a time"
	}
	for _, p := range analyze.Presets() {
		if p.Watermark != nil && *p.Watermark == s.watermark {
			return "evicts in batches as " + p.Name
		}
	}
	return "evicts in batches"
}

func unitWords(u matchUnit) string {
	switch {
	case u.last:
		return "last token of a prompt computed again"
	case u.N == 0:
		return "hits of any length"
	case u.Tokens:
		return "hits in units of " + units.Count(u.N, "token")
	}
	return "hits in units of " + units.Count(u.N, "chunk")
}

func retryWords(s *setting) string {
	switch {
	case s.once:
		return "retries counted once"
	case s.twice > 0:
		return "retries counted twice (" + units.FormatPercentBriefly(s.twice) + " of the requests)"
	}
	return "no retries"
}

func missingWords(m missing) string {
	switch {
	case m.byWindow:
		return "requests missing in the log (as many as each window lacks)"
	case m.share > 0:
		return "requests missing in the log (" + units.FormatPercentBriefly(m.share) + " of the tokens in it)"
	}
	return "no requests missing in the log"
}

// verdict says how far the difference is explained, and by what.
func (r *Result) verdict() string {
	left := points(r.UnexplainedPoints)
	if len(r.Steps) == 0 {
		switch {
		case r.Judged == nil:
			return "Prediction and measurement differ by " + left + " on average; there are too few windows to say why."
		case r.Predicted.Difference.MeanPoints < leastGain:
			return "Nothing to explain: prediction and measurement differ by " + left + " on average."
		}
		return "Not explained: " + left + ". No step brings prediction and measurement closer."
	}
	var parts []string
	for _, s := range r.Steps {
		parts = append(parts, fmt.Sprintf("%s (%s)", s.Change, signed(s.GainPoints)))
	}
	return fmt.Sprintf("Explained to %s by: %s. Not explained: %s.", left, strings.Join(parts, ", "), left)
}

// points prints a difference: "0.42 points".
func points(x float64) string { return fmt.Sprintf("%.2f points", x) }

// signed prints a gain: "+2.10", "−0.04".
func signed(x float64) string {
	return strings.Replace(fmt.Sprintf("%+.2f", x), "-", "−", 1)
}
