package main

import (
	"fmt"
	"io"
	"slices"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
	"hashlog/log"
)

// simulateText prints a report to be read at a glance.
func simulateText(w io.Writer, r *analyze.Report, how remarks) {
	inputText(w, r.Input)
	if len(r.Results) > 0 {
		fmt.Fprintln(w)
		resultsText(w, r.Results)
		spreadsText(w, r.Results)
	}
	fmt.Fprintln(w)
	ceilingText(w, r)
	kneeText(w, r)
	targetsText(w, r)
	tiersText(w, r)
	ttlsText(w, r)
	granularitiesText(w, r)
	missesText(w, r.Results)
	byText(w, r)
	modelsText(w, r)
	statsText(w, r.Stats)
	fmt.Fprintln(w)
	leftOutText(w, r.Input)
	remarksText(w, r, how)
}

func resultsText(w io.Writer, results []analyze.Result) {
	var t table.Table
	t.Row("capacity", "chunks", "token hit rate", "cacheable", "chunk hit rate", "hit tokens", "evictions")
	for _, r := range results {
		name, chunks := capacityCells(r)
		t.Row(name, chunks, units.FormatPercent(r.TokenHitRate), units.FormatPercent(r.CacheableTokenHitRate), units.FormatPercent(r.ChunkHitRate),
			units.Comma(r.HitTokens), orDash(r.Evictions, units.Comma))
	}
	t.Write(w)
}

// spreadsText says how the hit rates vary if the cache draws random numbers.
func spreadsText(w io.Writer, results []analyze.Result) {
	for _, r := range results {
		if r.Spread != nil {
			name, _ := capacityCells(r)
			fmt.Fprintf(w, "token hit rate at %s: %s\n", name, spreadWords(r.Spread))
		}
	}
}

// spreadWords says how a token hit rate varies with the seed.
func spreadWords(s *analyze.Spread) string {
	return fmt.Sprintf("%s to %s with %d seeds, mean %s", units.FormatPercent(s.Lowest), units.FormatPercent(s.Highest), s.Seeds, units.FormatPercent(s.Mean))
}

// capacityCells returns the capacity of a result, in bytes if they are known, and in chunks.
func capacityCells(r analyze.Result) (name, chunks string) {
	if r.CapacityBytes == nil && r.CapacityChunks == nil {
		return "unlimited", orDash(r.ResidentChunks, units.Comma)
	}
	name, chunks = sizeText(r.CapacityBytes, r.CapacityChunks)
	if r.CapacityBytes == nil {
		name = units.Count(*r.CapacityChunks, "chunk")
	}
	return name, chunks
}

func ceilingText(w io.Writer, r *analyze.Report) {
	c := r.Ceiling
	if c == nil {
		fmt.Fprintf(w, "ceiling  not known: nothing is known beyond %s\n", r.MaxCapacity)
		return
	}
	if why := r.NothingReused(); why != "" {
		fmt.Fprintf(w, "ceiling  none: %s\n", why)
		return
	}
	if c.CapacityBytes == nil && c.CapacityChunks == nil {
		fmt.Fprintf(w, "ceiling  %s\n", units.FormatPercent(c.TokenHitRate))
		return
	}
	fmt.Fprintf(w, "ceiling  %s from %s on\n", units.FormatPercent(c.TokenHitRate), sizeWords(c.CapacityBytes, c.CapacityChunks))
}

// kneeText says where more memory stops paying.
func kneeText(w io.Writer, r *analyze.Report) {
	if text := r.KneeText(); text != "" {
		fmt.Fprintf(w, "knee     %s\n", text)
	}
}

func targetsText(w io.Writer, r *analyze.Report) {
	targets := r.Targets
	if len(targets) == 0 {
		return
	}
	fmt.Fprintln(w)
	var t table.Table
	t.Row("target", "token hit rate", "smallest capacity", "chunks")
	for _, target := range targets {
		if !target.Reachable {
			t.Row(target.Target, units.FormatPercent(target.TokenHitRate), notReached(r), "–")
			continue
		}
		bytes, chunks := targetCells(target)
		t.Row(target.Target, units.FormatPercent(target.TokenHitRate), bytes, chunks)
	}
	t.Write(w)
	for _, target := range targets {
		switch {
		case target.Reachable:
		case r.Ceiling == nil:
			fmt.Fprintf(w, "%s is %s: the best there is %s\n", target.Target, notReached(r), units.FormatPercent(target.TokenHitRate))
		case onGrid(r) && r.NothingReused() == "":
			fmt.Fprintf(w, "%s is %s: the best there is %s, and the ceiling is %s\n", target.Target, notReached(r), units.FormatPercent(target.TokenHitRate), units.FormatPercent(r.Ceiling.TokenHitRate))
		case r.NothingReused() != "":
			fmt.Fprintf(w, "%s is %s: %s\n", target.Target, notReached(r), r.NothingReused())
		default:
			fmt.Fprintf(w, "%s is %s: the ceiling is %s\n", target.Target, notReached(r), units.FormatPercent(target.TokenHitRate))
		}
	}
	if onGrid(r) {
		fmt.Fprintf(w, "(grid: %s, and more around an answer, 1 %% apart; between two of them a smaller one may be enough, and a larger one may not be)\n", capacities(len(r.Table.Capacities)))
	}
}

