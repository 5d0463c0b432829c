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
	if p.input == nil {
		return nil
	}
	if p.given("by") {
		return usageError{fmt.Errorf("--by: charts by class need the logs, and %s is a summary; simulate --by reads one", p.input.named())}
	}
	for _, name := range needLogsCharts {
		if slices.Contains(p.charts, name) {
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
	if p.input != nil {
		r.Notes = append(r.Notes, analyze.Note{Text: "A summary has no figures for the charts " + joinAnd(needLogsCharts) + "."})
	}
}
