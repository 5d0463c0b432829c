package analyze

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"

	"hashlog/analyze/internal/section"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// SummaryFile is the file of a summary whose head has been read. What follows can be read once, by Read or by [Summary.ThenFile], a block
// at a time. The errors of a file are those of its reader, or they name a byte.
type SummaryFile struct {
	r    *section.Reader
	head *summaryHead
	opts *Options

	s      *Summary // without its chunks and deferred requests
	block  block    // the last one
	more   bool     // it is behind those of deferred requests
	chunks int      // so far
	sizes  sizeRuns // of these
	left   leftOver // for the deferred requests that have yet to come
	layers *layerReader
	tops   []topOf // what the stack must have; see state_file.go
	passed topOf   // so far of the stack, if there are tops
	now    float64 // of the last deferred request
	before float64 // the time of the last touch of what it is joined with
}

// leftOver is how much of what a summary's input has is not counted anywhere else. It bounds what can be counted later.
type leftOver struct {
	requests                 int64
	tokens, lookups, touches int64 // of counted requests
}

// leftFor returns how much of the input is left for deferred requests.
func (s *sums) leftFor() leftOver {
	in, counted := &s.input.sum, &s.tally.totals
	return leftOver{in.Requests, in.TotalTokens - counted.tokens, in.ChunkLookups - counted.lookups, in.ChunkLookups - counted.touches}
}

// take takes a deferred request of so many chunks away. It reports whether there was as much.
func (l *leftOver) take(q *deferredRequest, chunks int) bool {
	l.requests--
	if q.counted {
		l.tokens -= q.seqLen
		l.lookups -= int64(chunks)
		l.touches -= int64(q.brings)
	}
	return min(l.requests, l.tokens, l.lookups, l.touches) >= 0
}

// OpenSummary reads the head of a file that Encode has written. r must stay as it is as long as the file is read.
func OpenSummary(r io.Reader) (*SummaryFile, error) {
	in, err := section.NewReader(r)
	if err != nil {
		return nil, err
	}
	f := &SummaryFile{r: in, now: math.Inf(-1), before: math.Inf(-1)}
	in.Begin(headTag)
	text := in.Text()
	if err := in.Err(); err != nil {
		return nil, err
	}
	if f.head, err = parseHead(text); err == nil {
		f.opts, err = f.head.Settings.Options()
	}
	if err == nil {
		err = f.head.check(f.opts)
	}
	if err != nil {
		in.Fail("%v", err)
		return nil, in.Err()
	}
	f.opts.Since, f.opts.Until = f.head.Span.Since, f.head.Span.Until
	return f, nil
}

// Settings returns what the summary fixes.
func (f *SummaryFile) Settings() *SummarySettings { return &f.head.Settings }

// Span returns what the summary covers.
func (f *SummaryFile) Span() *Span {
	s := f.head.span()
	return &s
}

// Open reports whether something may have come before the summary.
func (f *SummaryFile) Open() bool { return f.head.Open }

// Behind returns how far a state has read the logs; nil if the summary is none.
func (f *SummaryFile) Behind() *log.Behind { return f.head.behind() }

// IsState reports whether the summary is a state.
func (f *SummaryFile) IsState() bool { return f.head.State != nil }

// Caches returns whose sums these are: more than 1 if caches stand beside one another.
func (f *SummaryFile) Caches() int { return f.head.Caches }

// ReadSummary reads what Encode has written.
func ReadSummary(r io.Reader) (*Summary, error) {
	f, err := OpenSummary(r)
	if err != nil {
		return nil, err
	}
	return f.Read()
}

// ThenFile joins a summary with the one of the stretch that follows it, as Then does. It reads the file a block at a time.
func (s *Summary) ThenFile(next *SummaryFile) error {
	if next.load(); next.err() != nil {
		return next.err()
	}
	next.before = s.replay.told
	err := s.join(next)
	if errors.Is(err, errKeyTwice) {
		next.r.Fail("%v", err)
		return next.err()
	}
	return err
}

