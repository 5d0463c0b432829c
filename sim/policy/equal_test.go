package policy

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// made is a made-up request.
type made struct {
	ids         []int // numbered in order of first sight
	size        int64
	unit, limit int64
	counted     bool
	at          float64 // seconds
}

// newTrace returns requests as a trace.
func newTrace(requests []made) *Trace {
	t := &Trace{}
	for _, q := range requests {
		t.Add(Request{Rows: rowsOf(q.ids), Size: q.size, Time: q.at, Unit: q.unit, Limit: q.limit, Counted: q.counted})
	}
	return t
}

// rowsOf returns ids as rows that are as long as can be.
func rowsOf(ids []int) (rows []sim.Row) {
	for i, id := range ids {
		if i > 0 && id == ids[i-1]+1 {
			rows[len(rows)-1].N++
		} else {
			rows = append(rows, sim.Row{First: uint32(id), N: 1})
		}
	}
	return rows
}

// sighted numbers keys in order of first sight.
type sighted map[int]int

func (s sighted) ids(keys ...int) (ids []int) {
	for _, key := range keys {
		if _, ok := s[key]; !ok {
			s[key] = len(s)
		}
		ids = append(ids, s[key])
	}
	return ids
}

// traffic makes traces that differ from one another on purpose.
var traffic = []struct {
	name string
	keys func(r *rand.Rand) []int // of the next request
}{
	{"any chunks", func(r *rand.Rand) (keys []int) {
		for range r.IntN(7) {
			keys = append(keys, r.IntN(15))
		}
		return keys
	}},
	{"few hot chunks", func(r *rand.Rand) (keys []int) {
		for range r.IntN(6) {
			keys = append(keys, int(math.Exp(r.Float64()*4)))
		}
		return keys
	}},
	{"branches of a tree", func(r *rand.Rand) (keys []int) {
		node := 1
		for range r.IntN(8) {
			node = 3*node + r.IntN(2)*r.IntN(3)
			keys = append(keys, node)
		}
		return keys
	}},
	{"repeats", func(r *rand.Rand) (keys []int) {
		from := r.IntN(12)
		for i := range r.IntN(5) {
			keys = append(keys, from+i)
			for r.IntN(3) == 0 {
				keys = append(keys, from+r.IntN(i+1))
			}
		}
		return keys
	}},
	{"there and back", func(r *rand.Rand) (keys []int) {
		from, n := r.IntN(20), 1+r.IntN(7)
		for i := range n {
			keys = append(keys, from+i)
		}
		if r.IntN(2) == 0 {
			slices.Reverse(keys)
		}
		return keys
	}},
}

// sizings give requests their sizes.
var sizings = []func(r *rand.Rand) int64{
	func(*rand.Rand) int64 { return 7 },
	func(r *rand.Rand) int64 { return 3 + 5*r.Int64N(2) },
	func(r *rand.Rand) int64 { return 1 + r.Int64N(40) },
}

// Traces begin at one of the beginnings, and their requests come after one of the pauses. Both are in seconds. The clocks of servers come round
// at 2^24 seconds, or at 2^16 minutes.
var (
	beginnings = []float64{0, 1<<24 - 100, 60<<16 - 1000}
	pauses     = []float64{0, 0.25, 1, 20, 70}
)

// makeTrace makes up a trace of so many requests.
func makeTrace(r *rand.Rand, keys func(*rand.Rand) []int, size func(*rand.Rand) int64, n int) (trace []made) {
	seen := sighted{}
	warmup := r.IntN(n) * r.IntN(2)
	at := beginnings[r.IntN(len(beginnings))]
	for i := range n {
		q := made{ids: seen.ids(keys(r)...), size: size(r), unit: 1 + r.Int64N(9), counted: i >= warmup, at: at}
		at += pauses[r.IntN(len(pauses))]
		q.limit = max(0, q.unit*int64(len(q.ids))+r.Int64N(20)-10)
		trace = append(trace, q)
	}
	return trace
}

// weights returns the weight of every chunk in a cache.
func weights(cache string, trace []made, inBytes bool) (w []int64) {
	for _, q := range trace {
		for _, id := range q.ids {
			if id == len(w) {
				w = append(w, 1)
				if inBytes {
					w[id] = plainBytes(cache, q.size)
				}
			}
		}
	}
	return w
}

// counts counts in how many of the requests a chunk is.
func counts(trace []made, id int) (n int) {
	for _, q := range trace {
		if slices.Contains(q.ids, id) {
			n++
		}
	}
	return n
}

