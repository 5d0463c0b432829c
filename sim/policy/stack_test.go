package policy

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
	"hashlog/sim/workload"
)

// conversations returns the requests of generated traffic, whose hashes are chained, the first ones as a warm-up.
func conversations(t testing.TB, requests int64, size func(request int) int64) (trace []made) {
	g, err := workload.New(workload.Options{Requests: requests, Reuse: 0.7, TurnTokens: 3000, Users: 60, HashBytes: 8})
	require.NoError(t, err)
	seen := map[uint64]int{}
	var r workload.Request
	for i := 0; g.Next(&r); i++ {
		q := made{size: size(i), unit: 256, limit: r.SeqLen, counted: i >= int(requests)/4, at: float64(i)}
		for _, hash := range r.Hashes {
			key := binary.LittleEndian.Uint64(hash)
			if _, ok := seen[key]; !ok {
				seen[key] = len(seen)
			}
			q.ids = append(q.ids, seen[key])
		}
		trace = append(trace, q)
	}
	return trace
}

func oneSize(int) int64       { return 1 << 20 }
func unlikeSizes(i int) int64 { return 1<<20 + int64(i%3)<<18 }

func keys(ids []int) (keys []sim.Key) {
	for _, id := range ids {
		keys = append(keys, sim.Key(id))
	}
	return keys
}

// curve is what one pass of the stack gives for a capacity.
type curve struct {
	c      Capacity
	misses int64 // of the touches of counted requests
	before int64 // resident chunks as the first counted request touches
	out    Result
}

func (c *curve) depth(d sim.Depth) int64 {
	if c.c.InBytes {
		return d.Bytes
	}
	return d.Chunks
}

func (c *curve) resident(s *sim.Stack) int64 {
	if c.c.InBytes {
		return s.ResidentInBytes(c.c.N)
	}
	return s.ResidentInChunks(c.c.N)
}

// replayStack replays a trace once, for all capacities.
func replayStack(t testing.TB, trace []made, order sim.Order, curves []curve) {
	engine := simtest.NewEngine(order)
	counting := false
	for _, q := range trace {
		for i := range curves {
			if q.counted && !counting {
				curves[i].before = curves[i].resident(engine.Stack)
			}
		}
		counting = q.counted
		steps, err := engine.Request(keys(q.ids), q.size)
		require.NoError(t, err)
		for i := range curves {
			if q.counted {
				curves[i].count(q, steps)
			}
		}
	}
	for i := range curves {
		c := &curves[i]
		c.out.Evictions = c.misses + c.before - c.resident(engine.Stack)
		c.out.Inserted = c.misses
	}
}

// count counts a request.
func (c *curve) count(q made, steps simtest.Steps) {
	prefix := int64(0)
	for _, need := range simtest.Needs(steps.Runs) {
		if c.depth(need) > c.c.N {
			break
		}
		prefix++
	}
	c.out.Hit += min(prefix*q.unit, q.limit)
	for _, d := range steps.Distances {
		if c.depth(d.Depth) <= c.c.N {
			c.out.ChunkHits += int64(d.N)
		} else {
			c.misses += int64(d.N)
			c.out.Written += int64(d.N) * d.Size
		}
	}
}

// TestLRUEqualsStack compares LRU with the one pass, to the last token.
func TestLRUEqualsStack(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]func(int) int64{"one size": oneSize, "unlike sizes": unlikeSizes} {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			trace := conversations(t, 400, size)
			var curves []curve
			for n := int64(1); n < 20_000; n += 1 + n/2 {
				curves = append(curves, curve{c: Capacity{N: n}}, curve{c: Capacity{N: n<<20 + n<<10, InBytes: true}}, curve{c: Capacity{N: n << 10, InBytes: true}})
			}
			replayStack(t, trace, order, curves)
			log := newTrace(trace)
			for _, c := range curves {
				got, err := log.Replay(context.Background(), LRU(), c.c, order)
				require.NoError(t, err)
				require.Positive(t, got.Inserted)
				require.Equal(t, c.out, got, "%s, order %v, %+v", name, order, c.c)
			}
		}
	}
}

