package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hashlog/analyze"
)

// needLogsCharts are the charts whose figures a summary doesn't have: those of single requests and chunks, and those of classes at the
// capacities of the grid.
var needLogsCharts = []string{"models", "heat", "requests", "reuse", "by"}

// adoptSummary makes the options those of the summary, if there is one, and leaves out the charts that need the logs.
func (p *plotFlags) adoptSummary(ctx context.Context) error {
	if p.input == nil && p.state == nil {
		return nil
	}
	if p.given("by") && p.state != nil {
		return usageError{errors.New("--by: charts by class need the whole log: leave out --state, or give it to simulate --by")}
	}
	if p.given("by") {
		return usageError{fmt.Errorf("--by: charts by class need the logs, and %s is a summary; simulate --by reads one", p.input.named())}
	}
	for _, name := range needLogsCharts {
		switch named := slices.Contains(p.charts, name); {
		case named && p.state != nil:
			return usageError{fmt.Errorf("--charts %s needs the whole log: leave out --state", name)}
		case named:
			return usageError{fmt.Errorf("--charts %s needs the logs, and %s is a summary", name, p.input.named())}
		}
	}
	if err := p.adopt(ctx, p.rolling.Window); err != nil {
		return err
	}
	o := &p.opts
	o.Capacities, o.By, o.LengthClasses, o.TimeZone = nil, nil, nil, nil
	if o.TTLs != nil {
		o.TTLs.Capacities = p.rolling.Capacities
	}
	p.leftOut = slices.Clone(needLogsCharts)
	if len(p.charts) > 0 && len(p.chosenCharts()) == 0 {
		return usageError{errors.New("no chart is left")}
	}
	return nil
}

// noteLeftOut names the charts that a summary has no figures for.
func (p *plotFlags) noteLeftOut(r *analyze.Report) {
	if kind := p.summaryKind(); kind != "" {
		r.Notes = append(r.Notes, analyze.Note{Text: kind + " has no figures for the charts " + joinAnd(needLogsCharts) + "."})
	}
}

// summaryKind says what stands in the place of a replay of all logs, at the beginning of a sentence; "" if nothing does.
func (p *plotFlags) summaryKind() string {
	switch {
	case p.state != nil:
		return "A state"
	case p.input != nil:
		return "A summary"
	}
	return ""
}
