package reconcile

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
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
		{name: "delay", server: server{Options: analyze.Options{Cache: analyze.Cache{StoreDelay: 20 * time.Second}}}, kinds: []Kind{StoreDelay}, left: .3, value: 20, within: 4},
		{name: "capacity", server: server{Options: analyze.Options{Capacities: []units.Capacity{units.InChunks(620)}}}, kinds: []Kind{Capacity}, left: .2, value: 620, within: 20},
		{name: "units", server: server{unit: matchUnit{n: 4, chunks: true}}, kinds: []Kind{Granularity}, left: .01, value: 4},
		{name: "hybrid", server: server{unit: matchUnit{n: 784}}, kinds: []Kind{Granularity}, left: .01, value: 784},
		{name: "twice", server: server{twice: .15, noise: .3}, kinds: []Kind{Retries}, left: .6, value: .15, within: .02},
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

func TestTmpCombos(t *testing.T) {
	files := writeLog(t, traffic(t))
	for i, s := range []server{
		{denominator: measured.CacheableTokens, noise: .5, Options: analyze.Options{Cache: analyze.Cache{StoreDelay: 5 * time.Second}}},
		{denominator: measured.CacheableTokens, noise: .5, twice: .1, Options: analyze.Options{TouchOrder: sim.TailFirst, Cache: analyze.Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}}},
		{noise: .5, unit: matchUnit{n: 784}, Options: analyze.Options{Capacities: []units.Capacity{units.InChunks(800)}}},
		{noise: .3, unit: matchUnit{last: true}, denominator: measured.CacheableTokens, Options: analyze.Options{Capacities: []units.Capacity{units.InChunks(1500)}, Cache: analyze.Cache{StoreDelay: 2 * time.Second}}},
		{noise: .5, short: .1, denominator: measured.CacheableTokens, Options: analyze.Options{Cache: analyze.Cache{StoreDelay: 3 * time.Second}}},
	} {
		t.Log("combo", i)
		s.reconciled(t, files)
	}
}

func TestTmpNoise(t *testing.T) {
	files := writeLog(t, traffic(t))
	for seed := range uint64(12) {
		s := server{noise: 2, seed: seed}
		r := s.reconciled(t, files)
		t.Log(seed, kindsOf(r))
	}
}
