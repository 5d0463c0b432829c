package analyze

import "hashlog/sim"

// Curve is the exact hit-rate curve of the counted part: its figures at every capacity of its unit.
type Curve struct {
	// Unit is Bytes if the size of every chunk is known, else Chunks.
	Unit Unit
	// ChunkBytes is the one size that all chunks have, 0 if there is none or it is unknown.
	ChunkBytes int64

	scale    int64 // capacity that one unit of depth takes
	demand   steps // hit tokens
	need     steps // tokens of resident chunks, hit or behind a miss
	distance steps // classic chunk hits
	totals   totals
}

// totals are what a curve's figures are parts of.
type totals struct {
	requests   int64
	tokens     int64
	cacheable  int64 // tokens covered by hashes
	coldTokens int64
	lookups    int64 // chunks
}

// Figures are the sums that a capacity gives.
type Figures struct {
	HitTokens, TotalTokens, CacheableTokens int64
	ChunkHits, ChunkLookups                 int64
	Miss                                    MissTokens
}

// TokenHitRate is hit tokens / total tokens, 0 if there are none.
func (f Figures) TokenHitRate() float64 { return rate(f.HitTokens, f.TotalTokens) }

// CacheableTokenHitRate is hit tokens / tokens covered by hashes, 0 if there are none.
func (f Figures) CacheableTokenHitRate() float64 { return rate(f.HitTokens, f.CacheableTokens) }

// ChunkHitRate is chunk hits / chunk lookups, 0 if there are none.
func (f Figures) ChunkHitRate() float64 { return rate(f.ChunkHits, f.ChunkLookups) }

// At returns the figures of a cache of capacity c ≥ 0, in the curve's unit. c = math.MaxInt64 is an unlimited cache.
func (v *Curve) At(c int64) Figures {
	depth := c / max(v.scale, 1)
	hit, resident := v.demand.at(depth), v.need.at(depth)
	t := v.totals
	return Figures{
		HitTokens: hit, TotalTokens: t.tokens, CacheableTokens: t.cacheable,
		ChunkHits: v.distance.at(depth), ChunkLookups: t.lookups,
		Miss: MissTokens{
			Tail:         t.tokens - t.cacheable,
			Cold:         t.coldTokens,
			Capacity:     t.cacheable - t.coldTokens - resident,
			BrokenPrefix: resident - hit,
		},
	}
}

// Reach returns the smallest capacity, in the curve's unit, whose hit tokens are at least want; ok is false where no
// capacity reaches it.
func (v *Curve) Reach(want int64) (capacity int64, ok bool) {
	depth, ok := v.demand.reach(want)
	return depth * v.scale, ok
}

// ceilingTokens returns the hit tokens of an unlimited cache.
func (v *Curve) ceilingTokens() int64 { return v.demand.last() }

// smallest returns the capacity that the shallowest access needs, in the curve's unit: no smaller cache hits anything. It
// is 0 where nothing was seen twice.
func (v *Curve) smallest() int64 {
	if len(v.need.depth) == 0 {
		return 0
	}
	return v.need.depth[0] * v.scale
}

// depths are the three histograms that a curve is made of, in one unit.
type depths struct {
	demand   histogram // tokens by the capacity at which they hit
	need     histogram // tokens by the need of their chunk
	distance histogram // accesses by classic distance
}

func (d *depths) scaled(by int64) *depths {
	return &depths{demand: d.demand.scaled(by), need: d.need.scaled(by), distance: d.distance.scaled(by)}
}

func (d *depths) curve(unit Unit, scale int64, t totals) *Curve {
	return &Curve{Unit: unit, scale: scale, totals: t,
		demand: d.demand.steps(), need: d.need.steps(), distance: d.distance.steps()}
}

// stair is a step of a request's demand: that many tokens hit iff the cache is at least that large.
type stair struct {
	demand sim.Depth
	tokens int64
}

// stairs appends a request's demand to dst, rising, without what no capacity hits. A chunk's demand is the largest need
// up to and including it.
func (t tokens) stairs(dst []stair, runs []sim.Run) []stair {
	var demand sim.Depth
	first := 0
	for _, run := range runs {
		if run.Need.Chunks == sim.Never {
			break
		}
		for i := 0; i < run.N; {
			n := run.N - i // along a run whose needs fall, the demand stays
			if run.Step > 0 {
				n = 1
			}
			if need := run.NeedAt(i); need.Chunks > demand.Chunks {
				demand = need
				dst = append(dst, stair{demand: demand})
			}
			dst[len(dst)-1].tokens += t.first(first+i+n) - t.first(first+i)
			i += n
		}
		first += run.N
	}
	return dst
}