// Read reads the summary into memory.
func (f *SummaryFile) Read() (*Summary, error) {
	f.load()
	if f.r.Err() == nil && f.s.replay.node != nil {
		f.fill()
	} else {
		f.end()
	}
	if err := f.r.Err(); err != nil {
		return nil, err
	}
	return f.s, nil
}

// load reads the sums.
func (f *SummaryFile) load() {
	if f.s != nil || f.r.Err() != nil {
		return
	}
	f.s = newSummary(f.opts)
	f.s.span, f.s.caches, f.s.behind = f.head.span(), f.head.Caches, f.head.behind()
	f.s.read = f.head.passed(f.opts.Filter)
	r := f.s.replay
	if f.head.Open {
		r.deferred = newDeferred()
		for i, name := range f.head.Args {
			if r.deferred.args.find(string(name)) != i {
				f.r.Fail("the argument %q is there twice", string(name))
				return
			}
		}
	}
	f.r.Begin(playTag)
	r.load(f.r)
	r.sums.load(f.r)
	f.left = r.sums.leftFor()
	if (r.beside != nil) != (f.head.Caches > 1) {
		f.r.Fail("%d caches", f.head.Caches)
	}
}

// block is a block of chunks, and what is said of them.
type block struct {
	first    int // number of the first chunk
	keys     []sim.Key
	of       string   // reqsTag or moreTag; "" if there is no block
	requests []byte   // with reqsTag
	sizes    sizeRuns // with moreTag, by number from first on
}

// next reads the next block of chunks, into the memory of the last one. of is "" if there is none.
func (f *SummaryFile) next() *block {
	b := &f.block
	*b = block{first: f.chunks, keys: b.keys[:0], requests: b.requests[:0], sizes: b.sizes[:0]}
	if f.r.Next() != keysTag {
		f.checkDepths(int64(f.chunks))
		return b
	}
	for f.r.Begin(keysTag); f.r.More(); {
		b.keys = f.r.AppendFixed64(b.keys)
	}
	f.chunks += len(b.keys)
	switch of := f.r.Next(); {
	case f.chunks > sim.MaxChunks:
		f.r.Fail("%d chunks, more than there can be", f.chunks)
	case of == reqsTag && f.s.replay.deferred != nil && !f.more:
		f.r.Begin(reqsTag)
		b.of, b.requests = of, f.r.Blob(b.requests)
	default:
		f.r.Begin(moreTag)
		b.of, f.more = moreTag, true
		f.readSizes(b)
	}
	if f.r.Err() != nil {
		b.of = ""
	}
	return b
}

// The histograms of a file may take so many bytes, whatever its length, and so many for each of its bytes. Real ones take some 200 for each;
// single hits far apart, each on a page of its own, some 600.
const (
	freeForDepths    = 256 << 20 // for hits up to a depth of 1.4 × 10⁹ chunks
	perByteForDepths = 1 << 10
)

// checkDepths requires that no sum is of a hit deeper than a number of chunks, and that the file is long enough for the memory that the
// sums take for each depth once they are used. The number alone does not do: caches beside one another have no keys that bear it out.
func (f *SummaryFile) checkDepths(chunks int64) {
	if f.opts.bounded() && f.opts.MaxCapacity.Unit == units.Bytes {
		chunks = 1024*chunks + 1<<16 // there may have been more of smaller chunks
	}
	if deepest := f.s.replay.sums.deepest(); deepest > chunks {
		f.r.Fail("hits at a depth of %d chunks, of %d chunks", deepest, chunks)
		return
	}
	if bytes := f.s.replay.sums.tally.chunks.Memory(); bytes > freeForDepths+perByteForDepths*f.r.Read() {
		f.r.Fail("histograms that take %d bytes of memory, in a file of so few", bytes)
	}
}

