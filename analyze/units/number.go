package units

import (
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
)

// Comma returns a number with thousands separators: "12,031".
func Comma(n int64) string { return humanize.Comma(n) }

// Count returns a number and what it counts: "1 request", "12,031 requests".
func Count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Comma(n) + " " + what + "s"
}

// FormatPercent returns a fraction as a percentage with two decimals: "85.42 %". It is 100.00 % only if the fraction is 1.
func FormatPercent(fraction float64) string { return formatPercent(fraction, 2) }

// FormatPercentTo is FormatPercent with some other number of decimals.
func FormatPercentTo(fraction float64, decimals int) string { return formatPercent(fraction, decimals) }

// FormatPercentBriefly is FormatPercent with one decimal, except that it has two below 10 %, and where one would round up to
// 100 %: "85.4 %", "3.07 %", "99.97 %".
func FormatPercentBriefly(fraction float64) string {
	const ten, hundred = 0.09995, 0.9995 // from here on, one decimal rounds to them
	if fraction < ten || hundred <= fraction && fraction < 1 {
		return formatPercent(fraction, 2)
	}
	return formatPercent(fraction, 1)
}

// formatPercent rounds a fraction to a percentage with some decimals, but not up to 100 %.
func formatPercent(fraction float64, decimals int) string {
	text := strconv.FormatFloat(100*fraction, 'f', decimals, 64)
	if fraction < 1 && strings.HasPrefix(text, "100") {
		text = strings.TrimSuffix("99."+strings.Repeat("9", decimals), ".")
	}
	return text + " %"
}
