package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/log/flock"
	"hashlog/log/s3"
)

// stateFile is the file of --state. It is locked while the run continues from it, and replaced at the end.
type stateFile struct {
	name string // as given
	path string // behind symbolic links
	lock *os.File
	opts analyze.Options // what the state counts, and how
	set  *atomicfile.Set // with what replaces it
	last log.Stats       // what this run has met in the logs
}

// addState adds --state.
func addState(flags *pflag.FlagSet, path *string) {
	flags.Var(parsed("FILE", "", path, parseName).file(), "state", "go on from FILE, if it is there, with what is new in the logs, and replace it at the end; with a live log give --until 1m (see docs/segments.md)")
}

// openState locks the state, and reads its beginning if it is there. The caller must call closeState.
func (c *commonFlags) openState(ctx context.Context, env *env, logs []string) error {
	if err := refuseSummaries(ctx, env, "--state", logs); err != nil {
		return err
	}
	if err := checkState(c.statePath); err != nil {
		return err
	}
	s := &stateFile{name: c.statePath, path: c.statePath}
	if path, err := filepath.EvalSymlinks(s.path); err == nil {
		s.path = path
	}
	c.state = s
	var err error
	if s.set, _, err = newFile(s.path); err != nil {
		return err
	}
	if err := s.take(); err != nil {
		return err
	}
	if _, err := os.Stat(s.path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if c.input, err = openSummary(ctx, &summarySource{name: s.path}); err != nil {
		return err
	}
	if !c.input.file.IsState() {
		return fmt.Errorf("%s is a summary, and no state: it does not say how far each log was read; name a new file for --state", c.input.named())
	}
	return nil
}

// checkState refuses a name that cannot be a state.
func checkState(path string) error {
	if path == "-" || s3.Is(path) {
		return usageError{fmt.Errorf("--state %s: must be a file on this machine, which a run can lock and replace", log.Quoted(path))}
	}
	info, err := os.Stat(path)
	if path == "" || os.IsPathSeparator(path[len(path)-1]) || err == nil && !info.Mode().IsRegular() {
		return usageError{fmt.Errorf("--state %s is not a regular file: name a file", log.Quoted(path))}
	}
	return nil
}

// take locks a file beside the state, which is removed at the end; the state itself is replaced.
func (s *stateFile) take() error {
	if !flock.Supported {
		return nil
	}
	path := filepath.Join(filepath.Dir(s.path), "."+filepath.Base(s.path)+".lock")
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return fmt.Errorf("locking the state: %w", err)
		}
		if errors.Is(flock.Lock(f), flock.ErrHeld) { // without locks, two runs may start from the same state
			f.Close()
			return fmt.Errorf("%s: another run goes on from this state: wait for its end", log.Quoted(s.name))
		}
		if isAt(f, path) {
			s.lock = f
			return nil
		}
		f.Close() // another run has just ended, and removed it
	}
}

func (c *commonFlags) closeState() {
	s := c.state
	if s == nil {
		return
	}
	if s.lock != nil {
		os.Remove(s.lock.Name()) // before it is unlocked: whoever has it open sees that it is gone
		s.lock.Close()
	}
	if s.set != nil {
		s.set.Abort() // last, since it removes the folders that it has made
	}
}

// replayState replays what is new in the logs behind the state, and writes the next state under a temporary name.
func (c *commonFlags) replayState(ctx context.Context, env *env, logs []string, output func(context.Context, *analyze.Report) error) (*analyze.Report, error) {
	run := func(ctx context.Context, files *log.Files, opts analyze.Options, bar *progress.Bar) (*analyze.Report, error) {
		s, err := c.readState(bar)
		if err != nil {
			return nil, err
		}
		replayed := c.state.opts
		replayed.Formats, replayed.OnPass = opts.Formats, opts.OnPass
		if err := s.Continue(ctx, files, replayed); err != nil {
			return nil, err
		}
		bar.Stop()
		c.state.last = s.LastLog()
		next := atomicfile.File{Name: filepath.Base(c.state.path), Render: func(w io.Writer) error { return s.Encode(w) }}
		if err := c.state.set.Write(ctx, next); err != nil {
			return nil, err
		}
		report, err := s.Report(opts)
		return report, wordReportError(err)
	}
	return c.replayBy(ctx, env, logs, run, output)
}

// readState reads the state, or begins one.
func (c *commonFlags) readState(bar *progress.Bar) (*analyze.Summary, error) {
	if c.input == nil {
		return analyze.NewState(c.state.opts)
	}
	bar.Start("reading the state", c.input.read.progress)
	s, err := c.input.file.Read()
	c.input.read.Close() // Windows replaces no open file
	if err != nil {
		return nil, inSummary(c.input.summarySource, err)
	}
	return s, nil
}

// wordReportError makes a usage error of capacities that a state hasn't counted at.
func wordReportError(err error) error {
	var noRung *analyze.NoRungError
	if errors.As(err, &noRung) {
		return usageError{fmt.Errorf("--capacity: %w", err)}
	}
	return err
}

// finish is finish of a run whose output is complete. It replaces the state, if there is one. Of the logs of a state only what this run has met
// makes it partial.
func (c *commonFlags) finish(ctx context.Context, env *env, stats log.Stats) error {
	if c.state == nil {
		return finish(env, stats)
	}
	if err := c.state.set.Commit(ctx); err != nil {
		return err
	}
	last := c.state.last
	last.ProblemCount = max(last.ProblemCount, 0) // what was wrong with the end of a log may be put right
	return finish(env, last)
}
