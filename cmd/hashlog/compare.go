package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// comparedPoints is how many capacities caches.csv and caches.png have at most: on most logs, two per octave.
const comparedPoints = 24

// compareFlags are the flags of compare.
type compareFlags struct {
	commonFlags
	caches  comparedFlag
	output  string
	formats []chart.Format
}

func newCompareCommand(env *env) *cobra.Command {
	var c compareFlags
	cmd := &cobra.Command{
		Use:   "compare LOGS… --capacity SIZE [--cache NAMES] [-o DIR]",
		Short: "Compare caches: is it the traffic, the capacity or the policy?",
		Long: `compare reads the logs once into memory and replays every given cache at every
given capacity. With opt, the cache that knows the future, it splits the misses
by what would help, and names the bottleneck: the traffic, the capacity or the
policy. With -o it writes into DIR:

  caches.png, caches.csv       token hit rate against capacity, a line a cache

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake and Bailian (Qwen)
traces are read too.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
NAMES are caches, with options behind colons (s3fifo:small=0.2), or all.
` + exitHelp,
		Example: `  hashlog compare /var/log/lmcache --capacity 256GiB,1TiB
  hashlog compare /var/log/lmcache --capacity 256GiB --cache all -o report
  hashlog compare /var/log/lmcache --capacity 256GiB \
      --cache lru,lmcache-server:trigger=0.9:ratio=0.1,s3fifo:small=0.2
  hashlog compare --cache help`,
		Args: usageArgs(c.caches.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompare(cmd.Context(), env, &c, args)
		},
	}
	flags := cmd.Flags()
	addCapacity(cmd, &c.opts.Capacities, "capacities to compare the caches at")
	flags.Var(c.caches.value(), "cache", "caches to compare, or all; --cache help describes them (default "+defaultCaches+")")
	addOutput(flags, &c.output, "folder to write the picture and the table to, created if it does not exist")
	flags.Var(listed("FORMAT[,...]", &c.formats, parsePicture).among("png", "svg", "pdf"), "format", "formats of the pictures: png, svg, pdf (default png)")
	addAdmit(flags, &c.opts.Cache.Admit)
	c.commonFlags.add(flags, env.now)
	return cmd
}

// check finds contradictions between flags.
func (c *compareFlags) check(ctx context.Context, logs []string) error {
	switch {
	case len(c.opts.Capacities) == 0:
		return usageError{errors.New("compare needs --capacity (such as 64GiB,1TiB)")}
	case c.output == "" && len(c.formats) > 0:
		return usageError{errors.New("--format needs a folder to write to: -o DIR")}
	}
	if err := checkFolderName("compare", c.output); err != nil {
		return err
	}
	if len(c.formats) == 0 {
		c.formats = []chart.Format{chart.PNG}
	}
	c.formats = distinct(c.formats)
	return c.commonFlags.check(ctx, logs)
}

func runCompare(ctx context.Context, env *env, c *compareFlags, logs []string) error {
	if c.caches.help {
		return c.caches.describe(env.stdout)
	}
	if err := cmp.Or(c.check(ctx, logs), needsStdout(env)); err != nil {
		return err
	}
	files, err := c.prepare()
	if err != nil {
		return err
	}
	defer files.Abort()
	var comparison *analyze.Comparison
	compare := func(ctx context.Context, files *log.Files, opts analyze.Options, bar *progress.Bar) (_ *analyze.Report, err error) {
		compare := analyze.CompareOptions{Options: opts, Caches: c.caches.chosen(), OnReplays: func(done func() (done, total int64)) { bar.Count("comparing", done) }}
		if c.output != "" {
			compare.Points = comparedPoints
		}
		comparison, err = analyze.Compare(ctx, files, compare)
		if err != nil {
			return nil, err
		}
		return comparison.Report, nil
	}
	report, err := c.replayBy(ctx, env, logs, compare, func(ctx context.Context, report *analyze.Report) error {
		comparison.Notes = report.Notes // in words of the command line
		return files.Write(ctx, c.files(comparison)...)
	})
	if err != nil {
		return err
	}
	if err := files.Commit(ctx); err != nil {
		return err
	}
	if err := c.show(ctx, env, comparison); err != nil {
		printProblems(env.stderr, report.Log) // the files stand all the same
		return err
	}
	return finish(env, report.Log)
}

// names returns the files to write.
func (c *compareFlags) names() []string {
	if c.output == "" {
		return nil
	}
	names := []string{"caches.csv"}
	for _, f := range c.formats {
		names = append(names, "caches."+string(f))
	}
	return names
}

// prepare makes the folder, removes the leftovers of killed runs, and checks that all files can be written. Without a folder
// the set is empty.
func (c *compareFlags) prepare() (*atomicfile.Set, error) {
	if c.output == "" {
		return &atomicfile.Set{}, nil
	}
	files, err := atomicfile.NewSet(c.output)
	if err != nil {
		return nil, err
	}
	if err := files.Check(c.names()...); err != nil {
		files.Abort()
		return nil, err
	}
	files.Sweep("caches.csv", "caches.png", "caches.svg", "caches.pdf")
	for _, name := range c.names() {
		c.outputs = append(c.outputs, inFolder(c.output, name))
	}
	return files, nil
}

// files returns the files to write with their contents.
func (c *compareFlags) files(comparison *analyze.Comparison) (files []atomicfile.File) {
	for _, name := range c.names() {
		files = append(files, atomicfile.File{Name: name, Render: func(out io.Writer) error {
			if name == "caches.csv" {
				return analyze.WriteCachesCSV(out, comparison)
			}
			return chart.Caches(out, chart.Format(strings.TrimPrefix(filepath.Ext(name), ".")), comparison)
		}})
	}
	return files
}

// show prints the comparison.
func (c *compareFlags) show(ctx context.Context, env *env, comparison *analyze.Comparison) error {
	return showSummary(ctx, env, c.json, func(out io.Writer) error {
		if c.json {
			return writeJSON(out, comparison)
		}
		compareText(out, comparison, c.remarks)
		if c.output != "" {
			fmt.Fprintf(out, "%s holds %s\n", log.Quoted(c.output), strings.Join(c.names(), ", "))
		}
		return nil
	})
}
