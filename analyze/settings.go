package analyze

import (
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"hashlog/log"
	"hashlog/sim"
)

// Settings are the flags that a replay went by; nil is a flag that was not given.
type Settings struct {
	TouchOrder    string   `json:"touch_order"`
	IgnoreModel   bool     `json:"ignore_model"`
	Model         *string  `json:"model"`
	Since         *float64 `json:"since"` // seconds since the Unix epoch
	Until         *float64 `json:"until"`
	MaxRequests   *int64   `json:"max_requests"`
	Warmup        *string  `json:"warmup"`
	BytesPerChunk *int64   `json:"bytes_per_chunk"`
	Ranks         int64    `json:"ranks"`
	Strict        bool     `json:"strict"`
}

func (o *Options) settings() Settings {
	s := Settings{TouchOrder: orderName(o.TouchOrder), IgnoreModel: o.IgnoreModel, Model: o.Model, Since: o.Since, Until: o.Until,
		MaxRequests: known(o.MaxRequests), BytesPerChunk: known(o.BytesPerChunk), Ranks: max(o.Ranks, 1), Strict: o.Strict}
	if o.Warmup != (Warmup{}) {
		text := o.Warmup.String()
		s.Warmup = &text
	}
	return s
}

func orderName(o sim.Order) string {
	if o == sim.TailFirst {
		return "tail"
	}
	return "head"
}

// ParseTouchOrder reads "head" or "tail".
func ParseTouchOrder(s string) (sim.Order, error) {
	for _, o := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		if s == orderName(o) {
			return o, nil
		}
	}
	return 0, fmt.Errorf("touch order %q: is neither head nor tail", s)
}

// assumptions are what every figure of the report rests on.
func (r *replay) assumptions() []string {
	var first []string
	if r.opts.Warmup != (Warmup{}) {
		first = append(first, r.warmupText())
	}
	return append(first,
		"Plain LRU, "+orderName(r.opts.TouchOrder)+" of a request touched first.",
		"Chunks count as cached from their lookup on; a real server stores them after prefill.",
		"All logs given form one cache.",
		"The ceiling grows with the length of the log.",
		r.whoseBytes())
}

// warmupText says how much is replayed without being counted.
func (r *replay) warmupText() string {
	uncounted := r.input.Requests - r.counted
	text := fmt.Sprintf("Warm-up %s: the first %s of %s are replayed but not counted", r.opts.Warmup, humanize.Comma(uncounted),
		Count(r.input.Requests, "request"))
	if r.opts.Warmup.Fraction > 0 {
		text += ", after a pass to count them"
	}
	return text + "."
}

// whoseBytes says what a byte of capacity is a byte of.
func (r *replay) whoseBytes() string {
	given := ""
	if r.opts.BytesPerChunk > 0 {
		given = fmt.Sprintf("Every chunk weighs %s, as given", FormatBytes(r.opts.BytesPerChunk))
		if r.opts.Ranks > 1 {
			given += " (not multiplied by the ranks)"
		}
		return given + "."
	}
	if !r.stack.SizesKnown() {
		return "Chunk sizes are unknown, so capacities are in chunks."
	}
	if r.opts.Ranks > 1 {
		return fmt.Sprintf("Bytes are those of %d ranks together: the logged sizes × %d.", r.opts.Ranks, r.opts.Ranks)
	}
	return "Bytes are what one rank stores, as logged."
}

// notes are remarks on the input that a reader of the figures should know.
func (r *replay) notes(stats log.Stats) []string {
	notes := append([]string{}, r.files.Notes()...)
	for _, f := range stats.Foreign {
		notes = append(notes, f.String())
	}
	note := func(n int64, format string) {
		if n > 0 {
			notes = append(notes, fmt.Sprintf(format, Count(n, "request")))
		}
	}
	note(r.input.surplus, "%s with more hashes than seq_len covers: hit tokens are clamped to seq_len.")
	note(r.input.sizeDisagrees, "%s with another chunk size than the chunk was first seen with: the first one counts.")
	if slices.ContainsFunc(r.input.Models, func(m Model) bool { return m.ChunkSize == nil }) {
		notes = append(notes, "A model has records with unlike chunk_size.")
	}
	if r.input.ChunkLookups > 0 && !r.stack.SizesKnown() && r.opts.BytesPerChunk == 0 {
		notes = append(notes, "Some chunk sizes are unknown (no dtypes and shapes, or beyond 2^63 bytes): capacities are in chunks; --bytes-per-chunk gives bytes.")
	}
	return notes
}
