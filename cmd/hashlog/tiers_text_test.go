package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDays(t *testing.T) {
	for n, want := range map[float64]string{
		0.00001: "1e-05 days", 0.0394: "0.039 days", 1: "1 day", 1.04: "1 day", 9.34: "9.3 days", 9.94: "9.9 days", 9.96: "10 days", 10.4: "10 days",
		213.6: "214 days", 99_999.5: "100,000 days", 1e6: "more than 1,000,000 days", 1e300: "more than 1,000,000 days",
	} {
		require.Equal(t, want, days(n), n)
	}
}
