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
	Ceiling     analyze.Ceiling  `json:"ceiling"`
	Output      exportedFile     `json:"output"`
	Notes       []analyze.Note   `json:"notes"`
	Assumptions []string         `json:"assumptions"`
}

type exportedFile struct {
	File string `json:"file"`
	rows.Summary
}

// showSummary prints what was replayed and what the file holds.
func (e *exportFlags) showSummary(ctx context.Context, env *env, r *analyze.Report, of rows.Summary) error {
	return showSummary(ctx, env, e.json, func(out io.Writer) error {
		if e.json {
			return writeJSON(out, exportSummary{r.Input, r.Settings, r.Ceiling, exportedFile{e.output, of}, r.Notes, r.Assumptions})
		}
		inputText(out, r.Input)
		ceilingText(out, r)
		leftOutText(out, r.Input)
		remarksText(out, r, e.remarks)
		fmt.Fprintf(out, "%s holds %s; demand is in %s\n", log.Quoted(e.output), units.Count(of.Rows, "row"), joinAnd(of.DemandUnits))
		return nil
	})
}
