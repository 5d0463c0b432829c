package analyze

import (
	"fmt"
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

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

// atHand returns the request with what it has met.
func (j *joining) atHand(q *deferredRequest) (_ *deferredRequest, texts *deferredNames) {
	out := *q
	out.runs, out.ages, out.model = j.runs, j.ages, int32(j.names[q.model])
	return &out, j.texts
}

// deferAgain defers a request of which something is still unknown.
func (j *joining) deferAgain(q *deferredRequest) {
	d := j.replay.deferred
	out, texts := j.atHand(q)
	source, salt := texts.of(q)
	d.names.note(out, j.replay.opts, source, salt)
	out.now = j.replay.now
	d.scratch = appendNever(d.scratch[:0], j.rows, j.met)
	out.rows = d.scratch
	d.add(out, int(j.replay.node.stack.UniqueChunks()))
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

// countDeferred counts the lookup of a request. texts are those that it refers to.
func (r *replay) countDeferred(d *deferredRequest, texts *deferredNames) error {
	q := &r.request
	*q = request{time: d.time, model: int(d.model), tokens: tokens{chunkSize: d.chunkSize, seqLen: d.seqLen}, size: d.size, counted: d.counted,
		demand: q.demand, resident: q.resident, expired: q.expired}
	source, salt := texts.of(d)
	q.source.name, q.salt = source, []byte(salt)
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
