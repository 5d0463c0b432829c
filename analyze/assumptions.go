package analyze

import (
	"fmt"
	"slices"

	"hashlog/analyze/units"
)

// Topic says which figures an assumption is about.
type Topic uint8

// The topics of assumptions.
const (
	AboutAll   Topic = iota // all figures
	AboutTable              // Report.Table, and figures at its capacities
	AboutTiers              // Report.Tiers and Report.TierWindows
	AboutCount              // which requests are counted
)

// AssumptionsAbout returns the assumptions about all figures and those about some topics, in the order of r.Assumptions.
func (r *Report) AssumptionsAbout(topics ...Topic) (out []string) {
	for i, a := range r.Assumptions {
		if i >= len(r.Topics) || r.Topics[i] == AboutAll || slices.Contains(topics, r.Topics[i]) {
			out = append(out, a)
		}
	}
	return out
}

// assume fills in the assumptions: one sentence each with its topic, and in short form.
func (r *Report) assume(e *ending) {
	r.Assumed = Assumed{}
	special := func(about Topic, sentence string) {
		r.Assumptions = append(r.Assumptions, sentence)
		r.Topics = append(r.Topics, about)
		r.Assumed.Facts = append(r.Assumed.Facts, sentence)
	}
	if o := e.opts; o.Since != nil || o.Until != nil {
		special(AboutAll, o.timesText())
	}
	if e.opts.bounded() {
		special(AboutAll, fmt.Sprintf("Chunks beyond %s are forgotten: all figures are exact up to that capacity, and nothing is known beyond it.", e.opts.MaxCapacity))
	}
	if e.opts.Warmup != (Warmup{}) {
		special(AboutCount, r.warmupText(e))
	}
	if e.followed != nil && e.opts.Grid != nil {
		special(AboutTable, fmt.Sprintf("The grid has %s capacities, each simulated from the start; the hit rate may fall from one to the next.",
			units.Comma(int64(len(e.followed.grid.Capacities)))))
	}
	if e.opts.Tiers != nil {
		special(AboutTiers, e.opts.Tiers.text())
		special(AboutTiers, fmt.Sprintf("Tiers read and write whole chunks, and %s; speeds are averages over windows of %s, and may peak higher within one.",
			e.opts.Tiers.writesText(), units.FormatDuration(r.tierWindow)))
	}
	if e.opts.TTLs != nil {
		special(AboutAll, "Chunks expire only in the figures by TTL; all other figures are those without a TTL.")
	}
	for _, sentence := range e.opts.granularityText() {
		special(AboutAll, sentence)
	}
	add := func(words string, sentences ...string) {
		for _, s := range sentences {
			r.Assumptions, r.Topics = append(r.Assumptions, s), append(r.Topics, AboutAll)
		}
		if words == "" {
			r.Assumed.Facts = append(r.Assumed.Facts, sentences...)
		} else {
			r.Assumed.Words = append(r.Assumed.Words, words)
		}
	}
	if rec := e.recording; rec != nil {
		add(rec.words(e.opts.TouchOrder), rec.text(e.opts.TouchOrder))
		for _, text := range rec.taken(e.curve.ChunkBytes, e.curve.Unit) {
			add("", text)
		}
	} else {
		add(e.opts.Cache.words(e.opts.TouchOrder), e.opts.Cache.text(e.opts.TouchOrder))
		if p := e.opts.Cache.Policy; p != nil {
			if text := takenText(*p, e.curve.ChunkBytes, e.curve.Unit); text != "" {
				add("", text)
			}
		}
	}
	add(e.opts.Cache.whenStoredWords(), e.opts.Cache.whenStored())
	if rec := e.recording; rec != nil && e.opts.Cache.Admit > 1 {
		add("", rec.whoIsAdmitted())
	}
	if b := e.beside; b != nil {
		add(fmt.Sprintf("%d caches", b.caches), fmt.Sprintf("The figures are sums over %s, each of the capacity that is asked and with requests of its own.", units.Count(int64(b.caches), "cache")))
	} else {
		add(sharedWords, sharedSentence)
	}
	if !e.opts.bounded() {
		add("the ceiling grows with the log", "The ceiling grows with the length of the log.")
	}
	words, sentences := r.whoseBytes(e)
	add(words, sentences...)
}

// text says in a sentence what each tier holds.
func (o *TierOptions) text() string {
	if o.exclusive() {
		return "Tiers hold each chunk once: a touch moves it to the first one, and what a tier has no room for moves to the next; whatever any of them holds is a hit."
	}
	return "Each tier also holds what the tiers before it hold; whatever the last one holds is a hit."
}

// writesText says when a chunk is written.
func (o *TierOptions) writesText() string {
	if o.exclusive() {
		return "a chunk that moves is read from one tier and written to the other"
	}
	return "a chunk is written to each tier that doesn't hold it when it is touched"
}

// All requests use one cache, in short and as a sentence.
const (
	sharedWords    = "one cache for all logs"
	sharedSentence = "All logs share one cache."
)

// EachSource makes the report say that each source has a cache of its own, where its reader shows figures of such caches.
func (r *Report) EachSource() {
	for _, in := range []struct {
		list       []string
		from, says string
	}{
		{r.Assumptions, sharedSentence, "Each source has a cache of its own, of the capacity given."},
		{r.Assumed.Words, sharedWords, "a cache for each source"},
	} {
		if i := slices.Index(in.list, in.from); i >= 0 {
			in.list[i] = in.says
		}
	}
}

// timesText says which time range of the logs is replayed.
func (f *Filter) timesText() string {
	text := "Replays only records"
	if f.Since != nil {
		text += fmt.Sprintf(" from %s on", units.FormatTime(*f.Since))
	}
	if f.Since != nil && f.Until != nil {
		text += " and"
	}
	if f.Until != nil {
		text += " before " + units.FormatTime(*f.Until)
	}
	return text + "."
}

// warmupText says how much is replayed without being counted.
func (r *Report) warmupText(e *ending) string {
	text := fmt.Sprintf("Warm-up %s: the first %s of %s are replayed but not counted", e.opts.Warmup.words(), units.Comma(e.oddities.uncounted),
		units.Count(r.Input.Requests, "request"))
	if e.opts.Warmup.Fraction > 0 {
		text += ", after a pass to count them"
	}
	return text + "."
}

// whoseBytes says what byte figures refer to. It returns a few words if the sizes are the logged ones or unknown, and one
// or more sentences if they are given, multiplied by ranks, or derived from a model's geometry.
func (r *Report) whoseBytes(e *ending) (words string, sentences []string) {
	switch {
	case e.opts.BytesPerChunk > 0:
		given := fmt.Sprintf("Every chunk is %s, as given", units.FormatBytes(e.opts.BytesPerChunk))
		if e.opts.rechunked() {
			given = fmt.Sprintf("Every chunk of the log is %s, as given", units.FormatBytes(e.opts.BytesPerChunk))
		}
		if e.opts.Ranks > 1 {
			given += " (not multiplied by the ranks)"
		}
		return "", []string{given + "."}
	case e.opts.Geometry != nil:
		return "", geometryText(e.opts.Geometry, r.Input.Models)
	case !e.sizesKnown:
		return "capacities in chunks", []string{"Chunk sizes are unknown, so capacities are in chunks."}
	case e.opts.Ranks > 1:
		return "", []string{fmt.Sprintf("All byte figures, capacities included, are totals over %d ranks: the logged sizes × %d.", e.opts.Ranks, e.opts.Ranks)}
	}
	return "bytes of one rank", []string{"All byte figures are for one rank, as logged."}
}
