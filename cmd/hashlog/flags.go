package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// value is a flag that checks its text when it is set.
type value struct {
	kind     string // what help calls it
	text     string
	set      func(string) error
	list     bool                 // of values, separated by commas
	complete cobra.CompletionFunc // offers values; nil: none
}

func (v *value) String() string { return v.text }
func (v *value) Type() string   { return v.kind }

func (v *value) Set(s string) error {
	if err := v.set(s); err != nil {
		return err
	}
	v.text = s
	return nil
}

// parsed returns a flag that parse reads into target.
func parsed[T any](kind, initial string, target *T, parse func(string) (T, error)) *value {
	return &value{kind: kind, text: initial, set: func(s string) error {
		v, err := parse(s)
		if err == nil {
			*target = v
		}
		return err
	}}
}

// listed returns a flag that takes one or several values, separated by commas, and may be repeated.
func listed[T any](kind string, target *[]T, parse func(string) (T, error)) *value {
	return &value{kind: kind, list: true, set: func(s string) error {
		for _, part := range strings.Split(s, ",") {
			v, err := parse(part)
			if err != nil {
				return err
			}
			*target = append(*target, v)
		}
		return nil
	}}
}

// commonFlags are the flags of every command that replays logs.
type commonFlags struct {
	opts        analyze.Options
	model       modelFlags
	format      formatFlags
	memoryLimit *units.Capacity // nil: limitPercent of what there is
	json        bool
	remarks
	outputs    []string // files that will be written
	outputKind string   // of what -o names: "file", or "", a folder
	given      func(flag string) bool
	input      *summaryInput // in the place of logs, or the state so far; nil if there is none
	statePath  string
	state      *stateFile // nil without --state
}

func (c *commonFlags) add(flags *pflag.FlagSet, now time.Time) {
	o := &c.opts
	c.addRunning(flags)
	addFilter(flags, &o.Filter, now)
	addIgnoreModel(flags, &o.IgnoreModel)
	flags.Var(parsed("0.5|30m|TIME", "", &o.Warmup, analyze.ParseWarmup), "warmup", "replay the first requests without counting them: a fraction of all, a stretch of time, or all before a time")
	inputGroup.put(flags, "--warmup 1h")
	addStrict(flags, &o.Strict)
	c.format.add(flags)
	c.model.add(flags, o)
	flags.Var(parsed("head|tail", "head", &o.TouchOrder, analyze.ParseTouchOrder).among("head", "tail"), "touch-order", "which end of a request is touched first")
	cacheGroup.put(flags, "--touch-order tail")
}

// addRunning adds the flags of every command that takes long.
func (c *commonFlags) addRunning(flags *pflag.FlagSet) {
	c.given = flags.Changed
	flags.BoolVar(&c.json, "json", false, "print JSON")
	flags.BoolVar(&c.quiet, "quiet", false, quietHelp)
	flags.BoolVar(&c.verbose, "verbose", false, "print everything the figures assume, in sentences")
	flags.Var(parsed("SIZE", "", &c.memoryLimit, optional(parseMemory)), "memory-limit", memoryLimitHelp)
}

const quietHelp = "no progress and no notes; damage to the input is still reported"

// addFilter adds the flags that select records.
func addFilter(flags *pflag.FlagSet, f *analyze.Filter, now time.Time) {
	flags.Var(parsed("TIME", "", &f.Since, optional(timeOrAgo(now))), "since", "only records from this time on")
	flags.Var(parsed("TIME", "", &f.Until, optional(timeOrAgo(now))), "until", "only records before this time; the logs are not read any further")
	flags.Var(parsed("NAME", "", &f.Model, optional(parseName)), "model", "only records of this model")
	flags.Var(parsed("N", "", &f.MaxRequests, parsePositive), "max-requests", "only the first N requests")
	inputGroup.put(flags, "--since 24h", "--until 2024-03-31T20:00", "--model DeepSeek-V3", "--max-requests 100000")
}

func timeOrAgo(now time.Time) func(string) (float64, error) {
	return func(s string) (float64, error) { return units.ParseTimeOrAgo(s, now) }
}

func addIgnoreModel(flags *pflag.FlagSet, ignore *bool) {
	flags.BoolVar(ignore, "ignore-model", false, "let models share chunks with equal hashes")
	inputGroup.put(flags, "--ignore-model")
}

func addStrict(flags *pflag.FlagSet, strict *bool) {
	flags.BoolVar(strict, "strict", false, "stop at the first bad record, even one past --max-requests, since logs are read ahead")
	inputGroup.put(flags, "--strict")
}

// addMaxCapacity adds --max-capacity.
func addMaxCapacity(flags *pflag.FlagSet, most *units.Capacity) {
	flags.Var(parsed("SIZE", "", most, units.ParseCapacity), "max-capacity", "replay in memory for caches of at most this size, whatever the length of the logs; figures up to it stay exact, those beyond it are unknown")
}

// addOutput adds -o.
func addOutput(flags *pflag.FlagSet, path *string, usage string) *value {
	v := parsed("DIR", "", path, parseName).folder()
	flags.VarP(v, "output", "o", usage)
	return v
}

// check finds contradictions between flags, and reads the model's geometry.
func (c *commonFlags) check(ctx context.Context, logs []string) error {
	if c.opts.Warmup.State && c.state == nil {
		return usageError{errors.New("--warmup state needs --state: it leaves out what the state has already")}
	}
	if o := c.opts; o.Since != nil && o.Until != nil && *o.Since >= *o.Until {
		return usageError{errors.New("--since must be before --until: nothing lies between them")}
	}
	if err := c.opts.Check(); err != nil {
		return usageError{err}
	}
	if err := c.checkStreams(slices.Contains(logs, "-")); err != nil {
		return err
	}
	return c.model.load(ctx, &c.opts)
}

// checkStreams refuses options that need several passes over a stream, which can be read only once.
func (c *commonFlags) checkStreams(stream bool) error {
	switch {
	case !stream:
	case c.opts.Warmup.Fraction > 0:
		return usageError{errors.New("--warmup with a fraction counts the requests first, and a stream cannot be read twice: " +
			"give files, or a duration or a time, such as --warmup 30m")}
	case c.opts.TakesRangePass():
		return usageError{errTwice}
	case c.opts.TakesTargetPass():
		return usageError{errTargetTwice}
	}
	return nil
}

var errTwice = errors.New("plotting a cache that evicts in batches reads the logs twice, first to find the capacities, and a stream can be read only once: " +
	"give files, or --capacity and both --from and --to, all in bytes or all in chunks")

var errTargetTwice = errors.New("--target with a cache that evicts in batches reads the logs again around the answer, and a stream can be read only once: " +
	"give files, or leave out --target")

// optional makes the result of parse a pointer, so that a missing value differs from a zero one.
func optional[T any](parse func(string) (T, error)) func(string) (*T, error) {
	return func(s string) (*T, error) {
		v, err := parse(s)
		return &v, err
	}
}

func parseName(s string) (string, error) { return s, nil }

func parsePositive(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a whole number above zero", s)
	}
	return n, nil
}
