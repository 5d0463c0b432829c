package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/progress"
)

// summaryInput is a summary where a command takes logs. Its settings have been read, its counts have not.
type summaryInput struct {
	*summarySource
	file *analyze.SummaryFile
	read *countedReader
	open bool // once it is read: something may have come before it
}

// useSummary opens the summary that stands where logs may. Without one, it leaves c.input nil. The caller must call closeSummary,
// unless it fails.
func (c *commonFlags) useSummary(ctx context.Context, env *env, args []string) error {
	if c.given("state") {
		err := c.openState(ctx, env, args)
		if err != nil {
			c.closeSummary()
		}
		return err
	}
	source, err := findSummary(ctx, env, args)
	if source == nil {
		return err
	}
	c.input, err = openSummary(ctx, source)
	return err
}

// openSummary reads the beginning of a summary.
func openSummary(ctx context.Context, source *summarySource) (*summaryInput, error) {
	f, err := source.openCounted(ctx)
	if err != nil {
		return nil, err
	}
	file, err := await(ctx, func() (*analyze.SummaryFile, error) { return analyze.OpenSummary(f) })
	if err != nil {
		f.Close()
		return nil, inSummary(source, err)
	}
	return &summaryInput{summarySource: source, file: file, read: f}, nil
}

// inSummary names the summary that an error is about.
func inSummary(source *summarySource, err error) error {
	return fmt.Errorf("%s: %w", source.named(), err)
}

func (c *commonFlags) closeSummary() {
	c.closeState()
	if c.input != nil {
		c.input.read.Close()
	}
}

// flagsOfLogs are the flags that say how logs are read, which a summary has behind it.
var flagsOfLogs = []string{"max-requests", "strict", "log-format", "block-size", "keep-tail", "stats", "match-unit", "rechunk"}

// fixedFlag are flags whose values a summary fixes, by the name of a setting.
type fixedFlag struct {
	setting string
	flags   []string
}

var fixedFlags = []fixedFlag{
	{"touch order", []string{"touch-order"}},
	{"models", []string{"ignore-model"}},
	{"model", []string{"model"}},
	{"bytes per chunk", []string{"bytes-per-chunk"}},
	{"ranks", []string{"ranks"}},
	{"model config", []string{"model-config", "kv-dtype"}},
	{"cache", []string{"cache", "evict-trigger", "evict-ratio", "evict-interval"}},
	{"store delay", []string{"store-delay"}},
	{"TTL", []string{"ttl"}},
	{"several TTLs", []string{"ttl"}},
	{"admission", []string{"admit"}},
	{"largest capacity", []string{"max-capacity"}},
	{"warm-up", []string{"warmup"}},
	{"window", []string{"window"}},
	{"tiers", []string{"tiers", "tier-mode", "tier-bandwidth", "tier-endurance"}},
	{"length classes", []string{"length-classes"}},
	{"time zone", []string{"timezone"}},
	{"block size", []string{"block-size"}},
	{"partial blocks", []string{"keep-tail"}},
}

// adopt makes the options those of the summary, if there is one, with the capacities, targets and classes that the flags ask for. It refuses
// flags that a summary fixes, unless they say the same. window is the length that the flags give.
func (c *commonFlags) adopt(ctx context.Context, window time.Duration) error {
	switch {
	case c.state != nil:
		return c.adoptState(ctx, window)
	case c.input == nil:
		return nil
	}
	if err := c.model.load(ctx, &c.opts); err != nil {
		return err
	}
	settings, span := c.input.file.Settings(), c.input.file.Span()
	if err := cmp.Or(c.refuseFlagsOfLogs(), c.refuseOtherTimes(span), c.refuseOtherSettings(settings, window)); err != nil {
		return err
	}
	fixed, err := settings.Options()
	if err != nil {
		return inSummary(c.input.summarySource, err)
	}
	asked := c.opts
	c.opts = *fixed
	c.opts.Since, c.opts.Until = span.Since, span.Until
	c.opts.Targets, c.opts.Grid = asked.Targets, asked.Grid
	if asked.Rolling == nil {
		c.opts.Rolling = nil
	} else {
		c.opts.Rolling.Capacities = asked.Rolling.Capacities
	}
	if slices.ContainsFunc(askingFlags, c.given) {
		c.opts.Capacities = asked.Capacities
		c.dropUnasked()
	}
	return c.adoptClasses(asked.By)
}

