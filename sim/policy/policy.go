package policy

import (
	"fmt"
	"maps"
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
	case c.InBytes && !c.isUnlimited() && t.sizes.unknown:
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
	return Spec{Name: batched.about.Name, Options: map[string]float64{OptTrigger: w.Trigger, OptRatio: w.Ratio}}
}

// Seeds returns the cache with n seeds of its random numbers: its own and those that follow. It is the cache alone if it draws none.
func (s Spec) Seeds(n int) []Spec {
	_, options, err := s.resolve()
	if err != nil {
		return nil
	}
	seed, draws := options[optSeed]
	if !draws {
		return []Spec{s}
	}
	seeds := make([]Spec, n)
	for i := range seeds {
		seeds[i] = Spec{s.Name, maps.Clone(options)}
		seeds[i].Options[optSeed] = float64((uint64(seed) + uint64(i)) % (1<<53 + 1))
	}
	return seeds
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
	// Bytes says, in a clause, how many bytes of a capacity a chunk takes: "jemalloc rounds values up, by at most a quarter". "" if as many
	// as it has.
	Bytes string
}

// AboutOf describes the cache of a Spec that [LRU] or the like has made, or [Parse].
func AboutOf(s Spec) About { return find(s.Name).about }

// Taken returns how many bytes of its capacity a chunk of some bytes takes: more than it has if an allocator rounds them up. It is 0 for 0.
func (s Spec) Taken(size int64) int64 {
	if p := find(s.Name); p.weigh != nil && size > 0 {
		return p.weigh(size)
	}
	return size
}

// Option returns the value of an option that the cache has.
func (s Spec) Option(name string) float64 {
	_, options, _ := s.resolve()
	return options[name]
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
	// clash returns an option whose value does not go with those of others, and what it must be; nil: all go together.
	clash func(options map[string]float64) (name, want string)
	// ownBytes says that a capacity in bytes does not mean as many whole chunks as fit, even if all have one size.
	ownBytes bool
	// weigh returns the bytes of the capacity that a chunk of some bytes takes, if it is in bytes; nil: as many.
	weigh func(size int64) int64
}

// policies returns the caches that are no stack, in the order of their presentation.
func policies() []*policy {
	return []*policy{&fifo, &sieve, &s3fifo, &arc, &radix, &random, &redis, &valkey, &redisLFU, &memcached, &memcachedFlat}
}

// find returns the policy of a name, nil if there is none.
func find(name string) *policy {
	for _, p := range append(policies(), &lru, &batched) {
		if p.about.Name == name {
			return p
		}
	}
	return nil
}
