package histogram

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// randomSpans makes spans of the step, which may overlap and repeat.
func randomSpans(r *rand.Rand, n int, step int64) (spans []Span) {
	for range n {
		spans = append(spans, Span{Lo: 1 + r.Int64N(2500), Step: step, N: 1 + r.Int64N(200)*r.Int64N(2), Weight: 1 + r.Int64N(5)})
	}
	return append(spans, spans[:n/3]...)
}

// middle is the second of three histograms. The others hold something else.
type middle struct{ *Dense }

func newMiddle() middle { return middle{NewDense(3)} }

func (m middle) Add(s Span) {
	m.Dense.Add(0, Span{Lo: s.Lo + s.N, Step: 1, N: 7, Weight: s.Weight * 3})
	m.Dense.Add(1, s)
	m.Dense.Add(2, Span{Lo: 1, Step: 1, N: s.N, Weight: 1})
}

func (m middle) Total() int64                    { return m.Columns()[1].Total() }
func (m middle) Sums(capacities []int64) []int64 { return m.Columns()[1].Sums(capacities) }
func (m middle) Reach(want int64) (int64, bool)  { return m.Columns()[1].Reach(want) }
func (m middle) LastOctave(want int64) (int64, bool) {
	return m.Columns()[1].LastOctave(want)
}

// TestHistograms compares both kinds with a table of weights.
func TestHistograms(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, tt := range []struct {
		name string
		made interface {
			Histogram
			Add(Span)
		}
		step  int64
		spans int
		heavy int64
		mixed bool // steps
	}{
		{"empty", newMiddle(), 1, 0, 1, false},
		{"dense", newMiddle(), 1, 500, 1, false},
		{"dense, some wide", newMiddle(), 1, 500, math.MaxInt32 / 20, false},
		{"dense, all wide", newMiddle(), 1, 500, math.MaxInt32 + 1, false},
		{"empty", &Sparse{}, 1, 0, 1, false},
		{"sparse", &Sparse{}, 7, 500, 1, false},
		{"sparse, few", &Sparse{}, 7, 15, 1, false},
		{"sparse, joined", &Sparse{}, 3, 20_000, 1, false},
		{"sparse, joined, mixed", &Sparse{}, 2, 40_000, 1, true},
	} {
		want := make([]int64, 6000)
		for i, s := range randomSpans(r, tt.spans, tt.step) {
			s.Weight *= tt.heavy
			if tt.mixed {
				s.Step += int64(i % 3)
			}
			tt.made.Add(s)
			for i := range s.N {
				want[s.Lo+i*s.Step] += s.Weight
			}
		}
		compareSums(t, tt.made, want)
	}
}

// compareSums compares a histogram with the weights by depth.
func compareSums(t *testing.T, h Histogram, weights []int64) {
	var sums, capacities []int64
	var sum int64
	for depth, w := range weights {
		sum += w
		sums = append(sums, sum)
		capacities = append(capacities, int64(depth))
	}
	require.Equal(t, sums, h.Sums(capacities))
	require.Equal(t, []int64{sum, sum, sum}, h.Sums([]int64{7000, 7000, math.MaxInt64}))
	require.Empty(t, h.Sums(nil))
	require.Equal(t, sum, h.Total())
	for want := int64(0); want <= sum; want += 1 + sum/50 {
		c, ok := h.Reach(want)
		require.True(t, ok)
		require.GreaterOrEqual(t, sums[c], want)
		require.True(t, c == 1 || sums[c-1] < want, "%d is not the smallest that reaches %d", c, want)
	}
	_, ok := h.Reach(sum + 1)
	require.False(t, ok)
	compareOctaves(t, h, sums)
}

// compareOctaves compares the last octave of any weight with a search through all depths. A depth beyond sums has no weight.
func compareOctaves(t *testing.T, h Histogram, sums []int64) {
	all := sums[len(sums)-1]
	last := make(map[int64]int64) // the largest depth, by the weight of its octave
	var weights []int64
	for d := int64(len(sums)) - 1; d > 0; d-- {
		weight := sums[min(2*d-1, int64(len(sums))-1)] - sums[d-1]
		if _, ok := last[weight]; !ok && weight > 0 && (len(weights) == 0 || weight > weights[len(weights)-1]) {
			last[weight] = d
			weights = append(weights, weight) // rising: lighter octaves below d don't matter
		}
	}
	for i, weight := range weights {
		if i > 8 && i%(1+len(weights)/15) > 0 {
			continue
		}
		d, ok := h.LastOctave(weight)
		require.True(t, ok)
		require.Equal(t, last[weight], d, weight)
		if i > 0 {
			d, ok = h.LastOctave(weights[i-1] + 1) // the lightest that exceeds the one before
			require.True(t, ok)
			require.Equal(t, last[weight], d, weight)
		}
	}
	heaviest := int64(0)
	if len(weights) > 0 {
		heaviest = weights[len(weights)-1]
	}
	for _, want := range []int64{heaviest + 1, all + 1} {
		_, ok := h.LastOctave(want)
		require.False(t, ok, want)
	}
}

