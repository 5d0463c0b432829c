package analyze

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim/routing"
)

// TestFleetEndsEarly ends a pass with many replays in the middle: one replay fails while others go on, all fail at once, or the context
// is cancelled. No goroutine is left.
func TestFleetEndsEarly(t *testing.T) {
	errFull := errors.New("full")
	records := randomRecords(rand.New(rand.NewPCG(9, 23)), "alike", 40*batchRequests)
	for _, tt := range []struct {
		name string
		run  func(cancel func(), opts *FleetOptions) error // returns the error to expect
	}{
		{"a row fails", func(_ func(), opts *FleetOptions) error {
			rows := 0
			opts.OnRow = func(*Row) error {
				if rows++; rows > 300 {
					return errFull
				}
				return nil
			}
			return errFull
		}},
		{"cancelled", func(cancel func(), opts *FleetOptions) error {
			rows := 0
			opts.OnRow = func(*Row) error {
				if rows++; rows == 300 {
					cancel()
				}
				return nil
			}
			return context.Canceled
		}},
		{"too many tokens", func(_ func(), opts *FleetOptions) error {
			for i := len(records) - 3; i < len(records); i++ {
				records[i].SeqLen = math.MaxInt64 / 2
			}
			return ErrTooManyTokens
		}},
	} {
		before := runtime.NumGoroutine()
		ctx, cancel := context.WithCancel(context.Background())
		r, err := routing.Parse("longest-prefix")
		require.NoError(t, err)
		opts := FleetOptions{Nodes: []int{3}, Routings: []routing.Routing{r}, Load: routing.LoadModel{Window: time.Second}}
		opts.Capacities = []units.Capacity{units.InChunks(20)}
		want := tt.run(cancel, &opts)
		_, err = Fleet(ctx, findLog(t, records), opts)
		cancel()
		require.ErrorIs(t, err, want, tt.name)
		for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		require.LessOrEqual(t, runtime.NumGoroutine(), before, tt.name)
	}
}
