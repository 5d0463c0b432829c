package units

import (
	"fmt"

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

// FormatPercent returns a fraction as a percentage with two decimals: "85.42 %".
func FormatPercent(fraction float64) string { return fmt.Sprintf("%.2f %%", 100*fraction) }
