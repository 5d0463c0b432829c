package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"hashlog/analyze"
)

// value is a flag whose text is checked as it is read.
type value struct {
	kind string // what help calls it
	text string
	set  func(string) error
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

// parsed is a flag that is read by parse into target.
func parsed[T any](kind, initial string, target *T, parse func(string) (T, error)) *value {
	return &value{kind: kind, text: initial, set: func(s string) error {
		v, err := parse(s)
		if err == nil {
			*target = v
		}
		return err
	}}
}

// listed is a flag that takes one or several values, separated by commas, and may be repeated.
func listed[T any](kind string, target *[]T, parse func(string) (T, error)) *value {
	return &value{kind: kind, set: func(s string) error {
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

// commonFlags are those of every command that replays logs.
type commonFlags struct {
	opts        analyze.Options
	model       modelFlags
	format      formatFlags
	memoryLimit *analyze.Capacity // nil: limitPercent of what there is
	json        bool
	quiet       bool
	outputs     []string // files that will be written
}

func (c *commonFlags) add(flags *pflag.FlagSet) {
	o := &c.opts
	flags.Var(parsed("NAME", "", &o.Model, optional(parseName)), "model", "replay the records of this model only")
	flags.BoolVar(&o.IgnoreModel, "ignore-model", false, "let models share chunks of equal hash")
	flags.Var(parsed("TIME", "", &o.Since, optional(parseTime)), "since", "replay records from this time on (RFC 3339 or Unix seconds)")
	flags.Var(parsed("TIME", "", &o.Until, optional(parseTime)), "until", "replay records before this time")
	flags.Var(parsed("SIZE", "", &o.BytesPerChunk, parseBytes), "bytes-per-chunk", "size of every chunk, whatever the records say")
	flags.Var(parsed("N", "1", &o.Ranks, parsePositive), "ranks", "ranks that share the model: multiplies logged chunk sizes, which are one rank's; capacities are those of all together")
	c.model.add(flags)
	flags.Var(parsed("head|tail", "head", &o.TouchOrder, analyze.ParseTouchOrder), "touch-order", "the end of a request that is touched first")
	flags.Var(parsed("0.5|30m", "", &o.Warmup, analyze.ParseWarmup), "warmup", "replay a fraction or a first stretch of the requests without counting it")
	flags.Var(parsed("N", "", &o.MaxRequests, parsePositive), "max-requests", "replay the first N requests only")
	flags.BoolVar(&o.Strict, "strict", false, "stop at the first bad record, also one behind what is replayed: logs are read ahead")
	c.format.add(flags)
	flags.Var(parsed("SIZE", "", &c.memoryLimit, optional(parseMemory)), "memory-limit", memoryLimitHelp)
	flags.BoolVar(&c.json, "json", false, "print JSON")
	flags.BoolVar(&c.quiet, "quiet", false, "no progress and no notes; damage to the input is still reported")
}

// check finds what is wrong with the command line as a whole.
func (c *commonFlags) check(ctx context.Context, logs []string) error {
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

// checkStreams refuses what takes more than one pass of what can be read only once.
func (c *commonFlags) checkStreams(stream bool) error {
	switch {
	case !stream:
	case c.opts.Warmup.Fraction > 0:
		return usageError{errors.New("--warmup with a fraction counts the requests first, and a stream cannot be read twice: " +
			"give files, or a duration such as --warmup 30m")}
	case c.opts.LooksAhead():
		return usageError{errTwice}
	}
	return nil
}

// optional makes the result of parse a pointer, so that no value can be told from a zero one.
func optional[T any](parse func(string) (T, error)) func(string) (*T, error) {
	return func(s string) (*T, error) {
		v, err := parse(s)
		return &v, err
	}
}

func parseName(s string) (string, error) { return s, nil }

// parseTime reads RFC 3339 or Unix seconds.
func parseTime(s string) (float64, error) {
	if seconds, err := strconv.ParseFloat(s, 64); err == nil && seconds-seconds == 0 {
		return seconds, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, fmt.Errorf("time %q: is neither RFC 3339 (2024-03-31T20:00:00Z) nor Unix seconds (1711929600.5)", s)
	}
	return float64(t.Unix()) + float64(t.Nanosecond())/1e9, nil
}

func parseBytes(s string) (int64, error) {
	c, err := analyze.ParseCapacity(s)
	if err == nil && c.Unit != analyze.Bytes {
		err = fmt.Errorf("size %q: is not in bytes", s)
	}
	return c.N, err
}

func parsePositive(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a whole number above zero", s)
	}
	return n, nil
}
