package policy

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hashlog/sim"
	"hashlog/sim/option"
)

// Capacity is the capacity of a cache.
type Capacity struct {
	N       int64 // ≥ 0; math.MaxInt64 is unlimited
	InBytes bool  // or in chunks
}

func (c Capacity) isUnlimited() bool { return c.N == math.MaxInt64 }

// check reports a capacity that means nothing for a trace.
func (c Capacity) check(t *Trace) error {
	switch {
	case c.N < 0:
		return fmt.Errorf("a capacity of %d", c.N)
	case c.InBytes && !c.isUnlimited() && t.unknown:
		return fmt.Errorf("a capacity in bytes: %w", ErrSizesUnknown)
	}
	return nil
}

// Result is what a cache did with the counted requests of a trace.
type Result struct {
	Hit       int64 // what the hit prefixes are worth, in the unit of Request.Limit
	ChunkHits int64 // each chunk is one access, looked up and touched in touch order; no prefix rule
	Evictions int64
	Inserted  int64 // chunks written
	Written   int64 // their bytes; 0 if a size is unknown
}

// Spec names a cache and sets its options. [Parse], [LRU] and [Batched] make one.
type Spec struct {
	Name    string
	Options map[string]float64 // those that differ from the default
}

// LRU is the cache that evicts the least recently used chunk. A chunk larger than the capacity flushes it.
func LRU() Spec { return Spec{Name: lru.about.Name} }

// Batched is the cache of [sim.Batched]. It panics if w is out of range, or if its Interval is not 0: a replay knows no time.
func Batched(w sim.Watermark) Spec {
	if err := w.Check(); err != nil {
		panic("policy: " + err.Error())
	}
	if w.Interval != 0 {
		panic("policy: an interval between batches, and no time")
	}
	return Spec{Name: batched.about.Name, Options: map[string]float64{optTrigger: w.Trigger, optRatio: w.Ratio}}
}

// String returns the name and the options that differ from the default, as [Parse] reads them.
func (s Spec) String() string {
	var text strings.Builder
	text.WriteString(s.Name)
	if p := find(s.Name); p != nil {
		for _, o := range p.about.Options {
			if v, ok := s.Options[o.Name]; ok && v != o.Default {
				fmt.Fprintf(&text, ":%s=%v", o.Name, v)
			}
		}
	}
	return text.String()
}

// About describes a cache.
type About struct {
	Name    string
	Text    string // what it evicts, in a line
	Source  string // the paper or the server that defines it
	Options []Option
}

// OptionsOf describes the options of a cache. The defaults are those that the Spec has.
func OptionsOf(s Spec) []Option {
	options := slices.Clone(find(s.Name).about.Options)
	for i := range options {
		if v, ok := s.Options[options[i].Name]; ok {
			options[i].Default = v
		}
	}
	return options
}

// Option is a parameter of a cache.
type Option = option.Option

// All describes the caches that [Parse] knows.
func All() (all []About) {
	for _, p := range policies() {
		all = append(all, p.about)
	}
	return all
}

// policy is a kind of cache.
type policy struct {
	about About
	// make returns an empty cache. The options are complete and valid.
	make func(r *room, options map[string]float64, order sim.Order) cache
	// watermark says that a capacity in bytes does not mean as many whole chunks as fit, even if all have one size: part of it
	// counts.
	watermark bool
}

// policies returns the caches that are no stack, in the order of their presentation.
func policies() []*policy { return []*policy{&fifo, &sieve, &s3fifo, &arc, &radix, &random} }

// find returns the policy of a name, nil if there is none.
func find(name string) *policy {
	for _, p := range append(policies(), &lru, &batched) {
		if p.about.Name == name {
			return p
		}
	}
	return nil
}
