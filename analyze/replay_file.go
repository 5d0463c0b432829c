package analyze

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"hashlog/analyze/internal/section"
	"hashlog/analyze/units"
	"hashlog/log"
)

// save writes the state of a replay without its stack and its counters, which load reads.
func (r *replay) save(w *section.Writer) {
	w.Float(r.now)
	w.Float(r.told)
	w.Uint(uint64(r.requests))
	w.Bool(r.counting)
	w.Bool(r.sizes.known)
	w.Bool(r.sizes.unlike)
	w.Uint(uint64(r.sizes.one))
	w.Bool(r.deferred != nil && r.deferred.full)
	saveResidency(w, r.before)
	w.Bool(r.beside != nil)
	if b := r.beside; b != nil {
		for _, n := range []int64{b.seen.chunks, b.seen.once, b.seen.bytes, b.seen.smallest, b.chunks, b.bytes} {
			w.Uint(uint64(n))
		}
		saveResidency(w, b.after)
	}
}

// load reads what save has written into a replay that nothing has gone through.
func (r *replay) load(in *section.Reader) {
	count := func() int64 { return in.UpTo(math.MaxInt64, "a count") }
	r.now, r.told = loadMoment(in), loadMoment(in)
	if r.told < r.now || r.told > r.now && r.opts.Cache.StoreDelay == 0 {
		in.Fail("the last touch is at %g s, the last request at %g s", r.told, r.now)
	}
	r.requests = count()
	r.counting = in.Bool()
	r.sizes = sizes{known: in.Bool(), unlike: in.Bool(), one: count()}
	if full := in.Bool(); r.deferred != nil {
		r.deferred.full = full
	}
	if r.before = loadResidency(in); r.before != nil && r.before.now > r.told {
		in.Fail("counted touches begin at %g s, after the last one at %g s", r.before.now, r.told)
	}
	if !in.Bool() {
		return
	}
	b := &beside{seen: seenChunks{chunks: count(), once: count(), bytes: count(), smallest: count()}, chunks: count(), bytes: count()}
	if b.after = loadResidency(in); b.after == nil || r.before == nil {
		in.Fail("caches beside one another without residents")
		return
	}
	r.beside, r.nodes, r.node, r.index = b, nil, nil, nil
}

// loadMoment reads a time in seconds, −∞ before the first one.
func loadMoment(in *section.Reader) float64 {
	t := in.Float()
	if !(math.Abs(t) <= log.MaxTimestamp || math.IsInf(t, -1)) {
		in.Fail("a time of %g s", t)
		return 0
	}
	return t
}

// saveResidency writes residents, or that there are none yet.
func saveResidency(w *section.Writer, s *residency) {
	w.Bool(s != nil)
	if s == nil {
		return
	}
	w.Uint(uint64(s.all))
	w.Bool(s.several)
	w.Float(s.now)
	w.Uint(uint64(s.seen))
	w.Bool(s.full)
	w.Uint(uint64(len(s.at)))
	for _, c := range slices.SortedFunc(maps.Keys(s.at), compareCapacities) {
		w.Uint(uint64(c.Unit))
		w.Uint(uint64(c.N))
		w.Uint(uint64(s.at[c]))
	}
}

func compareCapacities(a, b units.Capacity) int {
	return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.N, b.N))
}

// loadResidency reads what saveResidency has written.
func loadResidency(in *section.Reader) *residency {
	if !in.Bool() {
		return nil
	}
	count := func() int64 { return in.UpTo(math.MaxInt64, "a count") }
	s := &residency{all: count(), several: in.Bool(), now: loadMoment(in), seen: count(), full: in.Bool(), at: make(map[units.Capacity]int64)}
	for n := count(); n > 0 && in.Err() == nil; n-- {
		c := units.Capacity{Unit: units.Unit(in.UpTo(int64(units.Unlimited), "a unit")), N: count()}
		s.at[c] = count()
	}
	return s
}
