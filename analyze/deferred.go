package analyze

import (
	"iter"
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// deferred are the requests of an open summary that cannot be counted before it is known what their never-seen chunks met. They are in the
// order of the log, and their never-seen chunks have ids in that order: the first request brings the ids from 0 on, and so on.
type deferred struct {
	requests requestList
	brought  int // ids that the requests bring
	// keys are those of all chunks that the requests bring, in their order, once the index has numbered the chunks anew; nil before:
	// they are those of the index then.
	keys []sim.Key
	// full says that as many chunks have been touched as the largest capacity that is asked about holds. From then on a never-seen chunk
	// hits at no such capacity, whatever came before, so no request is deferred any more.
	full bool

	names   deferredNames // that the requests refer to
	scratch []sim.Row     // memory
}

// deferredRequest is a request whose lookup has yet to be counted. All its touches but the first ones of chunks are counted already.
type deferredRequest struct {
	time      float64 // timestamp in seconds since the Unix epoch
	now       float64 // the latest timestamp so far, this one included
	model     int32   // its place in modelNames
	arg       int32   // the place of source.name in a list of names; set only if there is the dimension BySource
	salt      int32   // the place of its salt, likewise; set only if there is the dimension BySalt
	counted   bool    // whether it comes after the warm-up
	chunkSize int64   // tokens
	seqLen    int64   // tokens
	size      int64   // bytes of each chunk on all ranks; 0: unknown

	runs []sim.Run // all chunks, as far as the stretch knows them; the others have a need of Never
	// rows are the chunks of the runs with a need of Never, in prefix order, by their ids in the order of deferred. A chunk that the request
	// has twice is in it twice.
	rows []sim.Row
	ages []sim.MaxAge // of its prefixes, never-seen chunks left out of account (but counted); only if Options.TTLs is set
	// brings is how many ids the request is the first to have. They are the next ones.
	brings int
}

func newDeferred() *deferred {
	return &deferred{names: deferredNames{newModelNames(), newModelNames()}}
}

// deferredNames are the texts that requests refer to by their places. A list is empty unless there is the dimension.
type deferredNames struct {
	args  *modelNames // sources
	salts *modelNames
}

// note makes a request refer to its texts.
func (n *deferredNames) note(d *deferredRequest, opts *Options, source, salt string) {
	if opts.has(BySource) {
		d.arg = int32(n.args.find(source))
	}
	if opts.has(BySalt) {
		d.salt = int32(n.salts.find(salt))
	}
}

// of returns the texts of a request.
func (n *deferredNames) of(d *deferredRequest) (source, salt string) {
	if len(n.args.list) > 0 {
		source = n.args.list[d.arg]
	}
	if len(n.salts.list) > 0 {
		salt = n.salts.list[d.salt]
	}
	return source, salt
}

// reached notes whether a stack has as many chunks as the largest capacity that is asked about holds. A zero capacity is none.
func (d *deferred) reached(largest units.Capacity, s *sim.Stack) {
	if d.full || largest == (units.Capacity{}) {
		return
	}
	if largest.Unit == units.Bytes {
		d.full = s.SizesKnown() && s.UniqueBytes() >= largest.N
	} else {
		d.full = s.UniqueChunks() >= largest.N
	}
}

// take reports whether a request is deferred, given what it has found.
func (d *deferred) take(runs []sim.Run) bool {
	return !d.full && slices.ContainsFunc(runs, func(r sim.Run) bool { return r.Need.Chunks == sim.Never })
}

// add adds a request, of which it keeps nothing. It brings the ids up to known.
func (d *deferred) add(q *deferredRequest, known int) {
	q.brings = known - d.brought
	d.brought = known
	d.requests.add(q)
}

// chunks returns how many chunks the requests bring. There are none without deferred requests, as in a closed summary.
func (d *deferred) chunks() int {
	if d == nil {
		return 0
	}
	return d.brought
}

// keep copies the keys of all requests from an index that is about to number its keys anew.
func (d *deferred) keep(x *sim.Index) {
	if d.keys != nil {
		return
	}
	d.keys = make([]sim.Key, d.brought)
	for i := range d.keys {
		d.keys[i] = x.Key(uint32(i))
	}
}

// brings reports whether the chunk that the index has under an id is known to be among those that the requests bring.
func (d *deferred) brings(id uint32) bool { return d != nil && d.keys == nil && int(id) < d.brought }

// keysFrom yields the keys of n chunks that the requests bring, from a number on, several at a time.
func (d *deferred) keysFrom(number, n int, x *sim.Index) iter.Seq[[]sim.Key] {
	return func(yield func([]sim.Key) bool) {
		for n > 0 {
			var keys []sim.Key
			if d.keys != nil {
				keys = d.keys[number:][:n]
			} else {
				keys = x.KeysFrom(uint32(number), n)
			}
			if !yield(keys) {
				return
			}
			number, n = number+len(keys), n-len(keys)
		}
	}
}

// putOff defers the lookup of the request at hand, and counts all else.
func (r *replay) putOff(q *request, rows []sim.Row, runs []sim.Run, t sim.Touches) error {
	r.requests++
	if err := r.sums.countInput(q); err != nil {
		return err
	}
	d := deferredRequest{time: q.time, now: r.now, model: int32(q.model), counted: q.counted, chunkSize: q.tokens.chunkSize,
		seqLen: q.tokens.seqLen, size: q.size, runs: runs}
	r.deferred.names.note(&d, r.opts, q.source.name, string(q.salt))
	r.deferred.scratch = appendNever(r.deferred.scratch[:0], rows, runs)
	d.rows = r.deferred.scratch
	if r.opts.TTLs != nil {
		d.ages = r.node.stack.PartialAges()
	}
	r.deferred.add(&d, int(r.node.stack.UniqueChunks()))
	return r.touch(&pendingTouches{due: r.now, touches: t, counted: q.counted, deferred: true})
}

// appendNever appends the chunks of a request, given by rows and runs, that have a need of Never.
func appendNever(dst, rows []sim.Row, runs []sim.Run) []sim.Row {
	row, skip := 0, 0 // chunks that the runs so far have of this row
	for _, run := range runs {
		for n := run.N; n > 0; {
			k := min(n, rows[row].N-skip)
			if run.Need.Chunks == sim.Never {
				dst = appendRow(dst, sim.Row{First: rows[row].First + uint32(skip), N: k})
			}
			n -= k
			if skip += k; skip == rows[row].N {
				row, skip = row+1, 0
			}
		}
	}
	return dst
}

// leaveFirst leaves out the first touches of chunks.
func (t *touches) leaveFirst() {
	t.distances = slices.DeleteFunc(t.distances, func(d sim.Distance) bool {
		if d.Chunks != sim.Never {
			return false
		}
		t.chunks -= d.N
		return true
	})
}
