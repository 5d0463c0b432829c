package sim_test

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// part is a stretch of a trace replayed apart, or several of them joined: the idea of how package analyze joins summaries, in
// its plainest form.
type part struct {
	merging
	index    *sim.Index
	stack    *sim.Stack
	now      float64
	met      []*met     // by request
	deferred []deferred // requests with chunks that the part has not seen
}

// merging says what is to be found, and when stacks forget.
type merging struct {
	order   sim.Order
	aging   aging
	most    int64 // the largest capacity of interest; 0: unlimited
	inBytes bool
	forgets func() bool
}

// deferred is a request whose never-seen chunks may have been seen by an earlier part.
type deferred struct {
	met     *met // unknown needs and distances are Never
	now     float64
	size    int64
	keys    []sim.Key // of the never-seen chunks
	at      []int     // their places in needs
	touched []int     // the places of their first touches in met.touched
}

func newPart(m merging) *part {
	return &part{merging: m, index: sim.NewSmallIndex(), stack: m.aging.stack(m.order), now: math.Inf(-1)}
}

func (p *part) advance(now float64) {
	p.now = now
	p.stack.Advance(now)
}

func (p *part) request(t testing.TB, req timed, now float64) {
	p.advance(now)
	full := p.full()
	rows, err := p.index.Number(req.keys, nil)
	require.NoError(t, err)
	runs, touches := p.stack.LookUp(rows, req.size)
	m := &met{needs: needsOf(runs)}
	if p.aging.kept {
		checkShape(t, p.stack.PartialAges())
		m.ages = eachAge(p.stack.PartialAges())
	}
	distances, _ := p.stack.Touch(touches)
	m.touched = depthsOf(distances)
	p.met = append(p.met, m)
	if !full {
		p.later(deferred{met: m, now: now, size: req.size}, req.keys)
	}
	p.forget()
}

// full reports whether enough has been touched to hide all that came before the part.
func (p *part) full() bool {
	touched := p.stack.UniqueChunks()
	if p.inBytes {
		touched = p.stack.UniqueBytes()
	}
	return p.most > 0 && touched >= p.most
}

// later defers a request as far as it has chunks with the given keys that have never been seen.
func (p *part) later(d deferred, keys []sim.Key) {
	for i, need := range d.met.needs {
		if need.Chunks == sim.Never {
			d.keys, d.at = append(d.keys, keys[i]), append(d.at, i)
		}
	}
	for i, distance := range d.met.touched {
		if distance.Chunks == sim.Never {
			d.touched = append(d.touched, i)
		}
	}
	if len(d.keys) > 0 {
		p.deferred = append(p.deferred, d)
	}
}

// forget makes a part forget what is of no interest, if it is the moment.
func (p *part) forget() {
	if p.most == 0 || !p.forgets() {
		return
	}
	n := p.most
	if p.inBytes {
		n = p.stack.Reaching(p.most)
	}
	p.index.Keep(p.stack.Keep(n))
}

// then joins a part with the one that follows it.
func (p *part) then(t testing.TB, next *part) {
	for _, d := range next.deferred {
		p.resolve(t, d)
	}
	if !math.IsInf(next.now, -1) {
		p.advance(next.now)
	}
	p.stack.Reorder(p.chunksOf(t, next))
	p.met = append(p.met, next.met...)
	p.forget()
}

// resolve replays the never-seen chunks of a deferred request. Each is touched once.
func (p *part) resolve(t testing.TB, d deferred) {
	p.advance(d.now)
	full := p.full()
	rows, err := p.index.Number(d.keys, nil)
	require.NoError(t, err)
	runs, touches := p.stack.LookUp(rows, d.size)
	keys := make([]sim.Key, len(d.met.needs))
	for i, need := range needsOf(runs) {
		d.met.needs[d.at[i]] = need
		keys[d.at[i]] = d.keys[i]
	}
	if p.aging.kept {
		d.raiseAges(eachAge(p.stack.PartialAges()))
	}
	distances, _ := p.stack.Touch(touches.WithRows(eachOnce(p.order, rows)))
	for i, distance := range depthsOf(distances) {
		d.met.touched[d.touched[i]] = distance
	}
	if !full {
		p.later(deferred{met: d.met, now: d.now, size: d.size}, keys)
	}
	p.forget()
}

// raiseAges takes in the largest ages of the prefixes of the never-seen chunks.
func (d *deferred) raiseAges(ages []float64) {
	age, seen := 0.0, 0
	for i := range d.met.ages {
		if seen < len(d.at) && d.at[seen] == i {
			age = ages[seen]
			seen++
		}
		d.met.ages[i] = max(d.met.ages[i], age)
	}
}

// chunksOf yields the chunks of another part under the ids that they have in this one.
func (p *part) chunksOf(t testing.TB, next *part) iter.Seq[sim.Chunk] {
	sizes := make([]int64, next.index.Len())
	for c := range next.stack.All() {
		sizes[c.ID] = c.Size
	}
	var ids []uint32
	for key := range next.index.Keys() {
		rows, err := p.index.Number([]sim.Key{key}, nil)
		require.NoError(t, err)
		if int64(rows[0].First) == p.stack.UniqueChunks() {
			require.Positive(t, p.most, "all chunks have been touched")
			p.stack.Learn(1, sizes[len(ids)])
		}
		ids = append(ids, rows[0].First)
	}
	return func(yield func(sim.Chunk) bool) {
		for c := range next.stack.All() {
			c.ID = ids[c.ID]
			if !yield(c) {
				return
			}
		}
	}
}

