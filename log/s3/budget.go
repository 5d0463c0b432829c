package s3

import "sync/atomic"

const (
	maxMemory = 128 << 20 // bytes of ranges, of all objects that are being read
	maxRange  = 8 << 20
	maxPeek   = 1 << 20
	minRange  = 64 << 10
	maxAhead  = 4 // ranges of an object that wait or are on their way
)

// budget shares memory among the objects that are being read: a single one is read in large
// ranges, several at once; of a thousand that overlap in time each has little. Its zero value is
// ready.
type budget struct{ readers atomic.Int64 }

// plan returns how large the next range of an object is, and how many may be ahead of the one
// that is being consumed.
func (b *budget) plan() (size int64, ahead int) {
	share := maxMemory / max(1, b.readers.Load())
	ahead = maxAhead
	if share < (maxAhead+1)*4*minRange {
		ahead = 1
	}
	return min(max(share/int64(ahead+1), minRange), maxRange), ahead
}
