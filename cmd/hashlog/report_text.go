package main

import (
	"fmt"
	"io"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// sizeText prints a size in both units, as far as they are known: "19.68 MiB", "20,147".
func sizeText(bytes, chunks *int64) (inBytes, inChunks string) {
	inBytes, inChunks = "–", "–"
	if bytes != nil {
		inBytes = units.FormatBytes(*bytes)
	}
	if chunks != nil {
		inChunks = units.Comma(*chunks)
	}
	return inBytes, inChunks
}

// sizeWords prints a size in a sentence: "19.68 MiB (20,147 chunks)".
func sizeWords(bytes, chunks *int64) string {
	switch {
	case bytes == nil && chunks == nil:
		return "unlimited"
	case bytes == nil:
		return units.Count(*chunks, "chunk")
	case chunks == nil:
		return fmt.Sprintf("%s (%s)", units.FormatBytes(*bytes), units.Count(*bytes, "byte"))
	}
	return fmt.Sprintf("%s (%s)", units.FormatBytes(*bytes), units.Count(*chunks, "chunk"))
}

// inputText prints what was replayed, in two lines.
func inputText(w io.Writer, in analyze.Input) {
	fmt.Fprintf(w, "%s in %s, %s\n", units.Count(in.Requests, "request"), units.Count(int64(in.Files), "file"),
		in.Period())
	fmt.Fprintf(w, "%s, %s of them covered by hashes; %s of %s\n", units.Count(in.TotalTokens, "token"), units.Comma(in.CacheableTokens),
		units.Count(in.ChunkLookups, "chunk lookup"), uniqueText(in))
}

// uniqueText says how many unique chunks there are.
func uniqueText(in analyze.Input) string {
	if in.UniqueChunks == nil {
		return "an unknown number of unique chunks"
	}
	return units.Count(*in.UniqueChunks, "unique chunk")
}

// leftOutText prints which records are not in the figures.
func leftOutText(w io.Writer, in analyze.Input) {
	had := ""
	if in.BeforeState > 0 {
		had = fmt.Sprintf("; %s in the state before", units.Comma(in.BeforeState))
	}
	fmt.Fprintf(w, "records: %s replayed, %s filtered out, %s empty, %s skipped, %s torn, %s late; %s damaged%s\n", units.Comma(in.Requests),
		units.Comma(in.Filtered), units.Comma(in.Empty), units.Comma(in.Skipped), units.Comma(in.Torn), units.Comma(in.Late), units.Count(in.Damaged, "file"), had)
}

// remarks says which remarks are printed beside the figures.
type remarks struct {
	quiet   bool // no notes
	verbose bool // all assumptions as sentences, instead of a line and what differs from the default
}

// remarksText prints notes and assumptions.
func remarksText(w io.Writer, r *analyze.Report, how remarks) {
	if !how.quiet {
		for _, n := range r.Notes {
			fmt.Fprintf(w, "note: %s\n", n)
		}
	}
	line, sentences := "assumed: "+strings.Join(r.Assumed.Words, "; ")+" (more: --verbose, hashlog help assumptions)", r.Assumed.Facts
	if how.verbose {
		line, sentences = "assumed:", r.Assumptions
	}
	fmt.Fprintln(w, line)
	for _, s := range sentences {
		fmt.Fprintf(w, "  %s\n", s)
	}
}
