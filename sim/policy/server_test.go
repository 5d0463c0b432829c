package policy

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// measuredOn is what a real server measured on the reference trace.
type measuredOn struct {
	Server    string  `json:"server"`
	Resident  float64 `json:"resident_chunks_mean"`
	HitTokens int64   `json:"hit_tokens"`
	Tokens    int64   `json:"total_tokens"`
}

func (m *measuredOn) percent(hit int64) float64 { return 100 * float64(hit) / float64(m.Tokens) }

func readServers(t *testing.T) (of map[string][]measuredOn) {
	text, err := os.ReadFile(filepath.Dir(reference) + "/servers.measured.json")
	if os.IsNotExist(err) {
		t.Skip("the measured servers are not here")
	}
	require.NoError(t, err)
	var all struct {
		Measured []measuredOn `json:"measured"`
	}
	require.NoError(t, json.Unmarshal(text, &all))
	of = make(map[string][]measuredOn)
	for _, m := range all.Measured {
		of[m.Server] = append(of[m.Server], m)
	}
	return of
}

// TestServers compares what servers have measured with the model of each, the mean of some seeds, at the chunks that the server held.
// Run it with -v for the figures, plain LRU's beside them.
func TestServers(t *testing.T) {
	t.Parallel()
	servers := readServers(t)
	trace := traceOf(readReference(t))
	for _, test := range []struct {
		server, cache string
		mean, worst   float64 // largest differences from what was measured, in points
	}{
		{"redis-7.0.15-lru-3", "redis:samples=3", 0.1, 0.2},
		{"redis-7.0.15-lru-5", "redis", 0.1, 0.2},
		{"redis-7.0.15-lru-10", "redis:samples=10", 0.1, 0.2},
		{"redis-7.0.15-lfu-5", "redis-lfu", 0.2, 0.4},
		{"valkey-8.0.1-lru-5", "valkey", 0.1, 0.2},
		{"valkey-8.0.1-lfu-5", "redis-lfu", 0.2, 0.4},
		{"memcached-seg", "memcached", 0.05, 0.1},
		{"memcached-flat", "memcached-flat", 0.05, 0.1},
	} {
		t.Run(test.server, func(t *testing.T) {
			t.Parallel()
			require.Len(t, servers[test.server], 5)
			mean, worst := 0.0, 0.0
			for _, m := range servers[test.server] {
				missed := math.Abs(m.missedBy(t, trace, parsed(t, test.cache)))
				mean, worst = mean+missed/5, max(worst, missed)
			}
			t.Logf("missed by %.3f points on average, %.3f at worst", mean, worst)
			require.LessOrEqual(t, mean, test.mean)
			require.LessOrEqual(t, worst, test.worst)
		})
	}
}

// missedBy returns by how many points the model is above what was measured.
func (m *measuredOn) missedBy(t *testing.T, trace *Trace, model Spec) float64 {
	c := Capacity{N: int64(math.Round(m.Resident))}
	replay := func(spec Spec) float64 {
		got, err := trace.Replay(context.Background(), spec, c, sim.HeadFirst)
		require.NoError(t, err)
		return m.percent(got.Hit)
	}
	seeds, mean := model.Seeds(3), 0.0
	for _, spec := range seeds {
		mean += replay(spec) / float64(len(seeds))
	}
	measured, lru := m.percent(m.HitTokens), replay(LRU())
	t.Logf("%6d chunks: measured %6.3f %%, %s %+.3f points, lru %+.3f", c.N, measured, model, mean-measured, lru-measured)
	return mean - measured
}

// TestWhatMakesRedis takes one thing at a time away from the model of Redis: samples from neighbouring buckets, and the pool. Either is
// missed.
func TestWhatMakesRedis(t *testing.T) {
	t.Parallel()
	readServers(t) // skips without the reference
	trace, options := traceOf(readReference(t)), map[string]float64{optSeed: 1, optSamples: 3}
	rate := func(of func(*sampledCache) cache) float64 {
		room := newRoom(Capacity{N: 8141}, &trace.sizes, nil)
		c := newSampledLRU(room, options, sim.HeadFirst).(*sampledCache)
		r := &replayer{trace: trace, cache: &touched{of(c), room, sim.HeadFirst}}
		r.cache.grow(trace.sizes.n)
		var tokens int64
		for i := range trace.requests {
			r.request(i)
			tokens += trace.requests[i].limit
		}
		return 100 * float64(r.out.Hit) / float64(tokens)
	}
	model := rate(func(c *sampledCache) cache { return c })
	uniform := rate(func(c *sampledCache) cache { return &uniformlySampled{sampledCache: c} })
	poolless := rate(func(c *sampledCache) cache { return &poolless{c} })
	t.Logf("model %.2f %%, sampling uniformly %+.2f points, without the pool %+.2f", model, uniform-model, poolless-model)
	require.Greater(t, uniform, model+.5)
	require.Less(t, poolless, model-3)
}

// poolless is Redis without the pool of earlier samples.
type poolless struct{ *sampledCache }

func (c *poolless) miss(ch chunk) {
	c.pool.n = 0
	c.sampledCache.miss(ch)
}

// uniformlySampled draws each sample from all keys alike.
type uniformlySampled struct {
	*sampledCache
	keys []uint32
	at   map[uint32]int // in keys
}

func (c *uniformlySampled) miss(ch chunk) {
	if c.at == nil {
		c.at = make(map[uint32]int)
	}
	c.insert(ch.id, 1)
	c.dict.entries[ch.id].bits = c.age.stored()
	c.at[ch.id] = len(c.keys)
	c.keys = append(c.keys, ch.id)
	for c.over() {
		for range cap(c.samples) {
			id := c.keys[c.numbers.Uint64()%uint64(len(c.keys))]
			c.pool.offer(id, c.age.idle(c.dict.entries[id].bits))
		}
		id := c.pool.take()
		at, ok := c.at[id]
		if !ok {
			continue // has gone since it was sampled
		}
		last := c.keys[len(c.keys)-1]
		c.keys[at], c.at[last] = last, at
		c.keys = c.keys[:len(c.keys)-1]
		delete(c.at, id)
		c.evict(id, absent)
	}
}
