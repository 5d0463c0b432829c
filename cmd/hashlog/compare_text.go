package main

import (
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
)

// compareText prints a comparison to be read at a glance: for each capacity the caches, their misses, and what to do about
// them.
func compareText(w io.Writer, c *analyze.Comparison, how remarks) {
	inputText(w, c.Input)
	fmt.Fprintln(w)
	ceilingText(w, c.Report)
	for i := range c.Capacities {
		at := &c.Capacities[i]
		fmt.Fprintf(w, "\ncapacity  %s\n", sizeWords(at.Bytes, at.Chunks))
		cachesText(w, at)
		if len(at.Bottlenecks) > 0 {
			fmt.Fprintln(w)
			bottlenecksText(w, c, at)
		}
		adviceText(w, c, at)
	}
	fmt.Fprintln(w)
	leftOutText(w, c.Input)
	remarksText(w, c.Report, how)
}

func cachesText(w io.Writer, at *analyze.ComparedCapacity) {
	var t table.Table
	t.Row("cache", "touch order", "token hit rate", "chunk hit rate", "hit tokens", "evictions", "written", "as lru at")
	for i := range at.Caches {
		r := &at.Caches[i]
		t.Row(r.Cache, orDash(r.TouchOrder, func(s string) string { return s }), units.FormatPercent(r.TokenHitRate), orDash(r.ChunkHitRate, units.FormatPercent),
			units.Comma(r.HitTokens), orDash(r.Evictions, units.Comma), orDash(r.BytesWritten, units.FormatBytes), asLRU(r))
	}
	t.Write(w)
	for i := range at.Caches {
		if r := &at.Caches[i]; r.Spread != nil {
			fmt.Fprintf(w, "token hit rate of %s: %s\n", r.Cache, spreadWords(r.Spread))
		}
	}
}

// orDash prints a value, or a dash if there is none.
func orDash[T any](v *T, format func(T) string) string {
	if v == nil {
		return "–"
	}
	return format(*v)
}

// asLRU prints the capacity at which the plain LRU hits as much as another cache.
func asLRU(r *analyze.CacheResult) string {
	switch {
	case r.IsLRU() || r.HitTokens == 0:
		return "–"
	case r.LRU == nil:
		return "none"
	}
	return sizeName(*r.LRU)
}

// sizeName prints a size in one unit, in bytes if they are known.
func sizeName(s analyze.Size) string {
	switch {
	case s.Bytes != nil:
		return units.FormatBytes(*s.Bytes)
	case s.Chunks != nil:
		return units.Count(*s.Chunks, "chunk")
	}
	return "unlimited"
}

func bottlenecksText(w io.Writer, c *analyze.Comparison, at *analyze.ComparedCapacity) {
	var t table.Table
	t.Row("missed tokens", "traffic", "capacity", "undecided", "foresight", "policy", "of ceiling", "best closes", "bottleneck")
	for i := range at.Bottlenecks {
		b := &at.Bottlenecks[i]
		share := func(tokens int64) string { return units.FormatPercent(analyze.Rate(tokens, c.TotalTokens)) }
		t.Row(b.Cache, share(b.TrafficTokens), share(b.CapacityTokens), share(b.UndecidedTokens), share(b.ForesightTokens), share(b.PolicyTokens),
			units.FormatPercent(b.OfCeiling()), units.FormatPercent(b.Closed()), string(b.Bottleneck))
	}
	t.Write(w)
}

// adviceText says what the figures at one capacity mean for whoever plans it.
func adviceText(w io.Writer, c *analyze.Comparison, at *analyze.ComparedCapacity) {
	for _, sentence := range advise(c, at) {
		fmt.Fprintln(w, sentence)
	}
}

// advise returns sentences about the first cache and the best one.
func advise(c *analyze.Comparison, at *analyze.ComparedCapacity) (sentences []string) {
	add := func(format string, args ...any) { sentences = append(sentences, fmt.Sprintf(format, args...)) }
	if len(at.Bottlenecks) > 0 {
		add("%s", verdict(c, &at.Bottlenecks[0]))
	}
	first, best := at.First(), at.Best()
	for _, r := range []*analyze.CacheResult{first, best} {
		if r != nil && !r.IsLRU() && r.HitTokens > 0 && (r == first || r.Cache != first.Cache) {
			add("%s", equivalent(r, at))
		}
	}
	if bound := at.Bound(); bound != nil && bound.LRU != nil && bound.HitTokens > 0 && at.Size != (analyze.Size{}) {
		if factor, ok := bound.LRUFactor(); ok && factor == 1 {
			add("No cache of %s hits more than lru.", sizeName(at.Size))
		} else {
			add("No cache of %s hits more than lru does at %s.", sizeName(at.Size), sizeName(*bound.LRU))
		}
	}
	return sentences
}

// verdict names the bottleneck of a cache, why it is that, and what would help.
func verdict(c *analyze.Comparison, b *analyze.Bottleneck) string {
	text := fmt.Sprintf("The bottleneck of %s is the %s: it has %s of the hits of an unlimited cache", b.Cache, b.Bottleneck, units.FormatPercent(b.OfCeiling()))
	better := fmt.Sprintf(", and the best cache here, %s, closes %s of the gap", b.Best, units.FormatPercent(b.Closed()))
	if b.PolicyTokens == 0 {
		better = ", and no cache here has more"
	}
	if b.ForesightTokens > 0 {
		without := ""
		if admit := c.Settings.Admit; admit != nil && *admit > 1 {
			without = " without --admit"
		}
		better += fmt.Sprintf(" (knowing the future%s would close %s)", without, units.FormatPercent(b.Foreseen()))
	}
	switch {
	case b.CeilingTokens == 0:
		return fmt.Sprintf("The bottleneck of %s is the traffic: not even an unlimited cache hits anything.", b.Cache)
	case b.Bottleneck == analyze.LimitedByTraffic && b.HitTokens == b.CeilingTokens:
		return text + "."
	case b.Bottleneck == analyze.LimitedByTraffic:
		return text + fmt.Sprintf(". More memory or another policy adds at most %s of all tokens.", units.FormatPercent(b.MostToGain(c.TotalTokens)))
	case b.Bottleneck == analyze.LimitedByCapacity && c.Enough != nil:
		better += fmt.Sprintf("; lru has 95 %% of them from %s on", sizeName(*c.Enough))
	}
	return text + better + "."
}

// equivalent compares a cache with a plain LRU of another size.
func equivalent(r *analyze.CacheResult, at *analyze.ComparedCapacity) string {
	if r.LRU == nil {
		return fmt.Sprintf("%s at %s hits more than lru at any size.", r.Cache, sizeName(at.Size))
	}
	here, there := sizeName(at.Size), sizeName(*r.LRU)
	switch factor, ok := r.LRUFactor(); {
	case *r.LRU == at.Size || ok && factor == 1:
		return fmt.Sprintf("%s gives what lru gives at this capacity.", r.Cache)
	case here == there:
		return fmt.Sprintf("%s gives about what lru gives at this capacity.", r.Cache)
	case !ok || fmt.Sprintf("%.2f", factor) == "1.00":
		return fmt.Sprintf("%s at %s gives what lru gives at %s.", r.Cache, here, there)
	default:
		return fmt.Sprintf("%s at %s gives what lru gives at %s, %.2f times the memory.", r.Cache, here, there, factor)
	}
}
