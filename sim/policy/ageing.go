package policy

import (
	"math"
	"math/rand/v2"
)

// ageing is what an eviction policy of Redis keeps in the 24 bits of a key.
type ageing interface {
	// at sets the clock, in seconds.
	at(now float64)
	// stored returns the bits of a new key.
	stored() uint32
	// read returns those of a key after it was read.
	read(bits uint32) uint32
	// idle returns how good a victim the key is.
	idle(bits uint32) uint32
}

// serverClock is the clock of a server, in whole seconds.
type serverClock struct{ seconds seconds }

func (c *serverClock) at(now float64) { c.seconds = wholeSeconds(now) }

// idleClock keeps the second of the last access: getLRUClock and estimateObjectIdleTime of evict.c.
type idleClock struct{ serverClock }

const lruClockMax = 1<<24 - 1 // LRU_CLOCK_MAX of server.h

func (c *idleClock) stored() uint32 { return uint32(c.seconds & lruClockMax) }

func (c *idleClock) read(uint32) uint32 { return c.stored() }

// idle returns the seconds since the last access. A clock that has come round since is taken to have done so once.
func (c *idleClock) idle(bits uint32) uint32 {
	now := c.stored()
	if now >= bits {
		return now - bits
	}
	return now + (lruClockMax - bits)
}

// hitCounter keeps a counter of accesses in 8 bits, and in 16 the minute of the last: LFULogIncr, LFUDecrAndReturn and
// LFUTimeElapsed of evict.c, and updateLFU of db.c.
type hitCounter struct {
	serverClock
	numbers *rand.PCG
}

const (
	lfuInit      = 5     // LFU_INIT_VAL of server.h
	lfuLogFactor = 10    // lfu-log-factor of config.c
	lfuMinuteMax = 65535 // of evict.c
)

func (c *hitCounter) minute() uint32 { return uint32(c.seconds / 60 & lfuMinuteMax) }

func (c *hitCounter) stored() uint32 { return c.minute()<<8 | lfuInit }

// read counts an access, the less likely the higher the counter already is.
func (c *hitCounter) read(bits uint32) uint32 {
	n := c.count(bits)
	if n < math.MaxUint8 {
		drawn := float64(c.numbers.Uint64()>>11) / (1 << 53) // in [0, 1)
		if drawn < 1/(float64(max(n, lfuInit)-lfuInit)*lfuLogFactor+1) {
			n++
		}
	}
	return c.minute()<<8 | n
}

func (c *hitCounter) idle(bits uint32) uint32 { return math.MaxUint8 - c.count(bits) }

// count returns the counter: one less for each minute since the last access.
func (c *hitCounter) count(bits uint32) uint32 {
	last, n, now := bits>>8, bits&0xff, c.minute()
	elapsed := now - last
	if now < last {
		elapsed = lfuMinuteMax - last + now
	}
	return n - min(n, elapsed)
}
