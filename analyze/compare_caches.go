package analyze

import (
	"slices"
	"strconv"
	"strings"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// ComparedCache is a cache to compare, by its name and options. [ParseComparedCache] makes one.
type ComparedCache struct {
	name    string // as given
	optimum bool
	spec    policy.Spec // unless it is the optimum
}

// String returns the cache as it was given.
func (c ComparedCache) String() string { return c.name }

func (c ComparedCache) isOptimum() bool { return c.optimum }

// order returns the touch order of the cache: its own, else the given one.
func (c ComparedCache) order(otherwise sim.Order) sim.Order {
	if c.spec.Order != nil {
		return *c.spec.Order
	}
	return otherwise
}

// ComparedCacheAbout describes a cache that can be compared.
type ComparedCacheAbout struct {
	policy.About
	TouchOrder *sim.Order // that the cache defines itself; nil: any
}

// optimum is the clairvoyant cache.
var optimum = policy.About{
	Name: "opt",
	Text: "the optimum, which knows the future, as two rows: opt-feasible can be reached, opt-bound cannot be exceeded",
	Source: "Belady, A study of replacement algorithms for a virtual-storage computer, IBM Systems Journal 5(2), 1966, " +
		"extended to hit prefixes",
}

// ComparedCaches describes all caches that can be compared: the presets, those of package policy, and the optimum.
func ComparedCaches() (all []ComparedCacheAbout) {
	for _, p := range presets {
		a := policy.About{Name: p.Name, Text: p.About, Source: p.Source}
		if p.Watermark != nil {
			a.Options = watermarkOptions(*p.Watermark)
		}
		all = append(all, ComparedCacheAbout{a, p.TouchOrder})
	}
	for _, a := range append(policy.All(), optimum) {
		all = append(all, ComparedCacheAbout{a, nil})
	}
	return all
}

func watermarkOptions(w sim.Watermark) []policy.Option {
	return []policy.Option{
		{Name: "trigger", Default: w.Trigger, Text: "fraction of the capacity in use at which a batch is evicted", Values: "above 0 and at most 1"},
		{Name: "ratio", Default: w.Ratio, Text: "fraction of the resident chunks that a batch evicts", Values: "above 0 and at most 1"},
	}
}

// AllComparedCaches returns every cache that can be compared, with its default options.
func AllComparedCaches() (all []ComparedCache) {
	for _, a := range ComparedCaches() {
		c, err := ParseComparedCache(a.Name)
		if err != nil {
			panic(err) // the name is known
		}
		all = append(all, c)
	}
	return all
}

// ParseComparedCache parses the name of a cache, perhaps with options: "sieve", "s3fifo:small=0.2",
// "lmcache-server:trigger=0.9:ratio=0.1". The error is an [*UnknownPresetError], a [*policy.OptionError] or a
// [*policy.ValueError].
func ParseComparedCache(s string) (ComparedCache, error) {
	c := ComparedCache{name: s}
	name, options, hasOptions := strings.Cut(s, ":")
	known := comparedNames()
	var err error
	switch i := slices.Index(known, name); {
	case i < 0:
		return c, &UnknownPresetError{name, known}
	case i < len(presets):
		c.spec, err = presets[i].spec(options, hasOptions)
	case name != optimum.Name:
		c.spec, err = policy.Parse(s)
	case hasOptions:
		err = &policy.OptionError{Cache: name, Option: options}
	default:
		c.optimum = true
	}
	return c, err
}

func comparedNames() (names []string) {
	for _, a := range ComparedCaches() {
		names = append(names, a.Name)
	}
	return names
}

// spec returns a preset with options, written "trigger=0.9:ratio=0.1".
func (p *Preset) spec(options string, hasOptions bool) (policy.Spec, error) {
	w := p.Watermark
	switch {
	case w == nil && hasOptions:
		return policy.Spec{}, &policy.OptionError{Cache: p.Name, Option: options}
	case w == nil:
		return policy.LRU(), nil
	}
	own := *w
	if hasOptions {
		given := map[string]bool{}
		for option := range strings.SplitSeq(options, ":") {
			if err := p.set(&own, option, given); err != nil {
				return policy.Spec{}, err
			}
		}
	}
	spec := policy.Batched(own)
	spec.Order = p.TouchOrder
	return spec, nil
}

// set sets an option of a watermark, written "trigger=0.9". given has the names of those that are set.
func (p *Preset) set(w *sim.Watermark, option string, given map[string]bool) error {
	name, value, _ := strings.Cut(option, "=")
	values := []*float64{&w.Trigger, &w.Ratio}
	known := watermarkOptions(*w)
	i := slices.IndexFunc(known, func(o policy.Option) bool { return o.Name == name })
	if i < 0 {
		return &policy.OptionError{Cache: p.Name, Option: name, Known: []string{known[0].Name, known[1].Name}}
	}
	if given[name] {
		return &policy.ValueError{Cache: p.Name, Option: name, Value: value, Want: "given once"}
	}
	given[name] = true
	n, err := strconv.ParseFloat(value, 64)
	*values[i] = n
	if err != nil || w.Check() != nil {
		return &policy.ValueError{Cache: p.Name, Option: name, Value: value, Want: known[i].Values}
	}
	return nil
}
