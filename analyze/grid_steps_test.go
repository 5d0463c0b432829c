package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

func TestSteps(t *testing.T) {
	for k, want := range map[int]string{
		0: "1", 4: "1", 5: "2", 16: "4", 77: "790", 79: "939", 80: "1KiB", 81: "1.09KiB",
		288: "64GiB", 289: "69.8GiB", 290: "76.1GiB", 291: "83GiB", 292: "90.5GiB", 293: "98.7GiB", 294: "108GiB", 295: "117GiB", 296: "128GiB",
		319: "939GiB", 320: "1TiB", 480: "1EiB", 503: "7.34EiB",
	} {
		c, err := units.ParseCapacity(want)
		require.NoError(t, err)
		require.Equal(t, c.N, step(k), want)
	}
	require.Equal(t, int64(largest), step(504))
	for k := 32; k < 503; k++ {
		exact := math.Exp2(float64(k) / 8)
		require.InEpsilon(t, exact, step(k), max(.005, .5/exact))
		require.Less(t, step(k), step(k+1))
	}
}

func TestRounded(t *testing.T) {
	for _, tt := range []struct {
		x      float64
		digits int
		want   string
	}{
		{1, 3, "1"}, {999.5, 3, "1000"}, {1023.4, 3, "1023"}, {1 << 10, 3, "1KiB"}, {9.996 * (1 << 20), 3, "10MiB"}, {99.96 * (1 << 20), 3, "100MiB"},
		{1023.6 * (1 << 30), 3, "1024GiB"}, {69.1349 * (1 << 30), 4, "69.13GiB"}, {7.99 * (1 << 60), 3, "7.99EiB"}, {7.996 * (1 << 60), 3, "9223372036854775806"},
		{math.MaxInt64, 3, "9223372036854775806"},
	} {
		c, err := units.ParseCapacity(tt.want)
		require.NoError(t, err)
		require.Equal(t, c.N, rounded(tt.x, tt.digits), "%g", tt.x)
	}
}

// plainSteps is the default grid as the documentation words it, found by trying every capacity.
func plainSteps(v *Curve, most int) (list []int64) {
	var all []int64
	for k := range 504 {
		exp := k / 80 // thousands
		digits, err := strconv.ParseFloat(strconv.FormatFloat(math.Pow(2, float64(k)/8-float64(10*exp)), 'g', 3, 64), 64)
		if err != nil {
			panic(err)
		}
		if exp == 0 {
			digits = math.Round(math.Pow(2, float64(k)/8))
		}
		c, err := units.ParseCapacity(fmt.Sprintf("%g%s", digits, []string{"", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}[exp]))
		if err != nil {
			panic(err)
		}
		all = append(all, c.N)
	}
	hits := func(k int) int64 { return v.At(all[k]).HitTokens }
	ceiling := v.At(math.MaxInt64).HitTokens
	for _, apart := range []int{1, 2, 4, 8} {
		first, last := 0, 0
		for k := 0; k < len(all) && hits(k)*100 <= ceiling; k += apart {
			first = k
		}
		for hits(last) < ceiling {
			last += apart
		}
		first = max(0, min(first, last-8))
		last = max(last, first+8)
		list = nil
		for k := first; k <= last; k += apart {
			if n := len(list); n == 0 || list[n-1] < all[k] {
				list = append(list, all[k])
			}
		}
		if len(list) <= most {
			return list
		}
	}
	return nil
}

func TestStepsEqualPlain(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		var records []log.Record
		chunks := 1 + rng.IntN(400)
		for j := range 300 {
			rec := log.Record{Timestamp: float64(j), ChunkSize: 4, SeqLen: 30}
			first := rng.IntN(1 + rng.IntN(chunks))
			for c := range 1 + rng.IntN(7) {
				rec.ChunkHashes = append(rec.ChunkHashes, strconv.Itoa(first+c))
			}
			if i%3 > 0 { // chunks of one size, or of several
				rec.DTypes, rec.Shapes = []string{"int8"}, [][]int64{{int64(1+i%3*rng.IntN(2)) << (i % 35)}}
			}
			records = append(records, rec)
		}
		v := runLog(t, records, Options{}).Curve
		if v.At(math.MaxInt64).HitTokens == 0 {
			continue
		}
		for _, most := range []int{0, 200, 30, 12, 7, 2} {
			g, err := v.Grid(GridOptions{Points: most})
			require.NoError(t, err)
			if most == 0 {
				most = 200
			}
			want := plainSteps(v, most)
			if want == nil {
				require.Len(t, g.Capacities, most, "evenly spaced")
				whole := plainSteps(v, math.MaxInt)
				require.LessOrEqual(t, g.Capacities[0], whole[0])
				require.GreaterOrEqual(t, g.Capacities[most-1], whole[len(whole)-1])
				continue
			}
			require.Equal(t, want, g.Capacities)
			require.Equal(t, v.Unit, g.Unit)
		}
	}
}

func TestStepsOfLogsAreShared(t *testing.T) {
	one, other := runLog(t, loop(100, 7), Options{Grid: &GridOptions{}}).Table, runLog(t, loop(130, 3, 7), Options{Grid: &GridOptions{}}).Table
	require.Equal(t, []int64{362, 395, 431, 470, 512, 558, 609, 664, 724}, one.Capacities, "100 × 7 bytes")
	require.Equal(t, []int64{332, 362, 395, 431, 470, 512, 558, 609, 664}, other.Capacities, "130 × 5 bytes")
}

func TestStepsWithoutHits(t *testing.T) {
	g, err := runLog(t, loop(1, 8)[:1], Options{}).Curve.Grid(GridOptions{})
	require.NoError(t, err)
	require.Equal(t, []int64{4, 5, 6, 7, 8}, g.Capacities, "the octave up to one chunk")
	g, err = runLog(t, loop(1)[:1], Options{}).Curve.Grid(GridOptions{})
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2}, g.Capacities)
}

// The steps of a cache that evicts in batches end where it reaches the ceiling, however few chunks that takes.
func TestStepsOfBatchesReachCeiling(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5, 9} {
		for _, sizes := range [][]int64{nil, {1}, {7}, {3, 5}} {
			for _, trigger := range []float64{.5, .8, .9, 1} {
				for _, ratio := range []float64{.01, .1, .2, .5, 1} {
					opts := Options{Grid: &GridOptions{}, Cache: Cache{Watermark: &sim.Watermark{Trigger: trigger, Ratio: ratio}}}
					table := runLog(t, loop(n, sizes...), opts).Table
					last := table.Figures[len(table.Figures)-1]
					require.EqualValues(t, 4*n, last.HitTokens, "%d chunks of %v bytes, trigger %g, ratio %g, at %d", n, sizes, trigger, ratio, table.Capacities[len(table.Figures)-1])
				}
			}
		}
	}
}
