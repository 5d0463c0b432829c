package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFigure(t *testing.T) {
	for want, v := range map[string]float64{"0": 0, "0.0409": .04091, "12.9": 12.94, "999": 999.4, "1,000": 999.5, "12,346": 12345.6, "9.22e+24": 9.22e24} {
		require.Equal(t, want, figure(v))
	}
}
