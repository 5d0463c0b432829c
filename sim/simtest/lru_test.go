package simtest_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// order returns the keys in a cache, the most recent first.
func order(c *simtest.LRU) (keys []sim.Key) {
	for r := range c.All() {
		keys = append(keys, r.Key)
	}
	return keys
}

// step is a request at a time, and what is expected of it and after it.
type step struct {
	at     float64
	keys   []sim.Key
	prefix int       // hits
	evict  int       // chunks that made room
	old    int       // chunks that expired
	order  []sim.Key // in the cache afterwards
}

// check runs the steps by hand. Outcomes are compared once all touches have taken effect.
func check(t *testing.T, c *simtest.LRU, size int64, steps []step) {
	t.Helper()
	var outs []*simtest.Outcome
	for i, s := range steps {
		require.Equal(t, s.prefix, c.LookUpAt(s.at, s.keys).HitPrefix, "step %d, served elsewhere", i)
		out := c.RequestAt(s.at, s.keys, size)
		require.Equal(t, s.prefix, out.HitPrefix, "step %d", i)
		require.Equal(t, s.order, order(c), "step %d", i)
		require.Equal(t, len(s.order), c.Resident())
		outs = append(outs, out)
	}
	c.Flush()
	for i, s := range steps {
		require.Equal(t, s.evict, outs[i].Evictions, "step %d", i)
		require.Equal(t, s.old, outs[i].Expired, "step %d", i)
		if c.Admit == 0 {
			require.Len(t, outs[i].Inserted, len(s.keys)-outs[i].ChunkHits)
		}
	}
}

func TestLRUByHand(t *testing.T) {
	type keys = []sim.Key
	watermark := &sim.Watermark{Trigger: 0.75, Ratio: 0.5, Interval: 10}
	for name, tt := range map[string]struct {
		cache  *simtest.LRU
		policy simtest.Policy
		steps  []step
	}{
		"head first": {simtest.NewLRU(3, sim.HeadFirst), simtest.Policy{}, []step{
			{0, keys{1, 2, 3}, 0, 0, 0, keys{3, 2, 1}},
			{0, keys{1, 2, 4}, 2, 1, 0, keys{4, 2, 1}}, // 3 makes room for 4
			{0, keys{3, 1}, 0, 2, 0, keys{1, 3, 4}},    // 1 makes room for 3, 2 for 1
		}},
		"tail first": {simtest.NewLRU(3, sim.TailFirst), simtest.Policy{}, []step{
			{0, keys{1, 2, 3}, 0, 0, 0, keys{1, 2, 3}},
			{0, keys{1, 2, 4}, 2, 1, 0, keys{1, 2, 4}},
			{0, keys{3, 1}, 0, 1, 0, keys{3, 1, 2}},
		}},
		"in bytes": {simtest.NewLRUInBytes(29, sim.HeadFirst), simtest.Policy{}, []step{
			{0, keys{1, 2}, 0, 0, 0, keys{2, 1}},
			{0, keys{3}, 0, 1, 0, keys{3, 2}},
		}},
		"store delay": {simtest.NewLRU(3, sim.HeadFirst), simtest.Policy{StoreDelay: 2}, []step{
			{0, keys{1, 2}, 0, 0, 0, nil},
			{1, keys{1, 2}, 0, 0, 0, nil},
			{2, keys{1, 2}, 2, 0, 0, keys{2, 1}},
		}},
		"TTL": {simtest.NewLRU(3, sim.HeadFirst), simtest.Policy{TTL: 5}, []step{
			{0, keys{1}, 0, 0, 0, keys{1}},
			{3, keys{2}, 0, 0, 0, keys{2, 1}},
			{5, keys{1}, 1, 0, 0, keys{1, 2}}, // as old as the TTL
			{8.5, keys{3}, 0, 0, 1, keys{3, 1}},
			{20, keys{3}, 0, 0, 2, keys{3}},
		}},
		"watermark": {simtest.NewLRU(4, sim.HeadFirst), simtest.Policy{Watermark: watermark}, []step{
			{0, keys{1, 2}, 0, 0, 0, keys{2, 1}},
			{1, keys{3}, 0, 1, 0, keys{3, 2}}, // three quarters in use: half of three chunks go
			{2, keys{4, 5}, 0, 0, 0, keys{5, 4, 3, 2}},
			{3, keys{6}, 0, 1, 0, keys{6, 5, 4, 3}}, // too soon for a batch
			{11, keys{6}, 1, 2, 0, keys{6, 5}},
		}},
		"admission": {simtest.NewLRU(2, sim.HeadFirst), simtest.Policy{Admit: 2}, []step{
			{0, keys{1, 1, 2}, 0, 0, 0, nil},        // 1 twice in one request
			{1, keys{3, 2}, 0, 0, 0, keys{2}},       // 2 for the second time
			{2, keys{2, 1}, 1, 0, 0, keys{1, 2}},    // 1 too
			{3, keys{3, 3, 4}, 0, 1, 0, keys{3, 1}}, // 3 is stored, and then hit by itself
			{4, keys{2}, 0, 1, 0, keys{2, 3}},       // gone, but not forgotten
		}},
		"admission and store delay": {simtest.NewLRU(2, sim.HeadFirst), simtest.Policy{Admit: 2, StoreDelay: 2}, []step{
			{0, keys{1}, 0, 0, 0, nil},
			{1, keys{1, 2}, 0, 0, 0, nil},
			{2, keys{1}, 0, 0, 0, nil}, // stored at 3
			{3, keys{1}, 1, 0, 0, keys{1}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.cache.Policy = tt.policy
			check(t, tt.cache, 10, tt.steps)
		})
	}
}

// TestOutcome has a request with a chunk of every kind.
func TestOutcome(t *testing.T) {
	cache := simtest.NewLRU(3, sim.HeadFirst)
	cache.TTL = 10
	cache.RequestAt(0, []sim.Key{1}, 5)
	cache.RequestAt(6, []sim.Key{2, 3}, 7)
	out := cache.RequestAt(11, []sim.Key{2, 1, 3, 4, 2}, 9)
	require.Equal(t, simtest.Outcome{
		HitPrefix: 1,
		Resident:  []bool{true, false, true, false, true},
		Cold:      []bool{false, false, false, true, false},
		Refused:   []bool{false, false, false, false, false},
		TooOld:    []bool{false, true, false, false, false},
		ChunkHits: 2,                  // 2 and 3; 2 has gone again as it is touched once more
		Evictions: 2,                  // 2 for 4, then 1 for 2
		Expired:   1,                  // 1
		Inserted:  []sim.Key{1, 4, 2}, // 1 again
	}, *out)
	require.Equal(t, []simtest.Chunk{{Key: 2, Size: 7, Touched: 11}, {Key: 4, Size: 9, Touched: 11}, {Key: 3, Size: 7, Touched: 11}},
		slices.Collect(cache.All()), "a key keeps the size of its first sight")
	for range cache.All() {
		break
	}
}

func TestNoCapacity(t *testing.T) {
	require.Panics(t, func() { simtest.NewLRU(0, sim.HeadFirst) })
	require.Panics(t, func() { simtest.NewLRUInBytes(-1, sim.HeadFirst) })
}
