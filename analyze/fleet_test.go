package analyze

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/routing"
	"hashlog/sim/simtest"
)

// plainFleet is a cache a node, each a plain one, and perhaps a pool behind them.
type plainFleet struct {
	nodes   []*simtest.LRU
	ageless []*simtest.LRU // the same without a TTL
	pool    *simtest.LRU   // nil: none

	plain                // of all nodes together
	shared               int64
	sizes                map[sim.Key]int64  // as the pool has them
	counted              []*simtest.Outcome // in the pool
	sharedBytes, written int64
	elsewhere            FleetMissTokens
	tokens               []int64 // by node
	end                  float64 // time of the last touches
	asks                 bool    // for what other nodes hold
}

// newPlainFleet returns plain caches of a capacity.
func newPlainFleet(nodes int, c units.Capacity, opts FleetOptions) *plainFleet {
	f := &plainFleet{tokens: make([]int64, nodes), sizes: map[sim.Key]int64{}, asks: opts.Elsewhere, elsewhere: FleetMissTokens{Elsewhere: new(int64)}}
	of := func(c units.Capacity, ttl time.Duration) *simtest.LRU {
		cache := newPlainLRU(c.Limit(), c.Unit, opts.TouchOrder)
		cache.Policy = simtest.Policy{StoreDelay: opts.Cache.StoreDelay.Seconds(), TTL: ttl.Seconds(), Watermark: opts.Cache.Watermark}
		return cache
	}
	for range nodes {
		f.nodes = append(f.nodes, of(c, opts.Cache.TTL))
		f.ageless = append(f.ageless, of(c, 0))
	}
	if opts.SharedTier != nil {
		f.pool = of(*opts.SharedTier, opts.Cache.TTL)
	}
	if opts.Cache.TTL > 0 {
		f.miss.Expired = &f.expired
	}
	return f
}

// request sends a request to a node.
func (f *plainFleet) request(node int, rec *log.Record, keys []sim.Key, counted bool) {
	size, _ := rec.ChunkBytes()
	best := 0
	for i, c := range f.nodes {
		if i != node && f.asks {
			best = max(best, f.prefix(c, rec.Timestamp, keys))
		}
	}
	out, ageless := f.nodes[node].RequestAt(rec.Timestamp, keys, size), f.ageless[node].RequestAt(rec.Timestamp, keys, size)
	held := make([]bool, len(keys))
	if f.pool != nil {
		out := f.pool.RequestAt(rec.Timestamp, keys, size)
		held = out.Resident
		if counted {
			f.counted = append(f.counted, out)
		}
	}
	for _, key := range keys {
		if _, ok := f.sizes[key]; !ok {
			f.sizes[key] = size
		}
	}
	if !counted {
		return
	}
	f.total += rec.SeqLen
	f.tokens[node] += rec.SeqLen
	left, hit, before := rec.SeqLen, true, f.hits
	for i := range keys {
		tokens := min(rec.ChunkSize, left)
		left -= tokens
		f.cacheable += tokens
		resident := out.Resident[i] || held[i]
		hit = hit && resident
		kinds := &f.miss
		if !hit && i < best {
			*f.elsewhere.Elsewhere += tokens
			kinds = &MissTokens{Expired: new(int64)}
		}
		switch {
		case hit:
			f.hits += tokens
			if !out.Resident[i] {
				f.shared += tokens
				f.sharedBytes += f.sizes[keys[i]]
			}
		case resident:
			kinds.BrokenPrefix += tokens
		case out.Cold[i]:
			kinds.Cold += tokens
		case out.TooOld[i] && ageless.Resident[i]:
			*kinds.Expired += tokens
		default:
			kinds.Capacity += tokens
		}
	}
	f.miss.Tail += left
	f.requestHits = append(f.requestHits, f.hits-before)
}

