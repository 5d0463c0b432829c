package units

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbers(t *testing.T) {
	require.Equal(t, "12,031", Comma(12031))
	require.Equal(t, "1 request", Count(1, "request"))
	require.Equal(t, "0 requests", Count(0, "request"))
	require.Equal(t, "12,031 requests", Count(12031, "request"))
	require.Equal(t, "85.42 %", FormatPercent(0.85421))
	require.Equal(t, "0.00 %", FormatPercent(0))
}
