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

// recordFlags are the flags of record.
type recordFlags struct {
	opts  writer.Options
	drain time.Duration // how long to go on writing what has been read after a signal
	quiet bool
}

func newRecordCommand(env *env) *cobra.Command {
	f := recordFlags{drain: 10 * time.Second}
	cmd := &cobra.Command{
		Use:   "record -o DIR",
		Short: "Write JSONL from stdin to rotating logs",
		Long: `record reads records from stdin, one JSON object per line, and writes them to
rotating logs in DIR. Valid lines pass through byte for byte; bad ones are
skipped, counted and located. Input may be compressed (gzip, zstd). record waits
rather than drops: if the disk can't keep up, the program that writes to the
pipe waits too, and failed writes are reported on stderr and retried. On SIGINT
or SIGTERM it writes what it has read, within ten seconds, and exits with status
0; a second signal ends it at once.

A folder keeps 100 files, or as many as --max-files and --max-bytes allow. The
oldest files are deleted, and the summary at the end counts what was lost with
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
	addOutput(flags, &f.opts.Dir, "folder to write to, created if it does not exist")
	addRotation(flags, &f.opts)
	flags.Var(parsed("N", "", &f.opts.MaxFiles, parseMaxFiles), "max-files", "files to keep; the oldest are deleted, -1 keeps all (default 100, or all with --max-bytes)")
	flags.Var(parsed("SIZE", "", &f.opts.MaxBytes, orNoLimit(units.ParseBytes)), "max-bytes", "bytes of files to keep; the oldest are deleted, -1 keeps all, and with --max-files both limits hold")
	flags.BoolVar(&f.opts.Sync, "sync", false, "flush each finished file to disk (fsync)")
	flags.BoolVar(&f.quiet, "quiet", false, "no summary at the end; bad lines are still reported")
	return cmd
}

const recordExitHelp = `
Exit status: 0 done, even after a signal; 1 failed, or what was read could not
be written; 2 wrong usage; 3 done, but bad lines were skipped or compressed
input was damaged (located on stderr).`

// addRotation adds the flags for rotating and compressing logs.
func addRotation(flags *pflag.FlagSet, o *writer.Options) {
	flags.Var(parsed("DURATION", "6h", &o.RotateInterval, orNoLimit(units.ParseDuration)), "rotate-interval", "start a new file after this time; -1 for never")
	flags.Var(parsed("SIZE", "100MiB", &o.RotateSize, orNoLimit(units.ParseBytes)), "rotate-size", "start a new file before this size is exceeded; -1 for never")
	flags.Var(parsed("none|gz|zst", "none", &o.Compress, writer.ParseCompression).among("none", "gz", "zst"), "compress", "compress finished files")
}

// orNoLimit reads -1 as no limit, as package writer takes it, and anything else with parse.
func orNoLimit[T ~int64](parse func(string) (T, error)) func(string) (T, error) {
	return func(s string) (T, error) {
		if s == "-1" {
			return -1, nil
		}
		v, err := parse(s)
		if err != nil {
			err = fmt.Errorf("%w; -1 is no limit", err)
		}
		return v, err
	}
}

func parseMaxFiles(s string) (int, error) {
	if s == "-1" {
		return -1, nil
	}
	n, err := parsePositive(s)
	if err != nil || n > 1<<31-1 {
		return 0, fmt.Errorf("%q is not a whole number above zero, or -1", s)
	}
	return int(n), nil
}

// recording counts what was wrong with the input.
type recording struct {
	skipped, torn int64
	damaged       bool
	stderr        io.Writer
}

func runRecord(ctx context.Context, env *env, f *recordFlags) (err error) {
	if f.opts.Dir == "" {
		return usageError{errors.New("record needs a folder to write to: -o DIR")}
	}
	if err := checkLogFolder("record", f.opts.Dir); err != nil {
		return err
	}
	stderr := &lockedWriter{w: env.stderr}
	f.opts.OnError = func(err error) { fmt.Fprintf(stderr, "hashlog: %s\n", message(err)) }
	defer removeEmptyFolders(atomicfile.Missing(f.opts.Dir), &err)
	w, err := writer.New(f.opts)
	if err != nil {
		return err
	}
	draining, cancel := withGrace(ctx, f.drain)
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

// deletedText says what was deleted to keep the folder within its limits; it is empty if nothing was.
func deletedText(s writer.Stats) string {
	if s.DeletedFiles == 0 {
		return ""
	}
	return fmt.Sprintf("; %s deleted to keep the folder within its limits, %s with %s of this run",
		units.Count(s.DeletedFiles, "old file"), units.FormatBytes(s.DeletedBytes), units.Count(s.DeletedRecords, "record"))
}

// lockedWriter lets several goroutines write, one whole message after the other.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (t *lockedWriter) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.w.Write(p)
}

// pass passes all lines to the writer.
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

// damage locates where compressed input is damaged. A line cut off by the damage is not torn. If a signal ended the reading,
// there is no damage.
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
