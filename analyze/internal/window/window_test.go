package window

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWindowsInAnyOrder checks that a new window moves no other one, whatever the order of the timestamps: moving them
// would take quadratic time.
func TestWindowsInAnyOrder(t *testing.T) {
	const n = 1 << 13
	rising := make([]float64, n)
	for i := range rising {
		rising[i] = float64(i)
	}
	falling := slices.Clone(rising)
	slices.Reverse(falling)
	shuffled := slices.Clone(rising)
	rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for name, timestamps := range map[string][]float64{"rising": rising, "falling": falling, "shuffled": shuffled} {
		w := New[[64]byte](time.Second, nil)
		var moved int
		for _, ts := range timestamps {
			first := ts
			if len(w.list) > 0 {
				first = w.list[0].start
			}
			w.At(ts)[0]++
			if w.list[0].start != first {
				moved++
			}
		}
		require.Zero(t, moved, name)
		w.Sort()

		require.Len(t, w.list, n)
		for i := range w.list {
			require.Equal(t, float64(i), w.list[i].start)
			require.Equal(t, byte(1), w.list[i].sums[0])
		}
		*w.At(0) = [64]byte{7}
		require.Equal(t, byte(7), w.list[0].sums[0], "and goes on")
	}
}

// TestWindowsAreExact compares the window of a timestamp with exact fractions.
func TestWindowsAreExact(t *testing.T) {
	floor := func(ts float64, seconds int64) *big.Int {
		q := new(big.Rat).Quo(new(big.Rat).SetFloat64(ts), new(big.Rat).SetInt64(seconds))
		return new(big.Int).Div(q.Num(), q.Denom()) // Euclidean, and the denominator is positive
	}
	rounded := func(i *big.Int, seconds int64) float64 {
		f, _ := new(big.Float).SetInt(new(big.Int).Mul(i, big.NewInt(seconds))).Float64()
		return f
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		length := lengths[rng.IntN(len(lengths))]
		seconds := int64(length / time.Second)
		ts := math.Ldexp(rng.Float64()-0.5, rng.IntN(53))
		if rng.IntN(2) == 0 { // near a border
			ts = math.Round(ts/length.Seconds()) * length.Seconds()
			for range rng.IntN(3) {
				ts = math.Nextafter(ts, float64(rng.IntN(2)*2-1)*math.Inf(1))
			}
		}
		i := floor(ts, seconds)
		start, end := Of(ts, length)
		if math.Abs(ts/length.Seconds()) < maxIndex-1 {
			require.Equal(t, rounded(i, seconds), start, "%v in windows of %s", ts, length)
			require.Equal(t, rounded(i.Add(i, big.NewInt(1)), seconds), end, "%v in windows of %s", ts, length)
		}
	}
}

func TestWindowIndex(t *testing.T) {
	for _, length := range []time.Duration{time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond, time.Second, time.Minute, 24 * time.Hour} {
		for _, ts := range []float64{0, 0.1, 0.2, 0.3, 0.6, 0.7, 1, 59.999, 60, 1711929600.123, -0.1, -1, -61} {
			i := index(ts, length)
			require.LessOrEqual(t, startOf(i, length), ts)
			require.Greater(t, startOf(i+1, length), ts)
		}
	}
	require.Equal(t, 0.3, startOf(3, 100*time.Millisecond))
	require.Equal(t, 1711929600.8, startOf(17119296008, 100*time.Millisecond))
	require.Equal(t, -0.7, startOf(-7, 100*time.Millisecond))
}

// TestMergeEqualsOneList cuts timestamps into stretches at random, and compares the merged lists with one list of them all.
// Their range is near the border between two default lengths, and their order is not always that of time.
func TestMergeEqualsOneList(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	add := func(into, from *int) { *into += *from }
	for range 3000 {
		length := []time.Duration{0, 0, 0, 700 * time.Millisecond}[rng.IntN(4)]
		unit := lengths[rng.IntN(len(lengths))].Seconds()
		want, merged, part := New(length, add), New(length, add), New(length, add)
		merge := func() {
			before := slices.Clone(part.list)
			merged.Merge(part)
			require.Equal(t, before, part.list)
			part = New(length, add)
		}
		for range 1 + rng.IntN(12) {
			ts := rng.Float64() * 5 * unit
			if rng.IntN(2) == 0 {
				ts += 197 * unit
			}
			*want.At(ts)++
			*part.At(ts)++
			if rng.IntN(4) == 0 {
				merge()
			}
		}
		merge()
		want.Sort()
		merged.Sort()
		require.Equal(t, want.Length(), merged.Length())
		require.Equal(t, want.Len(), merged.Len())
		for i := range want.Len() {
			start, end := want.Bounds(i)
			gotStart, gotEnd := merged.Bounds(i)
			require.Equal(t, []float64{start, end}, []float64{gotStart, gotEnd})
			require.Equal(t, *want.Sums(i), *merged.Sums(i))
		}
	}
}