// prefix returns how many leading chunks a node and the pool hold together.
func (f *plainFleet) prefix(node *simtest.LRU, now float64, keys []sim.Key) int {
	held := make([]bool, len(keys))
	if f.pool != nil {
		held = f.pool.LookUpAt(now, keys).Resident
	}
	for i, resident := range node.LookUpAt(now, keys).Resident {
		if !resident && !held[i] {
			return i
		}
	}
	return len(keys)
}

// replay deals all requests.
func (f *plainFleet) replay(router routing.Router, records []log.Record, keys [][]sim.Key, entries []log.Entry, opts FleetOptions, warmup int) {
	asked := &plainAsked{plainFleet: f, loads: routing.NewLoads(len(f.nodes), opts.Load)}
	for i := range records {
		q := &routing.Request{Time: entries[i].Timestamp, Keys: entries[i].AppendKeys(nil), ChunkSize: entries[i].ChunkSize, Tokens: entries[i].SeqLen, Session: string(entries[i].SessionID)}
		asked.now, asked.keys = q.Time, keys[i]
		asked.loads.Advance(q.Time)
		node := router.Route(q, asked)
		asked.loads.Add(node, q, f.prefix(f.nodes[node], q.Time, keys[i]))
		f.request(node, &records[i], keys[i], i >= warmup)
	}
	for _, c := range f.nodes {
		c.Flush()
	}
	if f.pool != nil {
		f.pool.Flush()
	}
	for _, out := range f.counted {
		for _, key := range out.Inserted {
			f.written += f.sizes[key]
		}
	}
	f.end = records[len(records)-1].Timestamp + opts.Cache.StoreDelay.Seconds()
}

// plainAsked is what a router learns of a plain fleet.
type plainAsked struct {
	*plainFleet
	loads *routing.Loads
	now   float64
	keys  []sim.Key // of the request at hand
}

func (a *plainAsked) Loads() []routing.Load { return a.loads.Nodes() }

func (a *plainAsked) Matches() (matches []int) {
	for _, c := range a.nodes {
		matches = append(matches, c.LookUpAt(a.now, a.keys).HitPrefix)
	}
	return matches
}

// copies returns how many chunks are resident on how many nodes.
func (f *plainFleet) copies() []ChunkCopies {
	on := map[sim.Key]int{}
	for _, c := range f.nodes {
		for chunk := range c.All() {
			if c.TTL == 0 || f.end-chunk.Touched <= c.TTL {
				on[chunk.Key]++
			}
		}
	}
	count := map[int]int64{}
	for _, n := range on {
		count[n]++
	}
	out := []ChunkCopies{}
	for n := 1; n <= len(f.nodes); n++ {
		if count[n] > 0 {
			out = append(out, ChunkCopies{n, count[n]})
		}
	}
	return out
}

// plainKeysOf numbers the chunks of records as keys.
func plainKeysOf(records []log.Record) (keys [][]sim.Key) {
	known := map[string]sim.Key{}
	for _, rec := range records {
		var request []sim.Key
		for _, hash := range rec.ChunkHashes {
			name := chunkName(rec, hash, false)
			if _, ok := known[name]; !ok {
				known[name] = sim.Key(len(known))
			}
			request = append(request, known[name])
		}
		keys = append(keys, request)
	}
	return keys
}

// runFleet replays records through a fleet.
func runFleet(t testing.TB, files *log.Files, opts FleetOptions) *FleetReport {
	t.Helper()
	report, err := Fleet(context.Background(), files, opts)
	require.NoError(t, err)
	return report
}

// entriesOf returns records as a replay sees them.
func entriesOf(t testing.TB, files *log.Files) (entries []log.Entry) {
	t.Helper()
	reader, err := openLogs(context.Background(), files, &Options{}, "")
	require.NoError(t, err)
	defer reader.Close()
	for reader.Scan() {
		var e log.Entry
		reader.Take(&e)
		entries = append(entries, e)
	}
	require.NoError(t, reader.Err())
	return entries
}

