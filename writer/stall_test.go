package writer

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The disk hangs for seconds while eight callers log 20,000 lookups of 32 hashes a
// second each. The queue fills, the newest are dropped, and no caller waits.
func TestStall(t *testing.T) {
	long := 3 * time.Second
	if testing.Short() {
		long = 500 * time.Millisecond
	}
	dir := t.TempDir()
	w, fs := sickWriter(t, Options{Dir: dir, FlushInterval: 50 * time.Millisecond})
	letGo := hangs(fs)
	const callers, rate = 8, 20_000
	times := make([][]time.Duration, callers)
	var group sync.WaitGroup
	for c := range callers {
		group.Go(func() { times[c] = callAtRate(w, rate, long) })
	}
	group.Wait()
	s := w.Stats()
	balanced(t, s)
	letGo()
	told := closedWithLoss(t, w)
	f := read(t, dir)
	require.Len(t, f.numbers, int(w.Stats().Written))
	require.Equal(t, w.Stats().Dropped, f.dropped+told)
	if !testing.Short() {
		require.Positive(t, s.Dropped)
	}

	all := slices.Concat(times...)
	slices.Sort(all)
	at := func(q float64) time.Duration { return all[int(q*float64(len(all)-1))] }
	t.Logf("%d calls in %v, %d dropped: p50 %v, p99 %v, p99.9 %v, p99.99 %v, most %v",
		len(all), long, s.Dropped, at(.5), at(.99), at(.999), at(.9999), at(1))
	most := 5 * time.Millisecond // 10 µs are aimed at, but other tests compute, too
	if raceDetector {
		most = long / 2
	}
	require.Less(t, at(.999), most)
}

// callAtRate calls Record at a rate and returns how long each call took.
func callAtRate(w *Writer, rate int, long time.Duration) (times []time.Duration) {
	l := benchLookup()
	times = make([]time.Duration, 0, int(long.Seconds()*float64(rate))+1)
	start := time.Now()
	for {
		now := time.Now()
		if now.Sub(start) >= long {
			return times
		}
		if due := int(now.Sub(start).Seconds() * float64(rate)); len(times) >= due {
			time.Sleep(100 * time.Microsecond)
			continue
		}
		l.Timestamp = float64(now.UnixMicro()) / 1e6
		begin := time.Now()
		w.Record(l)
		times = append(times, time.Since(begin))
	}
}
