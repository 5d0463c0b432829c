package analyze

import (
	"errors"
	"fmt"
	"math"

	"hashlog/log"
	"hashlog/sim"
)

// A replay of a log as if n consecutive chunks were one (Options.Rechunk) takes the last chunk of a group for all of it. That is exact with
// chained hashes, which stand for their whole prefix: a group is resident whole or not at all, and its last chunk is in no other group.
// chain checks that a log is such. Chunks are numbered as they are logged, so that all of them are checked, and several replays with other
// n can read one numbering; regroup then numbers the groups.

// RechunkError says why a log cannot be replayed as if several chunks were one.
type RechunkError struct{ Why error }

func (e *RechunkError) Error() string {
	return "several chunks cannot be replayed as one: " + e.Why.Error()
}

// Unwrap returns Why.
func (e *RechunkError) Unwrap() error { return e.Why }

// The causes of a [RechunkError].
var (
	ErrUnchained     = errors.New("this record has a chunk behind another one than at first, so its hash doesn't stand for all chunks before it")
	ErrSurplusHashes = errors.New("this record has more hashes than complete chunks, so groups of other records may end elsewhere")
)

// ErrRechunkNeedsAll says that several chunks were to be replayed as one up to a largest capacity.
var ErrRechunkNeedsAll = errors.New("several chunks are replayed as one where all are known, so there is no largest capacity")

// maxRechunk limits Options.Rechunk.
const maxRechunk = 1 << 20

// checkRechunk reports a number of chunks out of range, and options that cannot be combined with it.
func (o *Options) checkRechunk() error {
	switch {
	case o.Rechunk < 0 || o.Rechunk > maxRechunk:
		return fmt.Errorf("%d chunks as one: must be from 1 to %d", o.Rechunk, maxRechunk)
	case o.rechunked() && o.bounded():
		return ErrRechunkNeedsAll
	}
	return nil
}

// rechunked reports whether several chunks are replayed as one.
func (o *Options) rechunked() bool { return o.Rechunk > 1 }

// errRechunkNeedsLogs says why summaries and states have the chunks of the log.
var errRechunkNeedsLogs = errors.New("summaries and states have the chunks of the log, so none are replayed as one")

// chain knows behind which chunk each one lies.
type chain struct{ before []uint32 } // by id: the id of the chunk before it + 1; 0: none

// check returns a [*RechunkError] if a record is not chained, given its chunks by their ids, in order of first sight. It comes with the number
// of the records before.
func (c *chain) check(entries []log.Entry, numbered []sim.Request) (checked int, err error) {
	for i := range numbered {
		e := &entries[i]
		if int64(len(e.Hashes)) > e.SeqLen/e.ChunkSize {
			return i, &RechunkError{ErrSurplusHashes}
		}
		if !c.follow(numbered[i].Rows) {
			return i, &RechunkError{ErrUnchained}
		}
	}
	return len(numbered), nil
}

// follow reports whether each chunk lies behind the same one as at first.
func (c *chain) follow(rows []sim.Row) bool {
	last := uint32(0)
	for _, row := range rows {
		for id := row.First; id < row.First+uint32(row.N); id++ {
			if int(id) == len(c.before) {
				c.before = append(c.before, last)
			} else if c.before[id] != last {
				return false
			}
			last = id + 1
		}
	}
	return true
}

// regroup makes groups of the chunks of records.
type regroup struct {
	n     int      // chunks in a group
	ids   []uint32 // by id of a group's last chunk: that of the group + 1; 0: not seen yet
	known uint32   // groups

	// of the record at hand
	entry log.Entry
	rows  []sim.Row
}

// newRegroup returns nil if every chunk stands for itself.
func newRegroup(opts *Options) *regroup {
	if !opts.rechunked() {
		return nil
	}
	return &regroup{n: opts.Rechunk}
}

// take returns a record with groups in the place of chunks, and their ids. A last group that isn't complete is left out, so that its tokens
// are tail. Both are valid until the next call.
func (g *regroup) take(e *log.Entry, rows []sim.Row) (*log.Entry, []sim.Row) {
	g.entry = *e
	g.entry.Hashes = e.Hashes[:len(e.Hashes)/g.n]
	g.entry.ChunkSize = timesAtMost(e.ChunkSize, int64(g.n))
	g.entry.ChunkBytes = timesOrUnknown(e.ChunkBytes, int64(g.n))
	g.rows = g.rows[:0]
	next := g.n - 1 // chunks to the last one of a group
	for _, row := range rows {
		for ; next < row.N; next += g.n {
			g.rows = appendRow(g.rows, sim.Row{First: g.number(row.First + uint32(next)), N: 1})
		}
		next -= row.N
	}
	return &g.entry, g.rows
}

// number returns the id of the group with a last chunk.
func (g *regroup) number(last uint32) uint32 {
	if n := int(last) + 1 - len(g.ids); n > 0 {
		g.ids = append(g.ids, make([]uint32, n)...)
	}
	if g.ids[last] == 0 {
		g.known++
		g.ids[last] = g.known
	}
	return g.ids[last] - 1
}

// timesAtMost returns n × by, or the largest integer if that is less.
func timesAtMost(n, by int64) int64 {
	if n > math.MaxInt64/by {
		return math.MaxInt64
	}
	return n * by
}

// timesOrUnknown returns n × by, or 0, an unknown size, if that exceeds an int64.
func timesOrUnknown(n, by int64) int64 {
	if n > math.MaxInt64/by {
		return 0
	}
	return n * by
}

// logged returns a number of chunks in chunks of the log.
func (o *Options) logged(chunks int64) int64 { return timesAtMost(chunks, int64(max(o.Rechunk, 1))) }
