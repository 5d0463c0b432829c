package page

import (
	"fmt"
	"math"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// facts are what the sentences of a page are made from.
type facts struct {
	report   *analyze.Report
	data     *data
	compared *analyze.ComparedTable // nil: no comparison
}

// answer returns the sentences at the top of the page. To say more, add a function.
func (f *facts) answer() (sentences []string) {
	for _, say := range []func() []string{f.capacitySentences, f.targetSentences, f.kneeSentences, f.ceilingSentences} {
		sentences = append(sentences, say()...)
	}
	return sentences
}

// mostSaid is the most capacities that a sentence names.
const mostSaid = 4

// capacitySentences say what the page's capacities hit, the largest if there are many.
func (f *facts) capacitySentences() []string {
	if f.data.CeilingHits == 0 {
		return nil
	}
	var parts []string
	for _, c := range f.data.Capacities {
		if c.size.Unit != units.Unlimited {
			parts = append(parts, c.Label+verb(c, " gives ", " give ")+percent(c.Hits, f.data.TotalTokens))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{joined(parts[max(0, len(parts)-mostSaid):]) + "."}
}

// verb returns the form of a verb that fits a capacity: chunks are many.
func verb(c capacity, one, many string) string {
	if c.size.Unit == units.Chunks && c.size.N != 1 {
		return many
	}
	return one
}

// joined puts commas between parts, and "and" before the last.
func joined(parts []string) string {
	last := len(parts) - 1
	if last == 0 {
		return parts[0]
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

func (f *facts) targetSentences() (sentences []string) {
	if f.data.CeilingHits == 0 {
		return nil
	}
	for _, t := range f.report.Targets {
		sentences = append(sentences, f.targetSentence(t))
	}
	return sentences
}

// targetSentence says which capacity reaches a target. On a grid it is the smallest capacity of the grid.
func (f *facts) targetSentence(t analyze.TargetResult) string {
	number, rest, _ := strings.Cut(strings.Join(strings.Fields(t.Target), ""), "%")
	what := number + " % of all tokens"
	if rest != "" {
		what = number + " % of what is reachable"
	}
	size := sizeText(analyze.Size{Bytes: t.CapacityBytes, Chunks: t.CapacityChunks})
	switch grid := !f.data.Exact; {
	case t.Reachable && grid:
		return what + " needs at most " + size + ", the smallest size tried that reaches it."
	case t.Reachable:
		return what + " needs " + size + "."
	case grid:
		return fmt.Sprintf("%s is not reached by any size tried: the best hits %s.", what, percentOf(t.TokenHitRate))
	}
	return fmt.Sprintf("%s is out of reach: even an unlimited cache hits only %s.", what, percentOf(t.TokenHitRate))
}

// kneeSentences say from where on more memory gains little.
func (f *facts) kneeSentences() []string {
	text := f.report.KneeText()
	if text == "" {
		return nil
	}
	return []string{strings.ToUpper(text[:1]) + text[1:] + "."}
}

func (f *facts) ceilingSentences() []string {
	c := f.report.Ceiling
	switch {
	case f.data.TotalTokens == 0:
		return []string{"No tokens were counted, so there is no hit rate."}
	case c.HitTokens == 0:
		return []string{"No cache of any size hits anything: no chunk was looked up again while it was stored."}
	case c.CapacityBytes == nil && c.CapacityChunks == nil:
		return []string{fmt.Sprintf("An unlimited cache hits %s: that is the ceiling.", percentOf(c.TokenHitRate))}
	}
	return []string{fmt.Sprintf("The ceiling is %s, reached at %s: beyond that, memory adds nothing.", percentOf(c.TokenHitRate),
		sizeText(analyze.Size{Bytes: c.CapacityBytes, Chunks: c.CapacityChunks}))}
}

// limit names what limits the hit rate at a capacity, and says why.
type limit struct {
	Culprit   string   `json:"culprit"` // a word, such as "capacity"
	Sentences []string `json:"sentences"`
}

// limit returns what limits the hit rate at a capacity. The rule is that of [analyze.Culprit]; without a comparison,
// nothing is known about the policy.
func (f *facts) limit(c capacity) limit {
	d := f.data
	if d.CeilingHits == 0 {
		return limit{string(analyze.LimitedByTraffic), []string{"It is the traffic: nothing that a cache could hold is asked for again."}}
	}
	at := "At " + c.Label
	if c.size.Unit == units.Unlimited {
		at = "Without a limit on its size"
	}
	gap := max(0, d.CeilingHits-c.Hits)
	out := limit{Culprit: string(analyze.LimitedByCapacity)}
	switch {
	case gap == 0:
		out.Culprit = string(analyze.LimitedByTraffic)
		out.Sentences = append(out.Sentences, at+", it is the traffic: there is nothing left that more memory would hit.")
	case gap <= d.CeilingHits/20:
		out.Culprit = string(analyze.LimitedByTraffic)
		out.Sentences = append(out.Sentences, fmt.Sprintf("%s, it is the traffic: the cache has %s of the hits of an unlimited one, and more memory adds at most %s.",
			at, percent(c.Hits, d.CeilingHits), points(gap, d.TotalTokens)))
	default:
		out.Sentences = append(out.Sentences, fmt.Sprintf("%s, it is the capacity: more memory can add up to %s.", at, points(gap, d.TotalTokens)))
	}
	if policy := f.policy(c); policy != nil {
		if policy.culprit == analyze.LimitedByPolicy {
			out.Culprit = string(policy.culprit)
			out.Sentences = []string{policy.text}
		} else {
			out.Sentences = append(out.Sentences, policy.text)
		}
	}
	return limit{out.Culprit, append(out.Sentences, f.lost(c))}
}

// lost says what no size of the cache would hit.
func (f *facts) lost(c capacity) string {
	total, beyond := f.data.TotalTokens, f.data.TotalTokens-f.data.CeilingHits
	var parts []string
	for i, k := range f.data.Kinds {
		if n := c.Misses[i]; n > 0 && (k.ID == "cold" || k.ID == "tail") {
			name := map[string]string{"cold": "were never seen before", "tail": "are ends of prompts that fill no whole chunk"}[k.ID]
			parts = append(parts, percent(n, total)+" "+name)
		}
	}
	text := percent(beyond, total) + " of all tokens miss in a cache of any size"
	if len(parts) > 0 {
		text += ": " + joined(parts)
	}
	return text + "."
}

// policyFact is what a comparison says about a capacity.
type policyFact struct {
	culprit analyze.Culprit
	text    string
}

// policy returns what the comparison says about its capacity that is nearest to c; nil if there is none.
func (f *facts) policy(c capacity) *policyFact {
	at := nearest(f.compared, c)
	if at == nil || len(at.Bottlenecks) == 0 {
		return nil
	}
	first, best := at.First(), at.Best()
	b := at.Bottlenecks[0]
	count := len(at.Bottlenecks)
	where := sizeText(at.Size)
	switch total := f.data.TotalTokens; {
	case b.Bottleneck == analyze.LimitedByPolicy:
		return &policyFact{b.Bottleneck, fmt.Sprintf("At %s, it is the policy: %s hits %s where %s hits %s, which closes %s of the gap to the ceiling.",
			where, cleanName(best.Cache), percent(best.HitTokens, total), cleanName(first.Cache), percent(first.HitTokens, total), percentOf(b.Closed()))}
	case b.PolicyTokens == 0:
		return &policyFact{b.Bottleneck, fmt.Sprintf("It is not the policy: of %s compared at %s, none hits more than %s.", units.Count(int64(count), "cache"), where, cleanName(first.Cache))}
	default:
		return &policyFact{b.Bottleneck, fmt.Sprintf("It is not mainly the policy: at %s, %s hits %s where %s hits %s.",
			where, cleanName(best.Cache), percent(best.HitTokens, total), cleanName(first.Cache), percent(first.HitTokens, total))}
	}
}

// nearest returns the capacity of a comparison whose logarithm is nearest to that of c; nil if there is none in a unit of c.
func nearest(t *analyze.ComparedTable, c capacity) (found *analyze.ComparedCapacity) {
	if t == nil {
		return nil
	}
	least := math.Inf(1)
	for i := range t.Capacities {
		at := &t.Capacities[i]
		if off := apart(at.Size, c); off < least {
			least, found = off, at
		}
	}
	return found
}

// apart returns how far apart two capacities are on a logarithmic scale.
func apart(s analyze.Size, c capacity) float64 {
	unlimited := s.Bytes == nil && s.Chunks == nil
	switch {
	case unlimited && c.size.Unit == units.Unlimited:
		return 0
	case unlimited || c.size.Unit == units.Unlimited:
		return math.MaxFloat64
	case s.Bytes != nil && c.Bytes != nil:
		return math.Abs(math.Log(float64(*s.Bytes) / float64(*c.Bytes)))
	case s.Chunks != nil && c.Chunks != nil:
		return math.Abs(math.Log(float64(*s.Chunks) / float64(*c.Chunks)))
	}
	return math.Inf(1)
}

// sizeText prints a size in bytes if they are known: "64 GiB", "5,000 chunks".
func sizeText(s analyze.Size) string {
	switch {
	case s.Bytes != nil:
		return units.FormatBytes(*s.Bytes)
	case s.Chunks != nil:
		return units.Count(*s.Chunks, "chunk")
	}
	return "unlimited"
}

// percent prints a share.
func percent(part, whole int64) string { return percentOf(analyze.Rate(part, whole)) }

// percentOf prints a fraction as pictures do.
func percentOf(rate float64) string { return units.FormatPercentBriefly(rate) }

// points prints a share of all tokens as a difference of hit rates.
func points(part, whole int64) string {
	return strings.TrimSuffix(percent(part, whole), " %") + " points"
}
