package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// plotSeal is the file that is written last: if it exists, the files that it lists are complete and from one run.
const plotSeal = "plot.json"

// names returns the files to write, in the order in which they are listed.
func (p *plotFlags) names() (names []string) {
	charts := p.chosenCharts()
	for _, c := range charts {
		names = append(names, c.name+".csv")
	}
	for _, f := range p.formats {
		for _, c := range charts {
			for _, picture := range c.pictures(&p.opts) {
				names = append(names, picture.name+"."+string(f))
			}
		}
	}
	return append(names, plotSeal)
}

// prepare makes the folder, removes the leftovers of killed runs, and checks that all files can be written. former are the
// seals of earlier runs.
func (p *plotFlags) prepare() (files *atomicfile.Set, former [][]byte, err error) {
	files, err = atomicfile.NewSet(p.output)
	if err != nil {
		return nil, nil, err
	}
	files.Seal = plotSeal
	names := p.names()
	if err := files.Check(names...); err != nil {
		files.Abort()
		return nil, nil, err
	}
	files.Sweep(everyPlotName()...)
	former = files.Former()
	for _, name := range append(names, p.stale(former)...) {
		p.outputs = append(p.outputs, inFolder(p.output, name))
	}
	return files, former, nil
}

// stale returns the files of earlier runs that this one doesn't write.
func (p *plotFlags) stale(former [][]byte) (names []string) {
	for _, text := range former {
		names = append(names, staleFiles(text, p.names())...)
	}
	return names
}

// everyPlotName lists the names of all files that plot can write.
func everyPlotName() []string {
	all := plotFlags{charts: []string{allCharts}, formats: []chart.Format{chart.PNG, chart.SVG, chart.PDF}}
	all.opts.Tiers, all.opts.TTLs = &analyze.TierOptions{}, &analyze.TTLOptions{}
	all.opts.By = analyze.Dimensions()
	all.opts.Granularities = make([]analyze.Granularity, 2)
	return all.names()
}

// staleFiles returns the files that the plot.json of an earlier run lists and this run doesn't write. Since anybody may have
// written that plot.json, it returns only names that plot can write.
func staleFiles(text []byte, written []string) (stale []string) {
	var former struct {
		Files []string `json:"files"`
	}
	if json.Unmarshal(text, &former) != nil {
		return nil
	}
	known := everyPlotName()
	for _, name := range former.Files {
		if name != plotSeal && slices.Contains(known, name) && !slices.Contains(written, name) {
			stale = append(stale, name)
		}
	}
	return distinct(stale)
}

// manyRows is the number of rows above which plot announces the size of a table.
const manyRows = 1_000_000

// sizedTable is a table that may be very large.
type sizedTable struct {
	rows, bytes int64
	text        string // what it holds
	fewer       string // flags that make it smaller
}

// checkRoom announces the sizes of large tables, and fails if there is no room for them.
func (p *plotFlags) checkRoom(bar *progress.Bar, r *analyze.Report) error {
	room, known := roomIn(p.output)
	for _, t := range []sizedTable{rollingTable(r), byTable(r), modelsTable(r)} {
		text := fmt.Sprintf("%s, about %s", t.text, units.FormatBytes(t.bytes))
		if known && t.bytes > room {
			return fmt.Errorf("%s, and there is room for %s in %s: ask for %s", text, units.FormatBytes(room), log.Quoted(p.output), t.fewer)
		}
		room -= t.bytes
		if t.rows > manyRows {
			bar.Say("note: " + text + "; " + t.fewer + " make it smaller")
		}
	}
	return nil
}

func rollingTable(r *analyze.Report) sizedTable {
	if r.Rolling == nil {
		return sizedTable{}
	}
	rows, bytes := analyze.RollingCSVSize(r.Rolling)
	text := fmt.Sprintf("rolling.csv: %s (%s, %s)", units.Count(rows, "row"), units.Count(int64(len(r.Rolling.Windows)), "window"),
		capacities(len(r.Rolling.Lines)))
	return sizedTable{rows, bytes, text, "a longer --window or fewer capacities (--capacity)"}
}

func byTable(r *analyze.Report) sizedTable {
	rows, bytes := analyze.ByCSVSize(r)
	classes := 0
	for _, d := range r.By {
		classes += d.Len()
	}
	text := fmt.Sprintf("by.csv: %s (classes: %s; %s)", units.Count(rows, "row"), units.Comma(int64(classes)), capacities(len(r.Table.Capacities)))
	return sizedTable{rows, bytes, text, "fewer dimensions (--by) or capacities (--points)"}
}

func modelsTable(r *analyze.Report) sizedTable {
	rows, bytes := analyze.ModelsCSVSize(r)
	return sizedTable{rows, bytes, fmt.Sprintf("models.csv: %s (%s)", units.Count(rows, "row"), capacities(len(r.Table.Capacities))), "other charts (--charts) or fewer capacities (--points)"}
}

// roomIn is replaced in tests.
var roomIn = atomicfile.Room
