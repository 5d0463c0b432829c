package analyze

import (
	"io"

	"hashlog/analyze/internal/section"
	"hashlog/sim"
)

// The files of summaries.
//
// A file is written and read front to back, a block at a time. Package section says how its parts are stored: numbers are those of that
// package, unless fixed. The parts, by their tags:
//
//	head  a text: JSON, as summaryHead has it
//	play  the state of the replay but for its stack (replay_file.go)
//	…     the counts of all counters, a part each (sums_file.go)
//	keys  keys of chunks in order of first sight, 8 bytes each, not compressed. They are numbered from 0 on through all parts of this tag.
//	reqs  deferred requests, which bring the chunks of the part before: a text of at most some 256 KiB, unless one request has more
//	more  chunks that no deferred request brings, those of the part before: stretches (number, bytes of each chunk; 0: unknown) until all
//	      have a size
//	stck  the chunks of the stack, from the top down
//
// A state has two more before stck, and one behind it: look, held and wait (state_file.go).
//
// There is one each of head and play. Any number of pairs of keys and reqs follow, then of keys and more, and one stck. A closed summary
// has no deferred requests. One of several caches beside one another has no keys, and an empty stack.
//
// Deferred requests are encoded one after another, each as these numbers, integers unless said otherwise:
//
//	flags         the bits of requestFlags
//	time          without oddTime: microseconds, less those of the last request of the text that had no oddTime, 0 before it;
//	              with oddTime: the bits of the float, less those of the request before, 0 for the first
//	now           a float, with lateRequest; otherwise as time
//	model         unsigned, with otherModel: its place among the models of the input's counter; otherwise as the request before, 0 for the first; so are the next 3
//	chunk size    unsigned, with otherChunkSize
//	size          unsigned, with otherSize
//	arg           unsigned, with otherArg: its place in the head's args
//	salt          unsigned, with otherSalt: its place in the head's salts
//	seq_len       less the number of chunks × chunk size
//	runs          unsigned: their number. Then each: unsigned, 4 × (its chunks − 1) + its kind; unsigned, its depth in chunks, unless it
//	              is a neverRun; with unlikeRuns, what follows below
//	rows          with otherRows: unsigned, their number. Then each: its first number, less the one behind the row before, or the next
//	              new one for the first row; unsigned, its chunks − 1. Without otherRows, the never-seen chunks have the next new numbers.
//	ages          with requestWithAges: unsigned, their number. Then each: unsigned, its chunks − 1; a float, seconds
//
// With unlikeRuns, a run has unsigned flags (expiredRun, refusedRun, runWithBytes), with runWithBytes its unsigned depth in bytes, and
// the unsigned bytes of each chunk. Otherwise each chunk has the size of the request, and the depth in bytes is the depth in
// chunks × the size, unknown if that is 0. A depth in bytes that does not fit into 63 bits is unknown.
//
// The stack consists of layers of consecutive numbers, each as these:
//
//	chunks  unsigned: 32 × (its chunks − 1) + the bits of a layer
//	first   its first number, less the last one of the layer before, 0 for the first layer
//	time    of the last touches, with otherTouch: as the time of requests, with oddTouch for oddTime; otherwise as the layer before
//
// All this is part of the format, not to be changed. What follows it in a later version has a version of its own: section.Version.

// SummaryMagic begins the file of a summary.
const SummaryMagic = section.Magic

// The tags of parts.
const (
	headTag  = "head"
	playTag  = "play"
	keysTag  = "keys"
	reqsTag  = "reqs"
	moreTag  = "more"
	stackTag = "stck"
)

// blockKeys is how many keys are in a block of chunks that no deferred request brings.
const blockKeys = 128 << 10

