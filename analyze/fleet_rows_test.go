package analyze

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/routing"
)

// rowsInto returns an Options.OnRow that keeps copies of rows.
func rowsInto(rows *[]Row) func(*Row) error {
	return func(r *Row) error {
		*rows = append(*rows, copyRow(r))
		return nil
	}
}

// noted is a router whose dealing is noted.
type noted struct {
	routing.Router
	nodes *[]int
}

func (n noted) Route(q *routing.Request, f routing.Fleet) int {
	node := n.Router.Route(q, f)
	*n.nodes = append(*n.nodes, node)
	return node
}

// repeated deals as another router has dealt before.
type repeated struct{ nodes *[]int }

func (r repeated) Route(*routing.Request, routing.Fleet) int {
	node := (*r.nodes)[0]
	*r.nodes = (*r.nodes)[1:]
	return node
}

// TestFleetRowsEqualPlainCaches compares the rows of fleets with what plain caches of the nodes say of each request alone: its node, and
// its hits at the listed capacities and at all others, where a cache-aware routing keeps the dealing of the listed one.
func TestFleetRowsEqualPlainCaches(t *testing.T) {
	t.Parallel()
	for i, name := range []string{"round-robin", "random", "prefix:2", "longest-prefix", "dynamo", "sglang", "aibrix", "llm-d", "production-stack"} {
		for j, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(uint64(i), uint64(j)))
				opts := FleetOptions{Nodes: []int{1 + rng.IntN(5)}, Routings: parsedRoutings(t, name), Seed: rng.Uint64(), Load: routing.LoadModel{Window: 20 * time.Second}}
				opts.Capacities = []units.Capacity{units.InChunks(30)}
				opts.TouchOrder = sim.Order((i + j) % 2)
				opts.Cache.StoreDelay = time.Duration(rng.IntN(2)*rng.IntN(9)) * time.Second
				opts.Cache.TTL = time.Duration(rng.IntN(2)*(5+rng.IntN(200))) * time.Second
				warmup := rng.IntN(2) * 50
				records := randomRecords(rng, kind, 130)
				opts.Warmup.Fraction = float64(warmup) / float64(len(records))
				compareFleetRows(t, records, opts, warmup, kind != "unknown")
			})
		}
	}
}

func compareFleetRows(t *testing.T, records []log.Record, opts FleetOptions, warmup int, bytes bool) {
	t.Helper()
	files := findLog(t, records)
	want := runFleet(t, files, opts)
	var rows, alone []Row
	opts.OnRow = rowsInto(&rows)
	require.Equal(t, want.Fleet, runFleet(t, files, opts).Fleet, "rows change no figure")
	require.Len(t, rows, len(records)-warmup)
	entries, keys := entriesOf(t, files), plainKeysOf(records)
	plainly := func(router routing.Router, c units.Capacity) (*plainFleet, []int64) {
		f := newPlainFleet(opts.Nodes[0], c, opts)
		f.replay(router, records, keys, entries, opts, warmup)
		return f, f.requestHits
	}
	var nodes []int
	size, _ := records[0].ChunkBytes()
	settings := routing.Settings{Seed: opts.Seed, Load: opts.Load, NodeChunks: chunksIn(opts.Capacities[0], size)}
	fleet, hits := plainly(noted{opts.Routings[0].New(opts.Nodes[0], settings), &nodes}, opts.Capacities[0])
	steps := make([][]Step, len(rows))
	var tail, cold int64
	for i, row := range rows {
		require.Equal(t, records[warmup+i].RequestID, string(row.RequestID))
		require.Equal(t, strconv.Itoa(nodes[warmup+i]), row.Node)
		require.Equal(t, hits[i:i+1], row.Hits)
		steps[i] = unfolded(t, row)
		tail += row.TailTokens
		cold += row.ColdTokens
	}
	require.Equal(t, []int64{fleet.miss.Tail, fleet.miss.Cold}, []int64{tail, cold})
	capacities := []units.Capacity{{Unit: units.Unlimited}}
	for n := int64(1); n < 700; n += 1 + n/2 {
		capacities = append(capacities, units.InChunks(n))
		if bytes {
			capacities = append(capacities, units.InBytes(11*n))
		}
	}
	for _, c := range capacities {
		again := nodes
		_, hits := plainly(repeated{&again}, c)
		for i := range rows {
			require.Equal(t, hits[i], hitsFromSteps(steps[i], c), "counted request %d at %s", i, c)
		}
	}

	one := opts.Options
	one.OnRow = rowsInto(&alone)
	runLog(t, records, one)
	for i, row := range rows {
		require.Equal(t, alone[i].Turn, row.Turn, "a conversation goes on on other nodes")
		require.Equal(t, alone[i].Sizes, row.Sizes)
		require.Empty(t, alone[i].Node)
	}
}

