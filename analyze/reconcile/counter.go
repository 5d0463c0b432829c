package reconcile

import (
	"slices"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// counter counts the tokens of requests by window, and their hit tokens in several ways at a time.
type counter struct {
	windows    []span
	at         int // the window of the latest request
	capacities []units.Capacity
	units      []matchUnit
	counts     []countPlace
	seen       *recentRequests // nil if nothing depends on retries
	measured   bool            // only requests of which the log says what was measured count

	hits          []int64 // by window, and by count in it
	all, distinct []volume
	repeats       bool
	sources       map[string]bool // of the requests that count; false: a file, and true: a server, or the folder of its logs
	source        string          // of the latest request

	// The hit tokens of the request at hand in each unit, of a hit prefix of some tokens. Most capacities have the same.
	prefix int64
	inUnit []int64
}

// countPlace says what a count counts: a capacity and a unit of the counter.
type countPlace struct {
	capacity, unit int
	once           bool
}

// newCounter returns a counter of hit tokens. volumes asks besides for what is requested.
func newCounter(windows []span, counts []counted, volumes bool) *counter {
	c := &counter{windows: windows, hits: make([]int64, len(windows)*len(counts)), all: make([]volume, len(windows)), distinct: make([]volume, len(windows)),
		sources: make(map[string]bool)}
	places := make(map[units.Capacity]int)
	for _, k := range counts {
		if _, ok := places[k.capacity]; !ok {
			places[k.capacity] = len(c.capacities)
			c.capacities = append(c.capacities, k.capacity)
		}
		unit := slices.Index(c.units, k.unit)
		if unit < 0 {
			unit = len(c.units)
			c.units = append(c.units, k.unit)
		}
		c.counts = append(c.counts, countPlace{places[k.capacity], unit, k.once})
		volumes = volumes || k.once
	}
	c.inUnit = make([]int64, len(c.units))
	if volumes {
		c.seen = newRecentRequests()
	}
	return c
}

// add counts a request.
func (c *counter) add(h *analyze.RequestHits) error {
	again := c.seen != nil && c.seen.again(h)
	w, ok := c.window(h.Timestamp)
	if !ok || c.measured && !h.HasCachedTokens {
		return nil
	}
	if len(c.sources) == 0 || h.Source != c.source {
		c.source = h.Source
		c.sources[h.Source] = h.Source != h.File
	}
	c.all[w].add(h)
	if again {
		c.repeats = true
	} else {
		c.distinct[w].add(h)
	}
	c.divide(0, h)
	hits := c.hits[w*len(c.counts):][:len(c.counts)]
	for i := range c.counts {
		k := &c.counts[i]
		if prefix := h.HitTokens[k.capacity]; prefix != c.prefix {
			c.divide(prefix, h)
		}
		if !again || !k.once {
			hits[i] += c.inUnit[k.unit]
		}
	}
	return nil
}

// begin makes ready for requests that may be earlier than the latest one.
func (c *counter) begin() {
	if c.seen != nil {
		c.seen = newRecentRequests()
	}
}

// servers returns how many sources are no files.
func (c *counter) servers() (n int) {
	for _, server := range c.sources {
		if server {
			n++
		}
	}
	return n
}

// divide computes the hit tokens of a request in each unit.
func (c *counter) divide(prefix int64, h *analyze.RequestHits) {
	c.prefix = prefix
	for i, u := range c.units {
		c.inUnit[i] = u.tokens(prefix, h.SeqLen, h.ChunkSize)
	}
}

func (v *volume) add(h *analyze.RequestHits) {
	v.requests++
	v.tokens += h.SeqLen
	v.cacheable += h.CacheableTokens
}

// hitsOf returns the hit tokens of a count by window.
func (c *counter) hitsOf(count int) []int64 {
	out := make([]int64, len(c.windows))
	for w := range out {
		out[w] = c.hits[w*len(c.counts)+count]
	}
	return out
}

// window returns the window that a timestamp is in; ok is false if there is none.
func (c *counter) window(timestamp float64) (i int, ok bool) {
	if c.at < len(c.windows) && c.windows[c.at].holds(timestamp) {
		return c.at, true
	}
	i, ok = slices.BinarySearchFunc(c.windows, timestamp, span.compare)
	if ok {
		c.at = i
	}
	return i, ok
}

func (s span) holds(timestamp float64) bool { return s.start <= timestamp && timestamp < s.end }

// compare says on which side of a timestamp a span is; 0 if it holds it.
func (s span) compare(timestamp float64) int {
	switch {
	case timestamp < s.start:
		return 1
	case timestamp >= s.end:
		return -1
	}
	return 0
}
