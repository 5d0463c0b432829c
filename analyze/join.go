package analyze

import (
	"errors"
	"iter"

	"hashlog/sim"
)

// How parts of a log are joined, for those who change this.
//
// A part that was replayed alone is right about every chunk that it has touched before: nothing older lies above it. What it doesn't know is
// what its first touches met. That is found by replaying these alone, request by request, through the index and the stack of the part
// before. A chunk's depth there is right, since each chunk that the later part has touched so far lies above it, if not in its place.
// In the end the later part's chunks, now the top of that stack, are put into the order that they have at that part's end.
//
// TestJoin compares joined parts with one replay, in every figure of the report.

// Then joins a summary with the one of the stretch that follows it, which must not be used any more.
func (s *Summary) Then(next *Summary) error { return s.join(inMemory{next}) }

// joining is the state of a join.
type joining struct {
	*Summary
	part     *Summary
	keysOnce bool           // requires that the part has no key twice
	ids      []uint32       // in the index, by the number of a chunk in the part
	found    []uint64       // by id in the index, a bit: it is among ids
	names    []int          // in modelNames, by the place of a model's name in that of the part
	texts    *deferredNames // that the part's requests refer to
	// before is what was resident before the first counted touches of the part; nil if that is known already, or if none is counted.
	before *residency

	// of the request at hand
	rows []sim.Row // chunks that the part had never seen
	met  []sim.Run // these, as the stack had them
	runs []sim.Run // all chunks
	ages []sim.MaxAge

	keyRows, once []sim.Row // memory
}

// join is Then for a part that may be in a file.
func (s *Summary) join(p laterPart) error {
	j, err := s.newJoining(p)
	if err != nil {
		return err
	}
	for q, keys := range p.requests() {
		if err := j.request(q, keys); err != nil {
			return err
		}
	}
	if err := j.learn(p.moreKeys()); err != nil {
		return err
	}
	if err := p.err(); err != nil {
		return err
	}
	if err := s.replay.sums.mergeRest(j.part.replay.sums); err != nil {
		return err
	}
	j.reorder(p.stack())
	if err := p.err(); err != nil {
		return err
	}
	j.end()
	return nil
}

// newJoining begins a join.
func (s *Summary) newJoining(p laterPart) (*joining, error) {
	part := p.summary()
	switch {
	case s.caches > 1 || part.caches > 1:
		return nil, errors.New("caches beside one another have no common order any more")
	case !part.Open():
		return nil, errors.New("the later part is closed: nothing can come before it")
	}
	if err := s.followedBy(part); err != nil {
		return nil, err
	}
	j := &joining{Summary: s, part: part, keysOnce: p.keysOnce(), texts: &part.replay.deferred.names}
	if s.replay.before == nil {
		j.before = part.replay.before
	}
	names := s.replay.sums.names
	if err := s.replay.sums.input.merge(part.replay.sums.input); err != nil {
		return nil, err
	}
	for _, name := range part.replay.sums.names.list {
		j.names = append(j.names, names.find(name))
	}
	return j, nil
}

// begin notes what is resident before the first counted touches, when these come.
//
// The chunks that the part has touched before lie on top of the stack, if not in their order. If the part knew a cache to hold only some of
// them, it holds no others; else it holds them all, and others as far as there is room.
func (j *joining) begin() {
	alone := j.before
	if alone == nil {
		return
	}
	r := j.replay
	r.told = max(r.told, alone.now)
	j.before = nil
	if alone.full {
		r.before = alone
		return
	}
	j.reached()
	here := r.residency()
	fix := func(alone, here, seen int64) int64 {
		if alone < seen {
			return alone
		}
		return max(here, seen)
	}
	here.seen = r.node.stack.UniqueChunks()
	here.all = fix(alone.all, here.all, alone.seen)
	for c, n := range here.at {
		here.at[c] = fix(alone.at[c], n, alone.seen)
	}
	r.before = here
}

// number numbers the next chunks of the part. Many at once take less time.
func (j *joining) number(keys []sim.Key) (err error) {
	if len(keys) == 0 {
		return nil
	}
	if j.keyRows, err = j.replay.index.Number(keys, j.keyRows[:0]); err != nil {
		return err
	}
	for _, row := range j.keyRows {
		for id := row.First; id < row.First+uint32(row.N); id++ {
			if j.keysOnce && j.foundAgain(id) {
				return errKeyTwice
			}
			j.ids = append(j.ids, id)
		}
	}
	return nil
}

var errKeyTwice = errors.New("a key is there twice")

// foundAgain reports whether a chunk has been found before.
func (j *joining) foundAgain(id uint32) bool {
	for int(id/64) >= len(j.found) {
		j.found = append(j.found, 0)
	}
	word, bit := &j.found[id/64], uint64(1)<<(id%64)
	again := *word&bit != 0
	*word |= bit
	return again
}

// appendIDs appends the ids of chunks of the part.
func (j *joining) appendIDs(rows []sim.Row, of sim.Row) []sim.Row {
	ids := j.ids[of.First:][:of.N]
	for len(ids) > 0 {
		n := 1
		for n < len(ids) && ids[n] == ids[0]+uint32(n) {
			n++
		}
		rows = appendRow(rows, sim.Row{First: ids[0], N: n})
		ids = ids[n:]
	}
	return rows
}

// reached notes whether so many chunks have been touched that no request is deferred any more.
func (j *joining) reached() {
	if r := j.replay; r.deferred != nil {
		r.deferred.reached(r.opts.MaxCapacity, r.node.stack)
	}
}

// learn makes further chunks of the part known.
func (j *joining) learn(keys iter.Seq2[[]sim.Key, int64]) error {
	j.reached()
	stack := j.replay.node.stack
	for alike, size := range keys {
		if err := j.number(alike); err != nil {
			return err
		}
		stack.Learn(j.replay.index.Len()-int(stack.UniqueChunks()), size)
	}
	return j.noteSizes()
}

// noteSizes notes the sizes of the chunks of both parts. Those of each may have been known, and all together have too many bytes.
func (j *joining) noteSizes() error {
	r := j.replay
	if r.sizes = r.sizes.and(sizesOf(r.node.stack)); r.inBytes != nil && !r.sizes.known {
		return &UnknownSizeError{Capacity: *r.inBytes, Why: "the chunks of the parts have too many bytes together, or no known size"}
	}
	return nil
}

// reorder puts the chunks of the part into the order that they have at its end.
func (j *joining) reorder(chunks iter.Seq[sim.Chunk]) {
	j.begin()
	r, end := j.replay, j.part.replay
	r.now, r.told = max(r.now, end.now), max(r.told, end.told)
	r.node.advance(r.told)
	r.node.stack.Reorder(func(yield func(sim.Chunk) bool) {
		for c := range chunks {
			c.ID = j.ids[c.ID]
			if !yield(c) {
				return
			}
		}
	})
}

// end takes over what is left of the part.
func (j *joining) end() {
	r, end := j.replay, j.part.replay
	if r.deferred != nil {
		r.deferred.full = r.deferred.full || end.deferred.full
	}
	if r.bound != nil && int64(r.index.Len()) >= r.kept()+r.kept()/2 {
		if kept := r.forget(); kept != nil {
			r.index.Keep(kept)
		}
	}
	r.requests += end.requests
	r.counting = r.counting || end.counting
	j.read.add(j.part.read)
	j.behind = nil
}