// TestFleetEqualsPlainLRUs compares fleets with a plain cache a node, chunk by chunk, at many capacities and with all settings.
func TestFleetEqualsPlainLRUs(t *testing.T) {
	for seed := range seeds(10) {
		rng := rand.New(rand.NewPCG(seed, 16))
		kind := []string{"alike", "by model", "unknown"}[seed%3]
		records := randomRecords(rng, kind, 120)
		for i := range records {
			if i%5 > 0 {
				records[i].SessionID = fmt.Sprint("s", rng.IntN(9))
			}
		}
		files := findLog(t, records)
		opts := FleetOptions{Nodes: []int{1, 2 + rng.IntN(6)}, Seed: seed, Elsewhere: seed%2 == 0}
		for _, name := range []string{"round-robin", "random", "prefix:1", "prefix:3", "session", "longest-prefix", "dynamo", "sglang", "aibrix", "llm-d", "production-stack"} {
			r, err := routing.Parse(name)
			require.NoError(t, err)
			opts.Routings = append(opts.Routings, r)
		}
		for _, n := range []int64{1, 5, 20, 60, 300} {
			opts.Capacities = append(opts.Capacities, units.InChunks(n))
			if kind != "unknown" {
				opts.Capacities = append(opts.Capacities, units.InBytes(10*n))
			}
		}
		opts.Capacities = append(opts.Capacities, units.Capacity{Unit: units.Unlimited})
		opts.Load = []routing.LoadModel{{Window: 30 * time.Second}, {PrefillRate: 20, DecodeTime: 3 * time.Second}}[seed/2%2]
		opts.TouchOrder = sim.Order(rng.IntN(2))
		opts.Cache.StoreDelay = time.Duration(rng.IntN(2)*rng.IntN(9)) * time.Second
		opts.Cache.TTL = time.Duration(rng.IntN(2)*(5+rng.IntN(200))) * time.Second
		switch {
		case seed%5 == 3:
			opts.Cache.Watermark = &sim.Watermark{Trigger: 0.9, Ratio: 0.3}
		case seed%4 == 1:
			shared := units.InChunks(30 + rng.Int64N(100))
			opts.SharedTier, opts.Elsewhere = &shared, seed%8 == 1
		}
		warmup := rng.IntN(2) * 50
		opts.Warmup.Fraction = float64(warmup) / float64(len(records))
		report := runFleet(t, files, opts)
		require.Len(t, report.Fleet, len(opts.Routings)*len(opts.Nodes)*len(opts.Capacities))
		compareFleet(t, fmt.Sprintf("seed %d", seed), report, records, entriesOf(t, files), opts, warmup)
	}
}

// compareFleet compares each figure of a report with plain caches.
func compareFleet(t *testing.T, name string, report *FleetReport, records []log.Record, entries []log.Entry, opts FleetOptions, warmup int) {
	t.Helper()
	keys := plainKeysOf(records)
	at := 0
	for _, by := range opts.Routings {
		for _, n := range opts.Nodes {
			for _, c := range opts.Capacities {
				name := fmt.Sprintf("%s, %s to %d nodes of %v", name, by, n, c)
				plain := newPlainFleet(n, c, opts)
				size, _ := records[0].ChunkBytes()
				settings := routing.Settings{Seed: opts.Seed, Load: opts.Load, NodeChunks: chunksIn(c, size)}
				plain.replay(by.New(n, settings), records, keys, entries, opts, warmup)
				got := report.Fleet[at]
				require.Equal(t, plain.hits, got.HitTokens, name)
				require.Equal(t, plain.total, got.TotalTokens, name)
				require.Equal(t, plain.copies(), got.Copies, name)
				want := FleetMissTokens{MissTokens: plain.miss}
				if opts.Elsewhere {
					want.Elsewhere = plain.elsewhere.Elsewhere
				}
				require.Equal(t, want, got.MissTokens, name)
				if opts.SharedTier != nil {
					require.Equal(t, plain.shared, *got.SharedTokens, name)
					require.Equal(t, plain.shared, got.SharedTier.Tokens, name)
					if got.SharedTier.Bytes != nil {
						require.Equal(t, plain.sharedBytes, *got.SharedTier.Bytes, name)
						require.Equal(t, plain.written, *got.SharedTier.BytesWritten, name)
					}
				}
				require.InDelta(t, float64(slices.Max(plain.tokens))*float64(n)/float64(plain.total), got.LoadImbalance, 1e-9, name)
				at++
			}
		}
	}
}

