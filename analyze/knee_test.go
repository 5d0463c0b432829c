package analyze

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// plainKnee goes through all capacities, by halves of a chunk or a byte, and returns the smallest whole one from which on no
// doubling gains a point.
func plainKnee(curve *Curve, beyond int64) (capacity int64) {
	scale := curve.scale()
	var at []int64
	for c := int64(0); c <= 2*beyond; c++ {
		at = append(at, c*scale)
	}
	figures := curve.Table(at)
	for half := int64(0); half <= 2*beyond; half++ {
		f := figures[half]
		if gain := f.HitTokens - figures[half/2].HitTokens; gain > 0 && gain*100 >= f.TotalTokens {
			capacity = half/2 + 1
		}
	}
	return capacity * scale
}

// TestKneeEqualsSearch compares the knee with a search through all capacities, in caches whose curve is exact.
func TestKneeEqualsSearch(t *testing.T) {
	t.Parallel()
	kneeless := 0
	for seed := range seeds(80) {
		r := rand.New(rand.NewPCG(seed, 77))
		kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
		opts := Options{TouchOrder: sim.Order(r.IntN(2)), Warmup: Warmup{Fraction: 0.3 * float64(r.IntN(2))}}
		switch r.IntN(5) {
		case 0:
			opts.Cache.TTL = 9 * time.Second
		case 1:
			opts.Cache.StoreDelay = 2500 * time.Millisecond
		case 2:
			opts.Cache.Admit = 2
		}
		records := randomRecords(r, kind, 20+r.IntN(400))
		for range r.IntN(3) * 100 { // most tokens never hit, so that a point is more
			n := len(records)
			records = append(records, log.Record{Timestamp: records[n-1].Timestamp, ChunkSize: 16, SeqLen: 15 + r.Int64N(1000)})
		}
		report := runLog(t, records, opts)
		beyond, _ := report.Curve.Reach(report.Curve.ceilingTokens())
		want := plainKnee(report.Curve, beyond/report.Curve.scale()+1)
		got := report.Knee.CapacityBytes
		if report.Curve.Unit == units.Chunks {
			got = report.Knee.CapacityChunks
		}
		require.Equal(t, want, *got, "seed %d", seed)
		require.Equal(t, report.Curve.At(want).TokenHitRate(), report.Knee.TokenHitRate)
		if want == 0 {
			kneeless++
			want := "no doubling of the capacity gains a point"
			if report.Ceiling.HitTokens == 0 {
				want = ""
			}
			require.Equal(t, want, report.KneeText())
		}
	}
	require.Less(t, kneeless, 20)
}

// distances looks up d chunks of 100 tokens for each distance d, then all of them again in the same order.
func distances(list ...int) (records []log.Record) {
	next := 0
	for _, d := range list {
		for i := range 2 * d {
			records = append(records, log.Record{Timestamp: float64(len(records)), ChunkSize: 100, SeqLen: 100, ChunkHashes: []string{fmt.Sprint(next + i%d)}})
		}
		next += d
	}
	return records
}

// TestKneeOfShapes has curves that never gain a point, always do, or do so again after a pause.
func TestKneeOfShapes(t *testing.T) {
	cold := func(n int) (records []log.Record) {
		for i := range n {
			records = append(records, log.Record{Timestamp: 1e6 + float64(i), ChunkSize: 100, SeqLen: 100, ChunkHashes: []string{fmt.Sprint("cold ", i)}})
		}
		return records
	}
	for _, tt := range []struct {
		name    string
		records []log.Record
		want    int64
		text    string
	}{
		{"nothing reused", cold(10), 0, ""},
		{"one chunk", distances(1), 1, "beyond 1 chunk a doubling gains less than one point"},
		{"all at once", distances(40), 40, "beyond 40 chunks a doubling gains less than one point"},
		{"always", distances(1, 2, 4, 8, 16, 32, 64, 128), 128, "beyond 128 chunks a doubling gains less than one point"},
		{"again after a pause", append(distances(2, 64), cold(3)...), 64, "beyond 64 chunks a doubling gains less than one point"},
		{"a point exactly", append(distances(3, 1), cold(92)...), 3, "beyond 3 chunks a doubling gains less than one point"}, // 1 of 100 tokens is hit at distance 1
		{"less than a point", append(distances(1), cold(99)...), 0, "no doubling of the capacity gains a point"},
		{"never, though all of them do", append(distances(1, 2), cold(200)...), 0, "no doubling of the capacity gains a point"},
	} {
		report := runLog(t, tt.records, Options{})
		require.Equal(t, tt.want, *report.Knee.CapacityChunks, tt.name)
		require.Equal(t, tt.text, report.KneeText(), tt.name)
		require.Nil(t, report.Knee.CapacityBytes)
	}
}

// TestKneeOfBatches compares the knee of a table with a search by hand, and leaves out what a table doesn't show.
func TestKneeOfBatches(t *testing.T) {
	at := func(capacities []int64, hits ...int64) *Table {
		table := &Table{Grid: Grid{Unit: units.Chunks, Capacities: capacities}}
		for i, n := range hits {
			table.Figures = append(table.Figures, Figures{HitTokens: n, TotalTokens: 1000})
			table.Sizes = append(table.Sizes, Size{Chunks: &capacities[i]})
		}
		return table
	}
	for _, tt := range []struct {
		name    string
		table   *Table
		ceiling float64
		want    int64 // 0: none
	}{
		{"falls below a point and stays", at([]int64{1, 2, 4, 8, 16}, 0, 100, 150, 155, 155), .155, 4},
		{"a point exactly", at([]int64{1, 2, 4, 8, 16}, 0, 100, 150, 160, 160), .16, 8},
		{"rises again", at([]int64{1, 2, 4, 8, 16}, 0, 100, 101, 150, 151), .151, 8},
		{"falls and comes back", at([]int64{1, 2, 4, 8, 16, 32}, 0, 100, 90, 100, 100, 100), .1, 8},
		{"nothing gains", at([]int64{4, 8, 16}, 5, 6, 7), .007, 4},
		{"gains to the end", at([]int64{1, 2, 4}, 0, 100, 200), .9, 0},
		{"ends before its ceiling", at([]int64{1, 2, 4}, 0, 195, 200), .209, 2},
		{"ends too far below its ceiling", at([]int64{1, 2, 4}, 0, 195, 200), .22, 0},
		{"four times as much gains half as much a doubling", at([]int64{1, 4, 16, 64}, 0, 19, 40, 41), .041, 16},
	} {
		got := tt.table.knee(tt.ceiling)
		if tt.want == 0 {
			require.Nil(t, got, tt.name)
			continue
		}
		require.Equal(t, tt.want, *got.CapacityChunks, tt.name)
	}

	records := randomRecords(rand.New(rand.NewPCG(6, 6)), "equal", 300)
	opts := Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.8, Ratio: 0.2}}, Capacities: []units.Capacity{units.InChunks(50)}}
	report := runLog(t, records, opts)
	require.Nil(t, report.Knee, "nothing is known between listed capacities")
	require.Empty(t, report.KneeText())
	opts.Grid = &GridOptions{}
	report = runLog(t, records, opts)
	require.Contains(t, report.Table.Capacities, *report.Knee.CapacityBytes)
	require.Regexp(t, `^beyond \S+ KiB \(grid\) a doubling gains less than one point$`, report.KneeText())
	opts.Grid = &GridOptions{From: units.InChunks(1), To: units.InChunks(10)}
	report = runLog(t, records, opts)
	require.Nil(t, report.Knee)
	require.Equal(t, "where the grid ends, a doubling may still gain a point", report.KneeText())
}
