package chart

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/reconcile"
)

// reconciled returns the outcome of windows of an hour.
func reconciled(windows int, steps ...reconcile.Step) *reconcile.Result {
	r := &reconcile.Result{Report: report(), Steps: steps, Verdict: "Explained to 0.40 points by: store delay 2 s (+1.60). Not explained: 0.40 points."}
	r.Measured.HitRate, r.Predicted.HitRate, r.Explained.HitRate = 0.60, 0.62, 0.604
	r.Predicted.Difference.MeanPoints = 2
	for i := range windows {
		start := r.Report.Input.FirstTimestamp + 3600*float64(i)
		r.Windows = append(r.Windows, reconcile.Window{Start: start, End: start + 3600, MeasuredRate: 0.60, PredictedRate: 0.62, DifferencePoints: 2, ExplainedRate: 0.604, LeftPoints: 0.4})
	}
	if windows >= 8 {
		r.Judged = &reconcile.Half{Start: r.Windows[windows/2].Start}
	}
	return r
}

func TestReconcileSays(t *testing.T) {
	said := texts(t, reconcilePicture(reconciled(10, reconcile.Step{})))
	for _, want := range []string{"Measured and predicted hit rate", "measured", "predicted", "explained", "60.4 %", "+2", "−2", "judges from here on",
		"Explained to 0.40 points by: store delay 2 s (+1.60). Not explained: 0.40 points."} {
		require.Contains(t, said, want)
	}
	said = texts(t, reconcilePicture(reconciled(3)))
	require.NotContains(t, said, "explained", "nothing is")
	require.NotContains(t, said, "judges from here on")
}

// The lines of the differences are as far from 0 as the predictions are from what was measured.
func TestReconcileDrawsDifferences(t *testing.T) {
	r := reconciled(10, reconcile.Step{})
	ch := &reconcileChart{result: r, lines: reconcileLines(r)}
	lowest, highest := ch.extremes()
	require.InDelta(t, 0.60, lowest, 1e-9)
	require.InDelta(t, 0.62, highest, 1e-9)
	require.InDelta(t, 2, ch.most, 1e-9)
	require.InDelta(t, 1, ch.difference(2), 1e-9)
	require.InDelta(t, 0.5, ch.difference(0), 1e-9)
	require.InDelta(t, 0, ch.difference(-3), 1e-9)
	for most, want := range map[float64]float64{0: 0.1, 0.11: 0.2, 2: 2, 2.1: 5, 51: 100} {
		require.Equal(t, want, roundPoints(most))
	}
}

func TestReconcileInEveryFormat(t *testing.T) {
	for _, f := range []Format{PNG, SVG, PDF} {
		var b strings.Builder
		require.NoError(t, Reconcile(&b, f, reconciled(200, reconcile.Step{})))
		require.NotEmpty(t, b.String())
	}
	require.Error(t, Reconcile(io.Discard, PNG, nil))
	require.Error(t, Reconcile(io.Discard, PNG, &reconcile.Result{Report: &analyze.Report{}}))
}
