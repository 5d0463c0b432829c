package analyze

import (
	"fmt"
	"math/bits"
	"slices"

	"hashlog/log"
	"hashlog/sim"
)

const (
	// batchRequests and batchKeys bound how many requests go from numbering to replaying at once, and batchRecords how many
	// records are looked at for them, so that what there is to say of a request does not wait for others that are rare.
	batchRequests = 4 * sim.Together
	batchKeys     = 1 << 16
	batchRecords  = 4096
	// batches are how many are on their way, so that neither side waits for the other at every one, and memory does not
	// depend on which is slower.
	batches = 4
)

// numbering takes requests from the reader, filters them and gives their chunks ids, a few batches ahead of the replay: a
// goroutine of its own between those that decode and the one that replays. All that depends on the order of requests
// happens in one of the two, in that order.
//
// For those who change this: a batch owns all that it holds, the entries included, until the replay gives it back.
// TestEntriesStayGood holds that; TestTooManyChunks and TestStoppedInTheMiddle hold how it ends.
type numbering struct {
	reader *log.Reader
	opts   *Options
	sieve  *sieve
	index  *sim.Index
	names  map[string]sim.Key // what a model's name adds to its keys

	full chan *requests // closed at the end
	free chan *requests // closed to stop
	done chan struct{}
}

// requests is a batch.
type requests struct {
	entries []log.Entry
	keys    []sim.Key // of all requests, one after another
	rows    []sim.Row // likewise
	byEntry [][]sim.Row
	byKey   [][]sim.Key
	err     error // met behind these requests
	last    bool  // no more are to come
}

func newNumbering(reader *log.Reader, opts *Options) *numbering {
	n := &numbering{reader: reader, opts: opts, sieve: newSieve(opts.Filter), index: sim.NewIndex(), names: make(map[string]sim.Key),
		full: make(chan *requests, batches), free: make(chan *requests, batches), done: make(chan struct{})}
	for range batches {
		n.free <- &requests{}
	}
	return n
}

// run numbers until the end, or until it is stopped.
func (n *numbering) run() {
	defer close(n.done)
	defer close(n.full)
	for b := range n.free {
		n.fill(b)
		n.full <- b // has room for all
		if b.last {
			return
		}
	}
}

// stop ends the goroutine and waits for it.
func (n *numbering) stop() {
	close(n.free)
	<-n.done
}

// fill takes the next requests.
func (n *numbering) fill(b *requests) {
	b.reset()
	for records := 0; records < batchRecords && len(b.entries) < batchRequests && len(b.keys) < batchKeys; records++ {
		if b.last = n.sieve.full() || !n.reader.Scan(); b.last {
			break
		}
		if n.sieve.passes(n.reader.Entry()) {
			e := b.another()
			n.reader.Take(e)
			b.keys = n.appendKeys(b.keys, e)
		}
	}
	b.split()
	for start := 0; start < len(b.entries); start += sim.Together {
		end := min(start+sim.Together, len(b.entries))
		n.index.Expect(b.byKey[start:end])
		for i := start; i < end; i++ {
			if b.err = n.number(b, i); b.err != nil {
				b.entries = b.entries[:i]
				return
			}
		}
	}
}

// number numbers the chunks of request i of a batch.
func (n *numbering) number(b *requests, i int) error {
	start := len(b.rows)
	rows, err := n.index.Number(b.byKey[i], b.rows)
	if err != nil {
		return fmt.Errorf("%s:%d: %w: replay less of the logs (--since, --until, --max-requests)", b.entries[i].File, b.entries[i].Line, err)
	}
	b.rows = rows
	b.byEntry = append(b.byEntry, rows[start:len(rows):len(rows)])
	return nil
}

func (b *requests) reset() {
	*b = requests{entries: b.entries[:0], keys: b.keys[:0], rows: b.rows[:0], byEntry: b.byEntry[:0], byKey: b.byKey[:0]}
}

// another returns room for one more entry, with the memory of the one that was there.
func (b *requests) another() *log.Entry {
	n := len(b.entries)
	b.entries = slices.Grow(b.entries, 1)[:n+1]
	return &b.entries[n]
}

// split cuts the keys up by request, once they move no more.
func (b *requests) split() {
	keys := b.keys
	for i := range b.entries {
		n := len(b.entries[i].Hashes)
		b.byKey = append(b.byKey, keys[:n])
		keys = keys[n:]
	}
}

// appendKeys appends the cache keys of a record's chunks: 64-bit fingerprints of model name and hash.
func (n *numbering) appendKeys(keys []sim.Key, e *log.Entry) []sim.Key {
	var name sim.Key
	if !n.opts.IgnoreModel {
		var ok bool
		if name, ok = n.names[e.ModelName]; !ok {
			name = sim.Key(log.Fingerprint([]byte(e.ModelName)))
			n.names[e.ModelName] = name
		}
	}
	for _, hash := range e.Hashes {
		keys = append(keys, mix(hash)^name)
	}
	return keys
}

// mix spreads the bits of a hash's fingerprint, so that a name and a hash that change places make another key.
func mix(fingerprint uint64) sim.Key {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio
	return sim.Key(bits.RotateLeft64(fingerprint*odd, 31))
}
