package main

import (
	"context"
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/rows"
	"hashlog/analyze/units"
	"hashlog/log"
)

// exportSummary is what export prints as JSON.
type exportSummary struct {
	Input       analyze.Input    `json:"input"`
	Settings    analyze.Settings `json:"settings"`
	Ceiling     *analyze.Ceiling `json:"ceiling"`
	Output      exportedFile     `json:"output"`
	Notes       []analyze.Note   `json:"notes"`
	Assumptions []string         `json:"assumptions"`

	FleetSettings *analyze.FleetSettings `json:"fleet_settings"` // nil without nodes
	Unusable      []analyze.UnusableNode `json:"unusable_nodes"` // likewise
}

type exportedFile struct {
	File string `json:"file"`
	rows.Summary
}

// showSummary prints what was replayed and what the file holds. fleet is nil unless there are nodes.
func (e *exportFlags) showSummary(ctx context.Context, env *env, r *analyze.Report, fleet *analyze.FleetReport, of rows.Summary) error {
	return showSummary(ctx, env, e.json, func(out io.Writer) error {
		if e.json {
			s := exportSummary{Input: r.Input, Settings: r.Settings, Ceiling: r.Ceiling, Output: exportedFile{e.output, of}, Notes: r.Notes, Assumptions: r.Assumptions}
			if fleet != nil {
				s.FleetSettings, s.Unusable = &fleet.FleetSettings, fleet.Unusable
			}
			return writeJSON(out, s)
		}
		inputText(out, r.Input)
		ceilingText(out, r)
		leftOutText(out, r.Input)
		remarksText(out, r, e.remarks)
		held := units.Count(of.Rows, "row")
		if fleet != nil {
			held += " of " + units.Count(int64(len(fleet.Nodes)), "node")
		}
		fmt.Fprintf(out, "%s holds %s; demand is in %s\n", log.Quoted(e.output), held, joinAnd(of.DemandUnits))
		return nil
	})
}
