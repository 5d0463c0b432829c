package reconcile

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// What a server does unlike the prediction is found, and nothing else.
func TestFindsWhatIsUnlike(t *testing.T) {
	files := writeLog(t, traffic(t))
	for _, c := range []struct {
		name   string
		server server
		kinds  []Kind
		left   float64 // points
		value  float64 // of the first step; 0: none
		within float64 // of the value
	}{
		{name: "nothing"},
		{name: "noise", server: server{noise: 1}, left: 1.2},
		{name: "denominator", server: server{denominator: measured.CacheableTokens}, kinds: []Kind{Denominator}, left: .01},
		{name: "order", server: server{Options: analyze.Options{TouchOrder: sim.TailFirst}}, kinds: []Kind{TouchOrder}, left: .01},
		{name: "watermark", server: server{Options: analyze.Options{Cache: analyze.Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}}}, kinds: []Kind{Watermark}, left: .01},
		{name: "delay", server: server{Options: analyze.Options{Cache: analyze.Cache{StoreDelay: 20 * time.Second}}}, kinds: []Kind{StoreDelay}, left: .3, value: 20, within: 2},
		{name: "capacity", server: server{Options: analyze.Options{Capacities: []units.Capacity{units.InChunks(310)}}}, kinds: []Kind{Capacity}, left: .2, value: 310, within: 6},
		{name: "hybrid", server: server{unit: inUnits(analyze.MatchUnit{N: 784, Tokens: true})}, kinds: []Kind{Granularity}, left: .01, value: 784},
		{name: "twice", server: server{twice: .15, noise: .3}, kinds: []Kind{Retries}, left: 1.4, value: .134, within: .001},
		{name: "short", server: server{short: .2, noise: .3}, kinds: []Kind{Missing}, left: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.server.reconciled(t, files)
			require.Equal(t, c.kinds, kindsOf(r))
			require.LessOrEqual(t, r.UnexplainedPoints, c.left+1e-9)
			if c.value > 0 {
				require.InDelta(t, c.value, *r.Steps[0].Value, c.within)
			}
		})
	}
}

// Changes that cancel each other out are found together: none of them alone brings prediction and measurement closer, or not as close.
func TestFindsWhatIsUnlikeTogether(t *testing.T) {
	files := writeLog(t, traffic(t))
	for _, c := range []struct {
		name   string
		server server
		kinds  []Kind
		left   float64
	}{
		{"delay", server{denominator: measured.CacheableTokens, noise: .5, Options: analyze.Options{Cache: analyze.Cache{StoreDelay: 5 * time.Second}}},
			[]Kind{Denominator, StoreDelay}, .7},
		{"server", server{denominator: measured.CacheableTokens, noise: .5, twice: .1,
			Options: analyze.Options{TouchOrder: sim.TailFirst, Cache: analyze.Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}}},
			[]Kind{Denominator, TouchOrder, Watermark, Retries}, 2},
		{"hybrid", server{noise: .5, unit: inUnits(analyze.MatchUnit{N: 784, Tokens: true}), Options: analyze.Options{Capacities: []units.Capacity{units.InChunks(400)}}},
			[]Kind{Granularity, Capacity}, .6},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.server.reconciled(t, files)
			require.ElementsMatch(t, c.kinds, kindsOf(r))
			require.LessOrEqual(t, r.UnexplainedPoints, c.left)
			gained := 0.0
			for _, s := range r.Steps {
				gained += s.GainPoints
			}
			require.InDelta(t, r.Judged.Before.MeanPoints-r.UnexplainedPoints, gained, 1e-9, "the gains add up")
		})
	}
}

// Where nothing is unlike but noise, nothing is explained.
func TestExplainsNothingOfNoise(t *testing.T) {
	files := writeLog(t, traffic(t))
	for seed := range uint64(4) {
		s := server{noise: 2, seed: seed}
		r := s.reconciled(t, files)
		require.Empty(t, r.Steps)
		require.Equal(t, r.Predicted, r.Explained)
		require.Contains(t, r.Verdict, "Not explained")
	}
}

// Errors of a server that last for many windows may look like a change. One that only makes up for another is no explanation: what is
// explained is explained in the half that judges.
func TestExplanationHoldsAsAWhole(t *testing.T) {
	files := writeLog(t, traffic(t))
	for _, seed := range []uint64{6, 11, 12} {
		rng := rand.New(rand.NewPCG(seed, 99))
		off, keeps := rng.NormFloat64(), .9
		s := server{seed: seed, spoil: func(_ int, w *measured.Window) {
			off = keeps*off + math.Sqrt(1-keeps*keeps)*rng.NormFloat64()
			w.HitTokens = max(0, min(w.RequestedTokens, w.HitTokens+off*.02*w.RequestedTokens))
		}}
		if r := s.reconciled(t, files); len(r.Steps) > 0 {
			require.GreaterOrEqual(t, r.Judged.Before.MeanPoints-r.UnexplainedPoints, leastGain, r.Verdict)
		}
	}
}

// Requests that are looked up again are in the log twice. A server that counts them once is found out.
func TestFindsRetriesCountedOnce(t *testing.T) {
	var records []log.Record
	for i, r := range traffic(t) {
		records = append(records, r)
		if i%5 == 0 {
			r.Timestamp += .001
			records = append(records, r)
		}
	}
	s := server{once: true, noise: .3}
	r := s.reconciled(t, writeLog(t, records))
	require.Equal(t, []Kind{Retries}, kindsOf(r))
	require.Equal(t, "retries counted once", r.Steps[0].Change)
	require.Less(t, r.UnexplainedPoints, .5)
}

