package analyze

import (
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"hashlog/analyze/geometry"
	"hashlog/log"
	"hashlog/sim"
)

// Settings are the flags that a replay went by; nil is a flag that was not given.
type Settings struct {
	TouchOrder    string   `json:"touch_order"`
	Cache         string   `json:"cache"`
	EvictTrigger  *float64 `json:"evict_trigger"`          // part of the capacity
	EvictRatio    *float64 `json:"evict_ratio"`            // part of the resident chunks
	EvictInterval *float64 `json:"evict_interval_seconds"` // between two batches at least
	StoreDelay    float64  `json:"store_delay_seconds"`
	TTL           *float64 `json:"ttl_seconds"`
	IgnoreModel   bool     `json:"ignore_model"`
	Model         *string  `json:"model"`
	Since         *float64 `json:"since"` // seconds since the Unix epoch
	Until         *float64 `json:"until"`
	MaxRequests   *int64   `json:"max_requests"`
	Warmup        *string  `json:"warmup"`
	BytesPerChunk *int64   `json:"bytes_per_chunk"`
	Ranks         int64    `json:"ranks"`
	Strict        bool     `json:"strict"`

	ModelConfig *geometry.Geometry `json:"model_config"`
}

func (o *Options) settings() Settings {
	s := Settings{TouchOrder: OrderName(o.TouchOrder), Cache: o.Cache.name(), StoreDelay: o.Cache.StoreDelay.Seconds(), IgnoreModel: o.IgnoreModel, Model: o.Model, Since: o.Since, Until: o.Until,
		MaxRequests: known(o.MaxRequests), BytesPerChunk: known(o.BytesPerChunk), Ranks: max(o.Ranks, 1), Strict: o.Strict, ModelConfig: o.Geometry}
	if w := o.Cache.Watermark; w != nil {
		s.EvictTrigger, s.EvictRatio, s.EvictInterval = &w.Trigger, &w.Ratio, &w.Interval
	}
	if ttl := o.Cache.TTL.Seconds(); ttl > 0 {
		s.TTL = &ttl
	}
	if o.Warmup != (Warmup{}) {
		text := o.Warmup.String()
		s.Warmup = &text
	}
	return s
}

// OrderName returns the name that ParseTouchOrder reads.
func OrderName(o sim.Order) string {
	if o == sim.TailFirst {
		return "tail"
	}
	return "head"
}

// ParseTouchOrder reads "head" or "tail".
func ParseTouchOrder(s string) (sim.Order, error) {
	for _, o := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		if s == OrderName(o) {
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
	if r.batched != nil && r.opts.Grid != nil {
		first = append(first, fmt.Sprintf("The capacities are a grid of %s, each followed from the start; from one to the next the hit rate may fall.",
			humanize.Comma(int64(len(r.ahead.grid.Capacities)))))
	}
	if t := r.tiers; t != nil {
		first = append(first, "Each tier also holds what the ones before it hold, and what the last one holds hits.",
			fmt.Sprintf("Tiers are read by whole chunks; the speed is an average over windows of %s, in which peaks may be higher, and writing is not counted.",
				FormatDuration(t.windows.length)))
	}
	first = append(first,
		r.opts.Cache.text(r.opts.TouchOrder),
		r.opts.Cache.whenStored(),
		"All logs given form one cache.",
		"The ceiling grows with the length of the log.")
	return append(first, r.whoseBytes()...)
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

// whoseBytes says what a byte of capacity is a byte of, in a sentence, or several where a model's geometry gives it.
func (r *replay) whoseBytes() []string {
	switch {
	case r.opts.BytesPerChunk > 0:
		given := fmt.Sprintf("Every chunk weighs %s, as given", FormatBytes(r.opts.BytesPerChunk))
		if r.opts.Ranks > 1 {
			given += " (not multiplied by the ranks)"
		}
		return []string{given + "."}
	case r.opts.Geometry != nil:
		return geometryText(r.opts.Geometry, r.input.Models)
	case !r.stack.SizesKnown():
		return []string{"Chunk sizes are unknown, so capacities are in chunks."}
	case r.opts.Ranks > 1:
		return []string{fmt.Sprintf("Bytes, capacities too, are those of %d ranks together: the logged sizes × %d.", r.opts.Ranks, r.opts.Ranks)}
	}
	return []string{"Bytes are what one rank stores, as logged."}
}

// notes are remarks on the input that a reader of the figures should know.
func (r *replay) notes(stats log.Stats) []string {
	notes := append([]string{}, r.files.Notes()...)
	for _, f := range stats.Foreign {
		notes = append(notes, f.String())
	}
	if empty := stats.EmptyNote(); empty != "" {
		notes = append(notes, empty)
	}
	note := func(n int64, format string) {
		if n > 0 {
			notes = append(notes, fmt.Sprintf(format, Count(n, "request")))
		}
	}
	note(r.input.surplus, "%s with more hashes than seq_len covers: hit tokens are clamped to seq_len.")
	note(r.input.sizeDisagrees, "%s with another chunk size than the chunk was first seen with: the first one counts.")
	notes = append(notes, r.geometryNotes()...)
	if slices.ContainsFunc(r.input.Models, func(m Model) bool { return m.ChunkSize == nil }) {
		notes = append(notes, "A model has records with unlike chunk_size.")
	}
	if r.input.ChunkLookups > 0 && !r.stack.SizesKnown() && r.opts.BytesPerChunk == 0 {
		notes = append(notes, "Chunk sizes are unknown, all or some (no dtypes and shapes, or beyond 2^63 bytes): capacities are in chunks; --model-config or --bytes-per-chunk gives bytes.")
	}
	return append(notes, r.tooSmall()...)
}

// tooSmall notes a listed capacity in bytes that no chunk fits into.
func (r *replay) tooSmall() []string {
	smallest := r.stack.SmallestSize()
	for _, c := range r.opts.listed() {
		if c.Unit == Bytes && c.N < smallest {
			return []string{fmt.Sprintf("A capacity of %s is less than the smallest chunk, of %s: nothing fits into it.", c, FormatBytes(smallest))}
		}
	}
	return nil
}
