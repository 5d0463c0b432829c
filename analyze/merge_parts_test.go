package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// apartRecords returns parts of a log that have no chunk in common. The chunks of a part have sizes of a kind; those of another may have
// others.
func apartRecords(rng *rand.Rand) (parts [][]log.Record) {
	now := float64(rng.IntN(100_000))
	kinds := []string{"equal", "equal", "equal", "by model", "disagreeing", "unknown"}[:3+rng.IntN(4)]
	unit := int64(1 + rng.IntN(2)*rng.IntN(30))
	for part := range 1 + rng.IntN(5) {
		records := randomRecords(rng, kinds[rng.IntN(len(kinds))], rng.IntN(3)*rng.IntN(60))
		if rng.IntN(3) == 0 {
			unit = 1 + rng.Int64N(30)
		}
		models := rng.Perm(3)
		for i := range records {
			r := &records[i]
			r.Timestamp += now
			r.ModelName = fmt.Sprint("model-", models[r.ModelName[len("model-")]-'0'])
			for _, shape := range r.Shapes {
				shape[0] *= unit
			}
			for j, hash := range r.ChunkHashes {
				r.ChunkHashes[j] = fmt.Sprint(hash, "-", part)
			}
		}
		if n := len(records); n > 0 {
			now = records[n-1].Timestamp + float64(rng.IntN(3)*rng.IntN(500))
		}
		parts = append(parts, records)
	}
	return parts
}

// askedOfSums returns options for sums that a summary has, and the same for the report.
func askedOfSums(rng *rand.Rand, inBytes bool) (counted, asked *Options) {
	asked = &Options{TouchOrder: sim.Order(rng.IntN(2)), Grid: &GridOptions{Points: 20}, Rolling: &RollingOptions{},
		Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}, units.InChunks(64)},
		By:         []Dimension{ByLength, ByModel, ByHour}}
	if inBytes {
		asked.Capacities = append(asked.Capacities, units.InBytes(500), units.InBytes(1<<12))
	}
	if rng.IntN(2) == 0 {
		asked.Rolling.Window = 7 * time.Second
	}
	asked.Tiers = &TierOptions{Window: asked.Rolling.Window, Tiers: []Tier{{Name: "a", Capacity: units.InChunks(30), Bandwidth: 100}, {Name: "b", Capacity: units.Capacity{Unit: units.Unlimited}}}}
	switch rng.IntN(3) {
	case 0:
		asked.Cache.TTL = 9 * time.Second
	case 1:
		asked.TTLs = &TTLOptions{TTLs: []time.Duration{10 * time.Second, 3 * time.Second}, Capacities: asked.Capacities, Grid: true}
	}
	of := *asked
	of.summary, of.Grid = true, nil
	return &of, asked
}

// recorded returns all that a replay of records passes to its counters.
func recorded(t *testing.T, opts *Options, warmup float64, records []log.Record) *countBatch {
	r := newReplay(opts, nil)
	r.warmupUntil = warmup
	r.queueSize = queueSize{batches: 1, events: math.MaxInt, stretches: math.MaxInt}
	replayRecords(t, r, records)
	if r.queue == nil {
		return &countBatch{}
	}
	b := *r.queue.filling
	r.queue.filling = &countBatch{}
	require.NoError(t, r.counted())
	return &b
}

// late are requests and touches that have yet to be counted.
type late struct {
	requests []request
	touches  []touches
}

// countSome counts all of a batch but what it defers, at random.
func countSome(t *testing.T, rng *rand.Rand, s *sums, b *countBatch) (rest late) {
	for i, q := range b.requests {
		now := b.touches[i]
		if rng.IntN(3) > 0 {
			require.NoError(t, s.lookUp(&q))
		} else {
			require.NoError(t, s.countInput(&q))
			rest.requests = append(rest.requests, q)
			later := now
			at := rng.IntN(len(now.distances) + 1)
			now.distances, later.distances, later.chunks, later.disagrees = now.distances[:at], now.distances[at:], 0, false
			for _, d := range later.distances {
				later.chunks += d.N
			}
			now.chunks -= later.chunks
			rest.touches = append(rest.touches, later)
		}
		require.NoError(t, s.touch(&now))
	}
	return rest
}

// count counts the rest, in any order.
func (l *late) count(t *testing.T, rng *rand.Rand, s *sums) {
	rng.Shuffle(len(l.requests), func(i, j int) { l.requests[i], l.requests[j] = l.requests[j], l.requests[i] })
	for i := range l.requests {
		l.requests[i].model = s.names.find(l.requests[i].name)
		require.NoError(t, s.countRest(&l.requests[i]))
		require.NoError(t, s.touch(&l.touches[i]))
	}
	*l = late{}
}

// TestMergeOfParts replays parts of a log that have nothing in common, each from an empty stack, and compares their merged sums with those
// of one replay. Some requests are deferred, and counted before or after a merge.
func TestMergeOfParts(t *testing.T) {
	for seed := range seeds(200) {
		rng := rand.New(rand.NewPCG(seed, 78))
		parts := apartRecords(rng)
		known := true
		for _, records := range parts {
			known = known && (len(records) == 0 || records[0].DTypes != nil)
		}
		counted, asked := askedOfSums(rng, known)
		warmup := float64(rng.IntN(2) * rng.IntN(100_000))
		whole := newReplay(asked, nil)
		whole.warmupUntil = warmup
		replayRecords(t, whole, slices.Concat(parts...))
		require.NoError(t, whole.counted())
		if whole.requests == 0 {
			continue
		}
		want := figuresOf(t, whole)

		var each []*sums
		var rest []late
		for _, records := range parts {
			s := newSums(counted, nil, nil)
			each = append(each, s)
			rest = append(rest, countSome(t, rng, s, recorded(t, counted, warmup, records)))
		}
		for len(each) > 1 {
			i := rng.IntN(len(each) - 1)
			for _, at := range []int{i, i + 1} {
				if rng.IntN(3) == 0 {
					rest[at].count(t, rng, each[at])
				}
			}
			require.NoError(t, each[i].merge(each[i+1]))
			rest[i] = late{append(rest[i].requests, rest[i+1].requests...), append(rest[i].touches, rest[i+1].touches...)}
			each, rest = slices.Delete(each, i+1, i+2), slices.Delete(rest, i+1, i+2)
		}
		rest[0].count(t, rng, each[0])
		whole.sums = each[0]
		sameText(t, want, figuresOf(t, whole), seed)
	}
}

// figuresOf returns a report as text, with classes at the listed capacities alone.
func figuresOf(t *testing.T, r *replay) string {
	t.Helper()
	rep := reportOf(t, r)
	for i, d := range rep.By {
		short := *d
		short.grid = nil
		rep.By[i] = &short
	}
	rep.Notes = slices.DeleteFunc(rep.Notes, func(n Note) bool { return strings.HasPrefix(n.Text, "Models and classes") })
	return everything(t, rep)
}

// sameText fails at the first line that differs.
func sameText(t *testing.T, want, got string, seed uint64) {
	t.Helper()
	if want == got {
		return
	}
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		require.Equal(t, a[i], b[i], "%d, line %d, after\n%s", seed, i, strings.Join(a[max(0, i-8):i], "\n"))
	}
	require.Len(t, b, len(a))
}
