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
var plotName = regexp.MustCompile(`^(capacity|rolling|tiers|ttl)\.(csv|png|svg|pdf)$`)

// names returns the files to write, in the order in which they are listed.
func (p *plotFlags) names() []string {
	kinds := []string{"capacity", "rolling"}
	if p.opts.Tiers != nil {
		kinds = append(kinds, "tiers")
	}
	if p.opts.TTLs != nil {
		kinds = append(kinds, "ttl")
	}
	var names []string
	for _, ext := range append([]chart.Format{"csv"}, p.formats...) {
		for _, kind := range kinds {
			names = append(names, kind+"."+string(ext))
		}
	}
	return append(names, plotSeal)
}

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

// manyRows is the number of rows above which plot announces the size of rolling.csv.
const manyRows = 1_000_000

// checkRoom announces the size of a large rolling.csv, and fails if there is no room for it.
func (p *plotFlags) checkRoom(bar *progress.Bar, r *analyze.Report) error {
	rows, bytes := analyze.RollingCSVSize(r.Rolling)
	text := fmt.Sprintf("rolling.csv: %s (%s, %s), about %s", units.Count(rows, "row"), units.Count(int64(len(r.Rolling.Windows)), "window"),
		capacities(len(r.Rolling.Lines)), units.FormatBytes(bytes))
	room, known := roomIn(p.output)
	if known && bytes > room {
		return fmt.Errorf("%s, and there is room for %s in %s: ask for a longer --window or fewer capacities (--capacity)", text,
			units.FormatBytes(room), log.Quoted(p.output))
	}
	if rows > manyRows {
		bar.Say("note: " + text + "; a longer --window or fewer capacities (--capacity) make it smaller")
	}
	return nil
}

// roomIn is replaced in tests.
var roomIn = atomicfile.Room