func TestScaled(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	h := newMiddle()
	var sparse Sparse
	weights := make([]int64, 3000*2)
	for _, s := range randomSpans(r, 300, 1) {
		h.Add(s)
		sparse.Add(s)
		for i := range s.N {
			weights[2*(s.Lo+i)] += s.Weight
		}
	}
	compareSums(t, h.Scaled(1, 2), weights)
	compareSums(t, sparse.Scaled(2), weights)
}

// TestJoinBoundsMemory adds the same spans over and over.
func TestJoinBoundsMemory(t *testing.T) {
	var h Sparse
	for i := range int64(1_000_000) {
		h.Add(Span{Lo: i % 1000, Step: 5, N: 3, Weight: 1})
	}
	require.LessOrEqual(t, h.Len(), minSpans)
	require.Equal(t, int64(3_000_000), h.Total())
}

// TestMerge merges two halves and compares them with one histogram of both; the half merged in is unchanged.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, heavy := range []int64{1, math.MaxInt32 / 20, math.MaxInt32 + 1} {
		dense, denseRest := newMiddle(), newMiddle()
		var sparse, sparseRest Sparse
		weights, rest := make([]int64, 6000), make([]int64, 6000)
		for i, s := range randomSpans(r, 900, 1) {
			s.Weight *= heavy
			later := i%3 == 0
			if later {
				denseRest.Add(s)
				sparseRest.Add(s)
			} else {
				dense.Add(s)
				sparse.Add(s)
			}
			for i := range s.N {
				weights[s.Lo+i] += s.Weight
				if later {
					rest[s.Lo+i] += s.Weight
				}
			}
		}
		dense.Merge(denseRest.Dense)
		sparse.Merge(&sparseRest)
		dense.Add(Span{Lo: 1, Step: 1, N: 1, Weight: 1})
		sparse.Add(Span{Lo: 1, Step: 1, N: 1, Weight: 1})
		weights[1]++
		compareSums(t, dense, weights)
		compareSums(t, &sparse, weights)
		compareSums(t, denseRest, rest)
		compareSums(t, &sparseRest, rest)
		denseRest.AddAll(1, &sparseRest)
		for depth := range rest {
			rest[depth] *= 2
		}
		compareSums(t, denseRest, rest)
	}
}

// TestColumns adds to any number of histograms side by side, and reads all of them at rising capacities, in between and in
// the end.
func TestColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		n := 1 + r.IntN(4)
		h := NewDense(n)
		weights := make([][]int64, n)
		for i := range weights {
			weights[i] = make([]int64, 5*pageSize)
		}
		for range 1 + r.IntN(3) {
			for range r.IntN(2 * changesTogether) {
				i, heavy := r.IntN(n), 1+r.Int64N(2)*math.MaxInt32
				s := Span{Lo: 1 + r.Int64N(3*pageSize), Step: 1, N: 1 + r.Int64N(pageSize), Weight: heavy * (1 + r.Int64N(5))}
				h.Add(i, s)
				for k := range s.N {
					weights[i][s.Lo+k] += s.Weight
				}
			}
			for i, c := range h.Columns() {
				var capacities, want []int64
				var sum int64
				for depth, weight := range weights[i] {
					sum += weight
					for d := depth % pageSize; r.IntN(100) == 0 || (d < 2 || d == pageSize-1) && r.IntN(2) == 0; {
						capacities = append(capacities, int64(depth))
						want = append(want, sum)
					}
				}
				capacities, want = append(capacities, math.MaxInt64), append(want, sum)
				require.Equal(t, want, c.Sums(capacities))
				require.Equal(t, sum, c.Total())
			}
		}
	}
}

// TestJoinManySpans joins spans that mostly meet in the hash table, also those that belong at its end.
func TestJoinManySpans(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 100 {
		var h Sparse
		var spans []Span
		last := r.IntN(2) == 0
		for len(spans) < 10 {
			s := Span{Lo: r.Int64N(1 << 40), Step: 1 + r.Int64N(2), N: 1 + r.Int64N(3), Weight: 1}
			if !last || s.hash()>>59 == 1<<5-1 { // the last of 32 slots
				spans = append(spans, s, Span{Lo: s.Lo, Step: s.Step + 1, N: s.N, Weight: 1})
			}
		}
		weight := map[Span]int64{}
		for range 2 {
			for _, s := range spans {
				h.Add(s)
				s.Weight = 0
				weight[s]++
			}
		}
		h.join()
		require.Equal(t, len(weight), h.Len())
		for i := range h.n {
			s := *h.at(i)
			got := s.Weight
			s.Weight = 0
			require.Equal(t, weight[s], got)
		}
	}
}
