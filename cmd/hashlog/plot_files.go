package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
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

// plotName matches the other files that plot can write. Nothing else is ever removed from a folder.
var plotName = regexp.MustCompile(`^((capacity|rolling|tiers|ttl)\.(csv|png|svg|pdf)|by\.csv|by-(length|model|source|hour|turn)\.(png|svg|pdf))$`)

// names returns the files to write, in the order in which they are listed.
func (p *plotFlags) names() []string {
	tables := []string{"capacity", "rolling"}
	if p.opts.Tiers != nil {
		tables = append(tables, "tiers")
	}
	if p.opts.TTLs != nil {
		tables = append(tables, "ttl")
	}
	pictures := slices.Clone(tables)
	if len(p.opts.By) > 0 {
		tables = append(tables, "by")
	}
	for _, d := range p.opts.By {
		pictures = append(pictures, byPicture(d))
	}
	var names []string
	for _, kind := range tables {
		names = append(names, kind+".csv")
	}
	for _, f := range p.formats {
		for _, kind := range pictures {
			names = append(names, kind+"."+string(f))
		}
	}
	return append(names, plotSeal)
}

// byPicture returns the name, without its extension, of the picture of a dimension.
func byPicture(d analyze.Dimension) string { return "by-" + string(d) }

// prepare makes the folder, removes the leftovers of killed runs, and checks that all files can be written. stale are the
// files of an earlier run that this one doesn't write.
func (p *plotFlags) prepare() (files *atomicfile.Set, stale []string, err error) {
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
	for _, text := range files.Former() {
		stale = append(stale, staleFiles(text, names)...)
	}
	for _, name := range append(names, stale...) {
		p.outputs = append(p.outputs, filepath.Join(p.output, name))
	}
	return files, stale, nil
}

// everyPlotName lists the names of all files that plot can write.
func everyPlotName() []string {
	all := plotFlags{formats: []chart.Format{chart.PNG, chart.SVG, chart.PDF}}
	all.opts.Tiers, all.opts.TTLs = &analyze.TierOptions{}, &analyze.TTLOptions{}
	all.opts.By = analyze.Dimensions()
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
	for _, name := range former.Files {
		if plotName.MatchString(name) && !slices.Contains(written, name) {
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
	for _, t := range []sizedTable{rollingTable(r), byTable(r)} {
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

// roomIn is replaced in tests.
var roomIn = atomicfile.Room
