package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/analyze/units"
)

// plottedChart is a chart that plot can draw: a CSV of its name, and one or more pictures.
type plottedChart struct {
	name string
	// calls reports whether other flags call for the chart, which then needs no --charts; nil: never.
	calls func(o *analyze.Options) bool
	// ask makes the replay count what the chart shows; nil if other flags or every replay do.
	ask func(o *analyze.Options)
	// needs names the flag without which there is nothing to draw; "": none.
	needs string
	// whole reports that the chart needs all chunks, so there is none with --max-capacity.
	whole bool
	// over reports that the pictures have an axis over the capacities of the grid.
	over bool
	// worth reports, after the replay, whether the chart shows something; if not, it is drawn only if it is named. nil: always.
	worth    func(r *analyze.Report) bool
	csv      func(w io.Writer, r *analyze.Report) error
	pictures func(o *analyze.Options) []plottedPicture
}

// plottedPicture is a picture of a chart. Its name lacks the extension.
type plottedPicture struct {
	name string
	draw func(w io.Writer, f chart.Format, r *analyze.Report) error
}

// onePicture is the picture of a chart that has only one.
func onePicture(name string, draw func(w io.Writer, f chart.Format, r *analyze.Report) error) func(*analyze.Options) []plottedPicture {
	return func(*analyze.Options) []plottedPicture { return []plottedPicture{{name, draw}} }
}

// plottedCharts are all charts, in the order in which their files are listed.
var plottedCharts = []plottedChart{
	{
		name:  "capacity",
		over:  true,
		calls: func(*analyze.Options) bool { return true },
		csv:   func(w io.Writer, r *analyze.Report) error { return analyze.WriteCapacityCSV(w, r.Table) },
		pictures: onePicture("capacity", func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Capacity(w, f, r, chart.TableAxis(r.Table))
		}),
	},
	{
		name:     "rolling",
		calls:    func(*analyze.Options) bool { return true },
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteRollingCSV(w, r.Rolling) },
		pictures: onePicture("rolling", chart.Rolling),
	},
	{
		name:  "misses",
		over:  true,
		calls: func(*analyze.Options) bool { return true },
		csv:   func(w io.Writer, r *analyze.Report) error { return analyze.WriteMissesCSV(w, r.Table) },
		pictures: onePicture("misses", func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Misses(w, f, r, chart.TableAxis(r.Table))
		}),
	},
	{
		name:  "gain",
		over:  true,
		calls: func(*analyze.Options) bool { return true },
		csv:   func(w io.Writer, r *analyze.Report) error { return analyze.WriteGainCSV(w, r.Table) },
		pictures: onePicture("gain", func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Gain(w, f, r, chart.TableAxis(r.Table))
		}),
	},
	{
		name:  "models",
		over:  true,
		ask:   func(o *analyze.Options) { o.Models = true },
		worth: func(r *analyze.Report) bool { return r.Models.Len() > 1 },
		csv:   analyze.WriteModelsCSV,
		pictures: onePicture("models", func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.By(w, f, r, r.Models, chart.TableAxis(r.Table))
		}),
	},
	{
		name:     "heat",
		calls:    manyLines,
		ask:      func(o *analyze.Options) { o.Heat = true },
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteRollingCSV(w, r.Heat) },
		pictures: onePicture("heat", chart.Heat),
	},
	{
		name:     "requests",
		whole:    true,
		ask:      func(o *analyze.Options) { o.Requests = true },
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteRequestsCSV(w, r.Requests) },
		pictures: onePicture("requests", chart.Requests),
	},
	{
		name:     "reuse",
		whole:    true,
		ask:      func(o *analyze.Options) { o.Reuse = true },
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteReuseCSV(w, r.Reuse) },
		pictures: onePicture("reuse", chart.Reuse),
	},
	{
		name:     "tiers",
		calls:    func(o *analyze.Options) bool { return o.Tiers != nil },
		needs:    "--tiers",
		csv:      analyze.WriteTiersCSV,
		pictures: onePicture("tiers", chart.Tiers),
	},
	{
		name:     "ttl",
		calls:    func(o *analyze.Options) bool { return o.TTLs != nil },
		needs:    "several TTLs (--ttl 5m,1h)",
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteTTLCSV(w, r.TTLCurve) },
		pictures: onePicture("ttl", chart.TTL),
	},
	{
		name:     "by",
		over:     true,
		calls:    func(o *analyze.Options) bool { return len(o.By) > 0 },
		needs:    "--by",
		csv:      analyze.WriteByCSV,
		pictures: byPictures,
	},
	{
		name:  "granularity",
		over:  true,
		calls: func(o *analyze.Options) bool { return len(o.Granularities) > 1 },
		needs: "several --match-unit or --rechunk (--rechunk 1,2,4)",
		csv:   analyze.WriteGranularityCSV,
		pictures: onePicture("granularity", func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Granularity(w, f, r, chart.TableAxis(r.Table))
		}),
	},
}

