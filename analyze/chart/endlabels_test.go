package chart

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

// TestEndLabelsKeepApart spreads labels of lines that end at one height, at several, and beyond the panel.
func TestEndLabelsKeepApart(t *testing.T) {
	for _, ends := range [][]vg.Length{{50}, {50, 50, 50, 50}, {0, 0, 0}, {200, 200}, {10, 12, 60, 61, 62, 150}, {0, 3, 6, 9, 12, 15, 18, 200}, {99, 100, 101, 120, 121, 20}} {
		var labels []endLabel
		for i, end := range ends {
			labels = append(labels, endLabel{text: fmt.Sprint(i), end: end, rank: float64(i)})
		}
		spread(labels, 4, 196)
		for i, l := range labels {
			require.GreaterOrEqual(t, float64(l.y), 4.0-1e-9)
			require.LessOrEqual(t, float64(l.y), 196.0+1e-9)
			if i > 0 {
				above := labels[i-1]
				require.GreaterOrEqual(t, float64(above.y-l.y), float64(endLine)-1e-9, "%v", ends)
				require.GreaterOrEqual(t, above.end, l.end, "labels lie in the order of the ends")
				require.True(t, above.end > l.end || above.rank > l.rank)
			}
		}
	}
	crowd := []endLabel{{end: 40}, {end: 44}, {end: 52}, {end: 53}, {end: 90}}
	spread(crowd, 0, 100)
	moved := vg.Length(0)
	for _, l := range crowd {
		moved += l.y - l.end
	}
	require.InDelta(t, 0, float64(moved), 1e-9, "as far up as down")
	alone := []endLabel{{end: 150}, {end: 20}}
	spread(alone, 4, 196)
	require.Equal(t, []vg.Length{150, 20}, []vg.Length{alone[0].y, alone[1].y})
}
