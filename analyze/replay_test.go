package analyze

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestNoGarbage replays requests of known chunks, and holds that they allocate nothing.
func TestNoGarbage(t *testing.T) {
	capacities := []units.Capacity{units.InChunks(2), units.InBytes(9), {Unit: units.Unlimited}}
	plain := &Options{Audit: true, Capacities: capacities, Rolling: &RollingOptions{Window: time.Hour}, Cache: Cache{TTL: time.Minute},
		Tiers: &TierOptions{Tiers: []Tier{{Name: "some", Capacity: units.InChunks(2)}, {Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	batched := &Options{Audit: true, Capacities: capacities, Rolling: &RollingOptions{Window: time.Hour, Capacities: capacities},
		Cache: Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}}
	queued := &Options{Audit: true, Capacities: capacities, Reuse: true, Cache: batched.Cache}
	for _, opts := range []*Options{plain, batched, queued} {
		r := newReplay(opts, nil)
		rows := rowsOf(t, 1, 2, 3)
		e := &log.Entry{Timestamp: 7, ModelName: "m", ChunkSize: 10, SeqLen: 30, Hashes: []uint64{1, 2, 3}, ChunkBytes: 3}
		replay := func() {
			for range 1000 {
				require.NoError(t, r.add(e, rows))
			}
		}
		replay()
		require.Less(t, testing.AllocsPerRun(5, replay), 500.0, "renumbering only")
		require.NoError(t, r.counted())
	}
}
