package writer

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The disk hangs for seconds while eight callers each log 20,000 lookups of 32 hashes a
// second. The queue fills, the newest lookups are dropped, and no caller waits.
func TestStall(t *testing.T) {
	long := 3 * time.Second
	if testing.Short() {
		long = 500 * time.Millisecond
	}
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir, FlushInterval: 50 * time.Millisecond})
	letGo := hangs(fs)
	const callers, rate = 8, 20_000
	accepted, dropped := make([][]time.Duration, callers), make([][]time.Duration, callers)
	var group sync.WaitGroup
	for c := range callers {
		group.Go(func() { accepted[c], dropped[c] = callAtRate(w, rate, long) })
	}
	group.Wait()
	s := w.Stats()
	calls := func(times [][]time.Duration) int64 { return int64(len(slices.Concat(times...))) }
	balanced(t, w, func() (int64, int64) { return calls(accepted), calls(dropped) })
	require.Equal(t, calls(accepted)+calls(dropped), s.Recorded)
	require.Equal(t, calls(dropped), s.Dropped)
	letGo()
	told := closedWithLoss(t, w)
	f := read(t, dir)
	require.Len(t, f.numbers, int(w.Stats().Written))
	require.Equal(t, w.Stats().Dropped, f.dropped+told)
	if !testing.Short() {
		require.Positive(t, s.Dropped)
	}

	most := 5 * time.Millisecond // 10 µs are aimed at, but other tests compute, too
	if raceDetector {
		most = long / 2
	}
	// Separately, since dropping is cheaper: the many drops would hide how long the few accepted calls take.
	require.Less(t, report(t, "accepted", accepted), most)
	require.Less(t, report(t, "dropped", dropped), most)
}

// report logs how long calls took, and returns the 99.9th percentile.
func report(t *testing.T, what string, times [][]time.Duration) time.Duration {
	all := slices.Concat(times...)
	if testing.Short() && len(all) == 0 { // the queue has not been filled
		return 0
	}
	require.NotEmpty(t, all)
	slices.Sort(all)
	at := func(q float64) time.Duration { return all[int(q*float64(len(all)-1))] }
	t.Logf("%d calls %s: p50 %v, p99 %v, p99.9 %v, p99.99 %v, most %v", len(all), what, at(.5), at(.99), at(.999), at(.9999), at(1))
	return at(.999)
}

// callAtRate calls Record at a rate and returns how long the calls took, by their outcome.
func callAtRate(w *Writer, rate int, long time.Duration) (accepted, dropped []time.Duration) {
	l := benchLookup()
	calls := int(long.Seconds()*float64(rate)) + 1
	accepted, dropped = make([]time.Duration, 0, calls), make([]time.Duration, 0, calls)
	start := time.Now()
	for {
		now := time.Now()
		if now.Sub(start) >= long {
			return accepted, dropped
		}
		if due := int(now.Sub(start).Seconds() * float64(rate)); len(accepted)+len(dropped) >= due {
			time.Sleep(100 * time.Microsecond)
			continue
		}
		l.Timestamp = float64(now.UnixMicro()) / 1e6
		begin := time.Now()
		err := w.Record(l)
		took := time.Since(begin)
		if err == nil {
			accepted = append(accepted, took)
		} else {
			dropped = append(dropped, took)
		}
	}
}
