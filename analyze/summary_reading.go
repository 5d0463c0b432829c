package analyze

import (
	"errors"
	"fmt"
	"io"
	"math"

	"hashlog/analyze/internal/section"
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
		if !f.loadNames("argument", r.deferred.names.args, f.head.Args) || !f.loadNames("salt", r.deferred.names.salts, f.head.Salts) {
			return
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

// loadNames adds names of a kind to an empty list.
func (f *SummaryFile) loadNames(kind string, list *modelNames, names []headText) (ok bool) {
	for i, name := range names {
		if list.find(string(name)) != i {
			f.r.Fail("the %s %q is there twice", kind, string(name))
			return false
		}
	}
	return true
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

// The file as a laterPart. What its methods yield must be taken to the end, in this order.
