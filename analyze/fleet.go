package analyze

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/routing"
)

// Fleet replays the logs once and returns what nodes with caches of their own hit, for each way to deal requests to them, beside one
// cache for all. Every way has a replay of its own, and all run side by side from one reading of the logs.
//
// It fails as [Run] does, and with a [*NoSessionError] if a routing needs sessions and the log has none.
func Fleet(ctx context.Context, files *log.Files, opts FleetOptions) (*FleetReport, error) {
	if err := opts.Check(); err != nil {
		return nil, err
	}
	opts.OnHits = nil
	warmup, err := warmupRequests(ctx, files, &opts.Options)
	if err != nil {
		return nil, err
	}
	var found *sourceSurvey
	if opts.Sources && opts.OnRow != nil && !files.Streams() { // or rows would be handed out twice
		if found, err = surveySources(ctx, files, &opts.Options); err != nil {
			return nil, err
		}
	}
	f := newFleet(&opts, found.nodes(files), warmup)
	read, err := f.run(ctx, files)
	if isNamed(err) && !files.Streams() {
		if found, err = surveySources(ctx, files, &opts.Options); err != nil {
			return nil, err
		}
		f = newFleet(&opts, found.nodes(files), warmup)
		read, err = f.run(ctx, files)
	}
	if err != nil {
		return nil, err
	}
	if err := f.nothing(read); err != nil {
		return nil, &NothingError{Why: err, Log: read.stats}
	}
	unusable := f.unusable(files, found)
	if found == nil && len(unusable) > len(files.EmptyFolders()) && !files.Streams() { // the others are a smaller fleet
		f = newFleet(&opts, f.usable(), warmup)
		if read, err = f.run(ctx, files); err != nil {
			return nil, err
		}
	}
	report, err := f.report(read)
	if err != nil {
		return nil, err
	}
	report.Unusable = unusable
	return report, ctx.Err()
}

// fleet holds the replays of one pass.
type fleet struct {
	opts    *FleetOptions
	sources []string // that are nodes; nil if requests are dealt
	pool    *replay  // one cache for all requests
	dealt   []dealt
}

// dealt is one way to deal requests to nodes.
type dealt struct {
	nodes   int
	routing string
	listed  []int // the capacities that it covers, as indices in FleetOptions.Capacities
	replay  *replay

	needsSession bool
}

// newFleet returns replays that nothing has gone through. sources are the nodes, if each source is one.
func newFleet(opts *FleetOptions, sources []string, warmup int64) *fleet {
	f := &fleet{opts: opts}
	nodes, routings := opts.Nodes, opts.Routings
	if opts.Sources {
		f.sources = sources
		nodes, routings = []int{len(f.sources)}, []routing.Routing{{}}
	}
	for _, r := range routings {
		for _, n := range nodes {
			f.deal(n, r)
		}
	}
	pooled := opts.Options
	pooled.OnRow = nil
	pooled.Capacities = slices.Concat(opts.Capacities, f.pooledCapacities(nodes))
	f.pool = newReplay(&pooled, f.followed())
	for _, r := range f.replays() {
		r.warmupRequests = warmup
	}
	return f
}

// followed returns what caches that evict in batches need; nil if none is simulated. They have no grid.
func (f *fleet) followed() *followed {
	if !f.opts.Cache.simulated() {
		return nil
	}
	return &followed{}
}

// deal adds the replays of a routing to a number of nodes.
func (f *fleet) deal(nodes int, by routing.Routing) {
	all := make([]int, len(f.opts.Capacities))
	for i := range all {
		all[i] = i
	}
	lists, grid := [][]int{all}, f.opts.Grid
	if f.cacheAware(by) {
		lists, grid = slices.Collect(slices.Chunk(all, 1)), nil
	}
	for _, listed := range lists {
		opts := f.opts.Options
		opts.Capacities, opts.Grid, opts.By = nil, grid, []Dimension{byNode}
		for _, i := range listed {
			opts.Capacities = append(opts.Capacities, f.opts.Capacities[i])
		}
		f.dealt = append(f.dealt, dealt{nodes, f.nameOf(by), listed, f.newReplay(nodes, by, &opts), !f.opts.Sources && by.NeedsSession()})
	}
}

// cacheAware reports whether a routing asks what nodes hold.
func (f *fleet) cacheAware(by routing.Routing) bool { return !f.opts.Sources && by.CacheAware() }

// nameOf returns the name of a routing in the report.
func (f *fleet) nameOf(by routing.Routing) string {
	if f.opts.Sources {
		return SourcesRouting
	}
	return by.String()
}

// newReplay returns the replay of a routing to a number of nodes.
func (f *fleet) newReplay(nodes int, by routing.Routing, opts *Options) *replay {
	r := newReplayOn(nodes, opts, f.followed())
	settings := routing.Settings{Seed: f.opts.Seed, Load: f.opts.Load}
	r.dealer = &dealer{}
	for _, n := range r.nodes {
		n.ids = newNodeIDs()
	}
	r.rows.ofNodes(f.names(nodes))
	switch {
	case f.opts.Sources:
		r.dealer.sources, r.dealer.requests = make(map[string]int), make([]int64, nodes)
		for i, s := range f.sources {
			r.dealer.sources[s] = i
		}
	case by.CacheAware():
		r.aware = newAware(nodes, by, opts, settings)
	default:
		r.dealer.router = by.New(nodes, settings)
	}
	if f.opts.Elsewhere {
		r.elsewhere = newElsewhere(opts)
	}
	if f.opts.SharedTier != nil {
		r.shared = newSharedTier(f.opts, opts)
		r.inBytes = opts.inBytes([]units.Capacity{*f.opts.SharedTier})
	}
	return r
}