// TestFleetOfOneNode is a replay of one cache, figure by figure.
func TestFleetOfOneNode(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 17)), "by model", 300)
	files := findLog(t, records)
	opts := FleetOptions{Nodes: []int{1}, Elsewhere: true}
	opts.Capacities = []units.Capacity{units.InChunks(30), units.InBytes(700), {Unit: units.Unlimited}}
	opts.Cache.TTL = 40 * time.Second
	r, err := routing.Parse("round-robin")
	require.NoError(t, err)
	opts.Routings = []routing.Routing{r}
	want := runLog(t, records, opts.Options)
	got := runFleet(t, files, opts)
	require.Equal(t, want.Results, got.Results)
	require.Equal(t, want.Input, got.Input)
	for i, r := range want.Results {
		f := got.Fleet[i]
		require.Zero(t, *f.MissTokens.Elsewhere)
		require.Equal(t, r.MissTokens, f.MissTokens.MissTokens)
		require.Equal(t, []int64{r.HitTokens, r.ChunkHits, *r.Evictions, *r.ResidentChunks}, []int64{f.HitTokens, f.ChunkHits, f.Evictions, f.ResidentChunks})
		require.Equal(t, r.HitTokens, got.Pooled[i].HitTokens)
		require.Equal(t, r.HitTokens, got.Nodes[0].Results[i].HitTokens)
	}
}

// TestFleetOfSources gives each folder a cache of its own, as replays of each folder alone do.
func TestFleetOfSources(t *testing.T) {
	var dirs []string
	var want, requests int64
	capacity := units.InChunks(25)
	for i := range 5 {
		records := randomRecords(rand.New(rand.NewPCG(uint64(i), 18)), "alike", 60+20*i)
		dir := t.TempDir()
		var text []byte
		for j := range records {
			var err error
			text, err = log.AppendRecord(text, &records[j])
			require.NoError(t, err)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, "lookup_hashes_20240101_000000_000001.jsonl"), text, 0o644))
		dirs = append(dirs, dir)
		alone := runLog(t, records, Options{Capacities: []units.Capacity{capacity}})
		want += alone.Results[0].HitTokens
		requests += alone.Input.Requests
	}
	files, err := log.Find(context.Background(), dirs, nil)
	require.NoError(t, err)
	opts := FleetOptions{Sources: true}
	opts.Capacities = []units.Capacity{capacity}
	opts.Grid = &GridOptions{}
	got := runFleet(t, files, opts)
	require.Equal(t, "sources", got.Fleet[0].Routing)
	require.Equal(t, want, got.Fleet[0].HitTokens)
	require.Equal(t, requests, got.Input.Requests)
	require.Len(t, got.Nodes, 5)
	for i, n := range got.Nodes {
		require.Equal(t, dirs[i], n.Node)
		require.EqualValues(t, 60+20*i, n.Requests)
	}
	for _, p := range got.Points {
		if p.Routing == "sources" && *p.NodeCapacity.Chunks == 25 {
			require.Equal(t, want, p.HitTokens)
		}
	}
	require.NotEmpty(t, got.Points)
}

