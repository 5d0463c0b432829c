package analyze

import (
	"math"
	"slices"
	"time"

	"hashlog/analyze/internal/section"
)

func (s *tiers) tag() string { return "TIER" }

// save writes the sums of reads and their windows; the sums of writes and their windows.
func (s *tiers) save(w *section.Writer) {
	s.follow()
	s.sums.save(w, len(s.limits))
	saveWindows(w, s.windows, func(sums *tierReads) { sums.save(w, len(s.limits)) })
	saveByTier(w, s.writes.sums, len(s.limits))
	saveWindows(w, s.writes.windows, func(sums *[]int64) { saveByTier(w, *sums, len(s.limits)) })
}

// save writes requests and tokens; for each tier the tokens that it serves; the same in bytes.
func (t *tierReads) save(w *section.Writer, tiers int) {
	saveCounts(w, t.requests, t.total)
	saveByTier(w, t.tokens, tiers)
	saveByTier(w, t.bytes, tiers)
}

// saveByTier writes a number for each tier; nil stands for zeros.
func saveByTier(w *section.Writer, numbers []int64, tiers int) {
	if numbers == nil {
		numbers = make([]int64, tiers)
	}
	saveCounts(w, numbers...)
}

func (s *tiers) load(r *section.Reader, of *sums) {
	s.sums.load(r, s.most(of))
	for _, bytes := range s.sums.bytes {
		s.room -= bytes
	}
	all := s.sums.clone()
	loadWindows(r, s.windows, s.windows.Possible, func(sums *tierReads) { sums.load(r, &all) })
	s.writes.load(r, s.windows.Length())
}

// most returns the most that the tiers can serve.
func (s *tiers) most(of *sums) *tierReads {
	t := &of.tally.totals
	all := &tierReads{requests: of.input.sum.Requests, total: t.tokens}
	for range s.limits {
		all.tokens, all.bytes = append(all.tokens, t.tokens), append(all.bytes, math.MaxInt64)
	}
	return all
}

func (t *tierReads) clone() tierReads {
	out := *t
	out.tokens, out.bytes = slices.Clone(t.tokens), slices.Clone(t.bytes)
	return out
}

// load takes the reads of a part from those of a whole.
func (t *tierReads) load(r *section.Reader, of *tierReads) {
	t.requests, t.total = share(r, &of.requests, "requests of tiers"), share(r, &of.total, "tokens of tiers")
	t.tokens = loadByTier(r, of.tokens, t.total)
	t.bytes = loadByTier(r, of.bytes, math.MaxInt64)
	if t.requests == 0 {
		t.tokens, t.bytes = nil, nil
	}
}

// loadByTier takes numbers by tier, of most together, from those of a whole.
func loadByTier(r *section.Reader, of []int64, most int64) []int64 {
	numbers := make([]int64, len(of))
	for i := range of {
		numbers[i] = share(r, &of[i], "count of a tier")
		if most -= numbers[i]; most < 0 {
			r.Fail("the tiers serve too much")
			most = 0
		}
	}
	return numbers
}

// load reads the writes, whose windows have a length.
func (w *tierWrites) load(r *section.Reader, length time.Duration) {
	most := int64(math.MaxInt64)
	for i := range w.sums {
		w.sums[i] = r.UpTo(most, "bytes written to a tier")
		most = w.sums[i]
	}
	all := slices.Clone(w.sums)
	possible := func(l time.Duration) bool { return l == length }
	loadWindows(r, w.windows, possible, func(sums *[]int64) { *sums = loadByTier(r, all, math.MaxInt64) })
}
