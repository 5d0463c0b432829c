package policy

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// TestLiveEqualsReplay compares a cache that learns chunks as they come with one that knows the whole trace.
func TestLiveEqualsReplay(t *testing.T) {
	t.Parallel()
	specs := []Spec{LRU(), Batched(sim.Watermark{Trigger: 0.8, Ratio: 0.2})}
	for _, a := range All() {
		specs = append(specs, Spec{Name: a.Name})
	}
	for _, spec := range specs {
		t.Run(spec.Name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(60) {
				r := rand.New(rand.NewPCG(seed, 0))
				trace := makeTrace(r, traffic[r.IntN(len(traffic))].keys, sizings[r.IntN(len(sizings))], 40)
				log := newTrace(trace)
				_, uniform := log.UniformSize()
				c := Capacity{N: 1 + r.Int64N(30)}
				if !uniform || find(spec.Name).ownBytes {
					c = Capacity{N: 1 + r.Int64N(30*plainBytes(spec.Name, 10)), InBytes: true}
				}
				order := sim.Order(r.IntN(2))
				want, err := log.Replay(context.Background(), spec, c, order)
				require.NoError(t, err)
				require.Equal(t, want, replayLive(t, trace, spec, c, order), "%s, %+v, order %v, %v", spec, c, order, trace)
			}
		})
	}
}

// replayLive replays a trace as it is read.
func replayLive(t *testing.T, trace []made, spec Spec, c Capacity, order sim.Order) (out Result) {
	chunks := &Chunks{}
	live, err := NewLive(spec, c, order, chunks)
	require.NoError(t, err)
	known := 0
	for _, q := range trace {
		rows := rowsOf(q.ids)
		for _, id := range q.ids {
			if id == known {
				known++
				chunks.Learn(known, q.size)
			}
		}
		prefix, resident := live.Prefix(rows), live.Chunks()
		leading := 0
		for _, stretch := range live.Resident(rows) {
			if stretch.First == 0 {
				leading = stretch.N
			}
		}
		require.Equal(t, leading, prefix)
		did := live.Touch(q.at, rows)
		require.Equal(t, resident+did.Inserted-did.Evictions, live.Chunks())
		if q.counted {
			out.Hit += min(int64(prefix)*q.unit, q.limit)
			out.ChunkHits += did.Hits
			out.Written += did.Written
			out.Inserted += did.Inserted
			out.Evictions += did.Evictions
		}
	}
	return out
}
