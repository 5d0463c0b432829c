package analyze

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// manyRequests returns more requests than are in flight at once, each with a new chunk and a known one.
func manyRequests() (records []log.Record) {
	for i := range 8*batchRequests + 7 {
		records = append(records, log.Record{Timestamp: float64(i), RequestID: fmt.Sprint(i), ChunkSize: 16, SeqLen: 32,
			ChunkHashes: []string{"0xa", fmt.Sprintf("%#x", 1000+i)}})
	}
	return records
}

// numbered opens a log and returns a numbering of it that has not started.
func numbered(t *testing.T, records []log.Record, opts *Options) *numbering {
	reader, err := openLogs(context.Background(), findLog(t, records), opts, "")
	require.NoError(t, err)
	t.Cleanup(func() { reader.Close() })
	return newNumbering(&reading{reader: reader, sieve: NewSieve(opts.Filter)}, opts, sim.NewIndex(), batches)
}

// TestTooManyChunks ends a replay at the request with too many chunks, after all requests before it.
func TestTooManyChunks(t *testing.T) {
	opts := &Options{}
	n := numbered(t, manyRequests(), opts)
	n.index.Limit = 101
	go n.run()
	r := newReplay(opts, nil)
	err := r.each(n)
	n.stop()
	require.ErrorIs(t, err, sim.ErrTooManyChunks)
	require.Regexp(t, `\.jsonl:101: too many unique chunks: more than 101$`, err.Error())
	require.Equal(t, int64(100), r.requests)
}

// TestEntriesStayGood reads entries as late as the replay may, while the filter rejects records.
func TestEntriesStayGood(t *testing.T) {
	wanted, other := "wanted", "other"
	var records []log.Record
	for _, r := range manyRequests() {
		r.ModelName = wanted
		records = append(records, r)
		for range len(records) % 50 {
			records = append(records, log.Record{Timestamp: r.Timestamp, ModelName: other, RequestID: "other", ChunkSize: 16})
		}
	}
	n := numbered(t, records, &Options{Filter: Filter{Model: &wanted}})
	go n.run()
	count := 0
	for b := range n.full {
		time.Sleep(time.Millisecond) // let the numbering run ahead
		for i := range b.entries {
			require.Equal(t, fmt.Sprint(count), string(b.entries[i].RequestID))
			require.Len(t, b.entries[i].Hashes, 2)
			require.NotEmpty(t, b.numbered[i].Rows)
			count++
		}
		n.free <- b
	}
	n.stop()
	require.Equal(t, len(manyRequests()), count)
}

// TestStoppedInTheMiddle stops a numbering whose batches are not taken.
func TestStoppedInTheMiddle(t *testing.T) {
	n := numbered(t, manyRequests(), &Options{})
	go n.run()
	<-n.full
	n.stop()
	_, open := <-n.done
	require.False(t, open)
}

// TestMaxRequests stops at the limit, wherever it falls in a batch.
func TestMaxRequests(t *testing.T) {
	for _, most := range []int64{1, batchRequests - 1, batchRequests, batchRequests + 1, 3 * batchRequests} {
		report := runLog(t, manyRequests(), Options{Filter: Filter{MaxRequests: most}})
		require.Equal(t, most, report.Input.Requests)
		require.Equal(t, most+1, *report.Input.UniqueChunks)
	}
}

// TestRareRequests expects the same figures with and without rejected records in between.
func TestRareRequests(t *testing.T) {
	rare := "rare"
	var all, only []log.Record
	for i := range 20_000 {
		r := log.Record{Timestamp: float64(i), ModelName: "common", ChunkSize: 16, SeqLen: 7, ChunkHashes: []string{"0x1"}}
		if i%100 == 0 || i < 10 {
			r.ModelName, r.SeqLen, r.ChunkHashes = rare, int64(100+i), []string{fmt.Sprintf("%#x", i%977), fmt.Sprintf("%#x", i%991)}
			only = append(only, r)
		}
		all = append(all, r)
	}
	until := 10.0
	for _, filter := range []Filter{{Model: &rare}, {Until: &until}} {
		want, got := runLog(t, only, Options{Filter: filter}), runLog(t, all, Options{Filter: filter})
		want.Input.Filtered, got.Input.Filtered = 0, 0
		require.Equal(t, want.Input, got.Input)
		require.Equal(t, want.Ceiling, got.Ceiling)
	}
}

// TestErrorsDoNotWait ends a replay at the request that fails, although the stream sends nothing more.
func TestErrorsDoNotWait(t *testing.T) {
	stream, w := io.Pipe()
	defer w.Close()
	rare := "rare"
	go func() {
		model := rare
		for i := range log.Window + batchRecords {
			text, _ := log.AppendRecord(nil, &log.Record{Timestamp: float64(i), ModelName: model, ChunkSize: 16, SeqLen: 16, ChunkHashes: []string{"0x1"}})
			if _, err := w.Write(text); err != nil {
				return
			}
			model = "common"
		}
	}()
	files, err := log.Find(context.Background(), []string{"-"}, stream)
	require.NoError(t, err)
	_, err = Run(context.Background(), files, Options{Filter: Filter{Model: &rare}, Capacities: []units.Capacity{{N: 1, Unit: units.Bytes}}})
	require.ErrorContains(t, err, "stdin:1: capacity 1 B is in bytes, but")
	stream.Close()
}

// TestCancelled ends a replay with its context, and leaves no goroutine: see TestMain.
func TestCancelled(t *testing.T) {
	files := findLog(t, manyRequests())
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Run(ctx, files, Options{OnPass: func(string, *log.Reader) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestBatchesAreBounded numbers requests of many chunks: a batch ends at a number of chunks, and keeps no more memory than that.
func TestBatchesAreBounded(t *testing.T) {
	var records []log.Record
	hashes := make([]string, 20_000)
	for i := range hashes {
		hashes[i] = fmt.Sprintf("%#x", i)
	}
	for i := range 40 {
		records = append(records, log.Record{Timestamp: float64(i), RequestID: fmt.Sprint(i), ChunkSize: 16, SeqLen: 16 * int64(len(hashes)), ChunkHashes: hashes})
	}
	n := numbered(t, records, &Options{})
	count := 0
	for b := (&requests{}); !b.last; {
		n.fill(b)
		require.LessOrEqual(t, len(b.entries), 4)
		require.LessOrEqual(t, cap(n.keys), 3*batchChunks)
		for i := range b.entries {
			require.Equal(t, []sim.Row{{First: 0, N: len(hashes)}}, b.numbered[i].Rows)
			count++
		}
	}
	require.Equal(t, len(records), count)
}
