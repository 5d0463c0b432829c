package main

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"hashlog/sim"
	"hashlog/sim/policy"
)

const (
	// demo is the log that the tests replay.
	demo = "../../../../testdata/demo"
	// reference is a real trace. It is not part of the project: its tests run only if it is present.
	reference = "../../../../../shared/reference/conversation"
)

// serversRequired names a variable of the environment. If it is set, a machine without redis-server or memcached fails the tests
// instead of skipping them.
const serversRequired = "HASHLOG_SERVERS"

// skipWithout skips a test where a server is not installed, or fails it.
func skipWithout(t *testing.T, program string) {
	t.Helper()
	if raceDetector {
		t.Skip("the servers take the time, and nothing here runs at the same time: only without the race detector")
	}
	_, err := exec.LookPath(program)
	if err != nil && os.Getenv(serversRequired) != "" {
		t.Fatalf("%s is not installed, and %s is set", program, serversRequired)
	}
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
}

// readDemo returns the first requests of the demo log.
func readDemo(t *testing.T, requests int) *workload {
	w, err := readWorkload(context.Background(), []string{demo})
	require.NoError(t, err)
	w.requests = w.requests[:min(requests, len(w.requests))]
	return w
}

// runs is how often a test replays a log, since servers draw random numbers.
const runs = 3

// What a model may be off on average over the runs, in points. Runs of redis-lfu differ from each other by .3 on average.
const (
	accuracy    = .5
	lfuAccuracy = 1
)

// installed returns the server of a preset, and skips the test without it.
func installed(t *testing.T, preset string) kind {
	t.Helper()
	all, err := kindsOf(preset)
	require.NoError(t, err)
	skipWithout(t, all[0].program)
	return all[0]
}

// mean is a result on average over some runs.
type mean struct{ measured, plain, preset float64 }

// measureModel replays a log a few times on a server, and through its model and a plain LRU of as many chunks.
func measureModel(t *testing.T, w *workload, k kind, capacity int, order sim.Order) (m mean) {
	trial := trial{k, capacity, order, math.Inf(1), k.timed}
	var rows [runs]row
	group, ctx := errgroup.WithContext(context.Background())
	for i := range rows {
		group.Go(func() error {
			measured, err := trial.run(ctx, w)
			if err != nil {
				return err
			}
			rows[i], err = measured.compare(ctx, w)
			return err
		})
	}
	require.NoError(t, group.Wait())
	for _, r := range rows {
		require.InEpsilon(t, capacity, r.Held, .15, "chunks held")
		require.Greater(t, r.Evicted, int64(capacity))
		m.measured += 100 * r.Rate / runs
		m.plain += 100 * r.plain / runs
		m.preset += 100 * r.preset / runs
	}
	t.Logf("%-16s of %d chunks, %s first: measured %.2f %%, plain LRU %.2f %% (%+.2f), preset %.2f %% (%+.2f)",
		k.preset, capacity, rows[0].TouchOrder, m.measured, m.plain, m.plain-m.measured, m.preset, m.preset-m.measured)
	return m
}

// TestServers holds the models to real servers, on the demo log. Those whose chunks go one at a time over the socket replay the
// first part of it.
func TestServers(t *testing.T) {
	for _, c := range []struct {
		preset   string
		capacity int
		order    sim.Order
		requests int
		accuracy float64
	}{
		{"redis", 1000, sim.HeadFirst, math.MaxInt, accuracy},
		{"redis", 3000, sim.TailFirst, math.MaxInt, accuracy},
		{"redis:samples=3", 1000, sim.TailFirst, math.MaxInt, accuracy},
		{"redis-lfu", 3000, sim.HeadFirst, 2500, lfuAccuracy},
		{"memcached", 2000, sim.TailFirst, 1000, accuracy},
		{"memcached-flat", 1000, sim.HeadFirst, 1000, accuracy},
	} {
		t.Run(c.preset, func(t *testing.T) {
			k := installed(t, c.preset)
			m := measureModel(t, readDemo(t, c.requests), k, c.capacity, c.order)
			require.InDelta(t, m.measured, m.preset, c.accuracy)
			if c.preset != "memcached" { // whose segments do little for this log
				require.Greater(t, m.plain, m.measured+2, "a plain LRU would do")
			}
		})
	}
}

// TestServersReference holds the model of Redis to a server where a plain LRU is off by 3 points, on the reference conversation.
// The ages of its touches are those of the log, so the server hits what it hits at the log's own pace.
func TestServersReference(t *testing.T) {
	if _, err := os.Stat(reference); err != nil {
		t.Skip("the reference trace is not here")
	}
	k := installed(t, "redis")
	w, err := readWorkload(context.Background(), []string{reference})
	require.NoError(t, err)
	m := measureModel(t, w, k, 8192, sim.HeadFirst)
	require.InDelta(t, m.measured, m.preset, accuracy)
	require.InDelta(t, 15.79, m.measured, .3) // servers.measured.json, 58 min 57 s
	require.Greater(t, m.plain, m.measured+2)
}

// TestServersStop holds that neither a server nor its folder outlives a replay that is interrupted.
func TestServersStop(t *testing.T) {
	for _, preset := range []string{"redis", "memcached"} {
		t.Run(preset, func(t *testing.T) {
			k := installed(t, preset)
			t.Setenv("TMPDIR", t.TempDir())
			ctx, cancel := context.WithCancel(context.Background())
			w := readDemo(t, 10)
			s, err := k.start(ctx, 460, false, w.last())
			require.NoError(t, err)
			defer s.stop()
			cancel()
			_, err = replay(ctx, s, w, sim.HeadFirst, clock{faster: math.Inf(1)})
			require.ErrorIs(t, err, context.Canceled)
			s.stop()
			left, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// TestKinds holds that every server has a preset, which is written as package policy writes it.
func TestKinds(t *testing.T) {
	for _, k := range kinds() {
		spec, err := policy.Parse(k.preset)
		require.NoError(t, err)
		require.Equal(t, k.preset, spec.String())
	}
}
