package source

import (
	"bytes"
	"sync"
)

// headSize is how many bytes a log is recognised by.
const headSize = 512

// Extent is the part of a log that every pass over it reads: how the log begins and where it
// ends, as the first pass met them. Its zero value knows neither. It is safe for concurrent
// use, so that passes at the same time read the same records too.
type Extent struct {
	mu    sync.Mutex
	ended bool
	end   int64  // bytes to be read, if ended
	head  []byte // up to headSize bytes, nil before the first pass
}

// Ending returns the end of the log, once a pass has fixed it.
func (x *Extent) Ending() (end int64, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.end, x.ended
}

// EndAt fixes the end of the log unless a pass has fixed it before. It returns the end.
func (x *Extent) EndAt(end int64) int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.ended {
		x.end, x.ended = end, true
	}
	return x.end
}

// began remembers the first bytes of the log unless a pass has done so before. It reports
// whether head agrees with them, as far as both go.
func (x *Extent) began(head []byte) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.head == nil {
		x.head = append([]byte{}, head...)
	}
	n := min(len(x.head), len(head))
	return bytes.Equal(x.head[:n], head[:n])
}
