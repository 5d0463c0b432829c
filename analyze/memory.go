package analyze

// What a replay has in memory, about, in bytes. These hold for the resident memory of a process at its peak, garbage
// included; TestReplayMemory holds them against what is allocated, TestPeakMemory against processes.
const (
	baseMemory      = 80 << 20 // whatever the log: buffers of the reader, pictures
	memoryPerChunk  = 45       // for each unique chunk: key, place, slot, histograms
	memoryPerUnlike = 15       // more for each where sizes are unlike: the number of its size, by place
	memoryPerSpan   = 64       // for each span of a histogram in bytes
	memoryPerModel  = 700      // for each model: its place in the input, in each result and in what is printed
)

// memory returns about how many bytes of memory the replay took, or would take again, in whole MiB: it is no more exact.
func (r *replay) memory(held int64) int64 {
	sum := int64(baseMemory) + memoryPerChunk*r.stack.UniqueChunks()
	if spans := r.sums.tally.spans(); spans > 0 {
		sum += memoryPerUnlike*r.stack.UniqueChunks() + memoryPerSpan*spans
	}
	for i := range r.sums.names.list {
		sum += memoryPerModel + 2*int64(len(r.sums.names.list[i]))
	}
	sum += held + held/4 // and a quarter of it that is not alive
	const mib = 1 << 20
	return (sum + mib - 1) / mib * mib
}
