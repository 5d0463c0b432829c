package analyze

import (
	"context"
	"fmt"
	"math"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// Run replays logs once and returns everything that was asked for. A fractional warm-up needs a counting pass before, and
// capacities that are to be followed but were not given one more.
// Bad records do not fail it; they are in the report. It fails with an error of the reader's (a bad record under Strict,
// a file that cannot be read, a cancelled context), with a *[NothingError] if no record is left to count, and if a
// capacity is asked for in bytes but sizes are unknown.
func Run(ctx context.Context, files *log.Files, opts Options) (*Report, error) {
	if err := opts.Check(); err != nil {
		return nil, err
	}
	warmupRequests, err := countWarmup(ctx, files, &opts)
	if err != nil {
		return nil, err
	}
	ahead, err := lookAhead(ctx, files, &opts, warmupRequests)
	if err != nil {
		return nil, err
	}
	return replayOnce(ctx, files, &opts, "replaying", warmupRequests, ahead)
}

// replayOnce replays the logs in one pass.
func replayOnce(ctx context.Context, files *log.Files, opts *Options, what string, warmupRequests int64, ahead *ahead) (*Report, error) {
	r := newReplay(files, opts, ahead)
	r.warmupRequests = warmupRequests
	stats, err := r.all(ctx, what)
	if err != nil {
		return nil, err
	}
	if err := r.finished(stats); err != nil {
		return nil, &NothingError{Why: err, Log: stats}
	}
	report, err := r.report(stats)
	if err != nil {
		return nil, err
	}
	return report, ctx.Err()
}

// NothingError says that no record was left to count, and why.
type NothingError struct {
	Why error
	Log log.Stats // what the reader met on the way
}

func (e *NothingError) Error() string { return e.Why.Error() }

func (e *NothingError) Unwrap() error { return e.Why }

// replay carries requests from the reader through the stack to what counts them.
type replay struct {
	opts    *Options
	files   *log.Files
	sieve   *Sieve // once all has been replayed
	stack   *sim.Stack
	inBytes *units.Capacity // one that is asked for in bytes, nil if there is none
	ahead   *ahead          // nil unless something had to be known before

	input   input
	tally   tally
	batched *batched // nil unless the cache evicts in batches
	models  modelTally
	roller  *roller // nil without windows
	tiers   *tiers  // nil without tiers
	audit   *audit  // nil without audit

	now     float64   // the latest timestamp so far, in seconds: it never goes back
	held    int64     // bytes that the reader held at once
	waiting []waiting // lookups whose touches are still to take effect, in order

	warmupRequests int64
	warmupUntil    float64
	counting       bool
	counted        int64   // requests
	before         []int64 // resident chunks before the first touches that count, by listed capacity

	uniform int64 // the size of all chunks before the request at hand, 0 if there is none
	demand  []row
}

func newReplay(files *log.Files, opts *Options, ahead *ahead) *replay {
	r := &replay{opts: opts, files: files, inBytes: opts.inBytes(ahead.listed()), stack: sim.NewStack(opts.TouchOrder),
		input: newInput(), ahead: ahead, now: math.Inf(-1), warmupUntil: math.Inf(-1)}
	if opts.Cache.TTL > 0 {
		r.stack.SetTTL(opts.Cache.TTL.Seconds())
	}
	if opts.Cache.Watermark != nil {
		r.batched = newBatched(append(opts.listed(), ahead.listed()...), opts.Cache)
	}
	r.tally.expires = opts.Cache.TTL > 0
	r.models = newModelTally(r.parts(opts.Capacities))
	if opts.Rolling != nil {
		rolling := *opts.Rolling
		if len(rolling.Capacities) == 0 && ahead != nil {
			rolling.Capacities = ahead.lines
		}
		r.roller = newRoller(rolling.Window, rolling.Capacities, r.parts(rolling.Capacities))
	}
	if opts.Tiers != nil {
		r.tiers = newTiers(opts.Tiers)
	}
	if opts.Audit {
		r.audit = newAudit()
	}
	return r
}

// all replays the logs.
func (r *replay) all(ctx context.Context, what string) (log.Stats, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, err := openLogs(ctx, r.files, r.opts, what)
	if err != nil {
		return log.Stats{}, err
	}
	defer reader.Close()
	n := newNumbering(reader, r.opts)
	go n.run()
	if err := r.each(n); err != nil {
		cancel() // the numbering may wait for a stream
		n.stop()
		return log.Stats{}, err
	}
	n.stop()
	r.touchWaiting()
	r.sieve = n.sieve
	r.held = reader.Held()
	return reader.Stats(), reader.Err()
}

// each replays what comes from the numbering.
func (r *replay) each(n *numbering) error {
	for b := range n.full {
		for i := range b.entries {
			if err := r.add(&b.entries[i], b.byEntry[i]); err != nil {
				return err
			}
		}
		if b.err != nil {
			return b.err
		}
		n.free <- b // has room for all
	}
	return nil
}

// add replays one request, whose chunks have been numbered.
func (r *replay) add(e *log.Entry, rows []sim.Row) error {
	size := r.opts.chunkBytes(e)
	r.startCounting(e)
	r.reach(e.Timestamp)
	runs, touches := r.stack.LookUp(rows, size)
	if r.inBytes != nil && !r.stack.SizesKnown() {
		return r.noBytes(e)
	}
	if err := r.input.add(e, size); err != nil {
		return err
	}
	r.checkGeometry(e)
	if r.audit != nil {
		r.audit.add(e)
	}
	r.followSizes()
	if r.counting {
		if err := r.count(e, runs); err != nil {
			return at(e, err)
		}
	}
	r.touchLater(touches)
	if r.tiers != nil && r.tiers.writes.err != nil {
		return at(e, r.tiers.writes.err)
	}
	return nil
}

// noBytes explains why there can be no capacity in bytes from a record on.
func (r *replay) noBytes(e *log.Entry) error {
	why := "this record has no dtypes and shapes to tell a chunk's size by"
	switch g := r.opts.Geometry; {
	case g != nil:
		why = fmt.Sprintf("with this record's chunks of %d tokens, %d bytes each, all sizes exceed 2^63 bytes", e.ChunkSize, g.BytesPerToken)
	case e.ChunkBytes > 0:
		why = fmt.Sprintf("with this record's chunks of %d bytes on %d ranks all sizes exceed 2^63 bytes", e.ChunkBytes, max(r.opts.Ranks, 1))
	}
	return at(e, fmt.Errorf("capacity %s is in bytes, but %s: give --model-config (a model's config.json) or --bytes-per-chunk, or the capacity in chunks", r.inBytes, why))
}

// at locates an error in a record.
func at(e *log.Entry, err error) error {
	return fmt.Errorf("%s:%d: %w", log.Quoted(e.File), e.Line, err)
}

// startCounting ends the warm-up if the record at hand is the first beyond it.
func (r *replay) startCounting(e *log.Entry) {
	if r.counting {
		return
	}
	if r.input.Requests == 0 && r.opts.Warmup.Duration > 0 {
		r.warmupUntil = e.Timestamp + r.opts.Warmup.Duration.Seconds()
	}
	if r.input.Requests < r.warmupRequests || e.Timestamp < r.warmupUntil {
		return
	}
	r.counting = true
}

// residents returns how many chunks are resident now, by listed capacity.
func (r *replay) residents() []int64 {
	if r.batched != nil {
		return r.batched.residents(r.opts.Capacities)
	}
	out := make([]int64, len(r.opts.Capacities))
	for i, c := range r.opts.Capacities {
		switch c.Unit {
		case units.Bytes:
			out[i] = r.stack.ResidentInBytes(c.N)
		case units.Chunks:
			out[i] = r.stack.ResidentInChunks(c.N)
		case units.Unlimited:
			out[i] = r.stack.Resident()
		}
	}
	return out
}

// followSizes makes the tally count bytes apart as soon as chunks have unlike sizes, and no more when a size turns out
// to be unknown.
func (r *replay) followSizes() {
	size, one := r.stack.UniformSize()
	switch {
	case !r.stack.SizesKnown():
		r.tally.dropBytes()
	case !one && r.uniform > 0:
		r.tally.countBytes(r.uniform)
	}
	r.uniform = size
}

// count adds a request of the counted part to everything that sums requests.
func (r *replay) count(e *log.Entry, runs []sim.Run) error {
	r.counted++
	t := tokens{chunkSize: e.ChunkSize, seqLen: e.SeqLen}
	r.demand = t.demand(r.demand[:0], runs)
	r.tally.add(t, runs, r.demand)
	if r.batched != nil {
		r.batched.count(r.demand, r.tally.resident, r.tally.old)
	}
	r.models.add(r.input.model, r.input.Models[r.input.model].Name, t, r.demand)
	if r.roller != nil {
		r.roller.add(e.Timestamp, t, r.demand)
	}
	if r.tiers != nil {
		return r.tiers.add(e.Timestamp, t, runs)
	}
	return nil
}

// finished refuses a replay that has nothing to say.
func (r *replay) finished(stats log.Stats) error {
	if r.sieve.Read == 0 && stats.Beyond != nil {
		return r.sieve.Nothing(stats)
	}
	if r.sieve.Read == 0 && len(stats.Foreign) > 0 {
		return fmt.Errorf("no usable record: %s", stats.Foreign[0])
	}
	if r.sieve.Read == 0 && stats.EmptyFiles == int64(r.files.Len()) {
		return fmt.Errorf("no usable record: %s", stats.EmptyNote())
	}
	if r.sieve.Read == 0 {
		return fmt.Errorf("no usable record: looked for JSON lines with timestamp, chunk_size, seq_len and chunk_hashes in %s (for token ids and CSV there is hashlog convert)", few(r.files.Paths()))
	}
	if r.sieve.Passed == 0 {
		return r.sieve.Nothing(stats)
	}
	if !r.counting {
		return fmt.Errorf("the warm-up of %s covers all %d requests: nothing is left to count", r.opts.Warmup, r.sieve.Passed)
	}
	return nil
}

// few lists the first paths, and how many more there are.
func few(paths []string) string {
	const most = 3
	var names []string
	for _, path := range paths[:min(most, len(paths))] {
		names = append(names, log.Quoted(path))
	}
	list := strings.Join(names, ", ")
	if more := len(paths) - most; more > 0 {
		list += fmt.Sprintf(" and %d more files", more)
	}
	return list
}

// String returns a warm-up as it is written.
func (w Warmup) String() string {
	if w.Duration > 0 {
		return units.FormatDuration(w.Duration)
	}
	return fmt.Sprint(w.Fraction)
}
