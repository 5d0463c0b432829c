package analyze

import (
	"fmt"
	"strings"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// recording keeps the requests of a pass in memory, for caches to replay.
type recording struct {
	caches []ComparedCache
	trace  policy.Trace
}

// add records a request.
func (r *recording) add(q *request, rows []sim.Row) {
	r.trace.Add(policy.Request{Rows: rows, Size: q.size, Unit: q.tokens.chunkSize, Limit: q.tokens.seqLen, Counted: q.counted})
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