// askingFlags are the flags that ask for figures. Without any of them a summary gives all that it has counted.
var askingFlags = []string{"capacity", "target", "tiers", "ttl", "by", "charts"}

// dropUnasked leaves out what the summary has counted and no flag asks for.
func (c *commonFlags) dropUnasked() {
	if !c.given("tiers") {
		c.opts.Tiers = nil
	}
	if !c.given("ttl") {
		c.opts.TTLs = nil
	}
	if !c.given("by") {
		c.opts.By, c.opts.LengthClasses, c.opts.TimeZone = nil, nil, nil
	}
}

// adoptClasses narrows the dimensions of a summary to those asked for.
func (c *commonFlags) adoptClasses(asked []analyze.Dimension) error {
	if !c.given("by") {
		return nil
	}
	for _, d := range asked {
		if !slices.Contains(c.opts.By, d) {
			return usageError{fmt.Errorf("--by %s: the summary %s has not counted that%s; hashlog map --by %s on the logs would", d, c.input.named(), whatItHas(c.opts.By), d)}
		}
	}
	c.opts.By = asked
	if !slices.Contains(asked, analyze.ByLength) {
		c.opts.LengthClasses = nil
	}
	if !slices.Contains(asked, analyze.ByHour) {
		c.opts.TimeZone = nil
	}
	return nil
}

func whatItHas(by []analyze.Dimension) string {
	var names []string
	for _, d := range by {
		names = append(names, string(d))
	}
	if len(names) == 0 {
		return ""
	}
	return ", only " + joinAnd(names)
}

func (c *commonFlags) refuseFlagsOfLogs() error {
	for _, flag := range flagsOfLogs {
		if c.given(flag) {
			return usageError{fmt.Errorf("--%s needs the logs, and %s is a summary", flag, c.input.named())}
		}
	}
	return nil
}

func (c *commonFlags) refuseOtherTimes(span *analyze.Span) error {
	for _, t := range []struct {
		flag         string
		asked, fixed *float64
	}{{"since", c.opts.Since, span.Since}, {"until", c.opts.Until, span.Until}} {
		if t.asked != nil && (t.fixed == nil || *t.asked != *t.fixed) {
			return c.fixedError(t.flag, "time", timeOrAny(t.fixed))
		}
	}
	return nil
}

func timeOrAny(t *float64) string {
	if t == nil {
		return "any"
	}
	return units.FormatTime(*t)
}

func (c *commonFlags) refuseOtherSettings(settings *analyze.SummarySettings, window time.Duration) error {
	asked := c.opts
	asked.Rolling = &analyze.RollingOptions{Window: window}
	mine := analyze.SettingsOf(&asked)
	values := make(map[string]string)
	for _, s := range mine.List() {
		values[s.Name] = s.Value
	}
	if asked.Warmup.Fraction > 0 { // no summary has one
		values["warm-up"] = asked.Warmup.String()
	}
	for _, s := range settings.List() {
		for _, f := range fixedFlags {
			if i := slices.IndexFunc(f.flags, c.given); f.setting == s.Name && i >= 0 && values[s.Name] != s.Value {
				return c.fixedError(f.flags[i], s.Name, s.Value)
			}
		}
	}
	return nil
}

// fixedError says that a flag differs from what the summary fixes.
func (c *commonFlags) fixedError(flag, setting, value string) error {
	return usageError{fmt.Errorf("--%s: the summary %s fixes the %s (%s): leave the flag out, or run hashlog map on the logs with it",
		flag, c.input.named(), setting, cmp.Or(value, "none"))}
}

// reportSummary reads the summary and reports what the options ask for.
func (c *commonFlags) reportSummary(opts analyze.Options, bar *progress.Bar) (*analyze.Report, error) {
	bar.Start("reading", c.input.read.progress)
	s, err := c.input.file.Read()
	if err != nil {
		return nil, inSummary(c.input.summarySource, err)
	}
	c.input.open = s.Open()
	report, err := s.Report(opts)
	var none *analyze.NoRungError
	if errors.As(err, &none) {
		return nil, usageError{fmt.Errorf("--capacity: %w", err)}
	}
	return report, err
}

// countedReader counts the bytes that are read from a file.
type countedReader struct {
	io.ReadCloser
	size int64 // −1: unknown
	n    atomic.Int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

func (c *countedReader) progress() (read, total int64) { return c.n.Load(), c.size }
