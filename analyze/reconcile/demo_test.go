package reconcile

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

var update = flag.Bool("update", false, "write testdata/measured/server.csv again")

// TestDemoIsMadeUp makes up what the documents say that a server measured with the demo log: the counters of a server that has 128 GiB for
// chunks, touches the tail of a request first, stores 90 seconds after a lookup and counts no tails, a quarter of an hour apart.
func TestDemoIsMadeUp(t *testing.T) {
	const apart = 900
	files, err := log.Find(context.Background(), []string{"../../testdata/demo"}, nil)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(1, 2))
	var hits, requested int64
	text := []byte("time,hit_tokens,requested_tokens\n")
	row := func(at int64) { text = fmt.Appendf(text, "%d,%d,%d\n", at, hits, requested) }
	next := int64(0)
	opts := analyze.Options{Capacities: []units.Capacity{units.InBytes(128 << 30)}, TouchOrder: sim.TailFirst,
		Cache: analyze.Cache{StoreDelay: 90 * time.Second},
		OnHits: func(h *analyze.RequestHits) error {
			if next == 0 {
				next = int64(h.Timestamp) / apart * apart
			}
			for ; float64(next) <= h.Timestamp; next += apart {
				row(next)
			}
			found := h.HitTokens[0]
			if found > 0 && rng.IntN(400) == 0 { // a lookup fails now and then
				found = 0
			}
			hits += found
			requested += h.CacheableTokens
			return nil
		}}
	_, err = analyze.Run(context.Background(), files, opts)
	require.NoError(t, err)
	row(next)
	if *update {
		require.NoError(t, os.WriteFile("../../testdata/measured/server.csv", text, 0o644))
	}
	kept, err := os.ReadFile("../../testdata/measured/server.csv")
	require.NoError(t, err)
	require.True(t, bytes.Equal(kept, text))
}