// TestUnusableNodes leaves out folders without logs and logs without a usable record.
func TestUnusableNodes(t *testing.T) {
	good, empty, bad := t.TempDir(), t.TempDir(), t.TempDir()
	records := randomRecords(rand.New(rand.NewPCG(3, 19)), "alike", 50)
	var text []byte
	for i := range records {
		text, _ = log.AppendRecord(text, &records[i])
	}
	name := "lookup_hashes_20240101_000000_000001.jsonl"
	require.NoError(t, os.WriteFile(filepath.Join(good, name), text, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(bad, name), []byte("{}\nno record\n"), 0o644))
	files, err := log.Find(context.Background(), []string{empty, good, bad}, nil)
	require.NoError(t, err)
	opts := FleetOptions{Sources: true}
	opts.Capacities = []units.Capacity{units.InChunks(25)}
	got := runFleet(t, files, opts)
	require.Len(t, got.Unusable, 2)
	require.Equal(t, []string{empty, bad}, []string{got.Unusable[0].Node, got.Unusable[1].Node})
	require.Len(t, got.Nodes, 1)
	require.Equal(t, 1, got.Fleet[0].Nodes)
	require.EqualValues(t, 25, *got.Pooled[0].CapacityChunks)
	require.Equal(t, "no usable record", got.Unusable[1].Why)

	files, err = log.Find(context.Background(), []string{empty, "-", bad}, bytes.NewReader(text))
	require.NoError(t, err)
	streamed := runFleet(t, files, opts)
	require.Equal(t, []UnusableNode{got.Unusable[0], {Node: bad, Why: "no usable record", Kept: true}}, streamed.Unusable)
	require.Len(t, streamed.Nodes, 2)
	require.EqualValues(t, 50, *streamed.Pooled[0].CapacityChunks)

	opts.MaxRequests = 10
	files, err = log.Find(context.Background(), []string{empty, good, bad}, nil)
	require.NoError(t, err)
	got = runFleet(t, files, opts)
	require.Equal(t, "no usable record passes the filters", got.Unusable[1].Why)
}

// TestNodesWithoutRequests gives nodes that are dealt nothing results of zeros, at the capacities of the others.
func TestNodesWithoutRequests(t *testing.T) {
	r, err := routing.Parse("round-robin")
	require.NoError(t, err)
	opts := FleetOptions{Nodes: []int{5}, Routings: []routing.Routing{r}}
	opts.Capacities = []units.Capacity{units.InChunks(25), units.InBytes(300), {Unit: units.Unlimited}}
	opts.Cache.TTL = time.Minute
	got := runFleet(t, findLog(t, randomRecords(rand.New(rand.NewPCG(3, 21)), "alike", 3)), opts)
	require.Len(t, got.Nodes, 5)
	for i, n := range got.Nodes {
		require.Len(t, n.Results, 3)
		for j, result := range n.Results {
			require.Equal(t, got.Fleet[j].CapacityBytes, result.CapacityBytes)
			require.Equal(t, got.Fleet[j].CapacityChunks, result.CapacityChunks)
			require.NotNil(t, result.MissTokens.Expired)
			if i >= 3 {
				require.Equal(t, MissTokens{Expired: new(int64)}, result.MissTokens)
			}
		}
	}
}

// TestPointsListedOnce has one point at a capacity that is listed twice.
func TestPointsListedOnce(t *testing.T) {
	var opts FleetOptions
	for _, name := range []string{"random", "longest-prefix"} {
		r, err := routing.Parse(name)
		require.NoError(t, err)
		opts.Routings = append(opts.Routings, r)
	}
	opts.Nodes = []int{2}
	opts.Capacities = []units.Capacity{units.InChunks(25), units.InChunks(40), units.InChunks(25)}
	opts.Cache.Watermark = &sim.Watermark{Trigger: 0.9, Ratio: 0.3}
	got := runFleet(t, findLog(t, randomRecords(rand.New(rand.NewPCG(3, 22)), "alike", 50)), opts)
	require.Len(t, got.Fleet, 6)
	points := map[string]int{}
	for _, p := range got.Points {
		if p.Routing != PoolRouting {
			points[p.Routing+" "+p.CapacityLabel]++
		}
	}
	require.Equal(t, map[string]int{"random 25 chunks": 1, "random 40 chunks": 1, "longest-prefix 25 chunks": 1, "longest-prefix 40 chunks": 1}, points)
}

