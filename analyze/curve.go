package analyze

import (
	"cmp"
	"math"
	"slices"

	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
	"hashlog/sim/policy"
)

// Curve is the exact hit-rate curve of the counted part: it gives the figures at every capacity.
type Curve struct {
	// Unit is the unit of capacities: Bytes if the size of every chunk is known, else Chunks.
	Unit units.Unit
	// ChunkBytes is the size in bytes that all chunks share; 0 if their sizes differ or are unknown.
	ChunkBytes int64
	// SmallestChunk is the size of the smallest chunk in bytes; 0 if unknown.
	SmallestChunk int64

	// largest is the largest capacity at which figures are known, in the curve's unit; 0: all are.
	largest int64
	// taken is how many bytes of a capacity a chunk takes, where that is more than ChunkBytes: of caches that count so. 0: as many.
	taken int64

	unique int64 // unique chunks, or their bytes
	totals totals
	sums   []histogram.Histogram // by quantity, as in tally
	kinds  missKinds
}

// totals are the denominators of a curve's figures.
type totals struct {
	tokens            int64
	cacheable         int64 // tokens covered by hashes
	coldTokens        int64 // of chunks that were never stored before the request, and not because they weren't admitted
	notAdmittedTokens int64 // of chunks that were looked up before the request, but too few times to be stored
	lookups           int64 // chunks
	touches           int64 // chunks; fewer than lookups if not all are admitted
}

// add adds the totals of other requests.
func (t *totals) add(more totals) {
	t.tokens += more.tokens
	t.cacheable += more.cacheable
	t.coldTokens += more.coldTokens
	t.notAdmittedTokens += more.notAdmittedTokens
	t.lookups += more.lookups
	t.touches += more.touches
}

// Figures are the counts at one capacity.
type Figures struct {
	HitTokens, TotalTokens, CacheableTokens int64
	ChunkHits, ChunkLookups                 int64
	ChunkTouches                            int64 // fewer than ChunkLookups if not all are admitted; the others are neither hits nor stored
	Miss                                    MissTokens
}

// TokenHitRate is hit tokens / total tokens; 0 if there are no tokens.
func (f Figures) TokenHitRate() float64 { return Rate(f.HitTokens, f.TotalTokens) }

// CacheableTokenHitRate is hit tokens / tokens covered by hashes; 0 if there are none.
func (f Figures) CacheableTokenHitRate() float64 { return Rate(f.HitTokens, f.CacheableTokens) }

// ChunkHitRate is chunk hits / chunk lookups; 0 if there are no lookups.
func (f Figures) ChunkHitRate() float64 { return Rate(f.ChunkHits, f.ChunkLookups) }

// Largest returns the largest capacity at which figures are known, in the curve's unit; ok is false if all are. Figures at larger ones
// are those at the largest.
func (v *Curve) Largest() (capacity int64, ok bool) { return v.largest, v.bounded() }

func (v *Curve) bounded() bool { return v.largest > 0 }

// At returns the figures of a cache of capacity c ≥ 0, in the curve's unit. c = math.MaxInt64 means unlimited.
func (v *Curve) At(c int64) Figures { return v.Table([]int64{c})[0] }

// Table returns the figures at several capacities, in the order given and in the curve's unit. It goes through the
// histograms once, so many capacities cost little more than one.
func (v *Curve) Table(capacities []int64) []Figures {
	rising, order := v.rising(capacities)
	sums := make([][quantities]int64, len(capacities))
	for q, h := range v.sums {
		for i, sum := range h.Sums(rising) {
			sums[order[i]][q] = sum
		}
	}
	out := make([]Figures, len(capacities))
	for i := range capacities {
		out[i] = v.figures(sums[i])
	}
	return out
}

// hitTokens returns the hit tokens that Table would.
func (v *Curve) hitTokens(capacities []int64) []int64 {
	rising, order := v.rising(capacities)
	out := make([]int64, len(capacities))
	for i, sum := range v.sums[hitTokens].Sums(rising) {
		out[order[i]] = sum
	}
	return out
}

// rising returns some capacities as the histograms need them, in rising order. order[i] is the place of rising[i] in capacities.
func (v *Curve) rising(capacities []int64) (rising []int64, order []int) {
	order = make([]int, len(capacities))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(capacities[i], capacities[j]) })
	rising = make([]int64, len(capacities))
	for i, at := range order {
		rising[i] = capacities[at] / v.scale()
	}
	return rising, order
}

// figures returns the figures at a capacity from its sums.
func (v *Curve) figures(sums [quantities]int64) Figures {
	t, hits, resident, expired := v.totals, sums[hitTokens], sums[residentTokens], sums[expiredTokens]
	prefix := hits
	if v.kinds.unaligned {
		prefix = sums[prefixTokens]
	}
	f := Figures{
		HitTokens: hits, TotalTokens: t.tokens, CacheableTokens: t.cacheable,
		ChunkHits: sums[chunkHits], ChunkLookups: t.lookups, ChunkTouches: t.touches,
		Miss: MissTokens{
			Tail:         t.tokens - t.cacheable,
			Cold:         t.coldTokens,
			Capacity:     t.cacheable - t.coldTokens - t.notAdmittedTokens - resident - expired,
			BrokenPrefix: resident - prefix,
		},
	}
	if v.kinds.expired {
		f.Miss.Expired = &expired
	}
	if v.kinds.notAdmitted {
		notAdmitted := t.notAdmittedTokens
		f.Miss.NotAdmitted = &notAdmitted
	}
	if v.kinds.unaligned {
		unaligned := prefix - hits
		f.Miss.Unaligned = &unaligned
	}
	if v.bounded() {
		sum := f.Miss.Cold + f.Miss.Capacity
		f.Miss.ColdOrCapacity, f.Miss.Cold, f.Miss.Capacity = &sum, 0, 0
	}
	return f
}