// readSizes reads the sizes of the chunks of a block.
func (f *SummaryFile) readSizes(b *block) {
	for end := 0; end < len(b.keys); {
		n := f.r.UpTo(int64(len(b.keys)-end), "a number of chunks")
		size := f.r.UpTo(sim.Never, "a size")
		if n == 0 {
			f.r.Fail("chunks without a size")
		}
		if f.r.Err() != nil {
			return
		}
		end += int(n)
		b.sizes.add(end, size)
	}
}

// eachRequest calls do for the requests of a block, as long as that returns true, and returns whether it always did. The first one comes
// with the keys of all. It checks what the text of the requests alone cannot tell.
func (f *SummaryFile) eachRequest(b *block, do func(q *deferredRequest, keys []sim.Key) bool) bool {
	d := newRequestDecoder(b.requests, uint32(b.first))
	var q deferredRequest
	left := len(b.keys)
	for keys := b.keys; d.more(); keys = nil {
		err := d.request(&q)
		if err == nil && !f.possible(&q, int(d.next)-q.brings, left) {
			err = fmt.Errorf("a request of %d tokens refers to what is not there", q.seqLen)
		}
		if err != nil {
			f.r.Fail("%v", err)
			return false
		}
		left -= q.brings
		if f.sizes.add(int(d.next), q.size); !do(&q, keys) {
			return false
		}
	}
	if left > 0 {
		f.r.Fail("%d keys of no request", left)
	}
	return f.r.Err() == nil
}

// possible reports whether a request fits to the summary, to so many chunks that are known before it, and to those that it may bring.
func (f *SummaryFile) possible(q *deferredRequest, known, keys int) bool {
	chunks, _ := countRuns(q.runs)
	aged := 0
	for _, a := range q.ages {
		aged += a.N
	}
	if f.opts.TTLs != nil {
		aged -= chunks
	}
	switch r := f.s.replay; {
	case q.now < f.now, q.now > r.told, q.counted && r.before != nil && q.now < r.before.now:
		return false
	case q.brings > keys, int(q.model) >= len(r.sums.names.list), int(q.arg) >= max(len(f.head.Args), 1), aged != 0:
		return false
	case slices.ContainsFunc(q.runs, func(run sim.Run) bool { return !f.possibleRun(run, known) }):
		return false
	}
	f.now = q.now
	return f.left.take(q, chunks)
}

// possibleRun reports whether a run fits to the summary, and to so many chunks that are known before it.
func (f *SummaryFile) possibleRun(run sim.Run, known int) bool {
	all := f.s.replay.sizes
	switch {
	case run.Refused, run.Expired && f.opts.Cache.TTL == 0:
		return false
	case run.Need.Chunks == sim.Never:
		return !run.Expired
	case max(run.Need.Chunks, run.NeedAt(run.N-1).Chunks) > int64(known):
		return false
	case !all.known:
		return true
	case all.unlike:
		return run.Need.Bytes != sim.Never
	}
	return run.Size == all.one && run.Need.Bytes == run.Need.Chunks*run.Size
}

// The file as a laterPart. What its methods yield must be taken to the end, in this order.

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

// checkSizes requires that the sizes of the chunks are among those that the summary has met.
func (f *SummaryFile) checkSizes() {
	r := f.s.replay
	switch chunks := sizesOf(r.node.stack); {
	case r.sizes.and(chunks) != r.sizes:
		f.r.Fail("chunk sizes %v, which are not among %v", chunks, r.sizes)
	case r.inBytes != nil && !r.sizes.known:
		f.r.Fail("chunks of unknown size, and a capacity of %s", r.inBytes)
	}
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
	n, d := 0, f.s.replay.deferred
	f.eachRequest(b, func(q *deferredRequest, _ []sim.Key) bool {
		n++
		f.s.replay.node.stack.Learn(q.brings, q.size)
		return true
	})
	d.requests.addPage(requestPage{b.requests, uint32(b.first), len(b.keys)}, n)
	d.brought = f.chunks
	b.requests = nil // the page has it
}
