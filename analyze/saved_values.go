package analyze

import (
	"cmp"
	"math"
	"slices"
	"time"

	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/internal/section"
	"hashlog/analyze/internal/window"
	"hashlog/log"
)

// saveCounts writes counts.
func saveCounts(w *section.Writer, counts ...int64) {
	for _, n := range counts {
		w.Uint(uint64(n))
	}
}

// loadCount reads a count.
func loadCount(r *section.Reader, what string) int64 { return r.UpTo(math.MaxInt64, what) }

// share reads a count that is a share of another, of which it takes it away.
func share(r *section.Reader, of *int64, what string) int64 {
	n := r.UpTo(*of, what)
	*of -= n
	return n
}

// loadEach calls do n times, unless reading fails.
func loadEach(r *section.Reader, n int64, do func(i int)) {
	for i := 0; int64(i) < n && r.Err() == nil; i++ {
		do(i)
	}
}

// loadTimestamp reads a timestamp (Float).
func loadTimestamp(r *section.Reader) float64 {
	t := r.Float()
	if !(math.Abs(t) <= log.MaxTimestamp) {
		r.Fail("a time of %g s", t)
		return 0
	}
	return t
}

// save writes tokens, those that are cacheable, cold and not admitted, lookups and touches.
func (t *totals) save(w *section.Writer) {
	saveCounts(w, t.tokens, t.cacheable, t.coldTokens, t.notAdmittedTokens, t.lookups, t.touches)
}

// load takes the totals of a part from those of a whole.
func (t *totals) load(r *section.Reader, of *totals) {
	t.tokens = share(r, &of.tokens, "tokens")
	t.cacheable = share(r, &of.cacheable, "cacheable tokens")
	t.coldTokens = share(r, &of.coldTokens, "cold tokens")
	t.notAdmittedTokens = share(r, &of.notAdmittedTokens, "tokens not admitted")
	t.lookups = share(r, &of.lookups, "lookups")
	t.touches = share(r, &of.touches, "touches")
	if t.cacheable > t.tokens || t.coldTokens > t.cacheable || t.notAdmittedTokens > t.cacheable-t.coldTokens {
		r.Fail("of %d tokens %d are cacheable, %d cold, %d not admitted", t.tokens, t.cacheable, t.coldTokens, t.notAdmittedTokens)
	}
}

// save writes whether all sizes are known (bool), whether they are unlike (bool), and the one that all chunks have; 0 if they have none.
func (s sizes) save(w *section.Writer) {
	w.Bool(s.known)
	w.Bool(s.unlike)
	saveCounts(w, s.one)
}

func loadSizes(r *section.Reader) sizes {
	s := sizes{known: r.Bool(), unlike: r.Bool(), one: loadCount(r, "chunk size")}
	if s.one > 0 && (!s.known || s.unlike) || s.unlike && !s.known {
		r.Fail("chunk sizes %v", s)
	}
	return s
}

// saveDense writes the number of changes of a histogram, and the greatest common divisor of the weights, such as the tokens of a chunk; 1 if
// there are none. Then for each change its distance from the one before, and by how much the weight changes (Int), divided by that.
func saveDense(w *section.Writer, h *histogram.Dense, i int) {
	n, unit := int64(0), int64(0)
	for c := range h.Changes(i) {
		n++
		unit = commonDivisor(unit, c.By)
	}
	unit = max(unit, 1)
	saveCounts(w, n, unit)
	at := int64(0)
	for c := range h.Changes(i) {
		saveCounts(w, c.Depth-at)
		w.Int(c.By / unit)
		at = c.Depth
	}
}

