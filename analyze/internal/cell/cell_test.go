package cell_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/cell"
)

func TestFormula(t *testing.T) {
	for _, text := range []string{"=1", "+1", "-1", "@sum", "\tx", "\rx", "'=1", "'", "--"} {
		require.True(t, cell.Formula(text), text)
		require.True(t, cell.Formula([]byte(text)), text)
	}
	for _, text := range []string{"", "-", "a=1", " =1", "Llama"} {
		require.False(t, cell.Formula(text), text)
	}
}
