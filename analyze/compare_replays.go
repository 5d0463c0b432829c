package analyze

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"hashlog/analyze/units"
	"hashlog/sim/policy"
)

// replays are all caches at all capacities.
type replays struct {
	report *Report
	trace  *policy.Trace
	opts   *CompareOptions
	of     []*replayed // by capacity: those listed, then those of the grid
	listed int

	jobs []job
	done atomic.Int64
}

// replayed is what all caches did at one capacity.
type replayed struct {
	asked    units.Capacity
	capacity policy.Capacity
	results  []policy.Result // by cache; zero for the optimum
	hits     [][]int64       // by cache, in tokens: with each of its seeds
	feasible int64           // of the optimum alone, in tokens
	bound    int64           // in tokens
}

func newReplays(report *Report, trace *policy.Trace, opts *CompareOptions) (*replays, error) {
	r := &replays{report: report, trace: trace, opts: opts, listed: len(opts.Capacities)}
	capacities := slices.Clone(opts.Capacities)
	if opts.Points > 0 {
		grid, err := report.Curve.Grid(GridOptions{Points: opts.Points})
		if err != nil {
			return nil, err
		}
		capacities = append(capacities, grid.listed()...)
	}
	for _, c := range capacities {
		r.of = append(r.of, &replayed{asked: c, capacity: replayCapacity(c), results: make([]policy.Result, len(opts.Caches)), hits: make([][]int64, len(opts.Caches))})
	}
	r.jobs = r.allJobs()
	return r, nil
}

// replayCapacity returns a capacity as replays take it.
func replayCapacity(c units.Capacity) policy.Capacity {
	if c.Unit == units.Unlimited {
		return policy.Capacity{N: math.MaxInt64}
	}
	return policy.Capacity{N: c.N, InBytes: c.Unit == units.Bytes}
}

// progress returns how many replays are done, and how many there are.
func (r *replays) progress() (done, total int64) { return r.done.Load(), int64(len(r.jobs)) }

// run replays all caches at all capacities, as many at once as there are processors.
func (r *replays) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, job := range r.jobs {
		group.Go(func() error {
			err := ctx.Err()
			if err == nil {
				err = job(ctx)
			}
			r.done.Add(1)
			return err
		})
	}
	return group.Wait()
}

// job is one replay.
type job func(context.Context) error

// allJobs returns all replays. What the optimum needs at every capacity is found first, while others are replayed.
func (r *replays) allJobs() []job {
	if !r.opts.comparesOptimum() {
		return r.cacheJobs()
	}
	optimum := once(func(ctx context.Context) (*policy.Optimum, error) {
		return policy.NewOptimum(ctx, r.trace)
	})
	first := func(ctx context.Context) error {
		_, err := optimum(ctx)
		return err
	}
	return slices.Concat([]job{first}, r.cacheJobs(), r.optimumJobs(optimum))
}

// cacheJobs replays all caches but the optimum.
func (r *replays) cacheJobs() (jobs []job) {
	for i, c := range r.opts.Caches {
		if c.optimum {
			continue
		}
		order := c.order(r.opts.TouchOrder)
		for n, at := range r.of {
			seeds := c.spec.Seeds(policySeeds)
			if n >= r.listed {
				seeds = seeds[:1] // the grid has no spread
			}
			at.hits[i] = make([]int64, len(seeds))
			for seed, spec := range seeds {
				jobs = append(jobs, func(ctx context.Context) error {
					did, err := r.trace.Replay(ctx, spec, at.capacity, order)
					at.hits[i][seed] = did.Hit
					if seed == 0 {
						at.results[i] = did
					}
					return err
				})
			}
		}
	}
	return jobs
}

// optimumJobs finds what is feasible, and the bound.
func (r *replays) optimumJobs(optimum func(context.Context) (*policy.Optimum, error)) (jobs []job) {
	for _, at := range r.of {
		feasible := func(ctx context.Context) error {
			o, err := optimum(ctx)
			if err == nil {
				at.feasible, err = o.Feasible(ctx, at.capacity)
			}
			return err
		}
		bound := func(ctx context.Context) error {
			o, err := optimum(ctx)
			if err == nil {
				at.bound, err = o.Bound(ctx, at.capacity)
			}
			return err
		}
		jobs = append(jobs, feasible, bound)
	}
	return jobs
}

// once returns a function that calls f once, and returns the same every time.
func once[T any](f func(context.Context) (T, error)) func(context.Context) (T, error) {
	var do sync.Once
	var v T
	var err error
	return func(ctx context.Context) (T, error) {
		do.Do(func() { v, err = f(ctx) })
		return v, err
	}
}

// comparesOptimum reports whether the optimum is among the caches.
func (o *CompareOptions) comparesOptimum() bool {
	return slices.ContainsFunc(o.Caches, ComparedCache.isOptimum)
}

// at builds the figures at one capacity.
func (r *replays) at(of *replayed) ComparedCapacity {
	at := ComparedCapacity{Asked: of.asked}
	at.Bytes, at.Chunks = r.report.Curve.listed(of.asked)
	if r.opts.comparesOptimum() {
		of.feasible = max(of.feasible, r.best(of))
	}
	for i, c := range r.opts.Caches {
		if c.optimum {
			at.Caches = append(at.Caches, r.row(of, OptFeasible, of.feasible), r.row(of, OptBound, of.bound))
			continue
		}
		result := r.result(of, c, of.results[i])
		result.Spread = newSpread(of.hits[i], r.report.Curve.totals.tokens)
		at.Caches = append(at.Caches, result)
	}
	if r.opts.comparesOptimum() {
		at.Bottlenecks = r.bottlenecks(of)
	}
	return at
}

// row builds a result of which only the hit tokens are known.
func (r *replays) row(of *replayed, name string, hitTokens int64) CacheResult {
	out := CacheResult{Cache: name, HitTokens: hitTokens, TokenHitRate: Rate(hitTokens, r.report.Curve.totals.tokens), LRU: r.report.lruOf(hitTokens, of.asked)}
	out.CapacityBytes, out.CapacityChunks = r.report.Curve.listed(of.asked)
	return out
}

func (r *replays) result(of *replayed, c ComparedCache, did policy.Result) CacheResult {
	out := r.row(of, c.String(), did.Hit)
	out.CapacityBytes, out.CapacityChunks = r.report.Curve.listedTaking(c.spec, of.asked)
	order, rate := OrderName(c.order(r.opts.TouchOrder)), Rate(did.ChunkHits, r.report.Curve.totals.lookups)
	out.TouchOrder, out.ChunkHits, out.ChunkHitRate, out.Evictions = &order, &did.ChunkHits, &rate, &did.Evictions
	if r.report.Curve.Unit == units.Bytes {
		out.BytesWritten = &did.Written
	}
	return out
}

// best returns the most tokens that any of the caches hits that doesn't know the future.
func (r *replays) best(of *replayed) (hitTokens int64) {
	for _, did := range of.results { // that of the optimum is zero
		hitTokens = max(hitTokens, did.Hit)
	}
	return hitTokens
}
