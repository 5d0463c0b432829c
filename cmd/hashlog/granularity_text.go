package main

import (
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
)

// granularitiesText prints the token hit rate with each of several granularities, a row each.
func granularitiesText(w io.Writer, r *analyze.Report) {
	if len(r.Granularities) < 2 {
		return
	}
	fmt.Fprintln(w)
	head := []string{"token hit rate by granularity", "chunk"}
	for _, at := range r.Results {
		name, _ := capacityCells(at)
		head = append(head, name)
	}
	var t table.Table
	t.Row(append(head, "ceiling")...)
	for i := range r.Granularities {
		g := &r.Granularities[i]
		cells := []string{g.Granularity.String(), orDash(tokensOf(g), func(n int64) string { return units.Count(n, "token") })}
		for _, at := range g.Results {
			cells = append(cells, units.FormatPercent(at.TokenHitRate))
		}
		t.Row(append(cells, orDash(g.Ceiling, func(c analyze.Ceiling) string { return units.FormatPercent(c.TokenHitRate) }))...)
	}
	t.Write(w)
}

// tokensOf returns the chunk size of a granularity in tokens; nil if records disagree.
func tokensOf(g *analyze.GranularityResult) *int64 {
	if g.ChunkTokens == 0 {
		return nil
	}
	return &g.ChunkTokens
}
