package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
	"hashlog/log"
)

// fleetText prints what nodes hit, for each number of nodes and capacity beside one pool.
func fleetText(w io.Writer, r *analyze.FleetReport, how remarks) {
	inputText(w, r.Input)
	fmt.Fprintln(w)
	ceilingText(w, r.Report)
	for _, sections := range r.Sections() {
		if len(sections) > 1 {
			fmt.Fprintln(w)
			nodeCountsText(w, sections)
		}
		for i := range sections {
			fmt.Fprintln(w)
			fleetSectionText(w, &sections[i], r.Input.Period())
		}
	}
	fmt.Fprintln(w)
	leftOutText(w, r.Input)
	remarksText(w, r.Report, how)
}

// nodeCountsText prints the token hit rates of all routings by number of nodes, at one capacity.
func nodeCountsText(w io.Writer, sections []analyze.FleetSection) {
	var t table.Table
	heads, pool := []string{ofSize(sections[0].Capacity) + " a node"}, []string{"one pool"}
	for i := range sections {
		heads = append(heads, units.Count(int64(sections[i].Nodes), "node"))
		pool = append(pool, units.FormatPercent(sections[i].Pool.TokenHitRate))
	}
	t.Row(heads...)
	for i, r := range sections[0].Results {
		cells := []string{r.Routing}
		for j := range sections {
			cells = append(cells, units.FormatPercent(sections[j].Results[i].TokenHitRate))
		}
		t.Row(cells...)
	}
	t.Row(pool...)
	t.Write(w)
}

// fleetSectionText prints the figures of one number of nodes and capacity.
func fleetSectionText(w io.Writer, s *analyze.FleetSection, period units.Period) {
	fmt.Fprintf(w, "%s of %s, together %s\n", units.Count(int64(s.Nodes), "node"), ofSize(s.Capacity), ofSize(poolSize(s)))
	routingsText(w, s)
	fmt.Fprintln(w)
	fleetMissesText(w, s)
	fmt.Fprintln(w)
	residentsText(w, s)
	sharedText(w, s, period)
	if len(s.Results) == 1 {
		fmt.Fprintln(w)
		nodesText(w, s, s.Results[0])
	}
	if best := s.Best(); best != nil {
		fmt.Fprintln(w, bestText(s, best))
	}
}

// routingsText prints a row for each routing, and one for the pool.
func routingsText(w io.Writer, s *analyze.FleetSection) {
	shared := slices.ContainsFunc(s.Results, func(r *analyze.FleetResult) bool { return r.SharedTokens != nil })
	var t table.Table
	row := func(name, fromShared string, cells ...string) {
		if shared {
			cells = slices.Insert(cells, 1, fromShared)
		}
		t.Row(append([]string{name}, cells...)...)
	}
	row("routing", "from shared", "token hit rate", "hit tokens", "as one pool of", "max ÷ mean load", "evictions")
	for _, r := range s.Results {
		row(r.Routing, orDash(r.SharedTokens, func(n int64) string { return share(n, r.TotalTokens) }), units.FormatPercent(r.TokenHitRate),
			units.Comma(r.HitTokens), asPool(r), fmt.Sprintf("%.2f", r.LoadImbalance), units.Comma(r.Evictions))
	}
	row("one pool", "–", units.FormatPercent(s.Pool.TokenHitRate), units.Comma(s.Pool.HitTokens), "–", "–", "–")
	t.Write(w)
}

// asPool prints the smallest pool that hits as much as the nodes.
func asPool(r *analyze.FleetResult) string {
	if r.HitTokens == 0 || r.PoolBytes == nil && r.PoolChunks == nil {
		return "–"
	}
	return sizeName(analyze.Size{Bytes: r.PoolBytes, Chunks: r.PoolChunks})
}

// fleetMissesText prints each kind of miss as a percentage of all tokens.
func fleetMissesText(w io.Writer, s *analyze.FleetSection) {
	elsewhere := slices.ContainsFunc(s.Results, func(r *analyze.FleetResult) bool { return r.MissTokens.Elsewhere != nil })
	var t table.Table
	row := func(name string, cells []string, last string) {
		if elsewhere {
			cells = append(cells, last)
		}
		t.Row(append([]string{name}, cells...)...)
	}
	row("missed tokens", missHeads(s.Pool.MissTokens), "elsewhere")
	for _, r := range s.Results {
		row(r.Routing, missCells(r.MissTokens.MissTokens, r.TotalTokens), orDash(r.MissTokens.Elsewhere, func(n int64) string { return share(n, r.TotalTokens) }))
	}
	row("one pool", missCells(s.Pool.MissTokens, s.Pool.TotalTokens), "–")
	t.Write(w)
}

