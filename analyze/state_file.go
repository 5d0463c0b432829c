package analyze

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"hashlog/sim"
)

// The file of a state is that of a closed summary, with the field state in its head and with more parts. Its keys are in the order of first sight,
// those of chunks that were looked up but never touched included, so that a request's chunks stay neighbours.
//
//	look  before stck, with an admission: stretches of chunks in order of their numbers: how many, lookups, whether exactly one (bool)
//	held  before stck: for each cache that evicts in batches, and for each of them without the TTL if there is one: its chunks and bytes, the
//	      times of the last batch and of the last touches (floats, −∞ before the first)
//	wait  behind stck: the time at which the warm-up ends (a float, −∞ if it has not begun); the number of requests whose touches wait; for each
//	      the time at which they take effect (float), whether it is counted (bool), the bytes of each chunk that is new, whether sizes
//	      disagree (bool), the number of its rows; for each of these the first chunk and their number
//
// All this is part of the format, not to be changed.

const (
	lookTag = "look"
	heldTag = "held"
	waitTag = "wait"
)

// check reports settings that the summary cannot have.
func (h *summaryHead) check(o *Options) error {
	if h.State != nil {
		return o.CheckState()
	}
	return o.CheckSummary()
}

// state writes the chunks of a state, and all that the next run needs besides.
func (f *summaryWriter) state(s *Summary) {
	p := byNumber{inMemory{s}}
	f.more(p)
	if s.opts.Cache.Admit > 0 {
		f.Begin(lookTag, true)
		for c := range f.replay.node.stack.LookedUp() {
			f.Uint(uint64(c.N))
			f.Uint(uint64(c.Lookups))
			f.Bool(c.Once)
		}
	}
	f.Begin(heldTag, true)
	for _, b := range f.replay.batched() {
		held := b.State()
		f.Uint(uint64(held.Chunks))
		f.Uint(uint64(held.Bytes))
		f.Float(held.LastBatch)
		f.Float(held.Now)
	}
	f.Begin(stackTag, true)
	e := layerWriter{w: f.Writer}
	for l := range s.replay.node.stack.Layers() {
		e.addAll(l)
	}
	e.cut()
	f.waiting()
}

// waiting writes the touches that wait.
func (f *summaryWriter) waiting() {
	f.Begin(waitTag, true)
	f.Float(f.replay.warmupUntil)
	f.Uint(uint64(len(f.replay.waiting.list)))
	for i := range f.replay.waiting.list {
		p := &f.replay.waiting.list[i]
		t := p.touches.Waiting()
		f.Float(p.due)
		f.Bool(p.counted)
		f.Uint(uint64(t.Size))
		f.Bool(t.Disagrees)
		f.Uint(uint64(len(t.Rows)))
		for _, row := range t.Rows {
			f.Uint(uint64(row.First))
			f.Uint(uint64(row.N))
		}
	}
}

// batched returns the caches that evict in batches, in the order of the file.
func (r *replay) batched() (list []*sim.Batched) {
	if r.caches == nil {
		return nil
	}
	for _, c := range r.caches.list {
		w := c.(*watermarkCache)
		if list = append(list, &w.batched); w.ageless != nil {
			list = append(list, w.ageless)
		}
	}
	return list
}

// byNumber is a closed summary whose chunks keep their ids.
type byNumber struct{ inMemory }

func (p byNumber) moreKeys() iter.Seq2[[]sim.Key, int64] {
	return func(yield func([]sim.Key, int64) bool) {
		id, index := uint32(0), p.replay.index
		for n, size := range p.sizes() {
			for n > 0 {
				keys := index.KeysFrom(id, n)
				if !yield(keys, size) {
					return
				}
				id += uint32(len(keys))
				n -= len(keys)
			}
		}
	}
}

// sizes yields the numbers of chunks with consecutive ids, and their size in bytes; 0 if it is unknown.
func (p byNumber) sizes() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		stack := p.replay.node.stack
		if p.opts.Cache.Admit > 0 {
			for c := range stack.LookedUp() {
				if !yield(c.N, c.Size) {
					return
				}
			}
			return
		}
		if size, ok := stack.UniformSize(); ok {
			yield(int(stack.UniqueChunks()), size)
			return
		}
		for _, size := range p.eachSize() {
			if !yield(1, size) {
				return
			}
		}
	}
}

// eachSize returns the sizes of all chunks by id. One that was never touched has that of the first touch that waits for it.
func (p byNumber) eachSize() []int64 {
	const unknown = -1
	sizes := slices.Repeat([]int64{unknown}, int(p.replay.node.stack.UniqueChunks()))
	for c := range p.replay.node.stack.All() {
		sizes[c.ID] = c.Size
	}
	for i := range p.replay.waiting.list {
		t := p.replay.waiting.list[i].touches.Waiting()
		for _, row := range t.Rows {
			for id := range row.N {
				if size := &sizes[int(row.First)+id]; *size == unknown {
					*size = t.Size
				}
			}
		}
	}
	for i := range sizes {
		sizes[i] = max(sizes[i], 0)
	}
	return sizes
}

// fillState reads what follows the keys of a state.
func (f *SummaryFile) fillState() {
	r := f.s.replay
	if r.told > r.now {
		f.r.Fail("touches at %g s, after the last request at %g s", r.told, r.now)
	}
	if f.opts.Cache.Admit > 0 {
		f.readLookedUp()
	}
	held := f.readHeld()
	if f.r.Err() != nil {
		return
	}
	f.fillStack()
	if len(f.tops) > 0 {
		f.r.Fail("a cache of %d chunks, more than the stack has", f.tops[0].chunks)
	}
	f.readWaiting()
	f.r.Close()
	if f.r.Err() == nil {
		for i, b := range r.batched() {
			b.Restore(held[i])
		}
	}
}

