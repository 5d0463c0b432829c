package analyze

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// grownLogs are a folder of logs that grows from run to run.
type grownLogs struct {
	dir  string
	list int // how many logs the records are dealt to; 0: each run has one of its own
	runs int
}

// add writes the next records.
func (g *grownLogs) add(t *testing.T, rng *rand.Rand, records []log.Record) *log.Files {
	t.Helper()
	g.runs++
	for i := range records {
		n := g.runs
		if g.list > 0 {
			n = rng.IntN(g.list)
		}
		line, err := log.AppendRecord(nil, &records[i])
		require.NoError(t, err)
		f, err := os.OpenFile(filepath.Join(g.dir, fmt.Sprintf("lookup_hashes_20240101_%06d_000001.jsonl", n)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		require.NoError(t, err)
		_, err = f.Write(line)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	files, err := log.Find(context.Background(), []string{g.dir}, nil)
	require.NoError(t, err)
	return files
}

// stateOptions are options of states whose replays differ in form.
func stateOptions() map[string]func(*Options) {
	batches := &sim.Watermark{Trigger: .8, Ratio: .3, Interval: 5}
	fixed := &GridOptions{From: units.InChunks(4), To: units.InChunks(90), Points: 7}
	options := map[string]func(*Options){
		"delay":        func(o *Options) { o.Cache.StoreDelay = 5 * time.Second },
		"delay, ttl":   func(o *Options) { o.Cache.StoreDelay, o.Cache.TTL = 5*time.Second, 20*time.Second },
		"admit":        func(o *Options) { o.Cache.Admit = 2 },
		"admit, delay": func(o *Options) { o.Cache.Admit, o.Cache.StoreDelay = 3, 7*time.Second },
		"batches":      func(o *Options) { o.Cache.Watermark = batches },
		"batches, grid": func(o *Options) {
			o.Cache.Watermark, o.Grid = batches, fixed
		},
		"batches, ttl, delay": func(o *Options) {
			o.Cache.Watermark, o.Cache.TTL, o.Cache.StoreDelay = batches, 30*time.Second, 3*time.Second
		},
		"batches, admit": func(o *Options) { o.Cache.Watermark, o.Cache.Admit = batches, 2 },
		"duration":       func(o *Options) { o.Warmup.Duration, o.Cache.StoreDelay = 100*time.Second, 4*time.Second },
		"bounded":        func(o *Options) { o.MaxCapacity, o.leastKnown = units.InChunks(40), 1 },
		"bounded, delay": func(o *Options) {
			o.MaxCapacity, o.leastKnown, o.Cache.StoreDelay, o.Cache.TTL = units.InChunks(40), 1, 6*time.Second, 25*time.Second
		},
		"bounded, batches": func(o *Options) {
			o.MaxCapacity, o.leastKnown, o.Cache.Watermark = units.InChunks(60), 1, batches
		},
	}
	for name, change := range summaryOptions() {
		options[name] = change
	}
	return options
}

// TestState replays random logs run by run, and compares every figure with one replay. Logs grow, or each run has its own; states are read from
// their files, or stay in memory.
func TestState(t *testing.T) {
	t.Parallel()
	for name, change := range stateOptions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range seeds(24) {
				rng := rand.New(rand.NewPCG(seed, 23))
				compareState(t, rng, stateOptionsOf(rng, change))
			}
		})
	}
}

// stateTest is a case of TestState.
type stateTest struct {
	kind          string
	opts, reading Options
}

func stateOptionsOf(rng *rand.Rand, change func(*Options)) stateTest {
	kind := []string{"equal", "by model", "unknown", "disagreeing"}[rng.IntN(4)]
	opts := Options{TouchOrder: sim.Order(rng.IntN(2)), Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20)}}
	change(&opts)
	if !opts.bounded() {
		opts.Capacities = append(opts.Capacities, units.Capacity{Unit: units.Unlimited})
	}
	if kind != "unknown" && !(opts.bounded() && opts.MaxCapacity.Unit == units.Chunks) {
		opts.Capacities = append(opts.Capacities, units.InBytes(450))
	}
	if kind == "unknown" && opts.MaxCapacity.Unit == units.Bytes || kind == "disagreeing" && opts.bounded() {
		kind = "equal"
	}
	reading := opts
	if opts.Cache.simulated() {
		reading.Rolling = nil
	} else {
		reading.Grid = &GridOptions{}
		reading.Targets = []Target{mustParse("20%")}
	}
	return stateTest{kind, opts, reading}
}

func mustParse(s string) Target {
	target, err := ParseTarget(s)
	if err != nil {
		panic(err)
	}
	return target
}

