package writer

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// benchLookup has 32 hashes of 32 bytes.
func benchLookup() Lookup {
	l := Lookup{Timestamp: 1711929600.123, RequestID: "req-0123456789abcdef", ModelName: "meta-llama/Llama-3.1-70B-Instruct",
		ChunkSize: 256, SeqLen: 8300, DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{2, 80, 256, 1024}}}
	for i := range 32 {
		h := make([]byte, 32)
		for j := range h {
			h[j] = byte(i*j + i)
		}
		l.Hashes = append(l.Hashes, h)
	}
	return l
}

func BenchmarkOff(b *testing.B) {
	var w *Writer
	l := benchLookup()
	b.Run("Enabled", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if w.Enabled() {
				w.Record(l)
			}
		}
	})
	b.Run("Record", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.Record(l)
		}
	})
}

// BenchmarkRecord measures a call that is accepted. From time to time the queue is emptied
// while the timer is stopped. With eight callers it measures the time per call of all of
// them together.
func BenchmarkRecord(b *testing.B) {
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			w := open(b, Options{Dir: b.TempDir(), MaxFiles: 2})
			l := benchLookup()
			const batch = 16_000
			b.ReportAllocs()
			for done := 0; done < b.N; done += batch {
				b.StopTimer()
				require.NoError(b, w.Flush(context.Background()))
				b.StartTimer()
				inParallel(callers, min(batch, b.N-done), func() { w.Record(l) })
			}
			b.StopTimer()
			require.Zero(b, w.Stats().Dropped)
			closed(b, w)
		})
	}
}

// inParallel calls a function n times, from a number of goroutines.
func inParallel(goroutines, n int, call func()) {
	if goroutines == 1 {
		for range n {
			call()
		}
		return
	}
	var group sync.WaitGroup
	for g := range goroutines {
		group.Go(func() {
			for i := g; i < n; i += goroutines {
				call()
			}
		})
	}
	group.Wait()
}

// BenchmarkStalled measures a call that is dropped because the disk hangs.
func BenchmarkStalled(b *testing.B) {
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			w, fs := sickWriter(b, Options{QueueRecords: 1000})
			letGo := hangs(fs)
			l := benchLookup()
			for w.Record(l) == nil {
			}
			time.Sleep(time.Second / 10)
			for w.Record(l) == nil { // slots freed before the first write
			}
			b.ReportAllocs()
			b.ResetTimer()
			inParallel(callers, b.N, func() { w.Record(l) })
			b.StopTimer()
			require.Less(b, w.Stats().Written, int64(1))
			letGo()
			closedWithLoss(b, w)
		})
	}
}

// BenchmarkRecordWait measures the goroutine that formats and writes.
func BenchmarkRecordWait(b *testing.B) {
	w := open(b, Options{Dir: b.TempDir(), MaxFiles: 2})
	l := benchLookup()
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := w.RecordWait(ctx, l); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, w.Flush(ctx))
	b.SetBytes(w.Stats().Bytes / int64(b.N))
	b.StopTimer()
	closed(b, w)
}

// BenchmarkWriteLine measures the same for lines, as a pipe delivers them.
func BenchmarkWriteLine(b *testing.B) {
	w := open(b, Options{Dir: b.TempDir(), MaxFiles: 2})
	line := benchLine(b)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if err := w.WriteLine(context.Background(), line); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	closed(b, w)
}

func BenchmarkFormat(b *testing.B) {
	var f formatter
	e, data := benchEntry()
	line := benchLine(b)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		line, _ = f.line(line[:0], &e, data)
	}
}

func benchEntry() (e entry, data []byte) {
	l := benchLookup()
	e.measure(&l)
	data = make([]byte, e.size)
	e.put(data, &l)
	return e, data
}

func benchLine(b *testing.B) []byte {
	e, data := benchEntry()
	line, err := new(formatter).line(nil, &e, data)
	require.NoError(b, err)
	return line
}