// TestNoSession refuses a routing by session for a log without sessions.
func TestNoSession(t *testing.T) {
	r, err := routing.Parse("session")
	require.NoError(t, err)
	opts := FleetOptions{Nodes: []int{2}, Routings: []routing.Routing{r}}
	opts.Capacities = []units.Capacity{units.InChunks(25)}
	_, err = Fleet(context.Background(), findLog(t, randomRecords(rand.New(rand.NewPCG(3, 20)), "alike", 50)), opts)
	var none *NoSessionError
	require.ErrorAs(t, err, &none)
	require.Equal(t, "session", none.Routing)
}

// TestNodesCSV expects the figures of the listed capacities at the capacity of the grid that equals one.
func TestNodesCSV(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(5, 21)), "alike", 200)
	opts := FleetOptions{Nodes: []int{3, 5}}
	for _, name := range []string{"round-robin", "sglang"} {
		r, err := routing.Parse(name)
		require.NoError(t, err)
		opts.Routings = append(opts.Routings, r)
	}
	opts.Capacities = []units.Capacity{units.InBytes(128)}
	opts.Grid = &GridOptions{}
	report := runFleet(t, findLog(t, records), opts)
	var out bytes.Buffer
	require.NoError(t, WriteNodesCSV(&out, report))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	want := map[string]FleetNode{}
	for _, n := range report.Nodes {
		want[fmt.Sprint(n.Routing, n.Nodes, n.Node)] = n
	}
	found := 0
	for _, row := range rows[1:] {
		n := want[row[0]+row[1]+row[2]]
		require.Equal(t, []string{fmt.Sprint(n.Requests), fmt.Sprint(n.TotalTokens)}, []string{row[6], row[8]})
		if row[4] == "128" {
			require.Equal(t, fmt.Sprint(n.Results[0].HitTokens), row[7])
			found++
		}
	}
	require.Equal(t, 16, found)
}

// TestLateRequestsAreDealtAsTheyArrive counts a record that is too late to be sorted towards the load from the latest time before it on.
func TestLateRequestsAreDealtAsTheyArrive(t *testing.T) {
	r, err := routing.Parse("prefix:1:bounded=1")
	require.NoError(t, err)
	f := newFleet(&FleetOptions{Nodes: []int{2}, Routings: []routing.Routing{r}, Load: routing.LoadModel{Window: 10 * time.Second}}, nil, 0)
	dealt := f.dealt[0].replay
	var nodes []int
	for _, at := range []float64{100, 50, 101} { // of one prefix
		b := &requests{entries: []log.Entry{{Timestamp: at, ChunkSize: 1, SeqLen: 1, Hashes: []sim.Key{7}}}, numbered: []sim.Request{{Keys: []sim.Key{7}, Rows: []sim.Row{{First: 0, N: 1}}}}}
		require.NoError(t, dealt.addOf(b, 0))
		nodes = append(nodes, dealt.request.node)
	}
	require.NotEqual(t, nodes[0], nodes[1], "the first is still there")
	require.Equal(t, nodes[0], nodes[2], "both are, and each has one")
	require.NoError(t, dealt.counted())
}

// TestFleetOptions refuses what contradicts itself.
func TestFleetOptions(t *testing.T) {
	parse := func(name string) routing.Routing {
		r, err := routing.Parse(name)
		require.NoError(t, err)
		return r
	}
	one := Options{Capacities: []units.Capacity{units.InChunks(1)}}
	two := []routing.Routing{parse("random"), parse("prefix:2")}
	for want, opts := range map[string]FleetOptions{
		"":                         {Options: one, Nodes: []int{1, 2}, Routings: two},
		"0 nodes: must be from":    {Options: one, Nodes: []int{1, 0}, Routings: two},
		"4 nodes are given twice":  {Options: one, Nodes: []int{4, 1, 4}, Routings: two},
		"random is given twice":    {Options: one, Nodes: []int{4}, Routings: append(two, two[0])},
		"if each source is a node": {Options: one, Sources: true, Nodes: []int{4}},
		"a fleet needs numbers of": {Options: one, Nodes: []int{4}},
		"a fleet needs capacities": {Nodes: []int{4}, Routings: two},
		"a fleet has no admission": {Options: Options{Capacities: one.Capacities, Cache: Cache{Admit: 2}}, Sources: true},
		"a fleet has no targets":   {Options: Options{Capacities: one.Capacities, Stats: true}, Sources: true},
	} {
		err := opts.Check()
		if want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, want)
		}
	}
}

