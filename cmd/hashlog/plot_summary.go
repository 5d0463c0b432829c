package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"hashlog/analyze"
	"hashlog/log"
)

// plotSummary is plot.json.
type plotSummary struct {
	Input       analyze.Input          `json:"input"`
	Settings    analyze.Settings       `json:"settings"`
	Ceiling     *analyze.Ceiling       `json:"ceiling"`
	Targets     []analyze.TargetResult `json:"targets"`
	Grid        plottedGrid            `json:"grid"`
	Rolling     *plottedRolling        `json:"rolling"` // nil if no chart has windows
	Tiers       []analyze.TierResult   `json:"tiers,omitempty"`
	Notes       []analyze.Note         `json:"notes"`
	Assumptions []string               `json:"assumptions"`
	Files       []string               `json:"files"`
	TTLs        []analyze.TTLResult    `json:"ttls,omitempty"`
	Knee        *analyze.Knee          `json:"knee"`

	Granularities []analyze.GranularityResult `json:"granularities,omitempty"`
}

// plottedGrid describes capacity.csv. If it is not exact, nothing is known between its capacities.
type plottedGrid struct {
	Capacities int  `json:"capacities"`
	Exact      bool `json:"exact"`
}

type plottedRolling struct {
	WindowSeconds float64           `json:"window_seconds"`
	Capacities    []plottedCapacity `json:"capacities"`
}

// plottedCapacity is the capacity of a rolling line. If both are nil, it is unlimited.
type plottedCapacity struct {
	CapacityBytes  *int64 `json:"capacity_bytes"`
	CapacityChunks *int64 `json:"capacity_chunks"`
}

func (p *plotFlags) summarize(r *analyze.Report) *plotSummary {
	s := &plotSummary{Granularities: r.Granularities, Files: p.names(), Input: r.Input, Tiers: r.Tiers, TTLs: r.TTLs, Knee: r.Knee, Grid: plottedGrid{len(r.Table.Capacities), r.Table.Exact}, Settings: r.Settings, Ceiling: r.Ceiling, Targets: r.Targets, Notes: r.Notes, Assumptions: r.Assumptions}
	if r.Rolling == nil {
		return s
	}
	s.Rolling = &plottedRolling{WindowSeconds: r.Rolling.Window.Seconds(), Capacities: []plottedCapacity{}}
	for _, size := range r.Rolling.Sizes {
		s.Rolling.Capacities = append(s.Rolling.Capacities, plottedCapacity{size.Bytes, size.Chunks})
	}
	return s
}

// showSummary prints the results and the names of the files.
func (p *plotFlags) showSummary(ctx context.Context, env *env, report *analyze.Report) error {
	return showSummary(ctx, env, p.json, func(out io.Writer) error {
		if p.json {
			return writeJSON(out, p.summarize(report))
		}
		inputText(out, report.Input)
		ceilingText(out, report)
		kneeText(out, report)
		targetsText(out, report)
		tiersText(out, report)
		ttlsText(out, report)
		granularitiesText(out, report)
		byText(out, report)
		leftOutText(out, report.Input)
		remarksText(out, report, p.remarks)
		fmt.Fprintf(out, "%s holds %s\n", log.Quoted(p.output), strings.Join(p.names(), ", "))
		return nil
	})
}
