package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// chartFiles are a table and its pictures in a folder, caches.csv and caches.png, and perhaps more tables. Without a folder there
// are none.
type chartFiles struct {
	stem    string
	tables  []string // stems of more tables
	folder  string   // "": none
	formats []chart.Format
}

func (c *chartFiles) add(flags *pflag.FlagSet) {
	addOutput(flags, &c.folder, "folder to write the picture and the table to, created if it does not exist")
	flags.Var(listed("FORMAT[,...]", &c.formats, parsePicture).among("png", "svg", "pdf"), "format", "formats of the pictures: png, svg, pdf (default png)")
}

// check finds contradictions between the flags of a command, and sets the default.
func (c *chartFiles) check(command string) error {
	if c.folder == "" && len(c.formats) > 0 {
		return usageError{errors.New("--format needs a folder to write to: -o DIR")}
	}
	if len(c.formats) == 0 {
		c.formats = []chart.Format{chart.PNG}
	}
	c.formats = distinct(c.formats)
	return checkFolderName(command, c.folder)
}

// names returns the files to write.
func (c *chartFiles) names() []string {
	if c.folder == "" {
		return nil
	}
	names := []string{c.stem + ".csv"}
	for _, f := range c.formats {
		names = append(names, c.stem+"."+string(f))
	}
	for _, t := range c.tables {
		names = append(names, t+".csv")
	}
	return names
}

// paths returns the files to write with their folder.
func (c *chartFiles) paths() (paths []string) {
	for _, name := range c.names() {
		paths = append(paths, inFolder(c.folder, name))
	}
	return paths
}

// prepare makes the folder, removes the leftovers of killed runs, and checks that all files can be written. Without a folder
// the set is empty.
func (c *chartFiles) prepare() (*atomicfile.Set, error) {
	if c.folder == "" {
		return &atomicfile.Set{}, nil
	}
	files, err := atomicfile.NewSet(c.folder)
	if err != nil {
		return nil, err
	}
	if err := files.Check(c.names()...); err != nil {
		files.Abort()
		return nil, err
	}
	files.Sweep(append(c.names(), c.stem+".png", c.stem+".svg", c.stem+".pdf")...)
	return files, nil
}

// contents returns the files to write with what is in them: a table for each of the stems, in order, and the picture.
func (c *chartFiles) contents(picture func(io.Writer, chart.Format) error, tables ...func(io.Writer) error) (files []atomicfile.File) {
	for _, name := range c.names() {
		files = append(files, atomicfile.File{Name: name, Render: func(out io.Writer) error {
			if format := strings.TrimPrefix(filepath.Ext(name), "."); format != "csv" {
				return picture(out, chart.Format(format))
			}
			table := tables[0]
			for i, t := range c.tables {
				if name == t+".csv" {
					table = tables[i+1]
				}
			}
			return table(out)
		}})
	}
	return files
}

// charted is what a command that writes chartFiles makes of the logs.
type charted struct {
	// replay keeps its figures for the others, and returns the report in them.
	replay func(context.Context, *log.Files, analyze.Options, *progress.Bar) (*analyze.Report, error)
	files  func(*analyze.Report) []atomicfile.File // with what is in them; the report's notes are in words of the command line
	show   func(context.Context) error
}

// chart replays the logs, writes files, and shows the figures.
func (c *commonFlags) chart(ctx context.Context, env *env, logs []string, f *chartFiles, of charted) (*analyze.Report, error) {
	set, err := f.prepare()
	if err != nil {
		return nil, err
	}
	defer set.Abort()
	c.outputs = f.paths()
	report, err := c.replayBy(ctx, env, logs, of.replay, func(ctx context.Context, report *analyze.Report) error {
		return set.Write(ctx, of.files(report)...)
	})
	if err != nil {
		return nil, err
	}
	if err := set.Commit(ctx); err != nil {
		return nil, err
	}
	if err := of.show(ctx); err != nil {
		printProblems(env.stderr, report.Log) // the files stand all the same
		return nil, err
	}
	return report, nil
}

// text says what the folder holds.
func (c *chartFiles) text(w io.Writer) {
	if c.folder != "" {
		fmt.Fprintf(w, "%s holds %s\n", log.Quoted(c.folder), strings.Join(c.names(), ", "))
	}
}