func compareState(t *testing.T, rng *rand.Rand, of stateTest) {
	t.Helper()
	records := randomRecords(rng, of.kind, 1+rng.IntN(200))
	logs := grownLogs{dir: t.TempDir(), list: rng.IntN(3)}
	state, err := NewState(of.opts)
	require.NoError(t, err)
	alone := Warmup{}
	var files *log.Files
	for from := 0; from < len(records); {
		to := from + 1 + rng.IntN(len(records)-from)
		for logs.list > 1 && to < len(records) && records[to].Timestamp == records[to-1].Timestamp {
			to++ // one replay orders records of one time by their logs
		}
		files = logs.add(t, rng, records[from:to])
		run := of.opts
		if run.Warmup.State = rng.IntN(3) == 0; run.Warmup.State {
			alone = run.Warmup
		} else {
			alone = Warmup{}
		}
		require.NoError(t, state.Continue(t.Context(), files, run))
		require.EqualValues(t, from, state.LastLog().BeforeState)
		if from = to; rng.IntN(2) == 0 && !alone.State {
			state = rereadState(t, state)
			state.opts.leastKnown, state.replay.opts.leastKnown = of.opts.leastKnown, of.opts.leastKnown
		}
	}
	if alone.State { // the sums of all are in the file
		state = rereadState(t, state)
	}
	want, err := replayWhole(t.Context(), files, of.reading)
	got, gotErr := state.Report(of.reading)
	if err != nil {
		require.EqualError(t, gotErr, err.Error())
		return
	}
	require.NoError(t, gotErr)
	got.Input.BeforeState = 0
	if of.opts.Warmup != (Warmup{}) && (of.kind == "by model" || of.kind == "disagreeing") && want.Table != nil { // known at the listed capacities only
		clear(want.Table.Evictions)
		clear(got.Table.Evictions)
	}
	requireSameText(t, everything(t, want), everything(t, got))
	if !of.opts.Cache.simulated() {
		requireSameCurve(t, want.Curve, got.Curve)
	}
}

// replayWhole is Run with the sums of a summary.
func replayWhole(ctx context.Context, files *log.Files, opts Options) (*Report, error) {
	opts.summary = true
	r := newReplay(&opts, opts.followedFixed())
	read, err := r.all(ctx, files, "replaying")
	if err != nil {
		return nil, err
	}
	if err := r.touchRest(); err != nil {
		return nil, err
	}
	if err := nothing(r, read); err != nil {
		return nil, &NothingError{Why: err, Log: read.stats}
	}
	return r.report(read)
}

// TestStateWarmup counts the last run alone, and compares every figure with one replay whose warm-up ends where the state did.
func TestStateWarmup(t *testing.T) {
	t.Parallel()
	for name, change := range stateOptions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range seeds(12) {
				rng := rand.New(rand.NewPCG(seed, 29))
				of := stateOptionsOf(rng, change)
				if of.opts.Warmup != (Warmup{}) {
					return
				}
				records := randomRecords(rng, of.kind, 20+rng.IntN(200))
				cut := rng.IntN(len(records))
				for cut > 0 && records[cut-1].Timestamp == records[cut].Timestamp {
					cut--
				}
				logs := grownLogs{dir: t.TempDir(), list: 1}
				state, err := NewState(of.opts)
				require.NoError(t, err)
				if cut > 0 {
					require.NoError(t, state.Continue(t.Context(), logs.add(t, rng, records[:cut]), of.opts))
					state = rereadState(t, state)
					state.opts.leastKnown, state.replay.opts.leastKnown = of.opts.leastKnown, of.opts.leastKnown
				}
				files := logs.add(t, rng, records[cut:])
				of.opts.Warmup.State = true
				require.NoError(t, state.Continue(t.Context(), files, of.opts))
				of.reading.Warmup.Until = &records[cut].Timestamp
				want, err := replayWhole(t.Context(), files, of.reading)
				require.NoError(t, err)
				of.reading.Warmup = Warmup{Until: &records[cut].Timestamp, State: false}
				got, err := state.Report(of.reading)
				require.NoError(t, err)
				got.Input.BeforeState = 0
				if want.Table != nil { // known at the listed capacities only
					clear(want.Table.Evictions)
					clear(got.Table.Evictions)
				}
				requireSameText(t, everything(t, want), everything(t, got))
			}
		})
	}
}

// rereadState is reread for a state.
func rereadState(t *testing.T, s *Summary) *Summary {
	t.Helper()
	file := encodedSummary(t, s)
	got, err := ReadSummary(bytes.NewReader(file))
	require.NoError(t, err)
	require.True(t, got.IsState())
	require.Equal(t, s.behind, got.behind)
	requireSameSections(t, file, encodedSummary(t, got))
	return got
}
