package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hashlog/analyze"
)

// adoptState makes the options those of the state, with the capacities, targets and classes that the flags ask for. A new state takes its
// settings from the flags; flags that an old one fixes must say the same. window is the length that the flags give.
func (c *commonFlags) adoptState(ctx context.Context, window time.Duration) error {
	if err := cmp.Or(c.model.load(ctx, &c.opts), c.refuseState()); err != nil {
		return err
	}
	settings, since := c.newSettings(window), c.opts.Since
	if c.input != nil {
		span := c.input.file.Span()
		if c.opts.Until != nil && since == nil && span.Since != nil && *c.opts.Until <= *span.Since {
			return usageError{errors.New("--until is before the beginning of the state")}
		}
		if since != nil && (span.Since == nil || *since != *span.Since) {
			return c.fixedByState("since", "time", timeOrAny(span.Since))
		}
		if err := c.refuseOtherState(c.input.file.Settings(), &settings); err != nil {
			return err
		}
		settings, since = *c.input.file.Settings(), span.Since
	}
	fixed, err := settings.Options()
	if err != nil {
		return usageError{err}
	}
	asked := c.opts
	fixed.Since, fixed.Until, fixed.Strict, fixed.Warmup.State = since, asked.Until, asked.Strict, asked.Warmup.State
	if err := fixed.CheckState(); err != nil {
		return usageError{err}
	}
	c.format.use(fixed.Blocks)
	c.state.opts, c.opts = *fixed, *fixed
	c.ask(&asked)
	return c.adoptClasses(asked.By)
}

// newSettings returns those of a state that this run would begin.
func (c *commonFlags) newSettings(window time.Duration) analyze.SummarySettings {
	o := c.opts
	o.Blocks = c.format.blocks()
	o.Warmup.State = false
	rolling := analyze.RollingOptions{Window: window}
	if o.Rolling != nil {
		rolling.Capacities = o.Rolling.Capacities
	}
	o.Rolling = &rolling
	return analyze.SettingsOf(&o)
}

// ask narrows what a state has to what the flags ask for. Without any flag that asks it is all.
func (c *commonFlags) ask(asked *analyze.Options) {
	o := &c.opts
	o.Targets = asked.Targets
	rolling := *o.Rolling // the state keeps its own
	o.Rolling = &rolling
	if o.TTLs != nil {
		ttls := *o.TTLs
		o.TTLs = &ttls
	}
	if asked.Rolling == nil {
		o.Rolling = nil
	} else if rolling.Capacities = asked.Rolling.Capacities; o.Cache.Watermark != nil && len(rolling.Capacities) == 0 {
		rolling.Capacities = o.Capacities
	}
	if asked.Grid == nil || o.Cache.Watermark == nil {
		o.Grid = asked.Grid
	}
	if !slices.ContainsFunc([]string{"capacity", "target", "tiers", "ttl", "by"}, c.given) {
		return
	}
	if o.Capacities = asked.Capacities; !c.given("tiers") {
		o.Tiers = nil
	}
	if !c.given("ttl") {
		o.TTLs = nil
	}
	if !c.given("by") {
		o.By, o.LengthClasses, o.TimeZone = nil, nil, nil
	}
}

// refuseState names the way out for what a state cannot tell.
func (c *commonFlags) refuseState() error {
	o := &c.opts
	_, fixed := c.fixedEnds()
	switch {
	case o.Warmup.Fraction > 0:
		return usageError{errors.New("--warmup with a fraction needs the number of all requests, and with --state more may come: give a duration, a time, or state")}
	case o.MaxRequests > 0:
		return usageError{errors.New("--max-requests leaves the rest of a log behind, and --state goes on behind it: give --until")}
	case o.MatchUnit != analyze.MatchUnit{}, o.Rechunk > 1, len(o.Granularities) > 0:
		return usageError{errors.New("--match-unit and --rechunk need the logs: leave out --state, which counts hits to the chunk")}
	case o.Stats:
		return usageError{errors.New("--stats needs the whole log: leave out --state")}
	case slices.Contains(o.By, analyze.ByTurn):
		return usageError{errors.New("--by turn needs the whole log: leave out --state")}
	case o.Tiers != nil && o.Tiers.Mode == analyze.Exclusive:
		return usageError{errors.New("--tier-mode exclusive is replayed from the first request on: leave out --state")}
	case c.input != nil:
		return nil
	case o.Cache.Policy != nil:
		return usageError{fmt.Errorf("--cache %s: a state cannot hold it: leave out --state, and replay the whole log", o.Cache.Name)}
	case o.Cache.Watermark == nil:
		return nil
	case o.Rolling != nil && !fixed:
		return usageError{fmt.Errorf("--cache %s: a state of a cache that evicts in batches needs fixed capacities: give --from, --to and --capacity", o.Cache.Name)}
	case o.Rolling == nil && len(o.Capacities) == 0:
		return usageError{fmt.Errorf("--cache %s: a state of a cache that evicts in batches needs fixed capacities: give --capacity", o.Cache.Name)}
	case len(o.Targets) > 0:
		return usageError{fmt.Errorf("--target: with --cache %s it takes another pass over the logs, and --state takes one", o.Cache.Name)}
	}
	return nil
}

// fixedEnds reports whether the flags of a picture say at which capacities a cache is to be simulated.
func (c *commonFlags) fixedEnds() (_ *analyze.GridOptions, ok bool) {
	g, r := c.opts.Grid, c.opts.Rolling
	return g, g != nil && g.From.N > 0 && g.To.N > 0 && r != nil && len(r.Capacities) > 0
}

// refuseOtherState refuses flags that say something else than the state. mine are the settings that they would make.
func (c *commonFlags) refuseOtherState(settings, mine *analyze.SummarySettings) error {
	values := make(map[string]string)
	for _, s := range mine.List() {
		values[s.Name] = s.Value
	}
	fixed := fixedFlags
	if settings.EvictTrigger != nil {
		if c.given("target") {
			return usageError{errors.New("--target: with a cache that evicts in batches it takes another pass over the logs, and --state takes one")}
		}
		fixed = slices.Concat(fixed, []fixedFlag{{"capacities", []string{"capacity"}}, {"grid", []string{"from", "to", "points", "linear"}}})
	}
	for _, s := range settings.List() {
		for _, f := range fixed {
			i := slices.IndexFunc(f.flags, c.given)
			same := values[s.Name] == s.Value || f.flags[max(i, 0)] == "warmup" && c.opts.Warmup.State
			if f.setting == s.Name && i >= 0 && !same {
				return c.fixedByState(f.flags[i], s.Name, s.Value)
			}
		}
	}
	return nil
}

// fixedByState says that a flag differs from what the state fixes.
func (c *commonFlags) fixedByState(flag, setting, value string) error {
	return usageError{fmt.Errorf("--%s: the state %s fixes the %s (%s): leave the flag out, or begin another state",
		flag, c.input.named(), setting, cmp.Or(value, "none"))}
}
