package analyze

import (
	"context"
	"slices"

	"hashlog/log"
	"hashlog/sim"
)

// reading takes records from the reader and filters them.
type reading struct {
	reader *log.Reader
	sieve  *Sieve
}

// next reads the next requests. It begins to fetch their hashes, which the goroutines that decode have in their caches, so
// that numbering them doesn't wait.
func (r *reading) next(b *requests) {
	chunks := 0
	for records := 0; records < batchRecords && len(b.entries) < batchRequests && chunks < batchChunks; records++ {
		if b.last = r.sieve.Full() || !r.reader.Scan(); b.last {
			r.sieve.Finish(r.reader.Stats())
			break
		}
		if !r.sieve.Admit(r.reader.Entry()) {
			continue
		}
		e := b.another()
		r.reader.Take(e)
		sim.Prefetch(e.Hashes)
		chunks += len(e.Hashes)
	}
	b.read, b.total = r.reader.Progress()
}

// another returns room for one more entry. It reuses the memory of an earlier one.
func (b *requests) another() *log.Entry {
	n := len(b.entries)
	b.entries = slices.Grow(b.entries, 1)[:n+1]
	return &b.entries[n]
}

// openLogs begins a pass over the logs. The caller must close the reader.
func openLogs(ctx context.Context, files *log.Files, opts *Options, what string) (*log.Reader, error) {
	return openLogsBehind(ctx, files, opts, nil, what)
}

// openLogsBehind is openLogs for logs of which something was read before; behind is nil if nothing was.
func openLogsBehind(ctx context.Context, files *log.Files, opts *Options, behind *log.Behind, what string) (*log.Reader, error) {
	reader, err := files.Open(ctx, log.Options{Strict: opts.Strict, AnyDType: opts.sizesGiven(), Since: opts.Since, Until: opts.Until, Part: opts.part, Behind: behind, Formats: opts.Formats})
	if err == nil && opts.OnPass != nil {
		opts.OnPass(what, reader)
	}
	return reader, err
}
