package analyze

// Estimates of a replay's memory, in bytes. They are calibrated to the peak resident memory of a process, garbage included.
// TestReplayMemory compares them with allocations, TestPeakMemory with processes.
const (
	baseMemory      = 80 << 20 // independent of the log: reader buffers, pictures
	memoryPerChunk  = 45       // per unique chunk: key, place, slot, histograms
	memoryPerUnlike = 15       // per unique chunk, in addition, if sizes differ: the number of its size, at most
	memoryPerCount  = 1        // per unique chunk, in addition, for each number that is counted of it: of lookups, or of hits at a capacity
	memoryPerFirst  = 4        // per unique chunk, in addition to both: the number of the size that it was first seen with
	memoryPerUse    = 20       // per unique chunk, in addition, if its last use is needed
	memoryPerSpan   = 64       // per span of a histogram in bytes
	memoryPerModel  = 700      // per model: its entries in the input, in each result and in the output
)

// memory estimates how much memory the replay took, and would take again, rounded up to whole MiB. It leaves out what only
// some options need: ages, turns, classes, and the log that a comparison keeps.
func (r *replay) memory(held int64) int64 {
	unique := r.seen().chunks
	sum := int64(baseMemory) + memoryPerChunk*unique
	if spans := r.sums.tally.spans(); spans > 0 {
		sum += memoryPerUnlike*unique + memoryPerSpan*(spans+r.sums.writes.spans())
	}
	if r.opts.Cache.Admit > 0 {
		sum += memoryPerCount * unique
		if r.sizes.one == 0 {
			sum += memoryPerFirst * unique
		}
	}
	if r.uses != nil {
		sum += (memoryPerUse + memoryPerCount*r.sums.idCounters()) * unique
	}
	for i := range r.sums.names.list {
		sum += memoryPerModel + 2*int64(len(r.sums.names.list[i]))
	}
	sum += held + held/4 // plus a quarter for garbage
	const mib = 1 << 20
	return (sum + mib - 1) / mib * mib
}
