package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/sim/option"
)

// cacheHelp is the value of --cache that lists the caches.
const cacheHelp = "help"

// cacheFlags are the flags that describe the cache.
type cacheFlags struct {
	name          string
	preset        analyze.Preset
	trigger       *float64
	ratio         *float64
	interval      *time.Duration
	samples       *int
	delay         time.Duration
	admit         int
	ttls          []time.Duration
	touchOrderSet func() bool // by the user
}

func (c *cacheFlags) add(flags *pflag.FlagSet) {
	c.addCache(flags)
	addAdmit(flags, &c.admit)
	c.addBatches(flags)
}

// addCache adds the flags of every cache.
func (c *cacheFlags) addCache(flags *pflag.FlagSet) {
	c.preset = analyze.Presets()[0]
	flags.Var(parsed("NAME", c.preset.Name, &c.name, c.parseName).among(cacheWords()...), "cache", "the cache, with options behind colons (redis:samples=3); --cache help describes those there are")
	flags.Var(parsed("DURATION", "0s", &c.delay, units.ParseDelay), "store-delay", "log time between a lookup and the storing and refreshing of its chunks")
	flags.Var(listed("DURATION[,...]", &c.ttls, units.ParseDuration), "ttl", "log time after its last touch at which a chunk expires (default never); several (5m,1h,1d) add the hit rate with each to the figures without one")
	cacheGroup.put(flags, "--cache lmcache-server", "--store-delay 2s", "--ttl 30m")
	c.touchOrderSet = func() bool { return flags.Changed("touch-order") }
}

// addBatches adds the flags of a cache that evicts in batches.
func (c *cacheFlags) addBatches(flags *pflag.FlagSet) {
	flags.Var(parsed("0.8", "", &c.trigger, optional(parsePart)), "evict-trigger", "fraction of the capacity in use at which a batch is evicted (default from --cache)")
	flags.Var(parsed("0.2", "", &c.ratio, optional(parsePart)), "evict-ratio", "fraction of the resident chunks that a batch evicts (default from --cache)")
	flags.Var(parsed("DURATION", "", &c.interval, optional(units.ParseDelay)), "evict-interval", "minimum log time between two batches (default from --cache)")
	flags.Var(parsed("N", "", &c.samples, optional(parseSamples)), "evict-samples", "chunks that a cache which samples looks at when it evicts (default from --cache)")
	cacheGroup.put(flags, "--evict-trigger 0.9", "--evict-ratio 0.1", "--evict-interval 1m", "--evict-samples 5")
}

// addAdmit adds --admit. 0 means that it is not given.
func addAdmit(flags *pflag.FlagSet, n *int) {
	flags.Var(parsed("N", "", n, parseAdmit), "admit", fmt.Sprintf("store a chunk only from its Nth lookup on, counted once a request; at most %d (default 1)", analyze.MaxAdmit))
	cacheGroup.put(flags, "--admit 2")
}

func parseAdmit(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > analyze.MaxAdmit {
		return 0, fmt.Errorf("%q is not a whole number from 1 to %d", s, analyze.MaxAdmit)
	}
	return n, nil
}

// cacheWords are the values of --cache with their descriptions.
func cacheWords() (words []string) {
	for _, p := range analyze.Presets() {
		words = append(words, p.Name+"\t"+p.About)
	}
	return append(words, cacheHelp+"\tdescribes the caches")
}

func (c *cacheFlags) parseName(s string) (string, error) {
	if s == cacheHelp {
		return s, nil
	}
	var err error
	c.preset, err = analyze.ParsePreset(s)
	unknown := (*analyze.UnknownPresetError)(nil)
	if !errors.As(err, &unknown) {
		return s, err
	}
	if _, unlike := analyze.ParseComparedCache(s); unlike == nil {
		err = fmt.Errorf("cache %q: only hashlog compare replays it", s)
	}
	return s, err
}

// parsePart reads a fraction above 0 and at most 1.
func parsePart(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0 && f <= 1) {
		return 0, fmt.Errorf("%q is not a number above 0 and at most 1 (0.2 is 20 %%)", s)
	}
	return f, nil
}

func parseSamples(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a whole number from 1 on", s)
	}
	return n, nil
}

// apply sets the options, and finds flags that contradict --cache.
func (c *cacheFlags) apply(o *analyze.Options) error {
	o.Cache = analyze.Cache{Name: c.preset.Name, StoreDelay: c.delay, Admit: c.admit}
	switch len(c.ttls) {
	case 0:
	case 1:
		o.Cache.TTL = c.ttls[0]
	default:
		o.TTLs = &analyze.TTLOptions{TTLs: c.ttls}
	}
	if w := c.preset.Watermark; w != nil {
		own := *w
		o.Cache.Watermark = &own
	} else if c.trigger != nil || c.ratio != nil || c.interval != nil {
		return usageError{fmt.Errorf("--evict-trigger, --evict-ratio and --evict-interval need a cache that evicts in batches, and --cache %s does not", c.preset.Name)}
	}
	if c.trigger != nil {
		o.Cache.Watermark.Trigger = *c.trigger
	}
	if c.ratio != nil {
		o.Cache.Watermark.Ratio = *c.ratio
	}
	if c.interval != nil {
		o.Cache.Watermark.Interval = c.interval.Seconds()
	}
	if err := c.applyPolicy(o); err != nil {
		return err
	}
	if order := c.preset.TouchOrder; order != nil {
		if c.touchOrderSet() && o.TouchOrder != *order {
			return usageError{fmt.Errorf("--cache %s touches the %s of a request first: leave out --touch-order", c.preset.Name, analyze.OrderName(*order))}
		}
		o.TouchOrder = *order
	}
	return nil
}

// applyPolicy sets the policy of a cache that has its own.
func (c *cacheFlags) applyPolicy(o *analyze.Options) error {
	preset := c.preset
	if c.samples != nil {
		var err error
		preset, err = preset.With(fmt.Sprintf("samples=%d", *c.samples))
		if none := (*option.NameError)(nil); errors.As(err, &none) {
			return usageError{fmt.Errorf("--evict-samples needs a cache that samples, and --cache %s does not", c.preset.Name)}
		}
		if err != nil {
			return usageError{fmt.Errorf("--evict-samples: %w", err)}
		}
	}
	o.Cache.Policy = preset.Policy
	return nil
}

// needLogsOrHelp requires logs, except with --cache help.
func (c *cacheFlags) needLogsOrHelp(cmd *cobra.Command, args []string) error {
	if c.name == cacheHelp {
		return nil
	}
	return needLogs(cmd, args)
}

// describe prints the list of caches under --cache help.
func (c *cacheFlags) describe(w io.Writer) (done bool, err error) {
	if c.name != cacheHelp {
		return false, nil
	}
	var b strings.Builder
	for _, about := range analyze.ComparedCaches()[:len(analyze.Presets())] {
		describeCache(&b, about)
	}
	fmt.Fprintln(&b, "More caches to compare with these: hashlog compare --cache help")
	return true, showText(w, b.String())
}
