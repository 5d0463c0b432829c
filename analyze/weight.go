package analyze

import (
	"fmt"
	"slices"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
)

// geometryText says what a model's geometry makes of a token and of the models' chunks, on all ranks and on one.
func geometryText(g *geometry.Geometry, models []Model) []string {
	whose, one := "one rank", ""
	if g.Ranks > 1 {
		whose = units.Count(g.Ranks, "rank") + " together"
		one = fmt.Sprintf("; one rank stores %s", units.Comma(g.BytesPerTokenOneRank))
	}
	lines := []string{fmt.Sprintf("Bytes, capacities too, are those of %s, from %s (%s): %s%s.", whose, log.Quoted(g.File), g.Architecture, g.Formula, one)}
	for _, tokens := range chunkSizes(models) {
		if line := chunkText(g, tokens); line != "" {
			lines = append(lines, line)
		}
	}
	return append(lines, g.Remarks()...)
}

// chunkText says what a chunk of some tokens weighs, "" where that exceeds an int64.
func chunkText(g *geometry.Geometry, tokens int64) string {
	all := g.ChunkBytes(tokens)
	if all == 0 {
		return ""
	}
	size := func(n int64) string { return fmt.Sprintf("%s (%s)", units.FormatBytes(n), units.Count(n, "byte")) }
	line := fmt.Sprintf("A chunk of %s is %s", units.Count(tokens, "token"), size(all))
	if g.Ranks > 1 {
		line += fmt.Sprintf(" on all %s ranks, %s on one", units.Comma(g.Ranks), size(g.ChunkBytesOneRank(tokens)))
	}
	return line + "."
}

// chunkSizes returns the first few different sizes of chunks, in tokens.
func chunkSizes(models []Model) []int64 {
	const most = 3
	var sizes []int64
	for _, m := range models {
		if m.ChunkSize != nil && !slices.Contains(sizes, *m.ChunkSize) && len(sizes) < most {
			sizes = append(sizes, *m.ChunkSize)
		}
	}
	return sizes
}

// checkGeometry counts records that log another size than the geometry has for one rank.
func (r *replay) checkGeometry(e *log.Entry) {
	if g := r.opts.Geometry; g != nil && e.ChunkBytes > 0 && e.ChunkBytes != g.ChunkBytesOneRank(e.ChunkSize) {
		r.input.otherGeometry++
	}
}

// geometryNotes are what speaks against a geometry.
func (r *replay) geometryNotes() []string {
	g := r.opts.Geometry
	if g == nil {
		return nil
	}
	var notes []string
	if n := len(r.input.Models); n > 1 {
		notes = append(notes, fmt.Sprintf("%s stands for all %d models: --model NAME replays one.", log.Quoted(g.File), n))
	}
	if n := r.input.otherGeometry; n > 0 {
		notes = append(notes, fmt.Sprintf("%s with another chunk size in bytes than %s gives for one rank: what they log is not used.",
			units.Count(n, "request"), log.Quoted(g.File)))
	}
	return notes
}
