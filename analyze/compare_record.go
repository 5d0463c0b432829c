package analyze

import (
	"fmt"
	"slices"
	"strings"

	"hashlog/analyze/units"
	"hashlog/sim"
	"hashlog/sim/policy"
)

// recording keeps the requests of a pass in memory, for caches to replay.
type recording struct {
	caches  []ComparedCache
	trace   policy.Trace
	ceiling int64 // tokens that an unlimited cache hits of the counted requests, if it stores every chunk
}

// add records a request at a time, which never goes back.
func (r *recording) add(q *request, rows []sim.Row, now float64) {
	if q.counted {
		r.ceiling += q.tokens.first(r.seen(rows))
	}
	r.trace.Add(policy.Request{Rows: rows, Size: q.size, Time: now, Unit: q.tokens.chunkSize, Limit: q.tokens.seqLen, Counted: q.counted})
}

// seen returns how many chunks come before the first one that was never looked up before. Ids are given in order of first
// sight.
func (r *recording) seen(rows []sim.Row) (chunks int) {
	for _, row := range rows {
		if old := r.trace.UniqueChunks() - int(row.First); old < row.N {
			return chunks + max(old, 0)
		}
		chunks += row.N
	}
	return chunks
}

// ceilingOf returns the ceiling of all caches, and the capacity from which on the plain LRU of a report reaches it, if it does.
func (r *recording) ceilingOf(report *Report) *Ceiling {
	if r.ceiling == report.Ceiling.HitTokens {
		return report.Ceiling
	}
	return &Ceiling{HitTokens: r.ceiling, TokenHitRate: Rate(r.ceiling, report.Curve.totals.tokens)}
}

// words says in a few words how the caches touch requests.
func (r *recording) words(order sim.Order) string {
	text := OrderName(order) + " first"
	if others := r.others(order); others != "" {
		text += " (" + others + ": " + OrderName(otherEnd(order)) + ")"
	}
	return text
}

// text says the same in a sentence.
func (r *recording) text(order sim.Order) string {
	text := fmt.Sprintf("The %s of a request is touched first", OrderName(order))
	if others := r.others(order); others != "" {
		text += fmt.Sprintf(", by %s the %s", others, OrderName(otherEnd(order)))
	}
	return text + "."
}

// whoIsAdmitted says what an admission does not apply to.
func (r *recording) whoIsAdmitted() string {
	if slices.ContainsFunc(r.caches, ComparedCache.isOptimum) {
		return "The ceiling and the optimum know no admission, so the hits that it costs count as foresight."
	}
	return "The ceiling knows no admission."
}

// taken says which bytes chunks take where it is more than they have.
func (r *recording) taken(chunkBytes int64, unit units.Unit) (sentences []string) {
	for _, c := range r.caches {
		if c.optimum {
			continue
		}
		if text := takenText(c.spec, chunkBytes, unit); text != "" {
			sentences = append(sentences, c.String()+": "+text)
		}
	}
	return sentences
}

// others lists the caches that define another touch order themselves.
func (r *recording) others(order sim.Order) string {
	var names []string
	for _, c := range r.caches {
		if c.order(order) != order {
			names = append(names, c.String())
		}
	}
	return strings.Join(names, ", ")
}

func otherEnd(order sim.Order) sim.Order {
	if order == sim.TailFirst {
		return sim.HeadFirst
	}
	return sim.TailFirst
}

// cacheNames lists the caches as they were given.
func (r *recording) cacheNames() string {
	var names []string
	for _, c := range r.caches {
		names = append(names, c.String())
	}
	return strings.Join(names, ",")
}
