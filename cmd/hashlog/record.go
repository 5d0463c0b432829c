package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/log"
	"hashlog/writer"
)

// recordFlags are those of record.
type recordFlags struct {
	opts  writer.Options
	drain time.Duration // how long to go on after a signal with what has been read
	quiet bool
}

func newRecordCommand(env *env) *cobra.Command {
	f := recordFlags{drain: 10 * time.Second}
	cmd := &cobra.Command{
		Use:   "record -o DIR",
		Short: "JSONL on stdin to rotating logs",
		Long: `record reads records on stdin, one JSON object a line, and writes them to
rotating logs in DIR. A valid line passes through byte for byte; a bad one is
skipped, counted and located. Input may be compressed (gzip, zstd). It waits
rather than drops: if the disk can't keep up, so can't whoever writes to the
pipe, and what the disk refuses is told on stderr and tried again. SIGINT and
SIGTERM make it write what it has read, for which it has ten seconds, and end
with status 0; a second one ends it at once.

A folder keeps 100 files, or what --max-files and --max-bytes allow, one of them
or both: the oldest files go, and the summary at the end counts what went with
them.
` + recordExitHelp,
		Example: `  tail -F server.log | hashlog record -o /var/log/lmcache
  some-server | hashlog record -o logs --compress zst --max-bytes 500GiB`,
		Args:              usageArgs(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runRecord(cmd.Context(), env, &f)
		},
	}
	flags := cmd.Flags()
	addOutput(flags, &f.opts.Dir, "folder to write to; made if it does not exist")
	addRotation(flags, &f.opts)
	flags.Var(parsed("N", "", &f.opts.MaxFiles, parseMaxFiles), "max-files", "how many files to keep, the oldest go; -1 for all (default 100, or all with --max-bytes)")
	flags.Var(parsed("SIZE", "", &f.opts.MaxBytes, parseBytes), "max-bytes", "how many bytes of files to keep, the oldest go; with --max-files both limits hold")
	flags.BoolVar(&f.opts.Sync, "sync", false, "store each file on disk (fsync) as it is finished")
	flags.BoolVar(&f.quiet, "quiet", false, "no summary at the end; bad lines are still reported")
	return cmd
}

const recordExitHelp = `
Exit status: 0 done, also after a signal; 1 failed, or what was read could not
be written; 2 wrong usage; 3 done, but bad lines were skipped or compressed
input was damaged (located on stderr).`

// addRotation adds the flags of commands that write logs.
func addRotation(flags *pflag.FlagSet, o *writer.Options) {
	flags.Var(parsed("DURATION", "6h", &o.RotateInterval, units.ParseDuration), "rotate-interval", "begin a new file after this time")
	flags.Var(parsed("SIZE", "100MiB", &o.RotateSize, parseBytes), "rotate-size", "begin a new file before this size")
	flags.Var(parsed("none|gz|zst", "none", &o.Compress, writer.ParseCompression).among("none", "gz", "zst"), "compress", "compress finished files")
}

func parseMaxFiles(s string) (int, error) {
	if s == "-1" {
		return -1, nil
	}
	n, err := parsePositive(s)
	if err != nil || n > 1<<31-1 {
		return 0, fmt.Errorf("%q is neither a whole number above zero nor -1", s)
	}
	return int(n), nil
}

// recording is what record has met.
type recording struct {
	skipped, torn int64
	damaged       bool
	stderr        io.Writer
}

func runRecord(ctx context.Context, env *env, f *recordFlags) (err error) {
	if f.opts.Dir == "" {
		return usageError{errors.New("record needs a folder to write to: -o DIR")}
	}
	if err := makesFolder("record", f.opts.Dir); err != nil {
		return err
	}
	stderr := &turns{w: env.stderr}
	f.opts.OnError = func(err error) { fmt.Fprintf(stderr, "hashlog: %s\n", message(err)) }
	defer removeMade(atomicfile.Missing(f.opts.Dir), &err)
	w, err := writer.New(f.opts)
	if err != nil {
		return err
	}
	draining, cancel := afterwards(ctx, f.drain)
	defer cancel()
	r := recording{stderr: stderr}
	err = r.pass(draining, w, log.NewLines(ctx, env.stdin))
	if damage := (*log.Problem)(nil); errors.As(err, &damage) {
		err = r.damage(damage, ctx.Err() != nil)
	}
	if closing := w.Close(draining); err == nil {
		err = closing
	}
	s := w.Stats()
	if !f.quiet {
		fmt.Fprintf(stderr, "%s in %s, %s; %d skipped, %d torn%s\n", units.Count(s.Written, "record"), units.Count(s.Segments, "file"),
			units.FormatBytes(s.Bytes), r.skipped, r.torn, deletedText(s))
	}
	switch {
	case s.Dropped > 0: // more than an interruption: who asked for an end did not ask for this
		return fmt.Errorf("%s that had been read could not be written within %v of the signal", units.Count(s.Dropped, "record"), f.drain)
	case err == nil && (r.skipped > 0 || r.damaged):
		return errPartial
	}
	return err
}

// deletedText says what the limits on the folder have cost, nothing if they have cost nothing.
func deletedText(s writer.Stats) string {
	if s.DeletedFiles == 0 {
		return ""
	}
	return fmt.Sprintf("; %s deleted to keep the folder within its limits, %s with %s of this run",
		units.Count(s.DeletedFiles, "old file"), units.FormatBytes(s.DeletedBytes), units.Count(s.DeletedRecords, "record"))
}

// turns lets several goroutines write, one whole message after the other.
type turns struct {
	mu sync.Mutex
	w  io.Writer
}

func (t *turns) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.w.Write(p)
}

// afterwards returns a context that ends some time after another.
func afterwards(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return later, func() {
		stop()
		cancel()
	}
}

// pass hands all lines to the writer.
func (r *recording) pass(ctx context.Context, w *writer.Writer, lines *log.Lines) error {
	for {
		line, err := lines.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if line.TooLong {
			err = fmt.Errorf("line is longer than %d bytes", log.MaxLine)
		} else {
			err = w.WriteLine(ctx, line.Text)
		}
		switch {
		case err == nil:
		case errors.Is(err, writer.ErrDropped): // the time is up; the writer counts what is left
		case !line.Ended && (line.TooLong || log.IsNotJSON(err)):
			r.torn++
		default:
			r.skip(line.Number, err)
		}
	}
}

// damage locates where compressed input is damaged. A line that was cut off by that is not torn. Where the reading was
// ended by a signal there is no damage.
func (r *recording) damage(p *log.Problem, stopped bool) error {
	if !stopped {
		r.damaged, r.torn = true, 0
		fmt.Fprintln(r.stderr, p)
	}
	return nil
}

// skip locates a bad line, the first ten of them.
func (r *recording) skip(number int64, err error) {
	if r.skipped++; r.skipped <= log.MaxProblems {
		fmt.Fprintln(r.stderr, log.Problem{File: log.StdinName, Line: number, Msg: err.Error()})
	}
}
