package main

import (
	"fmt"
	"io"

	"hashlog/analyze"
)

// simulateText prints a report to be read at a glance.
func simulateText(w io.Writer, r *analyze.Report, quiet bool) {
	inputText(w, r.Input)
	if len(r.Results) > 0 {
		fmt.Fprintln(w)
		resultsText(w, r.Results)
	}
	fmt.Fprintln(w)
	ceilingText(w, r.Ceiling)
	targetsText(w, r.Targets)
	missesText(w, r.Results)
	modelsText(w, r.Results)
	fmt.Fprintln(w)
	leftOutText(w, r.Input)
	remarksText(w, r.Notes, r.Assumptions, quiet)
}

func resultsText(w io.Writer, results []analyze.Result) {
	var t table
	t.row("capacity", "chunks", "token hit rate", "cacheable", "chunk hit rate", "hit tokens", "evictions")
	for _, r := range results {
		name, chunks := capacityCells(r)
		t.row(name, chunks, percent(r.TokenHitRate), percent(r.CacheableTokenHitRate), percent(r.ChunkHitRate),
			comma(r.HitTokens), comma(r.Evictions))
	}
	t.write(w)
}

// capacityCells names a result's capacity: in bytes where it has any, else in chunks.
func capacityCells(r analyze.Result) (name, chunks string) {
	if r.CapacityBytes == nil && r.CapacityChunks == nil {
		return "unlimited", comma(r.ResidentChunks)
	}
	name, chunks = sizeText(r.CapacityBytes, r.CapacityChunks)
	if r.CapacityBytes == nil {
		name = analyze.Count(*r.CapacityChunks, "chunk")
	}
	return name, chunks
}

func ceilingText(w io.Writer, c analyze.Ceiling) {
	if c.HitTokens == 0 {
		fmt.Fprintf(w, "ceiling  %s: nothing is asked for twice\n", percent(c.TokenHitRate))
		return
	}
	fmt.Fprintf(w, "ceiling  %s from %s on\n", percent(c.TokenHitRate), sizeWords(c.CapacityBytes, c.CapacityChunks))
}

func targetsText(w io.Writer, targets []analyze.TargetResult) {
	if len(targets) == 0 {
		return
	}
	fmt.Fprintln(w)
	var t table
	t.row("target", "token hit rate", "smallest capacity", "chunks")
	for _, target := range targets {
		if !target.Reachable {
			t.row(target.Target, percent(target.TokenHitRate), "not reachable", "–")
			continue
		}
		bytes, chunks := sizeText(target.CapacityBytes, target.CapacityChunks)
		t.row(target.Target, percent(target.TokenHitRate), bytes, chunks)
	}
	t.write(w)
	for _, target := range targets {
		if !target.Reachable {
			fmt.Fprintf(w, "%s is not reachable: the ceiling is %s\n", target.Target, percent(target.TokenHitRate))
		}
	}
}

func missesText(w io.Writer, results []analyze.Result) {
	if len(results) == 0 {
		return
	}
	fmt.Fprintln(w)
	var t table
	t.row("missed tokens", "tail", "cold", "capacity", "broken prefix")
	for _, r := range results {
		name, _ := capacityCells(r)
		t.row(name, share(r.MissTokens.Tail, r), share(r.MissTokens.Cold, r), share(r.MissTokens.Capacity, r), share(r.MissTokens.BrokenPrefix, r))
	}
	t.write(w)
}

// share prints a number of tokens as a part of all.
func share(tokens int64, r analyze.Result) string {
	return percent(analyze.Rate(tokens, r.TotalTokens))
}

// modelsText prints the models' figures where there are several.
func modelsText(w io.Writer, results []analyze.Result) {
	if len(results) == 0 || len(results[0].Models) < 2 {
		return
	}
	fmt.Fprintln(w)
	var t table
	t.row("model", "capacity", "token hit rate", "hit tokens", "tokens")
	for i := range results[0].Models {
		for _, r := range results {
			m := r.Models[i]
			name, _ := capacityCells(r)
			t.row(nameText(m.Name), name, percent(m.TokenHitRate), comma(m.HitTokens), comma(m.TotalTokens))
		}
	}
	t.write(w)
}