// scale returns how many of the curve's units one step of the histograms is.
func (v *Curve) scale() int64 {
	if v.Unit == units.Bytes && v.ChunkBytes > 0 {
		return v.ChunkBytes
	}
	return 1
}

// Reach returns the smallest capacity > 0, in the curve's unit, with at least want hit tokens; ok is false if no capacity
// reaches that.
func (v *Curve) Reach(want int64) (capacity int64, ok bool) {
	depth, ok := v.sums[hitTokens].Reach(want)
	return depth * v.scale(), ok
}

// ceilingTokens returns the hit tokens of an unlimited cache, or at the largest capacity if there is one.
func (v *Curve) ceilingTokens() int64 { return v.sums[hitTokens].Total() }

// both returns a capacity of the curve in bytes and in chunks; each is nil if it can't be derived.
func (v *Curve) both(capacity int64) (bytes, chunks *int64) {
	switch {
	case v.Unit == units.Chunks && v.ChunkBytes == 0:
		return nil, &capacity
	case v.Unit == units.Bytes && v.ChunkBytes == 0:
		return &capacity, nil
	case v.Unit == units.Bytes:
		n := capacity / v.ChunkBytes
		return &capacity, &n
	}
	if capacity > math.MaxInt64/v.ChunkBytes {
		return nil, &capacity
	}
	n := capacity * v.ChunkBytes
	return &n, &capacity
}

// listed returns a listed capacity in bytes and in chunks; each is nil if it can't be derived, and both are for an
// unlimited capacity.
func (v *Curve) listed(c units.Capacity) (bytes, chunks *int64) {
	if c.Unit == units.Unlimited {
		return nil, nil
	}
	asked := Curve{Unit: c.Unit, ChunkBytes: cmp.Or(v.taken, v.ChunkBytes)}
	return asked.both(c.N)
}

// listedTaking is listed for a cache of which a chunk may take more than its bytes.
func (v *Curve) listedTaking(spec policy.Spec, c units.Capacity) (bytes, chunks *int64) {
	taking := Curve{ChunkBytes: spec.Taken(v.ChunkBytes)}
	return taking.listed(c)
}

// MissTokens splits the tokens that did not hit by cause. They add up to total − hit tokens.
type MissTokens struct {
	Tail         int64 `json:"tail"`          // covered by no hash
	Cold         int64 `json:"cold"`          // never stored before the request, and not because they weren't admitted; see ColdOrCapacity
	Capacity     int64 `json:"capacity"`      // stored, but no longer resident; see ColdOrCapacity
	BrokenPrefix int64 `json:"broken_prefix"` // resident, but after a miss
	// Expired tokens belong to chunks that the same cache without a TTL would hold, but whose last touch is too old. nil if
	// chunks don't expire.
	Expired *int64 `json:"expired,omitempty"`
	// NotAdmitted tokens belong to chunks that were looked up before the request, but too few times to be stored. nil unless
	// Cache.Admit is set.
	NotAdmitted *int64 `json:"not_admitted,omitempty"`
	// ColdOrCapacity is the sum of cold and capacity misses where it is unknown which are which, because Options.MaxCapacity is set. Cold
	// and Capacity are then 0, and null in JSON. nil elsewhere.
	ColdOrCapacity *int64 `json:"cold_or_capacity,omitempty"`
	// Unaligned tokens are resident and not behind a miss, but beyond the last whole match unit. nil unless Options.MatchUnit is set.
	Unaligned *int64 `json:"unaligned,omitempty"`
}

// plainMissTokens are MissTokens without their MarshalJSON.
type plainMissTokens MissTokens

// MarshalJSON writes null for what is unknown.
func (m MissTokens) MarshalJSON() ([]byte, error) {
	if m.ColdOrCapacity == nil {
		return asJSON(plainMissTokens(m), "", "")
	}
	type unknown struct{} // is written as null by a nil pointer
	return asJSON(struct {
		Tail           int64    `json:"tail"`
		Cold           *unknown `json:"cold"`
		Capacity       *unknown `json:"capacity"`
		BrokenPrefix   int64    `json:"broken_prefix"`
		Expired        *int64   `json:"expired,omitempty"`
		ColdOrCapacity *int64   `json:"cold_or_capacity"`
		Unaligned      *int64   `json:"unaligned,omitempty"`
	}{m.Tail, nil, nil, m.BrokenPrefix, m.Expired, m.ColdOrCapacity, m.Unaligned}, "", "")
}

// Rate returns part / whole, or 0 if whole is 0.
func Rate(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
