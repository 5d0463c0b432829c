package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// settingsHelp describes --verbose of the commands that write a summary.
const settingsHelp = "print what the summary fixes too"

// summaryOutput is where a summary is written: a file, which gets its name once it is complete, or stdout.
type summaryOutput struct {
	name  string
	set   *atomicfile.Set // nil: stdout
	path  string
	bytes int64 // written
}

// writeSummary writes the summary that a function makes, and says what it holds.
func (c *commonFlags) writeSummary(ctx context.Context, env *env, output string, made func(context.Context, analyze.Options, *progress.Bar) (*analyze.Summary, error)) error {
	out, err := beginSummary(output)
	if err != nil {
		return err
	}
	defer out.abort()
	var s *analyze.Summary
	err = c.watched(ctx, env, func(ctx context.Context, opts analyze.Options, bar *progress.Bar, bounds *memoryBounds) (err error) {
		if s, err = made(ctx, opts, bar); err != nil {
			return err
		}
		bar.Stop()
		bounds.replayed.Store(true)
		return out.write(ctx, env, s)
	})
	if err != nil {
		return err
	}
	return endSummary(ctx, env, out, s, c)
}

// checkSummaryFile refuses an output that cannot be a summary.
func checkSummaryFile(name string) error {
	if name == "-" {
		return nil
	}
	return checkFile(name, "the summary", "name another file, or - for stdout")
}

// beginSummary makes sure that the output can be written. The caller must call abort.
func beginSummary(name string) (*summaryOutput, error) {
	if name == "-" {
		return &summaryOutput{name: name}, nil
	}
	set, path, err := newFile(name)
	if err != nil {
		return nil, err
	}
	return &summaryOutput{name: name, set: set, path: path}, nil
}

func (o *summaryOutput) abort() {
	if o.set != nil {
		o.set.Abort()
	}
}

// write writes the summary, to stdout or under a temporary name.
func (o *summaryOutput) write(ctx context.Context, env *env, s *analyze.Summary) error {
	encode := func(w io.Writer) error {
		c := &countedWriter{w: w}
		err := s.Encode(c)
		o.bytes = c.n
		return err
	}
	if o.set == nil {
		return show(ctx, env.stdout, encode)
	}
	return o.set.Write(ctx, atomicfile.File{Name: filepath.Base(o.path), Render: encode})
}

// countedWriter counts the bytes that are written.
type countedWriter struct {
	w io.Writer
	n int64
}

func (c *countedWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// endSummary gives the file its name, and says what it holds.
func endSummary(ctx context.Context, env *env, o *summaryOutput, s *analyze.Summary, c *commonFlags) error {
	stats := s.Log()
	if o.set != nil {
		if err := o.set.Commit(ctx); err != nil {
			return err
		}
		if !c.quiet || c.json {
			err := showSummary(ctx, env, c.json, func(out io.Writer) error { return summaryWritten(out, o, s, c) })
			if err != nil {
				printProblems(env.stderr, stats) // the file stands all the same
				return err
			}
		}
	}
	return finish(env, stats)
}

// summaryWritten says what a summary holds that has been written.
func summaryWritten(w io.Writer, o *summaryOutput, s *analyze.Summary, c *commonFlags) error {
	in := describeSummary(s.Settings(), s.Span(), s.Open(), s.Caches())
	in.Bytes = &o.bytes
	if c.json {
		return writeJSON(w, writtenSummary{o.name, s.Requests(), notNil(s.Notes()), in})
	}
	what := "closed"
	if s.Open() {
		what = "open"
	}
	fmt.Fprintf(w, "%s: %s summary of %s, %s\n", log.Quoted(o.name), what, units.Count(s.Requests(), "request"), units.FormatBytes(o.bytes))
	for _, note := range s.Notes() {
		fmt.Fprintf(w, "note: %s\n", note)
	}
	if c.verbose {
		fmt.Fprintln(w)
		summaryText(w, in)
	}
	return nil
}

// writtenSummary is the JSON of map and merge.
type writtenSummary struct {
	File     string   `json:"file"`
	Requests int64    `json:"requests"`
	Notes    []string `json:"notes"`
	*inspectedSummary
}
