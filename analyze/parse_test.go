package analyze

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseTarget(t *testing.T) {
	for _, tt := range []struct {
		text           string
		total, ceiling int64
		want           int64
	}{
		{"80%", 1000, 900, 800},
		{"80%", 1001, 900, 801}, // 800.8 tokens
		{"33.3%", 1000, 900, 333},
		{"100%", 1000, 900, 1000},
		{"0.0001%", 1000, 900, 1},
		{"95%ofceiling", 1000, 900, 855},
		{"95% of ceiling", 1000, 901, 856},
		{"100%OfCeiling", 1000, 900, 900},
		{"50%", 0, 0, 0},
		{"70%", 9_000_000_000_000_000_001, 0, 6_300_000_000_000_000_001},
	} {
		target, err := ParseTarget(tt.text)
		require.NoError(t, err)
		require.Equal(t, tt.want, target.hitTokens(tt.total, tt.ceiling), tt.text)
		require.Equal(t, tt.text, target.String())
	}
	for _, text := range []string{"", "80", "0.8", "0%", "-1%", "101%", "100.01%", "%", "%ofceiling", "80%ofroof", "1e1%", "1/2%", "NaN%"} {
		_, err := ParseTarget(text)
		require.ErrorContains(t, err, "must be a percentage above 0 and up to 100, such as 80% or 95%ofceiling", text)
	}
}

// The error for a target without its percent sign says how to write it.
func TestParseTargetHint(t *testing.T) {
	for text, hint := range map[string]string{
		"80":           "; write 80%",
		" 99.5 ":       "; write 99.5%",
		"0.8":          "; write 80%, or 0.8% if you mean that",
		"1":            "; write 1%",
		"95ofceiling":  "; write 95%ofceiling",
		"95 ofCeiling": "; write 95%ofceiling",
		"0.07":         "; write 7%, or 0.07% if you mean that",
		"800":          "",
		"1e1":          "",
		"+80":          "",
		"0":            "",
		".":            "",
		"80%ofroof":    "",
		"x":            "",
	} {
		_, err := ParseTarget(text)
		require.EqualError(t, err, fmt.Sprintf("target %q: must be a percentage above 0 and up to 100, such as 80%% or 95%%ofceiling%s", text, hint))
	}
}

func TestParseWarmup(t *testing.T) {
	for text, want := range map[string]Warmup{
		"0": {}, "0s": {}, "0.5": {Fraction: 0.5}, "0.999": {Fraction: 0.999}, "30m": {Duration: 30 * time.Minute}, "1d": {Duration: 24 * time.Hour},
		"2024-03-31T20:00:00.5+02:00": {Until: ptr(1711908000.5)}, "2024-03-31": {Until: ptr(1711843200.0)},
	} {
		got, err := ParseWarmup(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "1", "1.5", "-0.1", "NaN", "half", "30 m", "1711929600.5", "2024-13-01"} {
		_, err := ParseWarmup(text)
		require.ErrorContains(t, err, "[0, 1)", text)
	}
}
