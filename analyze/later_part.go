package analyze

import (
	"iter"

	"hashlog/sim"
)

// laterPart is an open summary as a join takes it, front to back.
type laterPart interface {
	// summary returns all but the index, the stack and the deferred requests.
	summary() *Summary
	// requests yields the deferred requests, now and then with the keys of the chunks that this one and the next ones bring.
	requests() iter.Seq2[*deferredRequest, []sim.Key]
	// moreKeys yields the keys of further chunks, several of one size at a time. They are numbered behind those of the requests.
	moreKeys() iter.Seq2[[]sim.Key, int64]
	// keysOnce reports whether no key is there twice. Else a chunk may be among both.
	keysOnce() bool
	// stack yields the chunks from the top down, by these numbers.
	stack() iter.Seq[sim.Chunk]
	// err returns what has ended any of these early.
	err() error
}

// inMemory is a part of which everything is in memory.
type inMemory struct{ *Summary }

func (p inMemory) summary() *Summary { return p.Summary }
func (p inMemory) err() error        { return nil }
func (p inMemory) keysOnce() bool    { return false }

func (p inMemory) requests() iter.Seq2[*deferredRequest, []sim.Key] {
	return func(yield func(*deferredRequest, []sim.Key) bool) {
		d, first := p.replay.deferred, 0
		var keys []sim.Key
		for q := range d.requests.all() {
			keys = keys[:0]
			for some := range d.keysFrom(first, q.brings, p.replay.index) {
				keys = append(keys, some...)
			}
			first += q.brings
			if !yield(q, keys) {
				return
			}
		}
	}
}

func (p inMemory) moreKeys() iter.Seq2[[]sim.Key, int64] {
	return func(yield func([]sim.Key, int64) bool) {
		d := p.replay.deferred
		if n := p.replay.node.stack.UniqueChunks(); n == 0 || d.brings(uint32(n-1)) {
			return // the requests bring all
		}
		const together = 1024
		alike, of := make([]sim.Key, 0, together), int64(0)
		for c := range p.top() {
			if d.brings(c.ID) {
				continue
			}
			if len(alike) == together || len(alike) > 0 && c.Size != of {
				if !yield(alike, of) {
					return
				}
				alike = alike[:0]
			}
			alike, of = append(alike, p.replay.index.Key(c.ID)), c.Size
		}
		if len(alike) > 0 {
			yield(alike, of)
		}
	}
}

// top yields the chunks that may be asked about, from the top of the stack down: those that hide all others from the largest capacity.
func (p inMemory) top() iter.Seq[sim.Chunk] {
	stack := p.replay.node.stack
	if p.replay.bound == nil || stack.UniqueChunks() == 0 {
		return stack.All()
	}
	return func(yield func(sim.Chunk) bool) {
		left := p.replay.kept()
		for c := range stack.All() {
			if left--; left < 0 || !yield(c) {
				return
			}
		}
	}
}

// stack numbers the chunks that no request brings in the order of moreKeys.
func (p inMemory) stack() iter.Seq[sim.Chunk] {
	return func(yield func(sim.Chunk) bool) {
		d := p.replay.deferred
		more := uint32(d.chunks())
		for c := range p.top() {
			if !d.brings(c.ID) {
				c.ID = more
				more++
			}
			if !yield(c) {
				return
			}
		}
	}
}