// commonDivisor returns the greatest common divisor of two numbers, of which a is not negative; 0 if both are 0.
func commonDivisor(a, b int64) int64 {
	if b < 0 {
		b = -b
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// loadDense adds a histogram with a weight of at most most to histogram i.
func loadDense(r *section.Reader, h *histogram.Dense, i int, most int64) {
	const last = histogram.MaxDepth + 1
	n, unit := r.UpTo(last, "changes"), r.UpTo(max(most, 1), "unit of weights")
	changes := make([]histogram.Change, 0, min(n, 1<<12))
	at := int64(0)
	loadEach(r, n, func(int) {
		at += r.UpTo(last-at, "depth")
		by := r.Int()
		if unit == 0 || max(by, -by) > most/unit || by == math.MinInt64 {
			r.Fail("a weight changes by %d × %d, of %d", by, unit, most)
		}
		changes = append(changes, histogram.Change{Depth: at, By: by * unit})
	})
	if r.Err() != nil {
		return
	}
	if err := h.Put(i, changes, most); err != nil {
		r.Fail("a histogram of at most %d: %v", most, err)
	}
}

// saveSparse writes the number of spans of a histogram; for each, its distance from the one before, the step, the number of depths, and the
// weight of each depth.
func saveSparse(w *section.Writer, h *histogram.Sparse) {
	spans := h.Spans()
	saveCounts(w, int64(len(spans)))
	at := int64(0)
	for _, s := range spans {
		saveCounts(w, s.Lo-at, s.Step, s.N, s.Weight)
		at = s.Lo
	}
}

// loadSparse reads a histogram with a weight of at most most.
func loadSparse(r *section.Reader, most int64) *histogram.Sparse {
	h := &histogram.Sparse{}
	at := int64(0)
	loadEach(r, loadCount(r, "spans"), func(int) {
		at += r.UpTo(math.MaxInt64-at, "depth")
		s := histogram.Span{Lo: at, Step: loadCount(r, "step"), N: r.UpTo(histogram.MaxDepth, "depths")}
		if s.N == 0 || s.N > 1 && (s.Step == 0 || s.Step > (math.MaxInt64-s.Lo)/(s.N-1)) {
			r.Fail("%d depths from %d on, %d apart", s.N, s.Lo, s.Step)
			return
		}
		s.Weight = r.UpTo(most/s.N, "weight")
		most -= s.N * s.Weight
		h.Add(s)
	})
	return h
}

// saveWindows writes the length of the windows in nanoseconds and their number; for each, a timestamp within it (Float) and its sums.
func saveWindows[T any](w *section.Writer, list *window.List[T], save func(*T)) {
	list.Sort()
	saveCounts(w, int64(list.Length()), int64(list.Len()))
	for i := range list.Len() {
		w.Float(list.Within(i))
		save(list.Sums(i))
	}
}

// loadWindows adds windows to an empty list. possible reports whether they can have a length.
func loadWindows[T any](r *section.Reader, list *window.List[T], possible func(time.Duration) bool, load func(*T)) {
	length := time.Duration(loadCount(r, "length of windows"))
	if r.Err() != nil || !possible(length) {
		r.Fail("windows of %s", length)
		return
	}
	list.Join(length)
	last := math.Inf(-1)
	loadEach(r, loadCount(r, "windows"), func(int) {
		at := loadTimestamp(r)
		if at <= last {
			r.Fail("a window at %g s behind one at %g s", at, last)
		}
		if r.Err() == nil {
			last = at
			load(list.At(at))
		}
	})
}

// save writes the hits by capacity in chunks, and then in bytes: the number of capacities; for each, its index in the counter's list, and the
// tokens.
func (h *partHits) save(w *section.Writer) {
	chunks, bytes := slices.Clone(h.chunks), slices.Clone(h.bytes)
	if h.joint != nil {
		more, moreBytes := h.joint.apart(h.levels)
		chunks, bytes = mergeHits(chunks, more), mergeHits(bytes, moreBytes)
	}
	for _, hits := range [][]hitsFrom{chunks, bytes} {
		slices.SortFunc(hits, func(a, b hitsFrom) int { return cmp.Compare(a.capacity, b.capacity) })
		saveCounts(w, int64(len(hits)))
		for _, from := range hits {
			saveCounts(w, int64(from.capacity), from.tokens)
		}
	}
}

// load reads the hits of a part that has so many tokens.
func (h *partHits) load(r *section.Reader, tokens int64, counter partCounter) {
	chunks, bytes, apart := counter.lists()
	h.chunks = loadHits(r, tokens, chunks, apart)
	h.bytes = loadHits(r, tokens, bytes, apart)
}

// loadHits reads the tokens at some of so many capacities or, if these are caches apart, at all of them or none.
func loadHits(r *section.Reader, tokens int64, capacities int, apart bool) (hits []hitsFrom) {
	n := r.UpTo(int64(capacities), "capacities")
	if apart && n > 0 && n < int64(capacities) {
		r.Fail("%d of %d caches", n, capacities)
	}
	last := -1
	loadEach(r, n, func(int) {
		from := hitsFrom{capacity: int(r.UpTo(int64(capacities)-1, "capacity"))}
		if from.capacity <= last {
			r.Fail("capacity %d behind %d", from.capacity, last)
		}
		last = from.capacity
		if apart {
			from.tokens = r.UpTo(tokens, "tokens")
		} else {
			from.tokens = share(r, &tokens, "tokens")
		}
		hits = append(hits, from)
	})
	return hits
}