// Encode writes the summary to a file.
func (s *Summary) Encode(w io.Writer) error {
	f := &summaryWriter{Writer: section.NewWriter(w), replay: s.replay}
	head, err := headOf(s).text()
	if err != nil {
		return err
	}
	f.Begin(headTag, true)
	f.Text(head)
	f.Begin(playTag, true)
	s.replay.ofAll().save(f.Writer)
	s.replay.ofAll().sums.save(f.Writer)
	switch {
	case s.replay.beside != nil:
		f.Begin(stackTag, true)
	case s.behind != nil:
		f.state(s)
	default:
		f.part(inMemory{s})
	}
	return f.Close()
}

// summaryWriter writes the chunks of a summary.
type summaryWriter struct {
	*section.Writer
	replay *replay

	// Chunks that the requests bring, and that are known under other ids too; nil if there can't be any.
	brought *sim.Index
	aliases []uint32 // in the file, by the number of a chunk in the part that is written, less the number of those that the requests bring
	n       int      // chunks in the file

	keys []sim.Key // memory
	rows []sim.Row // memory
}

// part writes the deferred requests, the further chunks and the stack.
func (f *summaryWriter) part(p laterPart) {
	d := f.replay.deferred
	if d != nil {
		f.requests(d)
	}
	f.more(p)
	f.stack(p)
}

// requests writes the deferred requests and their keys, page by page.
func (f *summaryWriter) requests(d *deferred) {
	if d.keys != nil {
		f.brought = sim.NewIndex()
		f.number(d.keys)
	}
	for _, page := range d.requests.pages {
		f.Begin(keysTag, false)
		for keys := range d.keysFrom(int(page.first), page.keys, f.replay.index) {
			f.AllFixed64(keys)
		}
		f.Begin(reqsTag, true)
		f.Blob(page.data)
	}
	f.n = d.chunks()
}

// more writes the chunks that no request brings.
func (f *summaryWriter) more(p laterPart) {
	var sizes sizeRuns
	first := f.n
	for keys, size := range p.moreKeys() {
		for keys = f.further(keys); len(keys) > 0; {
			if f.n == first {
				f.Begin(keysTag, false)
			}
			n := min(len(keys), first+blockKeys-f.n)
			f.AllFixed64(keys[:n])
			f.n, keys = f.n+n, keys[n:]
			if sizes.add(f.n-first, size); f.n-first == blockKeys {
				f.sizes(sizes)
				sizes, first = sizes[:0], f.n
			}
		}
	}
	if f.n > first {
		f.sizes(sizes)
	}
}

// further returns the keys of those chunks that the requests don't bring. It notes the numbers that the chunks have in the file.
func (f *summaryWriter) further(keys []sim.Key) []sim.Key {
	if f.brought == nil {
		return keys
	}
	f.keys = f.keys[:0]
	for i := range keys {
		known := f.brought.Len()
		f.aliases = append(f.aliases, f.number(keys[i : i+1])[0].First)
		if f.brought.Len() > known {
			f.keys = append(f.keys, keys[i])
		}
	}
	return f.keys
}

// number numbers keys in brought. The index of the replay has had room for them, so this one has.
func (f *summaryWriter) number(keys []sim.Key) []sim.Row {
	f.rows, _ = f.brought.Number(keys, f.rows[:0])
	return f.rows
}

// sizes writes the sizes of the chunks whose keys have just been written.
func (f *summaryWriter) sizes(sizes sizeRuns) {
	f.Begin(moreTag, true)
	first := 0
	for _, run := range sizes {
		f.Uint(uint64(run.end - first))
		f.Uint(uint64(run.size))
		first = run.end
	}
}

// stack writes the chunks of the stack.
func (f *summaryWriter) stack(p laterPart) {
	f.Begin(stackTag, true)
	brought := f.replay.deferred.chunks()
	e := layerWriter{w: f.Writer}
	for c := range p.stack() {
		if f.aliases != nil && int(c.ID) >= brought {
			c.ID = f.aliases[int(c.ID)-brought]
		}
		e.add(c)
	}
	e.cut()
}
