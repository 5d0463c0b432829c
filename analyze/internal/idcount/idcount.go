// Package idcount counts events by id, at one byte an id.
package idcount

import (
	"encoding/binary"
	"math"
)

const (
	pageBits = 14
	pageSize = 1 << pageBits
	// A byte that would exceed full moves carry to more, and so stays at least carry from then on.
	full  = math.MaxUint8
	carry = 1 << 7
)

// Counter counts events by id. Pages of ids without events take no memory. The zero value is empty.
type Counter struct {
	pages [][]uint8        // nil: all 0
	more  map[uint32]int64 // what was moved, by id
}

// AddRow counts an event for each of the n ids from first on.
func (c *Counter) AddRow(first uint32, n int) {
	for n > 0 {
		page := c.page(int(first >> pageBits))[first&(pageSize-1):]
		for n > 0 && len(page) > 0 {
			now := min(n, len(page), together)
			if !raise(page, now) {
				c.addEach(first, page[:now])
			}
			first, page, n = first+uint32(now), page[now:], n-now
		}
	}
}

// together is how many counts are raised at a time.
const together = 8

// raise adds 1 to the first n of some counts, 1 ≤ n ≤ together. It does nothing and returns false if one of them is full, or if there
// are fewer counts than together.
func raise(counts []uint8, n int) bool {
	if len(counts) < together {
		return false
	}
	word, unused := binary.LittleEndian.Uint64(counts), 8*(together-n)
	if anyFull(word << unused) {
		return false
	}
	binary.LittleEndian.PutUint64(counts, word+ones>>unused)
	return true
}

// ones has a 1 in each byte.
const ones = math.MaxUint64 / full

// anyFull reports whether any byte of counts is full: whether taking 1 from each byte of the complement borrows from a byte that
// is 0 (Henry S. Warren, Hacker's Delight, section 6-1).
func anyFull(counts uint64) bool { return (^counts-ones)&counts&(ones<<7) != 0 }

// addEach counts an event for the ids from first on, whose counts are those of part of a page.
func (c *Counter) addEach(first uint32, counts []uint8) {
	for i, count := range counts {
		if count == full {
			c.addMore(first+uint32(i), carry)
			count -= carry
		}
		counts[i] = count + 1
	}
}

// page returns a page, which it adds if it is missing.
func (c *Counter) page(i int) []uint8 {
	for i >= len(c.pages) {
		c.pages = append(c.pages, nil)
	}
	if c.pages[i] == nil {
		c.pages[i] = make([]uint8, pageSize)
	}
	return c.pages[i]
}

func (c *Counter) addMore(id uint32, n int64) {
	if c.more == nil {
		c.more = make(map[uint32]int64)
	}
	c.more[id] += n
}

// Merge adds the events of another counter.
func (c *Counter) Merge(from *Counter) {
	for p, others := range from.pages {
		if others == nil {
			continue
		}
		page := c.page(p)
		for i, n := range others {
			sum := int(page[i]) + int(n)
			for sum > full {
				c.addMore(uint32(p<<pageBits+i), carry)
				sum -= carry
			}
			page[i] = uint8(sum)
		}
	}
	for id, n := range from.more {
		c.addMore(id, n)
	}
}

// Sums calls visit for the sums of the first counter, of the first two, and so on. visit(i, count, ids) says that ids have so
// many events, above 0, in the counters up to and including i. It may be called several times with the same i and count.
func Sums(counters []*Counter, visit func(i int, count, ids int64)) {
	pages := 0
	for _, c := range counters {
		pages = max(pages, len(c.pages))
	}
	few := make([][1 << 10]int64, len(counters)) // ids by counter and count
	var sums [pageSize]int64
	for p := range pages {
		clear(sums[:])
		for i, c := range counters {
			c.addPage(p, &sums)
			for _, sum := range sums {
				if sum < int64(len(few[i])) {
					few[i][sum]++
				} else {
					visit(i, sum, 1)
				}
			}
		}
	}
	for i := range few {
		for count, ids := range few[i][1:] {
			if ids > 0 {
				visit(i, int64(count+1), ids)
			}
		}
	}
}

// addPage adds the events of a page's ids to sums.
func (c *Counter) addPage(p int, sums *[pageSize]int64) {
	if p >= len(c.pages) || c.pages[p] == nil {
		return
	}
	for i, n := range c.pages[p] {
		sums[i] += int64(n)
		if n >= carry && c.more != nil {
			sums[i] += c.more[uint32(p<<pageBits+i)]
		}
	}
}
