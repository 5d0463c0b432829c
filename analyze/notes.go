package analyze

import (
	"cmp"
	"fmt"
	"slices"

	"hashlog/analyze/units"
	"hashlog/log"
)

// notes returns remarks on the input that a reader of the figures should know.
func (r *Report) notes(e *ending) []Note {
	notes := []Note{}
	add := func(kind NoteKind, text string) { notes = append(notes, Note{kind, text}) }
	for _, n := range e.found {
		add(Remark, n)
	}
	for _, f := range e.stats.Foreign {
		add(Remark, f.String())
	}
	if empty := e.stats.EmptyNote(); empty != "" {
		add(Remark, empty)
	}
	if unread := e.stats.UnreadNote(); unread != "" {
		add(Remark, unread)
	}
	if t := e.opts.Tiers; t != nil && !e.sizesKnown && t.measured() {
		add(Remark, "Tier speeds and endurance are unknown, because chunk sizes are unknown.")
	}
	in, odd := &r.Input, &e.oddities
	requests := func(n int64, format string, more ...any) {
		if n > 0 {
			add(Remark, fmt.Sprintf(format, append([]any{units.Count(n, "request")}, more...)...))
		}
	}
	requests(odd.surplus, "%s with more hashes than seq_len covers: hit tokens are clamped to seq_len.")
	requests(odd.sizeDisagrees, "%s with a chunk size that differs from the one the chunk was first seen with: the first one counts.")
	if g := e.opts.Geometry; g != nil {
		if n := len(in.Models); n > 1 {
			add(ManyModels, fmt.Sprintf("%s applies to all %d models.", log.Quoted(g.File), n))
		}
		requests(odd.otherGeometry, "%s with a chunk size in bytes that differs from the one %s gives for one rank: the logged sizes are not used.", log.Quoted(g.File))
	}
	if slices.ContainsFunc(in.Models, func(m Model) bool { return m.ChunkSize == nil }) {
		add(Remark, "The records of a model differ in chunk_size.")
	}
	if in.ChunkLookups > 0 && !e.sizesKnown && e.opts.BytesPerChunk == 0 {
		add(SizesUnknown, "Some or all chunk sizes are unknown (no dtypes and shapes, or beyond 2^63 bytes): capacities are in chunks.")
	}
	if rolling := e.opts.Rolling; e.opts.bounded() && rolling != nil && len(rolling.Capacities) == 0 {
		add(Remark, fmt.Sprintf("The rolling lines are the powers of two nearest to 50 %% and 90 %% of the hits at %s, and %[1]s: the ceiling is unknown.", e.opts.MaxCapacity))
	}
	if text := e.tooSmall(); text != "" {
		add(Remark, text)
	}
	if e.rungs != "" {
		add(Remark, e.rungs)
	}
	return notes
}

// tooSmall names the capacities in bytes that are smaller than the smallest chunk; "" if there are none. A summary with a largest capacity
// may have forgotten that chunk.
func (e *ending) tooSmall() string {
	if e.opts.summary && e.opts.bounded() {
		return ""
	}
	asked := e.opts.listed()
	if g := e.opts.Grid; g != nil {
		asked = append(asked, g.To)
	}
	asked = slices.DeleteFunc(asked, func(c units.Capacity) bool {
		return c == units.Capacity{} || c.Unit != units.Bytes || c.N >= e.smallest
	})
	if len(asked) == 0 {
		return ""
	}
	by := func(a, b units.Capacity) int { return cmp.Compare(a.N, b.N) }
	from, to := slices.MinFunc(asked, by), slices.MaxFunc(asked, by)
	what, them := fmt.Sprintf("A capacity of %s is", from), "it"
	if from != to {
		what, them = fmt.Sprintf("Capacities from %s to %s are", from, to), "them"
	}
	hint := ""
	if from.N < 1<<20 {
		hint = fmt.Sprintf(" A size without a unit is in bytes; %s GiB is written %dGiB.", units.Comma(from.N), from.N)
	}
	return fmt.Sprintf("%s smaller than the smallest chunk (%s): nothing fits into %s.%s", what, units.FormatBytes(e.smallest), them, hint)
}
