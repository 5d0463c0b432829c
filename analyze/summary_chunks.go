package analyze

import (
	"iter"
	"math"

	"hashlog/sim"
)

func (f *SummaryFile) summary() *Summary { return f.s }
func (f *SummaryFile) err() error        { return f.r.Err() }
func (f *SummaryFile) keysOnce() bool    { return true }

func (f *SummaryFile) requests() iter.Seq2[*deferredRequest, []sim.Key] {
	return func(yield func(*deferredRequest, []sim.Key) bool) {
		for b := f.next(); b.of == reqsTag && f.eachRequest(b, yield); b = f.next() {
		}
	}
}

func (f *SummaryFile) moreKeys() iter.Seq2[[]sim.Key, int64] {
	return func(yield func([]sim.Key, int64) bool) {
		for b := &f.block; b.of != ""; b = f.next() {
			first := 0
			for _, run := range b.sizes {
				f.sizes.add(b.first+run.end, run.size)
				if !yield(b.keys[first:run.end], run.size) {
					return
				}
				first = run.end
			}
		}
	}
}

// stack yields nothing if anything is wrong with the stack or with the end of the file: a stack cannot take a part of another.
func (f *SummaryFile) stack() iter.Seq[sim.Chunk] {
	return func(yield func(sim.Chunk) bool) {
		for l := range f.stackLayers() {
			ids := layer{l.N, l.Chunk, l.Rising}
			for l.ID = range ids.ids() {
				if !yield(l.Chunk) {
					return
				}
			}
		}
	}
}

// stackLayers is stack in layers. The chunks of one have the same size.
func (f *SummaryFile) stackLayers() iter.Seq[sim.Layer] {
	return func(yield func(sim.Layer) bool) {
		run := 0
		for _, l := range f.readLayers() {
			for l.n > 0 {
				run = f.sizes.runOf(int(l.first.ID), run)
				out := sim.Layer{Chunk: l.first, N: min(l.n, f.sizes.alike(run, int(l.first.ID), l.rising)), Rising: l.rising}
				out.Size = f.sizes[run].size
				f.passTop(out.Size, out.N)
				if !yield(out) {
					return
				}
				l.skip(out.N)
			}
		}
	}
}

// readLayers reads the stack and, unless a state goes on behind it, the end of the file.
func (f *SummaryFile) readLayers() []layer {
	f.r.Begin(stackTag)
	f.layers = newLayerReader(f.r, f.chunks, f.before, f.s.replay.told, f.opts)
	list := f.layers.all()
	if f.s.behind == nil {
		f.r.Close()
	}
	if f.r.Err() != nil {
		return nil
	}
	return list
}

// end requires that nothing follows the sums but an empty stack.
func (f *SummaryFile) end() {
	if f.r.Err() == nil {
		f.checkDepths(f.s.replay.beside.seen.chunks)
	}
	f.r.Begin(stackTag)
	f.r.Close()
}

// fill reads the chunks and the deferred requests into the summary.
func (f *SummaryFile) fill() {
	r := f.s.replay
	r.index = sim.NewIndex()
	once := r.index.Restore(func(yield func([]sim.Key) bool) {
		for b := f.next(); b.of != "" && yield(b.keys); b = f.next() {
			if b.of == reqsTag {
				f.keepRequests(b)
			} else {
				f.keepSizes(b)
			}
		}
	})
	if !once {
		f.r.Fail("%v", errKeyTwice)
	}
	if f.r.Err() != nil {
		return
	}
	f.checkSizes()
	if f.r.Err() != nil {
		return
	}
	if f.s.behind != nil {
		f.fillState()
		return
	}
	f.fillStack()
}

// fillStack reads the stack, whose chunks are known.
func (f *SummaryFile) fillStack() {
	r := f.s.replay
	if !math.IsInf(r.told, -1) {
		r.node.advance(r.told)
	}
	r.node.stack.ReorderLayers(f.stackLayers())
}

// keepSizes makes the chunks of a block known that no deferred request brings.
func (f *SummaryFile) keepSizes(b *block) {
	first := 0
	for _, run := range b.sizes {
		if f.opts.Cache.Admit == 0 {
			f.s.replay.node.stack.Learn(run.end-first, run.size)
		}
		f.sizes.add(b.first+run.end, run.size)
		first = run.end
	}
}

// keepRequests adds the requests of a block, and the chunks that they bring.
func (f *SummaryFile) keepRequests(b *block) {
	d := f.s.replay.deferred
	f.eachRequest(b, func(q *deferredRequest, _ []sim.Key) bool {
		f.s.replay.node.stack.Learn(q.brings, q.size)
		return true
	})
	d.requests.addPage(requestPage{b.requests, uint32(b.first), len(b.keys)})
	d.brought = f.chunks
	b.requests = nil // the page has it
}
