package analyze

import "hashlog/log"

// What a replay has in memory, about, in bytes. These hold for the resident memory of a process at its peak, garbage
// included; TestReplayMemory holds them against what is allocated.
const (
	baseMemory      = 80 << 20 // whatever the log: buffers of the reader, pictures
	memoryPerChunk  = 45       // for each unique chunk: key, place, slot, histograms
	memoryPerUnlike = 15       // more for each where sizes are unlike: the number of its size, by place
	memoryPerSpan   = 64       // for each span of a histogram in bytes
	memoryPerHash   = 16       // for each hash that is held back to put late records right
	overlapping     = 2        // logs in which records are held back at a time, if they don't overlap
)

// memory returns about how many bytes of memory the replay took, or would take again.
func (r *replay) memory() int64 {
	sum := int64(baseMemory) + memoryPerChunk*r.stack.UniqueChunks()
	if spans := r.tally.spans(); spans > 0 {
		sum += memoryPerUnlike*r.stack.UniqueChunks() + memoryPerSpan*spans
	}
	if n := r.input.Requests; n > 0 {
		sum += overlapping * min(n, log.Window) * (r.input.ChunkLookups / n) * memoryPerHash
	}
	return sum
}
