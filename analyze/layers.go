package analyze

import (
	"iter"

	"hashlog/analyze/internal/section"
	"hashlog/sim"
)

// The encoding of a stack is part of the format of files: see summary_file.go.

// The flags of a layer.
const (
	risingChunks  = 1 << iota // the numbers rise from the top of the stack down
	touchedAgain              // more than once
	expiredChunks             // so are all chunks below
	otherTouch                // at another time than the layer before
	oddTouch                  // with otherTouch: the time is no whole number of microseconds
	layerFlags    = 5         // their number
)

// layer is a part of a stack in which ids are consecutive, and all else is equal.
type layer struct {
	n      int
	first  sim.Chunk
	rising bool
}

// last returns the id of its last chunk.
func (s *layer) last() uint32 {
	if s.rising {
		return s.first.ID + uint32(s.n-1)
	}
	return s.first.ID - uint32(s.n-1)
}

// skip takes n chunks away from the top.
func (s *layer) skip(n int) {
	s.n -= n
	if s.rising {
		s.first.ID += uint32(n)
	} else {
		s.first.ID -= uint32(n)
	}
}

// ids yields the ids from the top down.
func (s *layer) ids() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		step := ^uint32(0) // −1
		if s.rising {
			step = 1
		}
		id := s.first.ID
		for range s.n {
			if !yield(id) {
				return
			}
			id += step
		}
	}
}

// extend adds a chunk if it continues the layer.
func (s *layer) extend(c sim.Chunk) bool {
	id := c.ID
	if c.ID = s.first.ID; c != s.first || s.n == 0 {
		return false
	}
	switch rising := id == s.last()+1; {
	case s.n == 1 && rising:
		s.rising = true
	case rising != s.rising || !rising && id != s.last()-1:
		return false
	}
	s.n++
	return true
}

// layerWriter writes a stack.
type layerWriter struct {
	w     *section.Writer
	now   layer
	last  uint32 // chunk of the layer before
	at    float64
	times timeEncoding
}

// add adds the next chunk from the top down. Its size is not written.
func (e *layerWriter) add(c sim.Chunk) {
	c.Size = 0
	if !e.now.extend(c) {
		e.cut()
		e.now = layer{n: 1, first: c}
	}
}

// addAll adds chunks from the top down. Behind the third one the layer at hand has their direction.
func (e *layerWriter) addAll(l sim.Layer) {
	ids := layer{l.N, l.Chunk, l.Rising}
	for range min(l.N, 3) {
		e.add(ids.first)
		ids.skip(1)
	}
	e.now.n += ids.n
}

// cut writes the layer at hand.
func (e *layerWriter) cut() {
	s := &e.now
	if s.n == 0 {
		return
	}
	flags := uint64(0)
	set := func(flag uint64, is bool) {
		if is {
			flags |= flag
		}
	}
	set(risingChunks, s.rising)
	set(touchedAgain, !s.first.Once)
	set(expiredChunks, s.first.Expired)
	var time int64
	if !s.first.Expired && s.first.Touched != e.at {
		var odd bool
		time, odd = e.times.encode(s.first.Touched)
		e.at = s.first.Touched
		set(otherTouch, true)
		set(oddTouch, odd)
	}
	e.w.Uint(uint64(s.n-1)<<layerFlags | flags)
	e.w.Int(int64(s.first.ID) - int64(e.last))
	if flags&otherTouch != 0 {
		e.w.Int(time)
	}
	e.last = s.last()
}

// layerReader reads a stack. Whatever the file, it yields each chunk at most once, and times in order.
type layerReader struct {
	r      *section.Reader
	chunks int64    // that may be in the stack
	timed  bool     // there are times
	aging  bool     // chunks may have expired
	seen   []uint64 // by chunk, a bit: it is in the stack
	last   uint32   // chunk of the layer before
	at     float64  // the time of its last touches
	first  float64  // no touch is earlier
	latest float64  // no touch of the next layer is later
	bottom bool     // all further chunks have expired
	times  timeEncoding
}

// newLayerReader reads a stack of so many chunks, or fewer, of which none was touched before one time and after another.
func newLayerReader(r *section.Reader, chunks int, first, told float64, opts *Options) *layerReader {
	aging := opts.Cache.TTL > 0
	return &layerReader{r: r, chunks: int64(chunks), timed: aging || opts.TTLs != nil, aging: aging, seen: make([]uint64, (chunks+63)/64), first: first, latest: told}
}

// all reads the layers up to the end of the part. There are none if anything is wrong with one of them.
func (e *layerReader) all() (list []layer) {
	for l, ok := e.next(); ok; l, ok = e.next() {
		list = append(list, l)
	}
	if e.r.Err() != nil {
		return nil
	}
	return list
}

// next reads the next layer; ok is false behind the last one, and after an error.
func (e *layerReader) next() (s layer, ok bool) {
	if !e.r.More() {
		return s, false
	}
	head := e.r.Uint()
	flags := head & (1<<layerFlags - 1)
	s.rising = flags&risingChunks != 0
	s.first = sim.Chunk{Once: flags&touchedAgain == 0, Expired: flags&expiredChunks != 0}
	e.place(&s, head>>layerFlags+1)
	e.time(&s, flags)
	return s, e.r.Err() == nil
}

// place sets the ids of n chunks.
func (e *layerReader) place(s *layer, n uint64) {
	first := int64(e.last) + e.r.Int()
	if n > uint64(e.chunks) || first < 0 || first >= e.chunks || s.rising && int64(n) > e.chunks-first || !s.rising && int64(n) > first+1 {
		e.r.Fail("%d chunks of the stack from number %d on, of %d chunks", n, first, e.chunks)
		return
	}
	s.n, s.first.ID = int(n), uint32(first)
	e.last = s.last()
	for id := range s.ids() {
		if e.seen[id/64]>>(id%64)&1 != 0 {
			e.r.Fail("chunk %d is in the stack twice", id)
			return
		}
		e.seen[id/64] |= 1 << (id % 64)
	}
}

// time sets the time of the last touches.
func (e *layerReader) time(s *layer, flags uint64) {
	if flags&otherTouch != 0 {
		e.at = e.times.decode(e.r.Int(), flags&oddTouch != 0)
	}
	switch {
	case s.first.Expired && !e.aging, e.bottom && !s.first.Expired, flags&otherTouch != 0 && (s.first.Expired || !e.timed):
		e.r.Fail("impossible flags %#x of a part of the stack", flags)
	case s.first.Expired:
		e.bottom = true
	case e.timed && !(finite(e.at) && e.at <= e.latest):
		e.r.Fail("chunks touched at %g s below others of %g s", e.at, e.latest)
	case e.timed && e.at < e.first:
		e.r.Fail("chunks touched at %g s, when others were touched before at %g s", e.at, e.first)
	case e.timed:
		s.first.Touched, e.latest = e.at, e.at
	}
}