// A log that says itself what was found cached is measured by that, over the requests that say it.
func TestLogSaysWhatWasMeasured(t *testing.T) {
	records := traffic(t)
	i := 0
	opts := predicted()
	opts.Cache.StoreDelay = 15 * time.Second
	opts.OnHits = func(h *analyze.RequestHits) error {
		if i%10 > 0 {
			records[i].CachedTokens = &[]int64{h.HitTokens[0]}[0]
		}
		i++
		return nil
	}
	_, err := analyze.Run(context.Background(), writeLog(t, records), opts)
	require.NoError(t, err)
	r, err := Run(context.Background(), writeLog(t, records), Options{Options: predicted()})
	require.NoError(t, err)
	require.Equal(t, []Kind{StoreDelay}, kindsOf(r))
	require.InDelta(t, 15, *r.Steps[0].Value, 2)
	require.Equal(t, "cached_tokens of the log", r.Measured.Metric)
	require.Equal(t, "250 requests without cached_tokens: replayed, but not compared.", r.Notes[0].Text)
	requests := int64(0)
	for _, w := range r.Windows {
		requests += w.Requests
	}
	require.EqualValues(t, 2250, requests)
	require.Equal(t, r.Measured.RequestedTokens, r.Predicted.RequestedTokens)

	for _, n := range r.Notes {
		require.NotContains(t, n.Text, "sources")
	}
	for i := range records {
		records[i].Source = []string{"worker-1", "worker-2"}[i%2]
	}
	r, err = Run(context.Background(), writeLog(t, records[:50]), Options{Options: predicted()})
	require.NoError(t, err)
	require.Contains(t, r.Notes[1].Text, "The log is of 2 sources, and the prediction is one cache for all of them.")
	require.Nil(t, r.Sources)

	_, err = Run(context.Background(), writeLog(t, traffic(t)), Options{Options: predicted()})
	require.ErrorIs(t, err, ErrNotMeasured)
}

// Each of several servers has a cache of its own, smaller than one for all, if it is asked for.
func TestEachSourceHasACache(t *testing.T) {
	records := traffic(t)
	at := map[string][]int{} // records, by source
	for i := range records {
		name := []string{"worker-1", "worker-2", "worker-3"}[i%7%3]
		records[i].Source = name
		at[name] = append(at[name], i)
	}
	for name, places := range at {
		opts := predicted()
		opts.Source, opts.Cache.StoreDelay = &name, 15*time.Second
		opts.OnHits = func(h *analyze.RequestHits) error {
			records[places[0]].CachedTokens = &[]int64{h.HitTokens[0]}[0]
			places = places[1:]
			return nil
		}
		_, err := analyze.Run(context.Background(), writeLog(t, records), opts)
		require.NoError(t, err)
		require.Empty(t, places)
	}
	files := writeLog(t, records)
	exact := predicted()
	exact.Cache.StoreDelay = 15 * time.Second
	r, err := Run(context.Background(), files, Options{Options: exact, Sources: true})
	require.NoError(t, err)
	require.Zero(t, r.Predicted.Difference.LargestPoints, "the same caches")
	require.Equal(t, []string{"worker-1", "worker-2", "worker-3"}, r.Sources)
	require.Contains(t, r.Assumptions, "Each source has a cache of its own, of the capacity given.")
	require.NotContains(t, r.Assumptions, "All logs share one cache.")

	r, err = Run(context.Background(), files, Options{Options: predicted(), Sources: true})
	require.NoError(t, err)
	require.Equal(t, []Kind{StoreDelay}, kindsOf(r))
	require.InDelta(t, 15, *r.Steps[0].Value, 2)
	require.Less(t, r.UnexplainedPoints, .3)

	one, err := Run(context.Background(), files, Options{Options: exact})
	require.NoError(t, err)
	require.Greater(t, one.Predicted.Difference.MeanPoints, 5., "one cache hits other tokens")

	both := records[:0:0] // a prefill and a decode worker say the same of each request
	for _, r := range records {
		r.Source = "prefill"
		again := r
		again.Source, again.Timestamp = "decode", r.Timestamp+.001
		both = append(both, r, again)
	}
	r, err = Run(context.Background(), writeLog(t, both), Options{Options: predicted(), Sources: true})
	require.NoError(t, err)
	require.NotContains(t, kindsOf(r), Retries, "requests of another cache are no retries")
	for _, w := range r.Windows {
		require.LessOrEqual(t, w.ExplainedRate, 1.)
	}

	limited := predicted()
	limited.MaxRequests = 5
	_, err = Run(context.Background(), files, Options{Options: limited, Sources: true})
	require.ErrorContains(t, err, "give a time instead")
}

// A metric that says what it counts leaves no choice of a denominator.
func TestMetricSaysDenominator(t *testing.T) {
	files := writeLog(t, traffic(t))
	s := server{denominator: measured.CacheableTokens, says: measured.TotalTokens}
	require.NotContains(t, kindsOf(s.reconciled(t, files)), Denominator)
	s.says = measured.CacheableTokens
	require.Equal(t, []Kind{Denominator}, kindsOf(s.reconciled(t, files)))
}

func inUnits(u analyze.MatchUnit) matchUnit { return matchUnit{MatchUnit: u} }
