package analyze

// What a replay has in memory, about: so much whatever the log, and so much for each unique chunk, for the stack and for
// the histograms. They hold for the resident memory of a process at its peak, garbage included. TestReplayMemory holds them
// against what is allocated.
const (
	replayBaseBytes   = 96 << 20 // buffers of the reader, pictures
	bytesPerOneSize   = 45       // for a chunk while all have one size, or none is known
	bytesPerUnlikeOne = 75       // for a chunk among such of unlike sizes
)

// ReplayMemory returns about how many bytes of memory a replay takes of a log with so many unique chunks. oneSize says
// that they all have one size, or that none has a known one.
func ReplayMemory(uniqueChunks int64, oneSize bool) int64 {
	each := int64(bytesPerUnlikeOne)
	if oneSize {
		each = bytesPerOneSize
	}
	return replayBaseBytes + each*uniqueChunks
}
