package main

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strings"

	"golang.org/x/sync/errgroup"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/sim/policy"
)

// row is a result beside the models.
type row struct {
	result
	plain, preset float64 // token hit rates
}

// compareAll predicts what the servers measured.
func compareAll(ctx context.Context, w *workload, all []result) ([]row, error) {
	rows := make([]row, len(all))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, r := range all {
		group.Go(func() (err error) {
			rows[i], err = r.compare(ctx, w)
			return err
		})
	}
	return rows, group.Wait()
}

// compare predicts what a server measured.
func (r result) compare(ctx context.Context, w *workload) (row, error) {
	out := row{result: r}
	spec, err := policy.Parse(r.Preset)
	if err != nil {
		return out, err
	}
	order, err := analyze.ParseTouchOrder(r.TouchOrder)
	if err != nil {
		return out, err
	}
	times := r.timesOf(w)
	if out.plain, err = predict(ctx, w, policy.LRU(), r.Held, order, times); err != nil {
		return out, err
	}
	out.preset, err = predict(ctx, w, spec, r.Held, order, times)
	return out, err
}

// table returns the rows as Markdown, and a second table of how far off the predictions are.
func table(rows []row) string {
	var out strings.Builder
	out.WriteString("| server | preset | chunks held | measured | plain LRU | off by | preset | off by |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range rows {
		fmt.Fprintf(&out, "| %s | `%s` | %s | %.2f %% | %.2f %% | %s | %.2f %% | %s |\n", r.Server, r.Preset, units.Comma(int64(math.Round(r.Held))),
			100*r.Rate, 100*r.plain, points(r.plain-r.Rate), 100*r.preset, points(r.preset-r.Rate))
	}
	out.WriteString("\n| server | preset | plain LRU: mean | worst | preset: mean | worst |\n|---|---|--:|--:|--:|--:|\n")
	for some := range byServer(rows) {
		writeSpread(&out, some[0].Server, "`"+some[0].Preset+"`", some)
	}
	writeSpread(&out, "all", "", rows)
	return out.String()
}

// points returns a difference of rates in percentage points, with its sign.
func points(difference float64) string {
	switch text := fmt.Sprintf("%+.2f", 100*difference); text {
	case "+0.00", "-0.00":
		return "0.00"
	default:
		return strings.Replace(text, "-", "−", 1)
	}
}

// byServer yields the rows of each server, which follow each other.
func byServer(rows []row) iter.Seq[[]row] {
	return func(yield func([]row) bool) {
		for len(rows) > 0 {
			n := 1
			for n < len(rows) && rows[n].Preset == rows[0].Preset && rows[n].Server == rows[0].Server {
				n++
			}
			if !yield(rows[:n]) {
				return
			}
			rows = rows[n:]
		}
	}
}

// writeSpread writes how far off the predictions of some rows are.
func writeSpread(out *strings.Builder, server, preset string, rows []row) {
	var plain, modelled spread
	for _, r := range rows {
		plain.add(r.plain - r.Rate)
		modelled.add(r.preset - r.Rate)
	}
	fmt.Fprintf(out, "| %s | %s | %.2f | %.2f | %.2f | %.2f |\n", server, preset, plain.mean(), plain.worst, modelled.mean(), modelled.worst)
}

// spread is how far predictions are off, in points.
type spread struct {
	sum, worst float64
	n          int
}

// add takes in the difference between two rates.
func (s *spread) add(difference float64) {
	points := 100 * math.Abs(difference)
	s.sum, s.worst, s.n = s.sum+points, max(s.worst, points), s.n+1
}

func (s spread) mean() float64 { return s.sum / float64(s.n) }
