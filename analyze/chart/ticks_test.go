package chart

import (
	"hashlog/analyze/units"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

func labels(ticks []tick) []string {
	var out []string
	for _, t := range ticks {
		if t.label != "" {
			out = append(out, t.label)
		}
	}
	return out
}

func contexts(ticks []tick) []string {
	var out []string
	for _, t := range ticks {
		if t.context != "" {
			out = append(out, t.context)
		}
	}
	return out
}

func TestCapacityTicks(t *testing.T) {
	for _, c := range []struct {
		axis Axis
		unit units.Unit
		want []string
	}{
		{Axis{From: 1 << 10, To: 200_000 << 10}, units.Bytes,
			[]string{"1 KiB", "4 KiB", "16 KiB", "64 KiB", "256 KiB", "1 MiB", "4 MiB", "16 MiB", "64 MiB"}},
		{Axis{From: 64 << 10, To: 3 << 40}, units.Bytes,
			[]string{"64 KiB", "256 KiB", "1 MiB", "4 MiB", "16 MiB", "64 MiB", "256 MiB", "1 GiB", "4 GiB", "16 GiB", "64 GiB", "256 GiB", "1 TiB"}},
		{Axis{From: 1, To: math.MaxInt64}, units.Bytes, []string{"1 B", "32 B", "1 KiB", "32 KiB", "1 MiB", "32 MiB", "1 GiB", "32 GiB",
			"1 TiB", "32 TiB", "1 PiB", "32 PiB", "1 EiB"}},
		{Axis{From: 1, To: math.MaxInt64}, units.Chunks, []string{"1", "32", "1 Ki", "32 Ki", "1 Mi", "32 Mi", "1 Gi", "32 Gi", "1 Ti",
			"32 Ti", "1 Pi", "32 Pi", "1 Ei"}},
		{Axis{From: 3 << 30, To: 20 << 30}, units.Bytes, []string{"4 GiB", "8 GiB", "16 GiB"}},
		{Axis{From: 1, To: 200_000}, units.Chunks, []string{"1", "4", "16", "64", "256", "1,024", "4,096", "16,384", "65,536"}},
		{Axis{From: 1, To: 2}, units.Chunks, []string{"1", "2"}},
		{Axis{From: 5, To: 7}, units.Chunks, []string{"5", "6", "7"}},
		{Axis{From: 40 << 20, To: 60 << 20}, units.Bytes, []string{"40 MiB", "44 MiB", "48 MiB", "52 MiB", "56 MiB", "60 MiB"}},
		{Axis{From: 1 << 10, To: 200_000 << 10, Linear: true}, units.Bytes,
			[]string{"1 KiB", "32 MiB", "64 MiB", "96 MiB", "128 MiB", "160 MiB", "192 MiB"}},
		{Axis{From: 1, To: 200_000, Linear: true}, units.Chunks, []string{"1", "50,000", "100,000", "150,000", "200,000"}},
		{Axis{From: 1 << 29, To: 5 << 29, Linear: true}, units.Bytes,
			[]string{"512 MiB", "768 MiB", "1 GiB", "1.25 GiB", "1.5 GiB", "1.75 GiB", "2 GiB", "2.25 GiB", "2.5 GiB"}},
		{Axis{From: math.MaxInt64 - 1, To: math.MaxInt64}, units.Chunks, []string{"9,223,372,036,854,775,806", "9,223,372,036,854,775,807"}},
	} {
		require.Equal(t, c.want, labels(capacityTicks(c.axis, c.unit, 620)), "%+v", c.axis)
	}
}

// For any range: at least two labels, none over another or beyond the page, in order, each at the capacity it states.
func TestCapacityTicksNeverCollide(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 4000 {
		a := Axis{From: 1 + rnd.Int64N(1<<rnd.IntN(63)), Linear: rnd.IntN(2) == 0}
		a.To = a.From + 1 + min(rnd.Int64N(1<<rnd.IntN(63)), math.MaxInt64-a.From-1)
		unit := units.Unit(rnd.IntN(2))
		width := vg.Length(420 + rnd.IntN(400))
		ticks := capacityTicks(a, unit, width)
		require.GreaterOrEqual(t, labelled(ticks), 2, "%+v", a)
		checkTicks(t, ticks, width)
	}
}

func checkTicks(t *testing.T, ticks []tick, width vg.Length) {
	t.Helper()
	last, lastAt := -overhang, -1.0
	for _, k := range ticks {
		require.False(t, k.at < 0 || k.at > 1 || k.at < lastAt, "%v", ticks)
		lastAt = k.at
		if k.label == "" {
			continue
		}
		w := textWidth(axisFace, k.label)
		from := max(min(vg.Length(k.at)*width-w/2, width+overhang-w), -overhang)
		require.GreaterOrEqual(t, from, last, "%v", labels(ticks))
		require.LessOrEqual(t, from+w, width+overhang+1e-9, "%v", labels(ticks))
		last = from + w + 4
	}
	seen := map[string]bool{}
	for i, k := range ticks {
		if k.label != "" && ticks[0].context == "" && len(contexts(ticks)) == 0 {
			require.False(t, seen[k.label], "%d: %v", i, labels(ticks))
			seen[k.label] = true
		}
	}
}

func TestAxisIsItsOwnInverse(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		a := Axis{From: 1 + rnd.Int64N(1<<rnd.IntN(40)), Linear: rnd.IntN(2) == 0}
		a.To = a.From + 1 + rnd.Int64N(1<<rnd.IntN(40))
		require.Equal(t, a.From, a.capacity(0))
		require.Equal(t, a.To, a.capacity(1))
		last := int64(0)
		for i := range 100 {
			c := a.capacity(float64(i) / 99)
			require.True(t, a.contains(c) && c >= last)
			require.InDelta(t, float64(i)/99, a.position(c), max(1/float64(a.To-a.From), 1/float64(a.From)/math.Log(float64(a.To)/float64(a.From)))+1e-6)
			last = c
		}
	}
	wide := Axis{From: 1, To: math.MaxInt64}
	require.Equal(t, int64(math.MaxInt64), wide.capacity(1))
	require.Positive(t, wide.capacity(math.Nextafter(1, 0)))
}
