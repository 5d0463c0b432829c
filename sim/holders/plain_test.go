package holders_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/holders"
	"hashlog/sim/simtest"
)

// request is a request that a node serves.
type request struct {
	node  int
	keys  []sim.Key
	size  int64   // of each chunk, as its record has it
	after float64 // seconds since the request before
}

// fleet is the nodes of one fleet twice: as Holders, and as one plain cache a node. It makes the touches of Holders wait for the
// store delay, which the plain caches do themselves.
type fleet struct {
	opts    holders.Options
	delay   float64 // from a lookup to its touches, in seconds
	now     float64
	index   *sim.Index
	holders *holders.Holders
	plain   []*simtest.LRU
	sizes   []map[sim.Key]int64 // that each node saw first
	waiting []touches           // in order of time
}

// touches are those of a request that take effect later.
type touches struct {
	due  float64 // in seconds
	call func()
}

func newFleet(o holders.Options, delay float64) *fleet {
	f := &fleet{opts: o, delay: delay, index: sim.NewIndex(), holders: holders.New(o)}
	for range o.Nodes {
		capacity := o.Capacity
		if capacity == 0 {
			capacity = 1 << 60
		}
		cache := simtest.NewLRU(capacity, o.Order)
		if o.InBytes {
			cache = simtest.NewLRUInBytes(capacity, o.Order)
		}
		cache.Policy = simtest.Policy{StoreDelay: delay, TTL: o.TTL, Watermark: o.Watermark}
		f.plain = append(f.plain, cache)
		f.sizes = append(f.sizes, map[sim.Key]int64{})
	}
	return f
}

// request asks all nodes what they hold, then touches the chunks on one of them.
func (f *fleet) request(t testing.TB, q request) {
	f.now += q.after
	rows, err := f.index.Number(q.keys, nil)
	require.NoError(t, err)
	f.settle(f.now)
	f.holders.Advance(f.now)
	want := make([]int, len(f.plain))
	for i, cache := range f.plain {
		want[i] = cache.LookUpAt(f.now, q.keys).HitPrefix
	}
	if got := f.holders.Matches(rows); !slices.Equal(want, got) {
		require.Equal(t, want, got, "matches of %d", q.keys)
	}
	f.plain[q.node].RequestAt(f.now, q.keys, q.size)
	f.waiting = append(f.waiting, touches{f.now + f.delay, f.touch(q, rows)})
	f.settle(f.now)
	f.checkNode(t, q.node)
}

// touch returns a call that touches the chunks of a request.
func (f *fleet) touch(q request, rows []sim.Row) func() {
	distances, agree := f.firstSizes(q)
	if agree {
		return func() { f.holders.Touch(q.node, rows, q.size) }
	}
	return func() { f.holders.TouchSizes(q.node, rows, distances) }
}

// settle calls the touches that are due by now, each at its time.
func (f *fleet) settle(now float64) {
	for len(f.waiting) > 0 && f.waiting[0].due <= now {
		f.holders.Advance(f.waiting[0].due)
		f.waiting[0].call()
		f.waiting = f.waiting[1:]
	}
}

// firstSizes returns the sizes of the chunks in touch order, and whether they are that of the request.
func (f *fleet) firstSizes(q request) (distances []sim.Distance, agree bool) {
	sizes := f.sizes[q.node]
	agree = true
	for _, key := range q.keys {
		if _, seen := sizes[key]; !seen {
			sizes[key] = q.size
		}
		agree = agree && sizes[key] == q.size
		distances = append(distances, sim.Distance{N: 1, Size: sizes[key]})
	}
	if f.opts.Order == sim.TailFirst {
		slices.Reverse(distances)
	}
	return distances, agree
}

// held returns the keys that a plain cache holds now, the most recent first.
func (f *fleet) held(node int) (keys []sim.Key) {
	for c := range f.plain[node].All() {
		if f.opts.TTL == 0 || f.now-c.Touched <= f.opts.TTL {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// checkNode compares what a node holds, and in which order.
func (f *fleet) checkNode(t testing.TB, node int) {
	want := f.held(node)
	var got []sim.Key
	for _, id := range f.holders.Chunks(node) {
		got = append(got, f.index.Key(id))
	}
	if !slices.Equal(want, got) {
		require.Equal(t, want, got, "chunks of node %d, the most recent first", node)
	}
	require.EqualValues(t, len(want), f.holders.Resident(node))
}

// check compares what all nodes hold.
func (f *fleet) check(t testing.TB) {
	require.NoError(t, f.holders.Check())
	residents := 0
	for node, cache := range f.plain {
		cache.LookUpAt(f.now, nil)
		f.checkNode(t, node)
		residents += len(f.held(node))
	}
	require.LessOrEqual(t, f.holders.Stretches(), residents)
}

// replay compares both fleets at every request.
func replay(t testing.TB, o holders.Options, delay float64, trace []request) {
	f := newFleet(o, delay)
	for i, q := range trace {
		f.request(t, q)
		if i%16 == 15 {
			f.check(t)
		}
	}
	f.check(t)
	for _, cache := range f.plain {
		cache.Flush()
	}
	f.now += delay // of the last request
	f.settle(f.now)
	f.check(t)
}
