package analyze

import (
	"math"

	"hashlog/sim"
)

// use is a stretch of consecutive chunks of a request that were last used, that is looked up, equally long before.
type use struct {
	n int // number of chunks, ≥ 1
	// span is the number of chunk lookups from the last use of a chunk to this one: 1 if the chunk is looked up twice in a
	// row. It is 0 if this is the first use. A chunk that the request names twice has its last use in an earlier request.
	span   int64
	micros int64 // from the last use to this one, in microseconds; at most math.MaxInt64
}

// lastUses holds the last use of each chunk. Like the stack it belongs to the replay, not to a counter, since a request may use
// chunks again that were last used in an earlier stretch of the log.
type lastUses struct {
	pages [][]lastUse // by id; all but the last are full
	n     int         // ids

	lookups int64 // of chunks so far
	uses    []use // of the request at hand
}

// lastUse says when a chunk was looked up.
type lastUse struct {
	lookup int64   // number of the lookup, counted over all chunks from 0
	time   float64 // in seconds since the Unix epoch
}

const usePageBits = 12

// needUses reports whether anything asked for needs the last uses of chunks.
func (o *Options) needUses() bool { return o.Stats || o.Reuse }

// next returns the uses of the next request, in prefix order. They are valid until the next call. now is the time of the
// request in seconds since the Unix epoch, which never goes back.
func (l *lastUses) next(rows []sim.Row, now float64) []use {
	l.uses = l.uses[:0]
	at := l.lookups
	for _, r := range rows {
		known := max(0, min(int(r.First)+r.N, l.n)-int(r.First))
		l.each(r.First, known, func(last []lastUse) {
			l.read(last, at, now)
			at += int64(len(last))
		})
		if known < r.N {
			l.add(use{n: r.N - known})
			at += int64(r.N - known)
		}
	}
	for _, r := range rows {
		l.grow(int(r.First) + r.N)
		l.each(r.First, r.N, func(last []lastUse) {
			for i := range last {
				last[i] = lastUse{l.lookups + int64(i), now}
			}
			l.lookups += int64(len(last))
		})
	}
	return l.uses
}

// each calls f for the chunks of ids from first on, page by page.
func (l *lastUses) each(first uint32, n int, f func(last []lastUse)) {
	for n > 0 {
		page := l.pages[first>>usePageBits][first&(1<<usePageBits-1):]
		page = page[:min(n, len(page))]
		f(page)
		first += uint32(len(page))
		n -= len(page)
	}
}

// read adds the uses of chunks that have been used before, of which the first is now looked up as number at.
func (l *lastUses) read(last []lastUse, at int64, now float64) {
	for i := 0; i < len(last); {
		first := i
		for i++; i < len(last) && last[i].lookup-last[i-1].lookup == 1 && last[i].time == last[first].time; i++ {
		}
		l.add(use{i - first, at + int64(first) - last[first].lookup, microsBetween(last[first].time, now)})
	}
}

// add adds a stretch to the uses of the request at hand.
func (l *lastUses) add(u use) {
	if n := len(l.uses); n > 0 && l.uses[n-1].span == u.span && l.uses[n-1].micros == u.micros {
		l.uses[n-1].n += u.n
		return
	}
	l.uses = append(l.uses, u)
}

// grow makes room for so many ids.
func (l *lastUses) grow(ids int) {
	l.n = max(l.n, ids)
	for len(l.pages)<<usePageBits < l.n {
		l.pages = append(l.pages, make([]lastUse, 1<<usePageBits))
	}
}

// microsBetween returns the time from one moment to another, both in seconds, in whole microseconds.
func microsBetween(from, to float64) int64 {
	if micros := math.Round((to - from) * 1e6); micros < math.MaxInt64 {
		return int64(micros)
	}
	return math.MaxInt64
}
