package policy

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// chained returns requests whose chunks stand for all that came before them, so that they form a tree.
func chained(r *rand.Rand, n int) (trace []made) {
	seen := map[[2]int]int{} // by the chunk before and a choice
	for i := range n {
		q := made{size: 1, unit: 16, counted: true}
		before := -1
		for depth := range 1 + r.IntN(8) {
			choices := 1
			if depth%3 == 0 {
				choices = 3
			}
			next := [2]int{before, r.IntN(choices)}
			if _, ok := seen[next]; !ok {
				seen[next] = len(seen)
			}
			before = seen[next]
			q.ids = append(q.ids, before)
		}
		q.limit = int64(16*len(q.ids) + 1 + i%15)
		trace = append(trace, q)
	}
	return trace
}

// TestRadixIsVLLM holds that vLLM's pool keeps the chunks that radix keeps tail first, if every prompt has a tail. One block more than the
// chunks is that of the tail.
func TestRadixIsVLLM(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		trace := chained(r, 60)
		capacity := 8 + r.IntN(40)
		log := newTrace(trace)
		c, err := log.newReplayer(parsed(t, "radix"), Capacity{N: int64(capacity)}, sim.TailFirst)
		require.NoError(t, err)
		pool := newPlainVLLM(capacity + 1)
		for i, q := range trace {
			require.Equal(t, c.cache.room.prefix(log.rowsOf(i)), pool.request(q.ids, true))
			c.request(i)
			for id := range log.UniqueChunks() {
				if pool.holds(id) != c.cache.room.place[id].resident() {
					t.Fatalf("capacity %d, request %d of %v, chunk %d is in the pool: %v", capacity, i, trace, id, pool.holds(id))
				}
			}
		}
	}
}

// TestReferenceGPU prints how far radix is from vLLM's pool, which computes the last chunk of a prompt without a tail anew, and from SGLang's
// tree, which evicts whole stretches.
func TestReferenceGPU(t *testing.T) {
	t.Parallel()
	asks := readReference(t)
	log, total := traceOf(asks), int64(0)
	for _, a := range asks {
		total += a.limit
	}
	for _, capacity := range []int{1000, 8192} {
		vllm, sglang := newPlainVLLM(capacity+1), newPlainSGLang(capacity)
		ofVLLM, ofSGLang := int64(0), int64(0)
		for _, a := range asks {
			ofVLLM += a.unit * int64(vllm.request(a.chunks, a.limit > a.unit*int64(len(a.chunks))))
			ofSGLang += a.unit * int64(sglang.request(a.chunks))
		}
		radix, err := log.Replay(t.Context(), parsed(t, "radix"), Capacity{N: int64(capacity)}, sim.TailFirst)
		require.NoError(t, err)
		points := func(hit int64) float64 { return 100 * float64(hit) / float64(total) }
		t.Logf("%5d chunks: radix %6.3f %%, vLLM %6.3f, SGLang %6.3f", capacity, points(radix.Hit), points(ofVLLM), points(ofSGLang))
		require.InDelta(t, points(radix.Hit), points(ofVLLM), 0.05)
	}
}
