package analyze

import (
	"cmp"
	"fmt"
	"slices"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
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

// Assumed is what the figures rest on, in short.
type Assumed struct {
	Words []string // what holds for most replays, a few words each: "plain LRU, head first"
	Facts []string // what sets this replay apart, a sentence each
}

// assumptions are what every figure of the report rests on, a sentence each and in short.
func (r *replay) assumptions() ([]string, Assumed) {
	var first []string
	if o := r.opts; o.Since != nil || o.Until != nil {
		first = append(first, o.timesText())
	}
	if r.opts.Warmup != (Warmup{}) {
		first = append(first, r.warmupText())
	}
	if r.batched != nil && r.opts.Grid != nil {
		first = append(first, fmt.Sprintf("The capacities are a grid of %s, each followed from the start; from one to the next the hit rate may fall.",
			units.Comma(int64(len(r.ahead.grid.Capacities)))))
	}
	if t := r.tiers; t != nil {
		first = append(first, "Each tier also holds what the ones before it hold, and what the last one holds hits.",
			fmt.Sprintf("Tiers are read and written by whole chunks, and a chunk is written to each tier that doesn't hold it when it is touched; speeds are averages over windows of %s, in which peaks may be higher.",
				units.FormatDuration(t.windows.length)))
	}
	whole, short := first, Assumed{Facts: slices.Clone(first)}
	add := func(words string, sentences ...string) {
		whole = append(whole, sentences...)
		if words == "" {
			short.Facts = append(short.Facts, sentences...)
		} else {
			short.Words = append(short.Words, words)
		}
	}
	add(r.opts.Cache.words(r.opts.TouchOrder), r.opts.Cache.text(r.opts.TouchOrder))
	add(r.opts.Cache.whenStoredWords(), r.opts.Cache.whenStored())
	add("one cache for all logs", "All logs given form one cache.")
	add("the ceiling grows with the log", "The ceiling grows with the length of the log.")
	words, sentences := r.whoseBytes()
	add(words, sentences...)
	return whole, short
}

// timesText says which times of the logs are replayed.
func (f *Filter) timesText() string {
	text := "Only records"
	if f.Since != nil {
		text += fmt.Sprintf(" from %s on", units.FormatTime(*f.Since))
	}
	if f.Since != nil && f.Until != nil {
		text += " and"
	}
	if f.Until != nil {
		text += " before " + units.FormatTime(*f.Until)
	}
	return text + " are replayed."
}

// warmupText says how much is replayed without being counted.
func (r *replay) warmupText() string {
	uncounted := r.input.Requests - r.counted
	text := fmt.Sprintf("Warm-up %s: the first %s of %s are replayed but not counted", r.opts.Warmup, units.Comma(uncounted),
		units.Count(r.input.Requests, "request"))
	if r.opts.Warmup.Fraction > 0 {
		text += ", after a pass to count them"
	}
	return text + "."
}

// whoseBytes says what a byte of capacity is a byte of: in a few words if it is one that the log tells, and in a sentence,
// or several where a model's geometry gives it.
func (r *replay) whoseBytes() (words string, sentences []string) {
	switch {
	case r.opts.BytesPerChunk > 0:
		given := fmt.Sprintf("Every chunk weighs %s, as given", units.FormatBytes(r.opts.BytesPerChunk))
		if r.opts.Ranks > 1 {
			given += " (not multiplied by the ranks)"
		}
		return "", []string{given + "."}
	case r.opts.Geometry != nil:
		return "", geometryText(r.opts.Geometry, r.input.Models)
	case !r.stack.SizesKnown():
		return "capacities in chunks", []string{"Chunk sizes are unknown, so capacities are in chunks."}
	case r.opts.Ranks > 1:
		return "", []string{fmt.Sprintf("Bytes, capacities too, are those of %d ranks together: the logged sizes × %d.", r.opts.Ranks, r.opts.Ranks)}
	}
	return "bytes of one rank", []string{"Bytes are what one rank stores, as logged."}
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
	if r.tiers != nil && !r.stack.SizesKnown() && r.tiers.opts.measured() {
		notes = append(notes, "How fast tiers are read and written, and how long they last, is not known without the sizes of chunks.")
	}
	note := func(n int64, format string) {
		if n > 0 {
			notes = append(notes, fmt.Sprintf(format, units.Count(n, "request")))
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

// tooSmall notes listed capacities in bytes that no chunk fits into.
func (r *replay) tooSmall() []string {
	asked := r.opts.listed()
	if g := r.opts.Grid; g != nil {
		asked = append(asked, g.To)
	}
	smallest := r.stack.SmallestSize()
	asked = slices.DeleteFunc(asked, func(c units.Capacity) bool { return c == units.Capacity{} || c.Unit != units.Bytes || c.N >= smallest })
	if len(asked) == 0 {
		return nil
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
	return []string{fmt.Sprintf("%s less than the smallest chunk, of %s: nothing fits into %s.%s", what, units.FormatBytes(smallest), them, hint)}
}