// targetCells returns the capacity that reaches a target, in bytes and in chunks.
func targetCells(t analyze.TargetResult) (bytes, chunks string) {
	bytes, chunks = sizeText(t.CapacityBytes, t.CapacityChunks)
	switch {
	case t.Exact:
	case t.CapacityBytes != nil:
		bytes = "≤ " + bytes + " (grid)"
	default:
		chunks = "≤ " + chunks + " (grid)"
	}
	return bytes, chunks
}

// onGrid reports whether figures are known only for a grid of capacities.
func onGrid(r *analyze.Report) bool { return r.Table != nil && !r.Table.Exact }

func capacities(n int) string {
	if n == 1 {
		return "1 capacity"
	}
	return units.Comma(int64(n)) + " capacities"
}

// notReached says that a target is not reached.
func notReached(r *analyze.Report) string {
	switch {
	case r.Ceiling == nil:
		return "not within " + r.MaxCapacity.String()
	case onGrid(r):
		return "not reached on the grid"
	}
	return "not reachable"
}

func missesText(w io.Writer, results []analyze.Result) {
	if len(results) == 0 {
		return
	}
	fmt.Fprintln(w)
	var t table.Table
	t.Row(append([]string{"missed tokens"}, missHeads(results[0].MissTokens)...)...)
	for _, r := range results {
		name, _ := capacityCells(r)
		t.Row(append([]string{name}, missCells(r.MissTokens, r.TotalTokens)...)...)
	}
	t.Write(w)
}

// missHeads are the heads of missCells.
func missHeads(m analyze.MissTokens) []string {
	heads := []string{"tail", "cold", "capacity", "broken prefix"}
	if m.ColdOrCapacity != nil {
		heads = []string{"tail", "cold or capacity", "broken prefix"}
	}
	if m.Expired != nil {
		heads = append(heads, "expired")
	}
	if m.NotAdmitted != nil {
		heads = append(heads, "not admitted")
	}
	if m.Unaligned != nil {
		heads = append(heads, "unaligned")
	}
	return heads
}

// missCells prints each kind of miss as a percentage of all tokens.
func missCells(m analyze.MissTokens, all int64) []string {
	cells := []string{share(m.Tail, all)}
	if m.ColdOrCapacity != nil {
		cells = append(cells, share(*m.ColdOrCapacity, all))
	} else {
		cells = append(cells, share(m.Cold, all), share(m.Capacity, all))
	}
	cells = append(cells, share(m.BrokenPrefix, all))
	if m.Expired != nil {
		cells = append(cells, share(*m.Expired, all))
	}
	if m.NotAdmitted != nil {
		cells = append(cells, share(*m.NotAdmitted, all))
	}
	if m.Unaligned != nil {
		cells = append(cells, share(*m.Unaligned, all))
	}
	return cells
}

// share prints a number of tokens as a percentage of all.
func share(tokens, all int64) string { return units.FormatPercent(analyze.Rate(tokens, all)) }

// modelsText prints the figures of each model if there are several, and they do not stand above.
func modelsText(w io.Writer, r *analyze.Report) {
	results := slices.DeleteFunc(slices.Clone(r.Results), func(at analyze.Result) bool { return at.ModelCount() == 0 }) // unknown there
	byModel := func(d *analyze.Division) bool { return d.Dimension == analyze.ByModel }
	if len(results) == 0 || results[0].ModelCount() < 2 || slices.ContainsFunc(r.By, byModel) {
		return
	}
	fmt.Fprintln(w)
	table.Write(w, func(yield func([]string) bool) {
		more := yield([]string{"model", "capacity", "token hit rate", "hit tokens", "tokens"})
		for i := range results[0].ModelCount() {
			for j := 0; j < len(results) && more; j++ {
				m := results[j].Model(i)
				name, _ := capacityCells(results[j])
				more = yield([]string{log.Quoted(m.Name), name, units.FormatPercent(m.TokenHitRate), units.Comma(m.HitTokens), units.Comma(m.TotalTokens)})
			}
		}
	})
}
