package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
)

// inspectedSummary is what inspect says of a summary besides what it says of logs.
type inspectedSummary struct {
	Open     bool                    `json:"open"`   // something may have come before it
	Bytes    *int64                  `json:"bytes"`  // size of the file; nil for a stream
	Caches   int                     `json:"caches"` // whose counts these are
	Parts    int                     `json:"parts"`  // that it was joined of
	Since    *float64                `json:"since"`  // seconds since the Unix epoch, as asked for
	Until    *float64                `json:"until"`
	First    *float64                `json:"first_timestamp"` // nil if there is no record
	Last     *float64                `json:"last_timestamp"`
	Logs     int                     `json:"logs"`          // that were read
	GoOn     int                     `json:"logs_going_on"` // those with records behind its end
	Settings analyze.SummarySettings `json:"settings"`      // what it fixes
	State    *inspectedState         `json:"state"`         // nil: it is no state
}

// inspectedState is where a state goes on.
type inspectedState struct {
	End  *float64 `json:"end"`  // seconds since the Unix epoch; nil if it has no record
	Logs int      `json:"logs"` // that it knows
}

// describe returns what is known of a summary, once it is read.
func (in *summaryInput) describe() *inspectedSummary {
	s := describeSummary(in.file.Settings(), in.file.Span(), in.open, in.file.Caches())
	if in.read.size >= 0 {
		s.Bytes = &in.read.size
	}
	if b := in.file.Behind(); b != nil {
		s.State = &inspectedState{b.End, len(b.Logs)}
	}
	return s
}

// describeSummary returns what there is to say of any summary.
func describeSummary(settings *analyze.SummarySettings, span *analyze.Span, open bool, caches int) *inspectedSummary {
	s := &inspectedSummary{Open: open, Caches: caches, Parts: len(span.Parts), Since: span.Since, Until: span.Until, Settings: *settings}
	if !span.Empty() {
		s.First, s.Last = &span.First, &span.Last
	}
	for _, l := range span.Logs {
		if l.Before+l.At > 0 {
			s.Logs++
		}
		if l.GoesOn {
			s.GoOn++
		}
	}
	return s
}

func inspectSummary(ctx context.Context, env *env, c *commonFlags) error {
	if err := cmp.Or(c.adopt(ctx, 0), needsStdout(env)); err != nil {
		return err
	}
	o := &c.opts
	o.Rolling, o.Capacities, o.By, o.LengthClasses, o.TimeZone, o.Tiers, o.TTLs = nil, nil, nil, nil, nil, nil, nil
	if err := c.check(ctx, nil); err != nil {
		return err
	}
	if c.input.file.Span().Empty() {
		return inspectEmpty(ctx, env, c)
	}
	report, err := c.replay(ctx, env, nil, func(ctx context.Context, report *analyze.Report) error {
		return show(ctx, env.stdout, func(out io.Writer) error {
			if c.json {
				all := inspected(report)
				all.Summary = c.input.describe()
				return writeJSON(out, all)
			}
			inspectSummaryText(out, report, c.input.describe(), c.remarks)
			return nil
		})
	})
	if err != nil {
		return err
	}
	return finish(env, report.Log)
}

// inspectEmpty describes a summary without records, of which there is nothing else to say.
func inspectEmpty(ctx context.Context, env *env, c *commonFlags) error {
	s, err := await(ctx, c.input.file.Read)
	if err != nil {
		return inSummary(c.input.summarySource, err)
	}
	c.input.open = s.Open()
	return show(ctx, env.stdout, func(out io.Writer) error {
		if c.json {
			return writeJSON(out, struct {
				Summary *inspectedSummary `json:"summary"`
			}{c.input.describe()})
		}
		summaryText(out, c.input.describe())
		return nil
	})
}

// inspectSummaryText prints what a summary holds.
func inspectSummaryText(w io.Writer, r *analyze.Report, s *inspectedSummary, how remarks) {
	inputText(w, r.Input)
	fmt.Fprintln(w)
	inspectModels(w, r.Input)
	fmt.Fprintln(w)
	ceilingText(w, r)
	fmt.Fprintln(w)
	summaryText(w, s)
	fmt.Fprintln(w)
	leftOutText(w, r.Input)
	fmt.Fprintln(w, "gaps, repeated records and missing files: not in a summary, inspect the logs")
	remarksText(w, r, how)
}

// summaryText prints what a summary is of, and what it fixes.
func summaryText(w io.Writer, s *inspectedSummary) {
	kind := "closed summary: nothing came before it"
	if s.Open {
		kind = "open summary: something may have come before it"
	}
	if s.Caches > 1 {
		kind = fmt.Sprintf("closed summary of %d caches, each of the capacity asked", s.Caches)
	}
	fmt.Fprintf(w, "%s\n", kind)
	size := ""
	if s.Bytes != nil {
		size = ", " + units.FormatBytes(*s.Bytes)
	}
	fmt.Fprintf(w, "%s of %s%s; %s on behind its end\n", units.Count(int64(s.Parts), "part"), units.Count(int64(s.Logs), "log"), size, goOn(s.GoOn))
	if s.State != nil {
		fmt.Fprintf(w, "state: goes on behind %s in %s (--state)\n", boundText(s.State.End, "no record"), units.Count(int64(s.State.Logs), "log"))
	}
	fmt.Fprintf(w, "from %s to %s\n\n", boundText(s.Since, "the beginning"), boundText(s.Until, "the end"))
	var t table.Table
	t.Row("setting", "value")
	for _, setting := range s.Settings.List() {
		if setting.Value != "" {
			t.Row(setting.Name, setting.Value)
		}
	}
	t.Write(w)
}

func goOn(n int) string {
	if n == 1 {
		return "1 log goes"
	}
	return units.Comma(int64(n)) + " logs go"
}

func boundText(t *float64, unbounded string) string {
	if t == nil {
		return unbounded
	}
	return units.FormatTime(*t)
}