// TestLRUEqualsPlainLRU compares LRU and batches with simtest.LRU and sim.Batched on traffic that repeats and branches.
func TestLRUEqualsPlainLRU(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for round := range 400 {
		trace := makeTrace(r, traffic[round%len(traffic)].keys, sizings[r.IntN(len(sizings))], 40)
		order := sim.Order(r.IntN(2))
		c := Capacity{N: 1 + r.Int64N(30), InBytes: r.IntN(2) == 0}
		if c.InBytes {
			c.N *= 1 + r.Int64N(10)
		}
		plain := simtest.NewLRU(c.N, order)
		if c.InBytes {
			plain = simtest.NewLRUInBytes(c.N, order)
		}
		spec := LRU()
		if round%2 == 0 {
			w := sim.Watermark{Trigger: 1 - 0.9*r.Float64(), Ratio: 1 - r.Float64()}
			plain.Watermark, spec = &w, Batched(w)
			require.Equal(t, replayBatched(t, trace, c, order, w), replayed(t, trace, spec, c, order), "%+v %v %+v", c, order, w)
		}
		got := replayed(t, trace, spec, c, order)
		require.Equal(t, replayPlainLRU(plain, trace), got, "%s, %+v, order %v, %v", spec, c, order, trace)
	}
}

func replayed(t testing.TB, trace []made, spec Spec, c Capacity, order sim.Order) Result {
	got, err := newTrace(trace).Replay(context.Background(), spec, c, order)
	require.NoError(t, err)
	return got
}

func replayPlainLRU(c *simtest.LRU, trace []made) (out Result) {
	bytes := weights("", trace, true)
	for _, q := range trace {
		did := c.Request(keys(q.ids), q.size)
		if !q.counted {
			continue
		}
		out.Hit += min(int64(did.HitPrefix)*q.unit, q.limit)
		out.ChunkHits += int64(did.ChunkHits)
		out.Evictions += int64(did.Evictions)
		out.Inserted += int64(len(did.Inserted))
		for _, key := range did.Inserted {
			out.Written += bytes[key]
		}
	}
	return out
}

// replayBatched replays a trace through a sim.Batched.
func replayBatched(t testing.TB, trace []made, c Capacity, order sim.Order, w sim.Watermark) (out Result) {
	index, stack := sim.NewIndex(), sim.NewStack(order)
	cache := sim.NewBatched(c.N, w)
	if c.InBytes {
		cache = sim.NewBatchedInBytes(c.N, w)
	}
	for _, q := range trace {
		rows, err := index.Number(keys(q.ids), nil)
		require.NoError(t, err)
		runs, touches := stack.LookUp(rows, q.size)
		prefix := int64(0)
		for _, need := range simtest.Needs(runs) {
			if need.Chunks > cache.Resident() {
				break
			}
			prefix++
		}
		distances, _ := stack.Touch(touches)
		hits, written := cache.Touch(distances)
		before := cache.Resident()
		cache.Evict(stack, 0)
		if q.counted {
			out.Hit += min(prefix*q.unit, q.limit)
			out.ChunkHits += hits
			out.Written += written
			out.Inserted += int64(len(q.ids)) - hits
			out.Evictions += before - cache.Resident()
		}
	}
	return out
}

// TestRadixTailFirstEqualsLRU holds that leaves go first by themselves where a prefix is always used after what extends it.
func TestRadixTailFirstEqualsLRU(t *testing.T) {
	t.Parallel()
	trace := conversations(t, 400, oneSize)
	log := newTrace(trace)
	for n := int64(1); n < 20_000; n += 1 + n/3 {
		a, err := log.newReplayer(LRU(), Capacity{N: n}, sim.TailFirst)
		require.NoError(t, err)
		b, err := log.newReplayer(parsed(t, "radix"), Capacity{N: n}, sim.TailFirst)
		require.NoError(t, err)
		lruPlaces, radixPlaces := a.cache.room.place, b.cache.room.place
		for i := range trace {
			a.request(i)
			b.request(i)
			if i%10 != 0 && i < len(trace)-1 {
				continue
			}
			for id := range lruPlaces {
				if lruPlaces[id].resident() != radixPlaces[id].resident() {
					t.Fatalf("capacity %d, request %d, chunk %d", n, i, id)
				}
			}
		}
		require.Equal(t, a.out.Hit, b.out.Hit, n)
		require.LessOrEqual(t, b.out.Evictions, a.out.Evictions)
	}
}