// TestFleetRowsOfSources hands out each row once, though a second pass leaves out the source without a usable record.
func TestFleetRowsOfSources(t *testing.T) {
	var dirs []string
	for i := range 4 {
		var text []byte
		for _, rec := range randomRecords(rand.New(rand.NewPCG(uint64(i), 21)), "equal", 40+10*i) {
			var err error
			text, err = log.AppendRecord(text, &rec)
			require.NoError(t, err)
		}
		if i == 1 {
			text = []byte("no record\n")
		}
		dirs = append(dirs, t.TempDir())
		require.NoError(t, os.WriteFile(filepath.Join(dirs[i], "lookup_hashes_20240101_000000_000001.jsonl"), text, 0o644))
	}
	files, err := log.Find(context.Background(), dirs, nil)
	require.NoError(t, err)
	var rows []Row
	opts := FleetOptions{Sources: true}
	opts.OnRow = rowsInto(&rows)
	report := runFleet(t, files, opts)
	require.Equal(t, dirs[1], report.Unusable[0].Node)
	require.Len(t, report.Nodes, 3)
	count := map[string]int64{}
	for _, r := range rows {
		require.Equal(t, r.Source, r.Node)
		count[r.Node]++
	}
	require.Equal(t, map[string]int64{dirs[0]: 40, dirs[2]: 60, dirs[3]: 70}, count)
	for _, n := range report.Nodes {
		require.Equal(t, count[n.Node], n.Requests)
	}
}

// TestFleetRowsAreThoseOfOneDealing refuses what leaves it open.
func TestFleetRowsAreThoseOfOneDealing(t *testing.T) {
	failed := errors.New("full")
	check := func(nodes []int, capacities int, routings ...string) string {
		o := FleetOptions{Nodes: nodes, Routings: parsedRoutings(t, routings...)}
		o.OnRow = func(*Row) error { return failed }
		for i := range capacities {
			o.Capacities = append(o.Capacities, units.InChunks(int64(i+1)))
		}
		return fmt.Sprint(o.Check())
	}
	require.Equal(t, "<nil>", check([]int{2}, 0, "prefix:2"))
	require.Equal(t, "<nil>", check([]int{2}, 3, "prefix:2"))
	require.Equal(t, "<nil>", check([]int{2}, 1, "sglang"))
	require.Equal(t, "rows are those of one number of nodes and one routing", check([]int{2, 3}, 0, "prefix:2"))
	require.Equal(t, "rows are those of one number of nodes and one routing", check([]int{2}, 0, "prefix:2", "random"))
	for _, n := range []int{0, 2} {
		require.Equal(t, "rows of a cache-aware routing are those of one capacity", check([]int{2}, n, "sglang"))
	}
	shared := units.InChunks(9)
	o := FleetOptions{Sources: true, SharedTier: &shared}
	o.OnRow = func(*Row) error { return failed }
	require.EqualError(t, o.Check(), "rows have no shared tier")
	o.SharedTier = nil
	_, err := Fleet(context.Background(), findLog(t, randomRecords(rand.New(rand.NewPCG(1, 22)), "equal", 50)), o)
	require.ErrorIs(t, err, failed)
}
