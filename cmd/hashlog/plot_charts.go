package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/chart"
)

// plottedChart is a chart that plot can draw: a CSV of its name, and one or more pictures.
type plottedChart struct {
	name string
	// calls reports whether other flags call for the chart, which then needs no --charts; nil: never.
	calls func(o *analyze.Options) bool
	// ask makes the replay count what the chart shows; nil if other flags or every replay do.
	ask      func(o *analyze.Options)
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
		calls: func(*analyze.Options) bool { return true },
		csv:   func(w io.Writer, r *analyze.Report) error { return analyze.WriteCapacityCSV(w, r.Table) },
		pictures: onePicture("capacity", func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.Capacity(w, f, r, tableAxis(r))
		}),
	},
	{
		name:     "rolling",
		calls:    func(*analyze.Options) bool { return true },
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteRollingCSV(w, r.Rolling) },
		pictures: onePicture("rolling", chart.Rolling),
	},
	{
		name:     "heat",
		ask:      func(o *analyze.Options) { o.Heat = true },
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteRollingCSV(w, r.Heat) },
		pictures: onePicture("heat", chart.Heat),
	},
	{
		name:     "tiers",
		calls:    func(o *analyze.Options) bool { return o.Tiers != nil },
		csv:      analyze.WriteTiersCSV,
		pictures: onePicture("tiers", chart.Tiers),
	},
	{
		name:     "ttl",
		calls:    func(o *analyze.Options) bool { return o.TTLs != nil },
		csv:      func(w io.Writer, r *analyze.Report) error { return analyze.WriteTTLCSV(w, r.TTLCurve) },
		pictures: onePicture("ttl", chart.TTL),
	},
	{
		name:     "by",
		calls:    func(o *analyze.Options) bool { return len(o.By) > 0 },
		csv:      analyze.WriteByCSV,
		pictures: byPictures,
	},
}

// tableAxis is the axis of capacities that the report's table covers.
func tableAxis(r *analyze.Report) chart.Axis {
	t := r.Table
	return chart.Axis{From: t.Capacities[0], To: t.Capacities[len(t.Capacities)-1], Linear: t.Linear}
}

// byPictures are a picture for each dimension.
func byPictures(o *analyze.Options) (out []plottedPicture) {
	for i, d := range o.By {
		out = append(out, plottedPicture{"by-" + string(d), func(w io.Writer, f chart.Format, r *analyze.Report) error {
			return chart.By(w, f, r, r.By[i], tableAxis(r))
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

// chosenCharts returns the charts to draw: those named or, if none is, those that the flags call for.
func (p *plotFlags) chosenCharts() (out []plottedChart) {
	for _, c := range plottedCharts {
		called := c.calls != nil && c.calls(&p.opts)
		switch {
		case len(p.charts) == 0 && called,
			slices.Contains(p.charts, c.name),
			slices.Contains(p.charts, allCharts) && (called || c.ask != nil):
			out = append(out, c)
		}
	}
	return out
}

// askForCharts makes the replay count what the charts show.
func (p *plotFlags) askForCharts() error {
	for _, c := range p.chosenCharts() {
		switch {
		case c.ask != nil:
			c.ask(&p.opts)
		case !c.calls(&p.opts):
			return usageError{fmt.Errorf("--charts %s needs --%s", c.name, c.name)}
		}
	}
	return nil
}
