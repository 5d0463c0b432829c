package main

import (
	"fmt"
	"io"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
)

// tiersText prints what each tier serves, what is written to it, whether it is fast enough and how long it lasts.
func tiersText(w io.Writer, r *analyze.Report) {
	tiers := r.Tiers
	if len(tiers) == 0 {
		return
	}
	fmt.Fprintln(w)
	servedText(w, tiers)
	if tiers[0].Bandwidth != nil {
		fmt.Fprintln(w)
		writtenText(w, tiers)
	}
	for _, t := range tiers {
		enoughText(w, t, r.Input.Period())
		wornText(w, t)
	}
}

// servedText prints what each tier serves, and how fast it is read.
func servedText(w io.Writer, tiers []analyze.TierResult) {
	var t table.Table
	t.Row("tier", "capacity", "chunks", "adds", "together", "tokens", "bytes read", "average", "peak", "available")
	together := 0.0
	for _, r := range tiers {
		together += r.TokenHitRate
		bytes, chunks := "unlimited", "–"
		if r.CapacityBytes != nil || r.CapacityChunks != nil {
			bytes, chunks = sizeText(r.CapacityBytes, r.CapacityChunks)
		}
		cells := []string{r.Name, bytes, chunks, units.FormatPercent(r.TokenHitRate), units.FormatPercent(together), units.Comma(r.Tokens)}
		t.Row(append(cells, readCells(r)...)...)
	}
	t.Write(w)
}

// readCells returns the bytes read from a tier, the average and peak bandwidth used, and the bandwidth available.
func readCells(r analyze.TierResult) []string {
	b := r.Bandwidth
	if b == nil {
		return []string{"–", "–", "–", "–"}
	}
	return []string{units.FormatBytes(*r.Bytes), units.FormatBandwidth(b.Average), units.FormatBandwidth(b.Peak), speedText(b.Available)}
}

// writtenText prints the bytes written to each tier, and the bandwidth used and available.
func writtenText(w io.Writer, tiers []analyze.TierResult) {
	var t table.Table
	t.Row("tier", "bytes written", "a day", "average", "peak", "available")
	for _, r := range tiers {
		t.Row(append([]string{r.Name}, writtenCells(r)...)...)
	}
	t.Write(w)
}

// writtenCells returns the bytes written to a tier, in all and a day, the average and peak bandwidth used, and the bandwidth
// available.
func writtenCells(r analyze.TierResult) []string {
	b := r.Bandwidth
	if b == nil {
		return []string{"–", "–", "–", "–", "–"}
	}
	available := speedText(b.AvailableWrite)
	if b.Shared {
		available = "shared"
	}
	return []string{units.FormatBytes(*r.BytesWritten), units.FormatManyBytes(*r.BytesWrittenPerDay), units.FormatBandwidth(b.AverageWrite), units.FormatBandwidth(b.PeakWrite), available}
}

// enoughText says whether the bandwidth of a tier is enough, if it is known.
func enoughText(w io.Writer, r analyze.TierResult, period units.Period) {
	b := r.Bandwidth
	if b == nil || b.Above == nil {
		return
	}
	length := units.FormatSeconds(b.WindowSeconds)
	if *b.Above == 0 {
		fmt.Fprintf(w, "%s is fast enough in every window of %s\n", r.Name, length)
		return
	}
	what := "reads or writes"
	if b.Shared {
		what = "reads and writes together"
	}
	var peaks []string
	if b.Peak > 0 {
		peaks = append(peaks, fmt.Sprintf("reads peak at %s from %s", units.FormatBandwidth(b.Peak), period.FormatTime(b.PeakStart)))
	}
	if b.PeakWrite > 0 {
		peaks = append(peaks, fmt.Sprintf("writes peak at %s from %s", units.FormatBandwidth(b.PeakWrite), period.FormatTime(b.PeakWriteStart)))
	}
	fmt.Fprintf(w, "%s: %s exceed its bandwidth in %s of %s; %s\n", r.Name, what, units.Count(*b.Above, "window"), length, strings.Join(peaks, ", "))
}

// wornText says how long a tier lasts, if its endurance is known.
func wornText(w io.Writer, r analyze.TierResult) {
	switch {
	case r.EnduranceBytes == nil || r.BytesWritten == nil:
	case *r.BytesWritten == 0:
		fmt.Fprintf(w, "%s lasts forever: nothing is written to it\n", r.Name)
	case r.EnduranceDays != nil:
		fmt.Fprintf(w, "%s wears out after %s at %s a day\n", r.Name, units.FormatDays(*r.EnduranceDays), units.FormatManyBytes(*r.BytesWrittenPerDay))
	}
}

// speedText prints a bandwidth, or a dash if it is unknown.
func speedText(n *int64) string {
	if n == nil {
		return "–"
	}
	return units.FormatBandwidth(float64(*n))
}
