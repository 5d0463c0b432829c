package page

import (
	"io"

	"hashlog/analyze"
	"hashlog/analyze/chart"
)

// section is a chart of the page. Each has a picture by package chart. Those that are live have a place of their own in the
// template, mostly beside an interactive chart for which the picture stands in where no script runs, and in print.
type section struct {
	id      string // of the element, and the name of its CSV
	heading string
	about   string // a sentence
	live    bool
	wanted  func(r *analyze.Report) bool
	draw    func(w io.Writer, f chart.Format, r *analyze.Report) error
	csv     func(w io.Writer, r *analyze.Report) error // nil: none of its own
}

// sections are all charts, in the order of the page. To add one, add a row.
var sections = []section{
	{
		id: "capacity", heading: "Hit rate against capacity", live: true,
		about:  "The share of all prompt tokens that a cache of each size would have had, from one replay of the logs.",
		wanted: func(r *analyze.Report) bool { return true },
		draw: func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Capacity(w, f, r, chart.TableAxis(r.Table))
		},
		csv: func(w io.Writer, r *analyze.Report) error { return analyze.WriteCapacityCSV(w, r.Table) },
	},
	{
		id: "misses", heading: "Hits and misses by capacity", live: true,
		about:  "What becomes of all tokens at each capacity: what memory can buy, and what it can't.",
		wanted: func(r *analyze.Report) bool { return true },
		draw: func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Misses(w, f, r, chart.TableAxis(r.Table))
		},
		csv: func(w io.Writer, r *analyze.Report) error { return analyze.WriteMissesCSV(w, r.Table) },
	},
	{
		id: "gain", heading: "What more memory gains",
		about:  "The points of token hit rate that a doubling of the capacity gains.",
		wanted: func(r *analyze.Report) bool { return true },
		draw: func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Gain(w, f, r, chart.TableAxis(r.Table))
		},
		csv: func(w io.Writer, r *analyze.Report) error { return analyze.WriteGainCSV(w, r.Table) },
	},
	{
		id: "rolling", heading: "Over time", live: true,
		about:  "The same share window by window. Windows with little traffic say little: look at the tokens below.",
		wanted: func(r *analyze.Report) bool { return true },
		draw:   chart.Rolling,
		csv:    func(w io.Writer, r *analyze.Report) error { return analyze.WriteRollingCSV(w, r.Rolling) },
	},
	{
		id: "heat", heading: "By time and capacity",
		about:  "The share of hit tokens in each window, for caches of all sizes.",
		wanted: func(r *analyze.Report) bool { return r.Heat != nil },
		draw:   chart.Heat,
		csv:    func(w io.Writer, r *analyze.Report) error { return analyze.WriteRollingCSV(w, r.Heat) },
	},
	{
		id: "requests", heading: "Single requests", live: true,
		about:  "What prompts of each length hit, and how the requests' own hit rates are spread.",
		wanted: func(r *analyze.Report) bool { return r.Requests != nil },
		draw:   chart.Requests,
		csv:    func(w io.Writer, r *analyze.Report) error { return analyze.WriteRequestsCSV(w, r.Requests) },
	},
	{
		id: "reuse", heading: "Reuse of chunks",
		about:  "How often chunks are looked up, and after which time again. It is the same for every cache.",
		wanted: func(r *analyze.Report) bool { return r.Reuse != nil },
		draw:   chart.Reuse,
		csv:    func(w io.Writer, r *analyze.Report) error { return analyze.WriteReuseCSV(w, r.Reuse) },
	},
	{
		id: "tiers", heading: "Tiers",
		about:  "What each tier serves and what is written to it.",
		wanted: func(r *analyze.Report) bool { return len(r.Tiers) > 0 },
		draw:   chart.Tiers,
		csv:    analyze.WriteTiersCSV,
	},
	{
		id: "ttl", heading: "Time to live",
		about:  "What the cache would hit if chunks expired that long after their last touch.",
		wanted: func(r *analyze.Report) bool { return r.TTLCurve != nil },
		draw:   chart.TTL,
		csv:    func(w io.Writer, r *analyze.Report) error { return analyze.WriteTTLCSV(w, r.TTLCurve) },
	},
}

// divisionSections are the charts of the classes of requests, one for each dimension.
func divisionSections(r *analyze.Report) (out []section) {
	for _, d := range r.By {
		if d.Dimension == analyze.ByModel && d.Len() < 2 {
			continue
		}
		out = append(out, section{
			id: "by-" + string(d.Dimension), heading: divisionHeading(d.Dimension),
			about: divisionAbout(d.Dimension),
			draw: func(w io.Writer, f chart.Format, r *analyze.Report) error {
				return chart.By(w, f, r, d, chart.TableAxis(r.Table))
			},
		})
	}
	return out
}

func divisionHeading(d analyze.Dimension) string {
	switch d {
	case analyze.ByLength:
		return "By prompt length"
	case analyze.ByModel:
		return "By model"
	case analyze.BySource:
		return "By source"
	case analyze.ByHour:
		return "By hour of the day"
	case analyze.ByTurn:
		return "By turn of the conversation"
	case analyze.BySalt:
		return "By cache salt"
	}
	return "By " + string(d)
}

func divisionAbout(d analyze.Dimension) string {
	switch d {
	case analyze.ByLength:
		return "Prompts by their number of tokens. All share one cache."
	case analyze.ByModel:
		return "Models never share chunks, but they share one cache."
	}
	return "All classes share one cache."
}