// names returns the names of a number of nodes.
func (f *fleet) names(nodes int) []string {
	if f.opts.Sources {
		return f.sources
	}
	list := make([]string, nodes)
	for i := range list {
		list[i] = strconv.Itoa(i)
	}
	return list
}

// replays returns the replays of the pass.
func (f *fleet) replays() []*replay {
	list := []*replay{f.pool}
	for i := range f.dealt {
		list = append(list, f.dealt[i].replay)
	}
	return list
}

// run replays the logs.
func (f *fleet) run(ctx context.Context, files *log.Files) (*passed, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, err := openLogs(ctx, files, &f.opts.Options, "replaying")
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	records := &reading{reader: reader, sieve: NewSieve(f.opts.Filter)}
	n := newNumbering(records, &f.opts.Options, sim.NewIndex(), sharedBatches)
	n.keepKeys = true
	if err := n.replayOn(f.replays(), cancel); err != nil {
		return nil, err
	}
	return newPassed(files, records), reader.Err()
}

// nothing says why there is nothing to report; nil if there is.
func (f *fleet) nothing(p *passed) error {
	if err := nothing(f.pool, p); err != nil {
		return err
	}
	for i := range f.dealt {
		if d := &f.dealt[i]; d.needsSession && d.replay.dealer.sessions == 0 {
			return &NoSessionError{d.routing}
		}
	}
	return nil
}

// NoSessionError says that a routing needs sessions, and the log has none.
type NoSessionError struct{ Routing string }

func (e *NoSessionError) Error() string {
	return fmt.Sprintf("routing %s needs sessions, and no record has a session_id", e.Routing)
}

// usable returns the sources with requests.
func (f *fleet) usable() []string { return f.sourcesThat(true) }

// unused returns the sources without requests.
func (f *fleet) unused() []string { return f.sourcesThat(false) }

func (f *fleet) sourcesThat(have bool) (list []string) {
	for i, s := range f.sources {
		if f.dealt[0].replay.dealer.requests[i] > 0 == have {
			list = append(list, s)
		}
	}
	return list
}

// unusable returns the sources that would be nodes but have no request. found is nil if no pass has looked for them.
func (f *fleet) unusable(files *log.Files, found *sourceSurvey) []UnusableNode {
	out := []UnusableNode{}
	if !f.opts.Sources {
		return out
	}
	for _, e := range files.EmptyFolders() {
		out = append(out, UnusableNode{Node: e.Path, Why: e.Why})
	}
	unused := f.unused()
	if found != nil {
		unused = found.unused
	}
	for _, s := range unused {
		out = append(out, UnusableNode{Node: s, Why: f.whyUnusable(), Kept: files.Streams()})
	}
	return out
}

// whyUnusable says why a source has no request. Its log may well be usable if a filter leaves out the records.
func (f *fleet) whyUnusable() string {
	if f.opts.Filter != (Filter{}) {
		return "no usable record passes the filters"
	}
	return "no usable record"
}

// Check reports what contradicts itself in the options.
func (o *FleetOptions) Check() error {
	if err := o.Options.Check(); err != nil {
		return err
	}
	switch {
	case o.Sources && len(o.Nodes)+len(o.Routings) > 0:
		return errors.New("if each source is a node, there are no numbers of nodes and no routings")
	case !o.Sources && (len(o.Nodes) == 0 || len(o.Routings) == 0):
		return errors.New("a fleet needs numbers of nodes and routings, or sources as nodes")
	case len(o.Capacities) == 0 && o.OnRow == nil:
		return errors.New("a fleet needs capacities of a node")
	case o.Cache.Policy != nil:
		return &ListedOnlyError{o.Cache.name(), "fleet"}
	case o.Cache.Admit > 0:
		return errors.New("a fleet has no admission")
	case o.bounded():
		return errors.New("a fleet has no largest capacity")
	case o.MatchUnit != MatchUnit{} || o.rechunked() || len(o.Granularities) > 0:
		return errors.New("a fleet counts hits to the chunk of the log, and has no match unit and no larger chunks")
	case len(o.Targets) > 0 || o.Rolling != nil || o.Tiers != nil || o.TTLs != nil || len(o.By) > 0 || o.Models || o.Heat || o.Stats || o.Requests || o.Reuse:
		return errors.New("a fleet has no targets, windows, tiers, lists of TTLs, classes and statistics")
	case o.SharedTier != nil && o.Cache.simulated():
		return errors.New("a shared tier needs nodes that evict one chunk at a time")
	case o.Grid != nil && o.Cache.simulated():
		return errors.New("nodes that evict in batches are simulated at the listed capacities, so a fleet of them has no grid")
	}
	for i, n := range o.Nodes {
		if n < 1 || n > MaxNodes {
			return fmt.Errorf("%d nodes: must be from 1 to %d", n, MaxNodes)
		}
		if slices.Contains(o.Nodes[:i], n) {
			return fmt.Errorf("%d nodes are given twice", n)
		}
	}
	for i, r := range o.Routings {
		if slices.Contains(o.Routings[:i], r) {
			return fmt.Errorf("routing %s is given twice", r)
		}
	}
	return o.checkRows()
}

// checkRows reports what leaves it open which requests have a row, or what they hit.
func (o *FleetOptions) checkRows() error {
	aware := func(r routing.Routing) bool { return r.CacheAware() }
	switch {
	case o.OnRow == nil:
		return nil
	case len(o.Nodes) > 1 || len(o.Routings) > 1:
		return errors.New("rows are those of one number of nodes and one routing")
	case slices.ContainsFunc(o.Routings, aware) && len(o.Capacities) != 1:
		return errors.New("rows of a cache-aware routing are those of one capacity")
	case o.SharedTier != nil:
		return errors.New("rows have no shared tier")
	}
	return nil
}