// TestFleetOfNamedSources gives each source that records name a cache of its own, beside those of logs whose records name none, as
// replays of each alone do. A log whose records all name sources is no node, and neither is one without records.
func TestFleetOfNamedSources(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 23))
	dir := t.TempDir()
	paths := []string{filepath.Join(dir, "some.jsonl"), filepath.Join(dir, "all.jsonl"), filepath.Join(dir, "bad.jsonl")}
	texts := make([][]byte, 2)
	alone := make(map[string][]log.Record)
	for i, r := range randomRecords(rng, "alike", 300) {
		if i == 0 || rng.IntN(2) == 0 {
			r.Source = fmt.Sprint("worker ", (i+1)%3)
		}
		n := 0
		if r.Source != "" {
			n = rng.IntN(2)
		}
		texts[n], _ = log.AppendRecord(texts[n], &r)
		of := cmp.Or(r.Source, paths[0])
		alone[of] = append(alone[of], r)
	}
	require.NoError(t, os.WriteFile(paths[0], texts[0], 0o644))
	require.NoError(t, os.WriteFile(paths[1], texts[1], 0o644))
	require.NoError(t, os.WriteFile(paths[2], []byte("no record\n"), 0o644))
	var rows []Row
	for _, onRow := range []func(*Row) error{nil, rowsInto(&rows)} {
		files, err := log.Find(t.Context(), paths, nil)
		require.NoError(t, err)
		opts := FleetOptions{Sources: true}
		opts.Capacities, opts.OnRow = []units.Capacity{units.InChunks(25)}, onRow
		got := runFleet(t, files, opts)
		require.Equal(t, []UnusableNode{{Node: paths[2], Why: "no usable record"}}, got.Unusable)
		require.Len(t, got.Nodes, 4)
		require.Equal(t, paths[0], got.Nodes[0].Node)
		require.Equal(t, "worker 1", got.Nodes[1].Node, "the first that a record names")
		require.EqualValues(t, 100, *got.Pooled[0].CapacityChunks)
		for _, n := range got.Nodes {
			want := runLog(t, alone[n.Node], Options{Capacities: opts.Capacities})
			require.Equal(t, want.Input.Requests, n.Requests)
			require.Equal(t, want.Results[0].HitTokens, n.Results[0].HitTokens)
		}
	}
	require.Len(t, rows, 300)
	for _, r := range rows {
		require.Equal(t, r.Source, r.Node)
	}

	files, err := log.Find(t.Context(), []string{"-"}, bytes.NewReader(texts[1]))
	require.NoError(t, err)
	opts := FleetOptions{Sources: true}
	opts.Capacities = []units.Capacity{units.InChunks(25)}
	_, err = Fleet(t.Context(), files, opts)
	named := (*NamedSourceError)(nil)
	require.ErrorAs(t, err, &named)
	require.ErrorContains(t, err, "stdin:1: the record names its source")
}

// TestTooManySources refuses a log whose records name more sources than a fleet may have nodes.
func TestTooManySources(t *testing.T) {
	var text []byte
	for i := range MaxNodes + 1 {
		text = fmt.Appendf(text, `{"timestamp": %d, "chunk_size": 1, "seq_len": 1, "chunk_hashes": [], "source": "%d"}`+"\n", i, i)
	}
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(path, text, 0o644))
	files, err := log.Find(t.Context(), []string{path}, nil)
	require.NoError(t, err)
	opts := FleetOptions{Sources: true}
	opts.Capacities = []units.Capacity{units.InChunks(25)}
	_, err = Fleet(t.Context(), files, opts)
	require.ErrorContains(t, err, "log:65537: more than 65536 sources")
}
