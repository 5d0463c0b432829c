package main

import (
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
)

// ttlsText prints the token hit rate with each of several TTLs, a column each, and without one.
func ttlsText(w io.Writer, r *analyze.Report) {
	curve := r.TTLCurve
	if curve == nil {
		return
	}
	fmt.Fprintln(w)
	head := []string{"token hit rate by TTL"}
	for _, ttl := range r.Settings.TTLs {
		head = append(head, units.FormatSeconds(ttl))
	}
	var t table.Table
	t.Row(append(head, "no TTL")...)
	for i, size := range curve.Sizes {
		cells := []string{sizeName(size)}
		for j := i; j < len(r.TTLs); j += len(curve.Capacities) {
			cells = append(cells, units.FormatPercent(r.TTLs[j].TokenHitRate))
		}
		t.Row(append(cells, units.FormatPercent(analyze.Rate(curve.Forever[i], curve.TotalTokens)))...)
	}
	t.Write(w)
}
