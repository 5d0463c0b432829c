package main

import (
	"fmt"
	"io"
	"strings"

	"hashlog/analyze/reconcile"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
)

// reconcileText prints what was predicted and measured, and why they differ.
func reconcileText(w io.Writer, r *reconcile.Result, how remarks) {
	inputText(w, r.Input)
	fmt.Fprintln(w)
	ratesText(w, r)
	halvesText(w, r)
	if len(r.Steps) > 0 {
		fmt.Fprintln(w, "\nWhat explains the difference, in points of the half that judges:")
		stepsText(w, r.Steps, true)
	}
	if len(r.Tried) > 0 {
		fmt.Fprintln(w, "\nWhat each change does on its own:")
		stepsText(w, r.Tried, false)
	}
	fmt.Fprintf(w, "\n%s\n\n", r.Verdict)
	leftOutText(w, r.Input)
	remarksText(w, r.Report, how)
}

// ratesText prints the hit rates of all windows, and how far they are apart.
func ratesText(w io.Writer, r *reconcile.Result) {
	in := r.Input.Period()
	fmt.Fprintf(w, "measured    %s of %s (%s): %s\n", units.FormatPercent(r.Measured.HitRate), units.Count(int64(r.Measured.RequestedTokens), "token"), denominatorWords(r.Measured.Denominator), r.Measured.Metric)
	fmt.Fprintf(w, "predicted   %s of %s (all tokens) at %s%s\n", units.FormatPercent(r.Predicted.HitRate), units.Count(int64(r.Predicted.RequestedTokens), "token"), sizeWords(r.CapacityBytes, r.CapacityChunks), eachOf(r.Sources))
	if len(r.Steps) > 0 {
		fmt.Fprintf(w, "explained   %s of %s\n", units.FormatPercent(r.Explained.HitRate), units.Count(int64(r.Explained.RequestedTokens), "token"))
	}
	d := r.Predicted.Difference
	fmt.Fprintf(w, "difference  %s on average, %s on balance, %s at most (%s)\n", points(d.MeanPoints), bias(d.BiasPoints), points(d.LargestPoints), in.FormatTime(d.LargestStart))
	fmt.Fprintf(w, "compared    %s, %s\n", units.Count(int64(len(r.Windows)), "window"), r.Period())
}

// denominatorWords says which tokens a server counts as requested.
func denominatorWords(name string) string {
	if name == measured.Unknown.String() {
		return "of all or without tails, it doesn't say"
	}
	return name
}

// halvesText says which half was searched and which one judges, and how far prediction and measurement are apart in each.
func halvesText(w io.Writer, r *reconcile.Result) {
	if r.Judged == nil {
		return
	}
	in := r.Input.Period()
	fmt.Fprintln(w)
	var t table.Table
	t.Row("half", "windows", "from", "difference", "largest", "explained to", "largest")
	for _, h := range []struct {
		name string
		half *reconcile.Half
	}{{"first, searched", r.Searched}, {"second, judges", r.Judged}} {
		t.Row(h.name, units.Comma(int64(h.half.Windows)), in.FormatTime(h.half.Start), points(h.half.Before.MeanPoints), points(h.half.Before.LargestPoints),
			points(h.half.After.MeanPoints), points(h.half.After.LargestPoints))
	}
	t.Write(w)
}

// stepsText prints steps that follow each other, or changes that stand alone.
func stepsText(w io.Writer, steps []reconcile.Step, all bool) {
	var t table.Table
	if all {
		t.Row("step", "gains", "leaves")
	} else {
		t.Row("change", "gains", "leaves", "holds")
	}
	for _, s := range steps {
		cells := []string{s.Change, signedPoints(s.GainPoints), points(s.LeftPoints)}
		if !all {
			cells = append(cells, yesNo(s.Holds))
		}
		t.Row(cells...)
	}
	t.Write(w)
}

// bias says on which side of what was measured a prediction is: "0.42 points too high".
func bias(x float64) string {
	if x < 0 {
		return points(-x) + " too low"
	}
	return points(x) + " too high"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// points prints a difference of rates: "0.42 points".
func points(x float64) string { return fmt.Sprintf("%.2f points", x) }

// signedPoints prints a gain: "+2.10".
func signedPoints(x float64) string { return strings.Replace(fmt.Sprintf("%+.2f", x), "-", "−", 1) }

// eachOf says that each source has a cache of its own, if that is so.
func eachOf(sources []string) string {
	if sources == nil {
		return ""
	}
	return " for each of " + units.Count(int64(len(sources)), "source")
}