// checkEqual replays a trace through a cache and its plain twin, and compares what they hold after each request, and what
// they did in the end.
func checkEqual(t testing.TB, spec Spec, trace []made, c Capacity, order sim.Order, admit int) {
	log := newTrace(trace)
	log.Admit(admit)
	r, err := log.newReplayer(spec, c, order)
	require.NoError(t, err)
	room := r.cache.room
	w := weights(spec.Name, trace, c.InBytes)
	if size, uniform := log.UniformSize(); c.InBytes && uniform && !find(spec.Name).ownBytes {
		c.N /= size // whole chunks
		w = weights(spec.Name, trace, false)
	}
	twin := newPlain(spec, limits{c.N, func(id int) int64 { return w[id] }})
	bytes := weights("", trace, true)
	var want Result
	for i, q := range trace {
		r.request(i)
		if timed, ok := twin.(plainTimed); ok {
			timed.at(q.at)
		}
		did := plainRequest(twin, trace[:i+1], order, admit, bytes)
		if q.counted {
			want.Hit += did.Hit
			want.ChunkHits += did.ChunkHits
			want.Evictions += did.Evictions
			want.Inserted += did.Inserted
			want.Written += did.Written
		}
		for id := range w {
			if twin.holds(id) != room.place[id].resident() {
				t.Fatalf("%s, capacity %+v, order %v, admit %d: request %d of %v: chunk %d is resident: %v", spec, c, order, admit, i, trace, id, room.place[id].resident())
			}
		}
		require.LessOrEqual(t, room.used, room.capacity)
	}
	require.Equal(t, want, r.out, "%s, capacity %+v, order %v, admit %d, %v", spec, c, order, admit, trace)
}

// plainRequest replays the last request of a trace.
func plainRequest(c plain, trace []made, order sim.Order, admit int, bytes []int64) (did Result) {
	q := trace[len(trace)-1]
	prefix := 0
	for prefix < len(q.ids) && c.holds(q.ids[prefix]) {
		prefix++
	}
	did.Hit = min(int64(prefix)*q.unit, q.limit)
	for i := range q.ids {
		if order == sim.TailFirst {
			i = len(q.ids) - 1 - i
		}
		id := q.ids[i]
		if counts(trace, id) < admit {
			continue
		}
		if c.holds(id) {
			did.ChunkHits++
		}
		inserted, evicted := c.touch(q.ids, i)
		if inserted {
			did.Inserted++
			did.Written += bytes[id]
		}
		did.Evictions += int64(len(evicted))
	}
	if c, ok := c.(interface{ end() []int }); ok {
		did.Evictions += int64(len(c.end()))
	}
	return did
}

// specs returns all caches, some with options.
func specs(t testing.TB) []Spec {
	all := []Spec{LRU(), Batched(sim.Watermark{Trigger: 0.8, Ratio: 0.2}), Batched(sim.Watermark{Trigger: 0.5, Ratio: 0.7}),
		Batched(sim.Watermark{Trigger: 1, Ratio: 1e-9})}
	all = append(all, simple(t)...)
	return append(all, parsed(t, "s3fifo:small=0.3:ghost=0.5"), parsed(t, "s3fifo:cap=1:small=1"), parsed(t, "s3fifo:cap=2:ghost=3"), parsed(t, "random:seed=7"),
		parsed(t, "redis:samples=1:seed=2"), parsed(t, "redis-lfu:samples=12"))
}

// simple returns the caches that Parse knows, without options.
func simple(t testing.TB) (all []Spec) {
	for _, about := range All() {
		all = append(all, parsed(t, about.Name))
	}
	return all
}

func parsed(t testing.TB, text string) Spec {
	spec, err := Parse(text)
	require.NoError(t, err)
	return spec
}

func TestCachesEqualPlainOnes(t *testing.T) {
	t.Parallel()
	for _, spec := range specs(t) {
		for _, traffic := range traffic {
			t.Run(spec.String()+"/"+traffic.name, func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(1, 2))
				for range 50 {
					size := sizings[r.IntN(len(sizings))]
					trace := makeTrace(r, traffic.keys, size, 5+r.IntN(60))
					largest := int64(len(weights(spec.Name, trace, false)))
					for range 3 {
						c := Capacity{N: r.Int64N(largest + 3)}
						if c.InBytes = r.IntN(2) == 0; c.InBytes {
							c.N *= plainBytes(spec.Name, 1+r.Int64N(20))
						}
						checkEqual(t, spec, trace, c, sim.Order(r.IntN(2)), 1+r.IntN(2)*r.IntN(4))
					}
				}
			})
		}
	}
}

func TestUnlimited(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	trace := makeTrace(r, traffic[0].keys, sizings[2], 50)
	for i := range trace {
		trace[i].size <<= 56 // the sum of all exceeds an int64
		trace[i].counted = i > 40
	}
	log := newTrace(trace)
	want := Result{}
	for i, spec := range append(specs(t), Batched(sim.Watermark{Trigger: 1e-300, Ratio: 1})) {
		for _, inBytes := range []bool{false, true} {
			got, err := log.Replay(context.Background(), spec, Capacity{math.MaxInt64, inBytes}, sim.TailFirst)
			require.NoError(t, err)
			require.Zero(t, got.Evictions)
			require.Positive(t, got.Hit)
			if i == 0 {
				want = got
			}
			require.Equal(t, want, got, "%s %v", spec, inBytes)
		}
	}
}
