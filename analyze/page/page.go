package page

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"hashlog/analyze"
	"hashlog/analyze/chart"
)

// Options say what a page holds besides the figures of a report.
type Options struct {
	// Title is the heading. Default: "Token hit rate of a KV cache".
	Title string
	// Compared are caches side by side, with their bottlenecks ([analyze.Report.SplitMisses]). Default nil: none.
	Compared *analyze.ComparedTable
}

// Write writes a report as a page. It fails if the report has no table or no windows, or if w fails. Nothing is written before the
// page is complete.
func Write(w io.Writer, r *analyze.Report, o Options) error {
	v, err := viewOf(r, o)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// view is what the template shows.
type view struct {
	Policy string
	Style  template.CSS
	Script template.JS
	Data   template.JS

	Title       string
	About       []string // what was replayed
	Models      []string
	Answer      []string
	Limit       limit
	Capacities  []capacity
	Chosen      int
	HasChunks   bool
	Bytes       bool // whether the curve is in bytes
	Linear      bool
	Window      string
	Merged      int64
	Undated     bool
	Live        map[string]figure // by section
	Figures     []figure
	Misses      table
	Curve       table
	Divisions   []dividedView
	Lengths     *table // of requests; nil if a division has it
	Stats       []table
	Compared    *table
	Assumptions []string
	Notes       []string
	Input       table
	Problems    []string
	MoreBad     int64 // bad records that are not among the problems
}

// figure is a chart as a picture.
type figure struct {
	ID, Heading, About string
	SVG                template.HTML
	CSV                bool // whether its CSV is embedded
}

// dividedView is a dimension with its picture and table.
type dividedView struct {
	Dimension string
	Figure    figure
	Table     table
}

// Bounds of the CSV files in a page, in bytes.
const (
	mostCSV    = 200_000 // of one
	mostAllCSV = 400_000 // of all
)

func viewOf(r *analyze.Report, o Options) (*view, error) {
	if r == nil || r.Curve == nil || r.Table == nil || r.Rolling == nil {
		return nil, errors.New("write the page: the report has no table of capacities or no windows")
	}
	f := &facts{report: r, data: dataOf(r), compared: o.Compared}
	v := &view{Policy: policy, Style: template.CSS(style), Script: template.JS(script), Title: "Token hit rate of a KV cache",
		About: f.about(), Models: f.models(), Answer: f.answer(), Capacities: f.data.Capacities, Chosen: f.data.Chosen, HasChunks: f.data.HasChunks,
		Bytes: f.data.Unit == "bytes", Linear: r.Table.Linear, Window: windowText(f.data.Windows.Seconds), Merged: f.data.Windows.Merged, Undated: f.data.Undated,
		Misses: f.capacitiesTable(), Curve: f.curveTable(), Input: f.inputTable(), Live: make(map[string]figure)}
	for i := range v.Capacities {
		v.Capacities[i].Limit = f.limit(v.Capacities[i])
	}
	v.Limit = v.Capacities[v.Chosen].Limit
	if o.Title != "" {
		v.Title = cleanName(o.Title)
	}
	for _, s := range r.Assumptions {
		v.Assumptions = append(v.Assumptions, cleanText(s))
	}
	for _, n := range r.Notes {
		v.Notes = append(v.Notes, cleanText(n.Text))
	}
	for _, p := range r.Log.Problems {
		v.Problems = append(v.Problems, cleanText(p.String()))
	}
	v.MoreBad = r.Log.ProblemCount - int64(len(r.Log.Problems))
	if r.Stats != nil {
		v.Stats = []table{trafficTable(r.Stats), extremesTable(r.Stats), statsTable(r.Stats)}
	}
	byLength := slices.ContainsFunc(r.By, func(d *analyze.Division) bool { return d.Dimension == analyze.ByLength })
	if f.data.Requests != nil && !byLength {
		t := f.lengthsTable()
		v.Lengths = &t
	}
	if o.Compared != nil {
		t := f.comparedTable()
		v.Compared = &t
	}
	if err := v.embedTables(f); err != nil {
		return nil, err
	}
	if err := v.draw(f); err != nil {
		return nil, err
	}
	text, err := f.data.json()
	v.Data = template.JS(text) // has no "<"
	return v, err
}

// embedTables puts the CSV files that are small enough into the data. That of the curve is always there: the script reads it.
func (v *view) embedTables(f *facts) error {
	f.data.Tables = make(map[string]string)
	left := mostAllCSV
	for _, s := range sections {
		if !s.wanted(f.report) || s.csv == nil {
			continue
		}
		most := min(mostCSV, left)
		if s.id == "capacity" {
			most = 1 << 30
		}
		csv, err := text(most, func(w io.Writer) error { return s.csv(w, f.report) })
		if err != nil {
			return err
		}
		if csv != "" {
			f.data.Tables[s.id] = csv
			left = max(0, left-len(csv))
		}
	}
	return nil
}

// draw draws all charts, as many at once as there are processors.
func (v *view) draw(f *facts) error {
	var list []section
	for _, s := range sections {
		if s.wanted(f.report) {
			list = append(list, s)
		}
	}
	shared := len(list)
	list = append(list, divisionSections(f.report)...)
	figures := make([]figure, len(list))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range list {
		group.Go(func() (err error) {
			figures[i], err = drawn(s, f)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, s := range list[:shared] {
		if s.live {
			v.Live[s.id] = figures[i]
		} else {
			v.Figures = append(v.Figures, figures[i])
		}
	}
	for i, fig := range figures[shared:] {
		d := &f.data.Divisions[i]
		v.Divisions = append(v.Divisions, dividedView{d.Dimension, fig, f.divisionTable(d)})
	}
	if fig, err := f.comparison(); fig != nil || err != nil {
		if err != nil {
			return err
		}
		v.Live["compared"] = *fig
	}
	return nil
}

// drawn draws a section.
func drawn(s section, f *facts) (figure, error) {
	var b bytes.Buffer
	if err := s.draw(&b, chart.SVG, f.report); err != nil {
		return figure{}, err
	}
	svg, err := inline(b.Bytes(), s.id+"-", s.heading+". "+s.about)
	_, csv := f.data.Tables[s.id]
	return figure{ID: s.id, Heading: s.heading, About: s.about, SVG: svg, CSV: csv}, err
}
