package chart

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/font"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// subtitle says what was replayed, and how the cache differs from one that stores at once and never expires a chunk.
func subtitle(r *analyze.Report) []string {
	in := r.Input
	parts := []string{units.Count(in.Requests, "request"), tokensText(in.TotalTokens)}
	if counting := r.Counting(); counting != "" {
		parts[0] = counting
		parts[1] = count(countedTokens(r)) + " of " + parts[1]
	}
	if in.Requests > 0 {
		parts = append(parts, spanText(in.FirstTimestamp, in.LastTimestamp))
	}
	parts = append(parts, chunkText(in.Models), modelNames(subtitleFace, in.Models))
	parts = append(parts, cacheTexts(r.Settings)...)
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// countedTokens returns the tokens of the requests after the warm-up.
func countedTokens(r *analyze.Report) int64 {
	if r.Curve == nil {
		return r.Input.TotalTokens
	}
	return r.Curve.At(0).TotalTokens
}

// cacheTexts say how the cache evicts, and during which time it holds a chunk, as far as that differs from the model.
func cacheTexts(s analyze.Settings) (parts []string) {
	if s.EvictTrigger != nil {
		parts = append(parts, cacheName(s)+" (evicts in batches)")
	}
	if s.StoreDelay > 0 {
		parts = append(parts, "stored "+units.FormatSeconds(s.StoreDelay)+" after lookup")
	}
	if s.Admit != nil && *s.Admit > 1 {
		parts = append(parts, fmt.Sprintf("admitted at lookup %d", *s.Admit))
	}
	if s.TTL != nil {
		parts = append(parts, "expires "+units.FormatSeconds(*s.TTL)+" after the last touch")
	}
	return parts
}

func tokensText(n int64) string {
	if n == 1 {
		return "1 token"
	}
	return count(n) + " tokens"
}

// chunkText returns the size of chunks: in tokens, and in bytes if all agree.
func chunkText(models []analyze.Model) string {
	var lo, hi int64
	bytes, agree := int64(0), true
	for i, m := range models {
		if m.ChunkSize == nil {
			return "chunk sizes vary"
		}
		if i == 0 {
			lo, hi = *m.ChunkSize, *m.ChunkSize
		}
		lo, hi = min(lo, *m.ChunkSize), max(hi, *m.ChunkSize)
		if m.BytesPerChunk == nil || i > 0 && *m.BytesPerChunk != bytes {
			agree = false
			continue
		}
		bytes = *m.BytesPerChunk
	}
	switch {
	case len(models) == 0:
		return ""
	case lo != hi:
		return fmt.Sprintf("chunks of %s to %s tokens", units.Comma(lo), units.Comma(hi))
	case agree && bytes > 0:
		return fmt.Sprintf("chunks of %s (%s)", units.Count(lo, "token"), units.Capacity{N: bytes, Unit: units.Bytes}.String())
	}
	return "chunks of " + units.Count(lo, "token")
}

// modelNames returns the names of up to three models; for more, their number.
func modelNames(f font.Face, models []analyze.Model) string {
	const widest = 150
	if len(models) > 3 {
		return fmt.Sprintf("%d models", len(models))
	}
	var names []string
	for _, m := range models {
		name := clean(m.Name)
		if name == "" {
			name = "unnamed model"
		}
		names = append(names, shorten(f, name, widest))
	}
	return strings.Join(names, ", ")
}

// footnote says how the input was read and what the figures of a chart assume: all that holds for every figure, and what
// is about these topics.
func footnote(r *analyze.Report, about ...analyze.Topic) string {
	in := r.Input
	s := fmt.Sprintf("Read from %s; %s skipped, %s torn, %s late.", units.Count(int64(in.Files), "file"),
		units.Count(in.Skipped, "record"), units.Comma(in.Torn), units.Comma(in.Late))
	if in.Damaged > 0 {
		s += fmt.Sprintf(" Damaged files: %s.", units.Comma(in.Damaged))
	}
	for _, a := range r.AssumptionsAbout(about...) {
		if a = clean(a); a == "" {
			continue
		}
		if !strings.ContainsAny(a[len(a)-1:], ".!?") {
			a += "."
		}
		s += " " + a
	}
	return s
}