// eachOnce returns the rows of a request without the ids that touch order has come to before.
func eachOnce(order sim.Order, rows []sim.Row) (once []sim.Row) {
	seen := map[uint32]bool{}
	for id := range order.IDs(rows) {
		if !seen[id] {
			seen[id] = true
			once = append(once, sim.Row{First: id, N: 1})
		}
	}
	if order == sim.TailFirst {
		slices.Reverse(once)
	}
	return once
}

func needsOf(runs []sim.Run) (needs []depth) {
	for _, run := range runs {
		for i := range run.N {
			needs = append(needs, depth{run.NeedAt(i), run.Expired})
		}
	}
	return needs
}

func depthsOf(distances []sim.Distance) (depths []depth) {
	for _, d := range distances {
		for range d.N {
			depths = append(depths, depth{d.Depth, d.Expired})
		}
	}
	return depths
}

func eachAge(maxAges []sim.MaxAge) (ages []float64) {
	for _, m := range maxAges {
		for range m.N {
			ages = append(ages, m.Seconds)
		}
	}
	return ages
}

// joined replays a trace in parts, and joins them in any order that keeps neighbours together.
func joined(t testing.TB, r *rand.Rand, m merging, trace []timed, times []float64, parts int) *part {
	if parts <= 1 {
		p := newPart(m)
		for i, req := range trace {
			p.request(t, req, times[i])
		}
		return p
	}
	left := 1 + r.IntN(parts-1)
	cut := r.IntN(len(trace) + 1)
	p := joined(t, r, m, trace[:cut], times[:cut], left)
	p.then(t, joined(t, r, m, trace[cut:], times[cut:], parts-left))
	return p
}

// checkMerge compares a trace replayed in parts with a plain list of chunks.
func checkMerge(t testing.TB, r *rand.Rand, m merging, trace []timed) {
	plain, now := newPlainStack(m.order, m.aging.ttl), 0.0
	var want []*met
	var times []float64
	for _, req := range trace {
		now += req.after
		times = append(times, now)
		want = append(want, plain.request(req, now))
	}
	got := joined(t, r, m, trace, times, 1+r.IntN(7))
	require.Len(t, got.met, len(want))
	for i := range want {
		m.check(t, want[i], got.met[i])
	}
	if len(trace) > 0 {
		m.checkStack(t, plain, got, now)
	}
}

// check compares what the chunks of a request meet, as far as it is of interest.
func (m merging) check(t testing.TB, want, got *met) {
	require.Equal(t, m.within(want.needs), m.within(got.needs))
	require.Equal(t, m.within(want.touched), m.within(got.touched))
	if m.aging.kept {
		require.Len(t, got.ages, len(want.ages))
		known := 0
		for known < len(want.needs) && (m.most == 0 || m.within(want.needs)[known].Chunks != sim.Never) {
			known++
		}
		require.Equal(t, want.ages[:known], got.ages[:known])
	}
}

// within replaces depths that are of no interest.
func (m merging) within(depths []depth) []depth {
	depths = slices.Clone(depths)
	for i, d := range depths {
		if m.most > 0 && (!m.inBytes && d.Chunks > m.most || m.inBytes && d.Bytes > m.most) {
			depths[i] = depth{Depth: never}
		}
	}
	return depths
}

// checkStack compares the stacks at the end, as far as they are of interest.
func (m merging) checkStack(t testing.TB, plain *plainStack, got *part, now float64) {
	if m.most == 0 {
		require.EqualValues(t, len(plain.keys), got.stack.UniqueChunks())
	}
	next, stop := iter.Pull(got.stack.All())
	defer stop()
	bytes := int64(0)
	for i, key := range plain.keys {
		if bytes += plain.size[key]; m.most > 0 && (!m.inBytes && int64(i) >= m.most || m.inBytes && bytes > m.most) {
			break
		}
		c, ok := next()
		require.True(t, ok)
		require.Equal(t, key, got.index.Key(c.ID))
		require.Equal(t, plain.size[key], c.Size)
		require.Equal(t, plain.expired(key, now), c.Expired)
		if m.most == 0 {
			require.Equal(t, plain.touches[key] == 1, c.Once)
		}
		if m.aging != (aging{}) && !c.Expired {
			require.Equal(t, plain.last[key], c.Touched)
		}
	}
	for _, capacity := range []int64{1, 5, 30, 200} {
		if m.most == 0 || capacity <= m.most && m.inBytes {
			fitting, bytes := int64(0), int64(0)
			for _, key := range plain.keys {
				if bytes += plain.size[key]; bytes > capacity || plain.expired(key, now) {
					break
				}
				fitting++
			}
			require.Equal(t, fitting, got.stack.ResidentInBytes(capacity))
		}
	}
}

// TestMergeEqualsPlainStack cuts traces anywhere, replays the parts apart, and joins them as any tree. Every need, every
// distance, every age and the stack at the end are those of one replay. Some of the stacks forget what is of no interest, at
// random moments.
func TestMergeEqualsPlainStack(t *testing.T) {
	t.Parallel()
	for i, g := range generators {
		for j, sizing := range sizings {
			t.Run(fmt.Sprint(g.name, "/", sizing.name), func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(20) {
					r := rand.New(rand.NewPCG(seed, uint64(5100+10*i+j)))
					often := 1 + r.IntN(6)
					m := merging{order: pick(r, sim.HeadFirst, sim.TailFirst), aging: pick(r, aging{}, aging{ttl: 4}, aging{ttl: 30}, aging{kept: true}),
						most: pick[int64](r, 0, 0, 1, 5, 30, 80), inBytes: r.IntN(2) == 0, forgets: func() bool { return r.IntN(often) == 0 }}
					if m.inBytes {
						m.most *= 4
					}
					checkMerge(t, r, m, agreeing(inTime(r, g.make(r, 60), sizing.size)))
				}
			})
		}
	}
}
