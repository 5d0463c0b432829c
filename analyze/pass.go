package analyze

import (
	"context"

	"hashlog/log"
)

const (
	// batchRecords and batchHashes bound what is handed from reading to replaying at once.
	batchRecords = 256
	batchHashes  = 1 << 15
	// batches are how many are on their way, so that neither side waits for the other at every batch, and memory does not
	// depend on which is slower.
	batches = 4
)

// pass reads the logs once, calling f for every record until it wants no more. Reading and decoding go on in a goroutine
// of their own beside f, a few batches ahead of it.
func pass(ctx context.Context, files *log.Files, opts *Options, what string, f func(*log.Entry) (more bool, err error)) (log.Stats, error) {
	reader, err := files.Open(ctx, log.Options{Strict: opts.Strict, AnyDType: opts.BytesPerChunk > 0})
	if err != nil {
		return log.Stats{}, err
	}
	defer reader.Close()
	if opts.OnPass != nil {
		opts.OnPass(what, reader)
	}
	a := readAhead(reader)
	err = a.each(f)
	a.stop()
	if err != nil {
		return log.Stats{}, err
	}
	return reader.Stats(), reader.Err()
}

// batch is a number of records in memory of its own.
type batch struct {
	entries    []log.Entry
	hashes     []uint64 // of all entries, one after another
	requestIDs []byte   // likewise
}

// ahead reads records ahead of whoever replays them.
type ahead struct {
	reader *log.Reader
	full   chan *batch // closed at the end of the logs
	free   chan *batch // closed to stop
	done   chan struct{}
}

func readAhead(reader *log.Reader) *ahead {
	a := &ahead{reader: reader, full: make(chan *batch, batches), free: make(chan *batch, batches), done: make(chan struct{})}
	for range batches {
		a.free <- &batch{}
	}
	go a.read()
	return a
}

func (a *ahead) read() {
	defer close(a.done)
	defer close(a.full)
	for b := range a.free {
		if !b.fill(a.reader) {
			return
		}
		a.full <- b // has room for all
	}
}

// each calls f for every record until it wants no more.
func (a *ahead) each(f func(*log.Entry) (more bool, err error)) error {
	for b := range a.full {
		for i := range b.entries {
			if more, err := f(&b.entries[i]); err != nil || !more {
				return err
			}
		}
		a.free <- b // has room for all
	}
	return nil
}

// stop ends the reading and waits for it.
func (a *ahead) stop() {
	close(a.free)
	<-a.done
}

// fill reads the next records. It returns false if there are none.
func (b *batch) fill(reader *log.Reader) bool {
	b.entries, b.hashes, b.requestIDs = b.entries[:0], b.hashes[:0], b.requestIDs[:0]
	for len(b.entries) < batchRecords && len(b.hashes) < batchHashes && reader.Scan() {
		e := *reader.Entry()
		b.hashes = append(b.hashes, e.Hashes...)
		b.requestIDs = append(b.requestIDs, e.RequestID...)
		b.entries = append(b.entries, e)
	}
	b.own()
	return len(b.entries) > 0
}

// own makes the entries point to the batch's memory, which moves no more.
func (b *batch) own() {
	hashes, ids := b.hashes, b.requestIDs
	for i := range b.entries {
		e := &b.entries[i]
		n, m := len(e.Hashes), len(e.RequestID)
		e.Hashes, hashes = hashes[:n:n], hashes[n:]
		e.RequestID, ids = ids[:m:m], ids[m:]
	}
}
