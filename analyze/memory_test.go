package analyze

import (
	"encoding/binary"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestReplayMemory replays 300,000 unique chunks and compares the memory in use afterwards with the estimate, which is for
// the peak and so must be higher.
func TestReplayMemory(t *testing.T) {
	for _, tt := range []struct {
		name  string
		sizes []int64
		opts  Options
	}{
		{"one size", []int64{1 << 20}, Options{}},
		{"unlike sizes", []int64{1 << 20, 3 << 20}, Options{}},
		{"one size, admitted", []int64{1 << 20}, Options{Cache: Cache{Admit: 2}}},
		{"unlike sizes, admitted", []int64{1 << 20, 3 << 20}, Options{Cache: Cache{Admit: 2}}},
		{"statistics", []int64{1 << 20}, Options{Stats: true, Reuse: true, Capacities: []units.Capacity{units.InChunks(1000), units.InBytes(1 << 40), {Unit: units.Unlimited}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := heapInUse()
			r := newReplay(&tt.opts, nil)
			index := sim.NewIndex()
			replayConversations(t, r, index, tt.sizes)
			require.NoError(t, r.counted())
			used := heapInUse() - before
			unique := r.seen().chunks
			runtime.KeepAlive(r)
			runtime.KeepAlive(index)
			require.EqualValues(t, 300_000, unique)
			estimate := r.memory(0) - baseMemory
			t.Logf("%d bytes in use for each unique chunk, %d estimated", used/unique, estimate/unique)
			require.Less(t, used, estimate)
			require.Greater(t, used, estimate/4)
		})
	}
}

// replayConversations replays the first turn of 3,000 conversations, then all second turns and so on, so that chunks are
// accessed again at every depth.
func replayConversations(t *testing.T, r *replay, index *sim.Index, sizes []int64) {
	const turns, chunksPerTurn = 10, 10
	prompts := make([][]sim.Key, 3000)
	hash := uint64(0)
	for range turns {
		for i := range prompts {
			for range chunksPerTurn {
				hash++
				prompts[i] = append(prompts[i], log.Fingerprint(binary.LittleEndian.AppendUint64(nil, hash)))
			}
			rows, err := index.Number(prompts[i], nil)
			require.NoError(t, err)
			n := len(prompts[i])
			require.NoError(t, r.add(&log.Entry{ChunkSize: 16, SeqLen: 16 * int64(n), Hashes: make([]uint64, n), ChunkBytes: sizes[i%len(sizes)]}, rows))
		}
	}
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
