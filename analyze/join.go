package analyze

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"hashlog/analyze/units"
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

// Then joins a summary with the one of the stretch that follows it, which must not be used any more.
func (s *Summary) Then(next *Summary) error { return s.join(inMemory{next}) }

// joining is the state of a join.
type joining struct {
	*Summary
	part     *Summary
	keysOnce bool        // requires that the part has no key twice
	ids      []uint32    // in the index, by the number of a chunk in the part
	found    []uint64    // by id in the index, a bit: it is among ids
	names    []int       // in modelNames, by the place of a model's name in that of the part
	args     *modelNames // that the part's requests refer to
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
	j := &joining{Summary: s, part: part, keysOnce: p.keysOnce(), args: part.replay.deferred.args}
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

// request replays the first touches of a deferred request.
func (j *joining) request(q *deferredRequest, keys []sim.Key) error {
	r := j.replay
	if q.counted {
		j.begin()
	}
	if err := j.number(keys); err != nil {
		return err
	}
	j.rows = j.rows[:0]
	for _, row := range q.rows {
		j.rows = j.appendIDs(j.rows, row)
	}
	r.now = max(r.now, q.now)
	n := r.at(0, r.now)
	j.reached()
	met, touches := n.stack.LookUp(j.rows, q.size)
	j.met = met
	if err := j.noteSizes(); err != nil {
		return err
	}
	if err := sameSizes(q, met); err != nil {
		return err
	}
	j.runs = fill(j.runs[:0], q.runs, met)
	if r.opts.TTLs != nil {
		j.ages = largerAges(j.ages[:0], q, n.stack.PartialAges())
	}
	p := pendingTouches{due: r.now, touches: touches, counted: q.counted}
	if q.brings < chunksOf(q.rows) {
		p.touches = touches.WithRows(j.eachOnce())
	}
	if p.deferred = r.deferred != nil && r.deferred.take(j.runs); p.deferred {
		j.deferAgain(q)
	} else if err := r.countDeferred(j.atHand(q)); err != nil {
		return err
	}
	return r.touch(&p)
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

// eachOnce returns the chunks of the request at hand, each where touch order comes to it first.
func (j *joining) eachOnce() []sim.Row {
	seen := make(map[uint32]bool)
	var ids []uint32
	for id := range j.opts.TouchOrder.IDs(j.rows) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if j.opts.TouchOrder == sim.TailFirst {
		slices.Reverse(ids)
	}
	j.once = j.once[:0]
	for _, id := range ids {
		j.once = appendRow(j.once, sim.Row{First: id, N: 1})
	}
	return j.once
}

// reached notes whether so many chunks have been touched that no request is deferred any more.
func (j *joining) reached() {
	if r := j.replay; r.deferred != nil {
		r.deferred.reached(r.opts.MaxCapacity, r.node.stack)
	}
}

// atHand returns the request with what it has met.
func (j *joining) atHand(q *deferredRequest) (_ *deferredRequest, args *modelNames) {
	out := *q
	out.runs, out.ages, out.model = j.runs, j.ages, int32(j.names[q.model])
	return &out, j.args
}

// deferAgain defers a request of which something is still unknown.
func (j *joining) deferAgain(q *deferredRequest) {
	d := j.replay.deferred
	out, args := j.atHand(q)
	if len(args.list) > 0 {
		out.arg = int32(d.args.find(args.list[q.arg]))
	}
	out.now = j.replay.now
	d.scratch = appendNever(d.scratch[:0], j.rows, j.met)
	out.rows = d.scratch
	d.add(out, int(j.replay.node.stack.UniqueChunks()))
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

// SizeConflictError says that two parts of a log have different sizes for a chunk, so that what one of them says of it is wrong.
type SizeConflictError struct {
	Time          float64 // of the request that has the chunk in the later part, in seconds since the Unix epoch
	Before, After int64   // bytes in the earlier and in the later part; 0: unknown
}

func (e *SizeConflictError) Error() string {
	size := func(n int64) string {
		if n == 0 {
			return "no known size"
		}
		return units.FormatBytes(n)
	}
	return fmt.Sprintf("a chunk of the request at %s has %s, but %s in an earlier part: the parts must be replayed in one run, or with one size for all chunks",
		units.FormatTime(e.Time), size(e.After), size(e.Before))
}

// sameSizes requires that the chunks that a request has met have the size that the request has.
func sameSizes(q *deferredRequest, met []sim.Run) error {
	for i := range met {
		if run := &met[i]; run.Need.Chunks != sim.Never && run.Size != q.size {
			return &SizeConflictError{q.time, run.Size, q.size}
		}
	}
	return nil
}

// chunksOf returns how many chunks rows have.
func chunksOf(rows []sim.Row) (n int) {
	for _, r := range rows {
		n += r.N
	}
	return n
}

// fill appends the runs of a request to dst, with those that have a need of Never replaced by what their chunks have met.
func fill(dst, runs, met []sim.Run) []sim.Run {
	next, skip := 0, 0 // chunks taken of this run that was met
	for _, run := range runs {
		if run.Need.Chunks != sim.Never {
			dst = append(dst, run)
			continue
		}
		for left := run.N; left > 0; {
			part := met[next]
			part.N = min(left, met[next].N-skip)
			if part.Need.Chunks != sim.Never {
				part.Need = met[next].NeedAt(skip)
			}
			dst = append(dst, part)
			left -= part.N
			if skip += part.N; skip == met[next].N {
				next, skip = next+1, 0
			}
		}
	}
	return dst
}

// countDeferred counts the lookup of a request. args are the names that its arg refers to.
func (r *replay) countDeferred(d *deferredRequest, args *modelNames) error {
	q := &r.request
	*q = request{time: d.time, model: int(d.model), tokens: tokens{chunkSize: d.chunkSize, seqLen: d.seqLen}, size: d.size, counted: d.counted,
		demand: q.demand, resident: q.resident, expired: q.expired}
	if len(args.list) > 0 {
		q.source.arg = args.list[d.arg]
	}
	for _, run := range d.runs {
		q.chunks += run.N
	}
	runs := d.runs
	if r.bound != nil {
		runs = r.bound.cut(runs)
	}
	q.meet(nil, runs, r.sizes)
	q.maxAges = upToNever(d.ages, d.runs)
	return r.sums.countRest(q)
}

// countFirst counts the first touches of the chunks that a request was the first to have.
func (r *replay) countFirst(d *deferredRequest) error {
	first := sim.Distance{N: d.brings, Depth: sim.Depth{Chunks: sim.Never, Bytes: sim.Never}, Size: d.size}
	return r.sums.touch(&touches{time: d.now, counted: d.counted, chunks: d.brings, distances: []sim.Distance{first}, sizes: r.sizes})
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