// residentsText prints how much memory is spent on chunks that another node has too.
func residentsText(w io.Writer, s *analyze.FleetSection) {
	var t table.Table
	t.Row("at the end", "resident chunks", "distinct", "on one node", "on several", "on most nodes", "spent twice")
	for _, r := range s.Results {
		of := r.Residents()
		t.Row(r.Routing, units.Comma(of.Chunks), units.Comma(of.Distinct), units.Comma(of.Single), units.Comma(of.Several()), units.Comma(int64(of.Most)), share(of.Spare(), of.Chunks))
	}
	t.Write(w)
}

// sharedText prints how fast the shared tier is read and written, for each routing.
func sharedText(w io.Writer, s *analyze.FleetSection, period units.Period) {
	var tiers []analyze.TierResult
	known := false // whether sizes are, for any
	for _, r := range s.Results {
		if r.SharedTier != nil {
			tier := *r.SharedTier
			tier.Name = r.Routing
			tiers = append(tiers, tier)
			known = known || tier.Bandwidth != nil
		}
	}
	if !known {
		return
	}
	fmt.Fprintln(w)
	var t table.Table
	t.Row("shared tier", "bytes read", "average", "peak", "available", "bytes written", "a day", "average", "peak", "available")
	for _, r := range tiers {
		t.Row(append(append([]string{r.Name}, readCells(r)...), writtenCells(r)...)...)
	}
	t.Write(w)
	for _, r := range tiers {
		r.Name = "the shared tier of " + r.Name
		enoughText(w, r, period)
	}
}

// bestText says which routing hits most, and what one pool would add.
func bestText(s *analyze.FleetSection, best *analyze.FleetResult) string {
	text := "The nodes hit "
	if best.Routing != analyze.SourcesRouting {
		text = best.Routing + " hits "
		switch {
		case s.Tied():
			text = "All routings hit "
		case len(s.Results) > 1:
			text = best.Routing + " hits most, "
		}
	}
	text += units.FormatPercent(best.TokenHitRate)
	if as := asPool(best); as != "–" {
		text += ", as one pool of " + as + " does"
	}
	if s.Nodes == 1 {
		return text + "."
	}
	pool := "One pool of " + ofSize(poolSize(s))
	gain, points := s.PoolGain(best), func(x float64) string { return strings.TrimSuffix(units.FormatPercent(x), " %") + " points" }
	switch cmp.Compare(gain, 0) {
	case 1:
		return text + fmt.Sprintf(". %s would hit %s, %s more.", pool, units.FormatPercent(s.Pool.TokenHitRate), points(gain))
	case -1:
		return text + fmt.Sprintf(". %s would hit %s, %s less.", pool, units.FormatPercent(s.Pool.TokenHitRate), points(-gain))
	}
	return text + ". " + pool + " would hit no more."
}

// poolSize returns the capacity of all nodes.
func poolSize(s *analyze.FleetSection) analyze.Size {
	return analyze.Size{Bytes: s.Pool.CapacityBytes, Chunks: s.Pool.CapacityChunks}
}

// ofSize prints a size behind "of".
func ofSize(s analyze.Size) string {
	if s == (analyze.Size{}) {
		return "unlimited size"
	}
	return sizeName(s)
}

// nodesText prints the nodes of a routing, those with the most tokens if there are many.
func nodesText(w io.Writer, s *analyze.FleetSection, of *analyze.FleetResult) {
	shown := s.LargestNodes(of, mostClasses)
	heads := missHeads(s.Pool.MissTokens)
	heads[0] = "missed: " + heads[0]
	var t table.Table
	t.Row(append([]string{"node", "requests", "tokens", "load", "token hit rate"}, heads...)...)
	for _, n := range shown {
		cells := []string{log.Quoted(n.Node), units.Comma(n.Requests), units.Comma(n.TotalTokens), units.FormatPercent(n.LoadShare), units.FormatPercent(n.TokenHitRate)}
		t.Row(append(cells, missCells(n.MissTokens, n.TotalTokens)...)...)
	}
	t.Write(w)
	if more := of.Nodes - len(shown); more > 0 {
		fmt.Fprintf(w, "  … and %s more (--json has all)\n", units.Comma(int64(more)))
	}
}