// manyLines reports whether there are so many capacities that the rolling chart shows no rate of a single window.
func manyLines(o *analyze.Options) bool {
	return o.Rolling != nil && len(distinct(o.Rolling.Capacities)) > chart.MostRollingLines
}

// byPictures are a picture for each dimension.
func byPictures(o *analyze.Options) (out []plottedPicture) {
	for i, d := range o.By {
		out = append(out, plottedPicture{"by-" + string(d), func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.By(w, f, r, r.By[i], chart.TableAxis(r.Table))
		}})
	}
	return out
}

// allCharts stands for all charts in --charts.
const allCharts = "all"

// parseChart checks the name of a chart.
func parseChart(s string) (string, error) {
	if s == allCharts || slices.ContainsFunc(plottedCharts, func(c plottedChart) bool { return c.name == s }) {
		return s, nil
	}
	return "", fmt.Errorf("there is no chart %q: there are %s and %s", s, strings.Join(chartNames(), ", "), allCharts)
}

func chartNames() (names []string) {
	for _, c := range plottedCharts {
		names = append(names, c.name)
	}
	return names
}

// chosenCharts returns the charts to draw: those named or, if none is, those that the flags call for. Until leaveOut is called,
// they may be too many.
func (p *plotFlags) chosenCharts() (out []plottedChart) {
	for _, c := range plottedCharts {
		called := c.calls != nil && c.calls(&p.opts)
		switch {
		case slices.Contains(p.leftOut, c.name):
		case c.whole && p.bounded() && !slices.Contains(p.charts, c.name):
		case len(p.charts) == 0 && called,
			slices.Contains(p.charts, c.name),
			slices.Contains(p.charts, allCharts) && (called || c.ask != nil):
			out = append(out, c)
		}
	}
	return out
}

// bounded reports whether there is a --max-capacity.
func (p *plotFlags) bounded() bool { return p.opts.MaxCapacity != units.Capacity{} }

// leaveOut leaves out the charts that have nothing to show and are not named.
func (p *plotFlags) leaveOut(r *analyze.Report) {
	for _, c := range p.chosenCharts() {
		if c.worth != nil && !slices.Contains(p.charts, c.name) && !c.worth(r) {
			p.leftOut = append(p.leftOut, c.name)
		}
	}
}

// checkRange fails if a picture would have an axis over a single capacity: with --max-capacity there may be no other.
func (p *plotFlags) checkRange(r *analyze.Report) error {
	if len(r.Table.Capacities) > 1 {
		return nil
	}
	for _, c := range p.chosenCharts() {
		if c.over {
			only := units.Capacity{N: r.Table.Capacities[0], Unit: r.Table.Unit}
			return usageError{fmt.Errorf("--charts %s: there is nothing to plot from %s to --max-capacity %s: give a larger one, or hashlog simulate --capacity", c.name, only, p.opts.MaxCapacity)}
		}
	}
	return nil
}

// askForCharts makes the replay count what the charts show.
func (p *plotFlags) askForCharts() error {
	for _, c := range p.chosenCharts() {
		switch {
		case c.ask != nil:
			c.ask(&p.opts)
		case !c.calls(&p.opts):
			return usageError{fmt.Errorf("--charts %s needs %s", c.name, c.needs)}
		}
	}
	return nil
}

// dropWindows keeps the replay from counting windows that no chart shows.
func (p *plotFlags) dropWindows() error {
	o := &p.opts
	rolling := slices.ContainsFunc(p.chosenCharts(), func(c plottedChart) bool { return c.name == "rolling" })
	switch {
	case p.rolling.Window > 0 && !rolling && !o.Heat && o.Tiers == nil:
		return usageError{errors.New("none of the charts has windows: --window needs the chart rolling or heat (--charts)")}
	case len(p.rolling.Capacities) > 0 && !rolling && !o.Heat && !o.Requests && o.TTLs == nil:
		return usageError{errors.New("none of the charts has lines of capacities: --capacity needs the chart rolling or requests (--charts)")}
	}
	if !rolling && !o.Heat && !o.Requests {
		o.Rolling = nil
	}
	return nil
}
