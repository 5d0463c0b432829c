package analyze

import (
	"fmt"
	"slices"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
)

// geometryText says what a model's geometry gives for a token and for the models' chunks, on all ranks and on one.
func geometryText(g *geometry.Geometry, models []Model) []string {
	whose, one := "for one rank", ""
	if g.Ranks > 1 {
		whose = "totals over " + units.Count(g.Ranks, "rank")
		one = fmt.Sprintf("; one rank stores %s", units.Comma(g.BytesPerTokenOneRank))
	}
	lines := []string{fmt.Sprintf("All byte figures, capacities included, are %s, from %s (%s): %s%s.", whose, log.Quoted(g.File), g.Architecture, g.Formula, one)}
	for _, tokens := range chunkSizes(models) {
		if line := chunkText(g, tokens); line != "" {
			lines = append(lines, line)
		}
	}
	return append(lines, g.Remarks()...)
}

// chunkText says how large a chunk of some tokens is; "" if that exceeds an int64.
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

// chunkSizes returns the first three distinct chunk sizes, in tokens.
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
