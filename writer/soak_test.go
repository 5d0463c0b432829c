package writer

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var soak = flag.Duration("soak", 0, "how long TestSoak logs; 0: it is skipped")

// sample is what a process uses at one moment.
type sample struct {
	heap, resident uint64 // bytes
	descriptors    int
	goroutines     int
}

func takeSample() (s sample) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.heap, s.goroutines = m.HeapAlloc, runtime.NumGoroutine()
	if fds, err := os.ReadDir("/proc/self/fd"); err == nil {
		s.descriptors = len(fds)
	}
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		pages, _ := strconv.ParseUint(strings.Fields(string(b))[1], 10, 64)
		s.resident = pages * uint64(os.Getpagesize())
	}
	return s
}

// TestSoak logs 20,000 lookups of 32 hashes a second, with rotation, compression and
// retention, for as long as -soak says, and checks that nothing grows and nothing is lost.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("only with -soak")
	}
	const rate, tick, reports = 20_000, 10 * time.Millisecond, 20
	w := open(t, Options{Dir: t.TempDir(), RotateSize: 64 << 20, RotateInterval: time.Minute, MaxFiles: 10, MaxBytes: 256 << 20,
		Compress: Zstd, OnError: func(err error) { t.Error(err) }})
	l := benchLookup()
	l.Timestamp = 0
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	start, recorded := time.Now(), 0
	var samples []sample
	for len(samples) < reports {
		<-ticker.C
		elapsed := time.Since(start)
		for due := int(elapsed.Seconds() * rate); recorded < due; recorded++ {
			l.SeqLen = int64(recorded)
			w.Record(l)
		}
		if elapsed >= *soak*time.Duration(len(samples)+1)/reports {
			s := takeSample()
			samples = append(samples, s)
			fmt.Printf("%8s: %+v; heap %.1f MB, resident %.1f MB, %d descriptors, %d goroutines, %d files\n", elapsed.Round(time.Second), w.Stats(),
				float64(s.heap)/1e6, float64(s.resident)/1e6, s.descriptors, s.goroutines, len(names(t, w.opts.Dir)))
			balanced(t, w, func() (int64, int64) { return int64(recorded), 0 })
		}
	}
	require.NoError(t, w.Close(context.Background()))
	s := w.Stats()
	fmt.Printf("closed: %+v, %d files\n", s, len(names(t, w.opts.Dir)))
	require.Equal(t, int64(recorded), s.Written)
	require.Zero(t, s.Dropped+s.Queued+s.Errors)
	flat(t, samples[reports/4:reports/2], samples[reports-reports/4:])
}

// flat requires that the smallest of the later samples is not above the smallest of the
// earlier ones. Others may be: a compression takes memory and descriptors for a moment.
func flat(t *testing.T, earlier, later []sample) {
	t.Helper()
	a, b := least(earlier), least(later)
	require.LessOrEqual(t, b.heap, a.heap+a.heap/20)
	require.LessOrEqual(t, b.resident, a.resident+a.resident/5)
	require.LessOrEqual(t, b.descriptors, a.descriptors)
	require.LessOrEqual(t, b.goroutines, a.goroutines)
}

func least(samples []sample) sample {
	l := samples[0]
	for _, s := range samples[1:] {
		l = sample{min(l.heap, s.heap), min(l.resident, s.resident), min(l.descriptors, s.descriptors), min(l.goroutines, s.goroutines)}
	}
	return l
}