// readLookedUp makes the chunks known, with their lookups.
func (f *SummaryFile) readLookedUp() {
	most := int64(f.opts.Cache.Admit)
	chunks, run := 0, 0
	for f.r.Begin(lookTag); f.r.More(); {
		n := int(f.r.UpTo(int64(f.chunks-chunks), "a number of chunks"))
		c := sim.LookedUp{Lookups: int(f.r.UpTo(most, "lookups")), Once: f.r.Bool()}
		if n == 0 || c.Lookups == 0 || c.Once && c.Lookups > 1 {
			f.r.Fail("%d chunks with %d lookups", n, c.Lookups)
		}
		for end := chunks + n; chunks < end && f.r.Err() == nil; chunks += c.N {
			run = f.sizes.runOf(chunks, run)
			c.N, c.Size = min(end, f.sizes[run].end)-chunks, f.sizes[run].size
			f.s.replay.node.stack.LearnLookedUp(c)
		}
	}
	if chunks < f.chunks {
		f.r.Fail("lookups of %d chunks, of %d", chunks, f.chunks)
	}
}

// topOf is a cache that holds the top of the stack.
type topOf struct {
	chunks int64
	bytes  int64 // −1: not counted
}

// readHeld reads what the caches have counted.
func (f *SummaryFile) readHeld() (list []sim.BatchedState) {
	f.r.Begin(heldTag)
	for _, b := range f.s.replay.batched() {
		s := sim.BatchedState{Chunks: f.r.UpTo(int64(f.chunks), "chunks"), Bytes: loadCount(f.r, "bytes"), LastBatch: loadMoment(f.r), Now: loadMoment(f.r)}
		if s.LastBatch > s.Now || s.Now > f.s.replay.told {
			f.r.Fail("evictions at %g s and %g s, after the last touches at %g s", s.LastBatch, s.Now, f.s.replay.told)
		}
		top := topOf{s.Chunks, -1}
		if b.InBytes() {
			top.bytes = s.Bytes
		}
		if top.chunks == 0 && top.bytes > 0 {
			f.r.Fail("no chunks of %d bytes", s.Bytes)
		}
		if list = append(list, s); top.chunks > 0 {
			f.tops = append(f.tops, top)
		}
	}
	slices.SortFunc(f.tops, func(a, b topOf) int { return cmp.Compare(a.chunks, b.chunks) })
	return list
}

// passTop takes the next n chunks of the stack, from the top down, and requires that caches which end here have as many bytes.
func (f *SummaryFile) passTop(size int64, n int) {
	for ; n > 0 && len(f.tops) > 0; n-- {
		f.passChunk(size)
	}
}

func (f *SummaryFile) passChunk(size int64) {
	f.passed.chunks++
	f.passed.bytes += min(size, math.MaxInt64-f.passed.bytes)
	for len(f.tops) > 0 && f.tops[0].chunks == f.passed.chunks {
		if top := f.tops[0]; top.bytes >= 0 && top.bytes != f.passed.bytes {
			f.r.Fail("a cache of %d bytes, and its chunks have %d", top.bytes, f.passed.bytes)
		}
		f.tops = f.tops[1:]
	}
}

// readWaiting reads the touches that wait.
func (f *SummaryFile) readWaiting() {
	r := f.s.replay
	f.r.Begin(waitTag)
	if r.warmupUntil = f.r.Float(); math.IsNaN(r.warmupUntil) {
		f.r.Fail("a warm-up until NaN")
	}
	last, end := r.told, r.now+r.opts.Cache.StoreDelay.Seconds()
	loadEach(f.r, loadCount(f.r, "requests that wait"), func(int) {
		p := pendingTouches{due: f.r.Float(), counted: f.r.Bool()}
		if !(p.due >= last && p.due <= end) || math.IsInf(p.due, 0) {
			f.r.Fail("touches at %g s, after %g s and up to %g s", p.due, last, end)
		}
		last = p.due
		w := sim.Waiting{Size: loadCount(f.r, "a size"), Disagrees: f.r.Bool()}
		loadEach(f.r, loadCount(f.r, "rows"), func(int) { f.readRow(&w) })
		if f.r.Err() == nil {
			p.touches = r.node.stack.Await(w)
			r.waiting.push(p)
		}
	})
}

// readRow reads a row of touches that wait. A chunk that was never touched has the size of the first of them.
func (f *SummaryFile) readRow(w *sim.Waiting) {
	row := sim.Row{First: uint32(f.r.UpTo(int64(f.chunks)-1, "a chunk"))}
	row.N = int(f.r.UpTo(int64(f.chunks)-int64(row.First), "a number of chunks"))
	if row.N == 0 {
		f.r.Fail("a row without chunks")
	}
	run := 0
	for id := int(row.First); id < int(row.First)+row.N && f.opts.Cache.Admit == 0 && f.r.Err() == nil; id++ {
		if f.layers.see(uint32(id)) {
			continue
		}
		if run = f.sizes.runOf(id, run); f.sizes[run].size != w.Size {
			f.r.Fail("a chunk of %d bytes is touched with %d", f.sizes[run].size, w.Size)
		}
	}
	w.Rows = append(w.Rows, row)
}

// see notes a chunk, and reports whether it was noted before, as those of the stack are.
func (e *layerReader) see(id uint32) (before bool) {
	word, bit := &e.seen[id/64], uint64(1)<<(id%64)
	before = *word&bit != 0
	*word |= bit
	return before
}
