package analyze

import (
	"slices"
	"strings"

	"hashlog/sim"
	"hashlog/sim/option"
	"hashlog/sim/policy"
)

// ComparedCache is a cache to compare, by its name and options. [ParseComparedCache] makes one.
type ComparedCache struct {
	name       string // as given
	optimum    bool
	spec       policy.Spec // unless it is the optimum
	touchOrder *sim.Order  // that the cache defines itself; nil: any
}

// String returns the cache as it was given.
func (c ComparedCache) String() string { return c.name }

func (c ComparedCache) isOptimum() bool { return c.optimum }

// order returns the touch order of the cache: its own, else the given one.
func (c ComparedCache) order(otherwise sim.Order) sim.Order {
	if c.touchOrder != nil {
		return *c.touchOrder
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
		a := policy.About{Name: p.Name, Text: p.About, Source: p.Source + " (" + p.Date + ")", Options: policy.OptionsOf(p.spec()), Bytes: policy.AboutOf(p.spec()).Bytes}
		all = append(all, ComparedCacheAbout{a, p.TouchOrder})
	}
	for _, a := range append(policy.All(), optimum) {
		if !isPreset(a.Name) {
			all = append(all, ComparedCacheAbout{a, nil})
		}
	}
	return all
}

func isPreset(name string) bool {
	return slices.ContainsFunc(presets, func(p Preset) bool { return p.Name == name })
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
// "lmcache-server:trigger=0.9:ratio=0.1". The error is an [*UnknownPresetError], an [*option.NameError] or an
// [*option.ValueError].
func ParseComparedCache(s string) (ComparedCache, error) {
	c := ComparedCache{name: s}
	name, options, hasOptions := strings.Cut(s, ":")
	known := comparedNames()
	var err error
	switch i := slices.Index(known, name); {
	case i < 0:
		return c, &UnknownPresetError{name, known}
	case i < len(presets):
		var p Preset
		p, err = ParsePreset(s)
		c.spec, c.touchOrder = p.spec(), p.TouchOrder
	case name != optimum.Name:
		c.spec, err = policy.Parse(s)
	case hasOptions:
		err = &option.NameError{Of: option.Owner{Kind: "cache", Name: name}, Option: options}
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
